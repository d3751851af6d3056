"""Transfer to the supervision organ, docketing, and the frame around investigation and accountability."""

from authoring import extensions as ext
from authoring.case_diagrams import OFFICE
from authoring.diagram import Diagram

SUPERVISION = ("supervision", "县监察机关")
DECIDER = ("decider", "处理决定机关")


def enforcement() -> Diagram:
    d = Diagram(
        "enforcement",
        "移送调查与追责",
        lanes=[OFFICE, (*SUPERVISION, 2), DECIDER],
        variables={
            "head_decision": "string",
            "docket_no": "string",
            "subjects": "list",
            "findings": "list",
            "finding": "context",
            "referral_needed": "boolean",
            "outcomes": "list",
            "outcome": "string",
        },
    )
    d.start("Start_enforcement", "会议决定追责", at=("office", 0))
    d.call("C_docketing", "移送与立案", at=("office", 1), process="docketing")
    d.choice("G_docketed", "已立案？", at=("supervision", 2, 0), label="w")
    d.end("End_not_docketed", "不予立案", at=("supervision", 2, 1))
    d.call("C_invest", "调查", at=("supervision", 3, 0), process="investigation")
    d.call(
        "C_subject",
        "逐一追究责任",
        at=("decider", 4),
        process="accountability",
        loop=ext.loop("subjects", "subject", outputs="outcomes", output="outcome"),
    )
    d.service(
        "S_pending", "查询新增对象", at=("supervision", 5, 0), operation="case/pending_subjects", result="subjects"
    )
    d.choice("G_more", "有新增对象？", at=("supervision", 6, 0), label="n")
    d.call(
        "C_new_finding",
        "认定新增对象",
        at=("supervision", 5, 1),
        process="subject-finding",
        loop=ext.loop("subjects", "finding_subject", outputs="findings", output="finding"),
    )
    d.choice("G_referral", "需要另行移送？", at=("supervision", 7, 0), label="s")
    d.task(
        "T_referral",
        "移送党纪、政务处分或犯罪线索",
        at=("supervision", 8, 0),
        form="enforcement/referral",
        role="sup.intake",
        clauses="JZ-13.p3",
        deadline="P5D",
    )
    d.task(
        "T_feedback",
        "向联席会议反馈情况",
        at=("supervision", 9, 0),
        form="enforcement/feedback",
        role="sup.intake",
        clauses="JZ-11.p2 JZ-9(4)",
        deadline="P5D",
    )
    d.end("End_enforcement", "已反馈", at=("office", 10))
    d.path("Start_enforcement", "C_docketing")
    d.flow("C_docketing", "G_docketed", ports="en")
    d.flow("G_docketed", "C_invest", "是", when='head_decision = "APPROVED"')
    d.flow("G_docketed", "End_not_docketed", "否", default=True, ports="sn")
    d.flow("C_invest", "C_subject", ports="sw")
    d.flow("C_subject", "S_pending", ports="nw")
    d.path("S_pending", "G_more")
    d.flow("G_more", "C_new_finding", "有", when="count(subjects) > 0", ports="se")
    d.flow("C_new_finding", "C_subject", ports="se")
    d.flow("G_more", "G_referral", "没有", default=True)
    d.flow("G_referral", "T_referral", "需要", when="referral_needed = true")
    d.flow("G_referral", "T_feedback", "不需要", default=True, ports="nn", bend=("supervision", 0, -62))
    d.path("T_referral", "T_feedback")
    d.flow("T_feedback", "End_enforcement", ports="es")
    return d


def docketing() -> Diagram:
    d = Diagram(
        "docketing",
        "移送与立案",
        lanes=[OFFICE, ("intake", "监察机关承办人", 2), ("deputy", "监察机关分管领导"), ("head", "监察机关负责人")],
        variables={
            "receipt_result": "string",
            "deputy_result": "string",
            "head_decision": "string",
            "docket_no": "string",
        },
    )
    d.start("Start_docketing", "决定追责", at=("office", 0))
    d.task(
        "T_transfer",
        "制作移送函并移送",
        at=("office", 1),
        form="enforcement/transfer",
        role="jmo.officer",
        clauses="JZ-10.p5",
        deadline="P5D",
    )
    d.task(
        "T_receive",
        "接收审查",
        at=("intake", 2, 0),
        form="enforcement/transfer_receipt",
        role="sup.intake",
        clauses="JZ-10.p5",
        deadline="P3D",
    )
    d.choice("G_receive", "退回补充？", at=("intake", 3, 0), label="s")
    d.task(
        "T_docket",
        "立案呈批",
        at=("intake", 4, 0),
        form="enforcement/docket_proposal",
        role="sup.intake",
        clauses="JZ-10.p5 JZ-11.p1",
        deadline="P5D",
    )
    d.task(
        "T_docket_deputy",
        "分管领导审核",
        at=("deputy", 5),
        form="enforcement/docket_deputy",
        role="sup.deputy",
        clauses="JZ-10.p5",
        excludes="T_docket",
        deadline="P3D",
    )
    d.choice("G_deputy", "同意？", at=("deputy", 6), label="e")
    d.task(
        "T_docket_head",
        "主要负责人审批立案",
        at=("head", 6),
        form="enforcement/docket_approval",
        role="sup.head",
        clauses="JZ-10.p5",
        excludes="T_docket T_docket_deputy",
        deadline="P3D",
    )
    d.choice("G_head", "审批结果？", at=("head", 7), label="s")
    d.service(
        "S_docket_no",
        "编立案号",
        at=("intake", 8, 0),
        operation="numbers/issue",
        result="docket_no",
        parameters={"kind": ("string", '"DOCKET"')},
    )
    d.task(
        "T_nodocket",
        "说明不予立案理由",
        at=("intake", 8, 1),
        form="enforcement/no_docket",
        role="sup.intake",
        clauses="JZ-10.p5 JZ-11.p2",
        deadline="P3D",
    )
    d.end("End_docketed", "已立案", at=("intake", 9, 0))
    d.end("End_not_docketed", "不予立案", at=("intake", 9, 1))
    d.path("Start_docketing", "T_transfer")
    d.flow("T_transfer", "T_receive", ports="sw")
    d.path("T_receive", "G_receive")
    d.flow("G_receive", "T_transfer", "退回", when='receipt_result = "RETURNED"', ports="ne")
    d.flow("G_receive", "T_docket", "接收", default=True)
    d.flow("T_docket", "T_docket_deputy", ports="ew")
    d.path("T_docket_deputy", "G_deputy")
    d.flow("G_deputy", "T_docket", "退回", default=True, ports="nn", bend=("intake", 0, -62))
    d.flow("G_deputy", "T_docket_head", "同意", when='deputy_result = "AGREE"')
    d.path("T_docket_head", "G_head")
    d.flow("G_head", "S_docket_no", "批准", when='head_decision = "APPROVED"', ports="nw")
    d.flow("G_head", "T_docket", "退回", when='head_decision = "RETURNED"', ports="ss", bend=("head", 0, 60))
    d.flow("G_head", "T_nodocket", "不批准或转有权机关", default=True, ports="es")
    d.path("S_docket_no", "End_docketed")
    d.path("T_nodocket", "End_not_docketed")
    return d


DIAGRAMS = (enforcement, docketing)
