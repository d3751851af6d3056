"""Transfer to the supervision organ, docketing, and the frame around investigation and accountability."""

from authoring import extensions as ext
from authoring.case_diagrams import OFFICE
from authoring.diagram import Diagram

SUPERVISION = ("supervision", "县监察机关")
DECIDER = ("decider", "处理决定机关")
LEADER = ("leader", "县政府分管领导")


def enforcement() -> Diagram:
    d = Diagram(
        "enforcement",
        "移送调查与追责",
        lanes=[(*OFFICE, 2), (*SUPERVISION, 3)],
        variables={
            "case_no": "string",
            "series_lead": "string",
            "lead_decision": "context",
            "separation": "context",
            "told": "list",
            "head_decision": "string",
            "docket_no": "string",
            "resolution": "string",
            "opinion_ref": "string",
            "subjects": "list",
            "findings": "list",
            "finding": "context",
            "referral_needed": "boolean",
            "referral_kinds": "list",
            "referrals": "list",
            "referral_result": "string",
            "outcomes": "list",
            "outcome": "string",
        },
        messages=["LeadDecided", "SeriesSeparated"],
    )
    _series(d)
    _until_the_finding(d)
    _subjects(d)
    _referrals(d)
    return d


def _series(d: Diagram) -> None:
    """One investigation for a series: the others wait for the leading case, or are taken out of the series again."""
    d.start("Start_enforcement", "会议决定追责", at=("office", 0, 0))
    d.choice("G_series", "随主案？", at=("office", 1, 0), label="n")
    d.receive("W_lead", "等待主案结果", at=("office", 2, 0), message="LeadDecided", variable="lead_decision")
    separated = ext.message_caught("B_separated", "SeriesSeparated", variable="separation", key="case_no")
    d.boundary("B_separated", "另案办理", host="W_lead", share=0.15, event=separated, label="se")
    d.end("End_followed", "随主案了结", at=("office", 3, 0), terminate=True)
    d.path("Start_enforcement", "G_series")
    d.flow("G_series", "W_lead", "系列案", when="series_lead != null")
    d.flow("G_series", "C_docketing", "否", default=True, ports="sn")
    d.flow("B_separated", "C_docketing", ports="se")
    d.path("W_lead", "End_followed")


def _until_the_finding(d: Diagram) -> None:
    d.call("C_docketing", "移送与立案", at=("office", 1, 1), process="docketing")
    d.choice("G_docketed", "已立案？", at=("supervision", 2, 0), label="n")
    d.end("End_not_docketed", "不予立案", at=("supervision", 2, 1), terminate=True)
    d.call("C_invest", "调查", at=("supervision", 3, 0), process="investigation")
    five_months = ext.timer("B_five_months", "timeDuration", '"P5M"')
    d.boundary(
        "B_five_months", "立案满五个月", host="C_invest", share=0.85, event=five_months, interrupting=False, label="se"
    )
    d.task(
        "T_extend",
        "审查办案期限",
        at=("supervision", 4, 1),
        form="enforcement/investigation_period",
        role="sup.head",
        clauses="JZ-11.p1",
        source="higher_law",
        deadline="P1M",
        count="CALENDAR",
    )
    d.end("End_extended", "期限已审查", at=("supervision", 4, 2))
    d.choice("G_second", "二次上会？", at=("supervision", 4, 0), label="s")
    d.call("C_second", "再次上会认定", at=("office", 4), process="screening")
    d.choice("G_still", "仍然追责？", at=("office", 5), label="s")
    d.end("End_not_pursued", "会议不再追责", at=("office", 6), terminate=True)
    d.flow("C_docketing", "G_docketed", ports="sw")
    d.flow("G_docketed", "C_invest", "是", when='head_decision = "APPROVED"')
    d.flow("G_docketed", "End_not_docketed", "否", default=True, ports="sn")
    d.flow("B_five_months", "T_extend", ports="sw")
    d.flow("T_extend", "End_extended", ports="sn")
    d.path("C_invest", "G_second")
    d.flow("G_second", "C_second", "需要", when='case.switches.secondPassFinding = "ON"', ports="ns")
    d.path("C_second", "G_still")
    d.flow("G_still", "End_not_pursued", "不追责", default=True)
    d.choice("G_go_on", at=("supervision", 5, 0))
    d.flow("G_still", "G_go_on", "追责", when='resolution = "PURSUE"', ports="sn")
    d.flow("G_second", "G_go_on", "不需要", default=True)
    d.path("G_go_on", "P_split")


def _subjects(d: Diagram) -> None:
    """Every subject goes its own way; who was found in the meantime is found and decided on in another round."""
    d.parallel("P_split", "追责与移送并行", at=("supervision", 6, 0), label="ne")
    d.call(
        "C_subject",
        "逐一追究责任",
        at=("supervision", 7, 1),
        process="subject-course",
        loop=ext.loop("subjects", "subject", outputs="outcomes", output="outcome"),
    )
    d.service(
        "S_pending", "查询新增对象", at=("supervision", 8, 1), operation="case/pending_subjects", result="subjects"
    )
    d.choice("G_more", "有新增对象？", at=("supervision", 9, 1), label="e")
    d.call(
        "C_new_finding",
        "认定新增对象",
        at=("supervision", 8, 2),
        process="subject-finding",
        loop=ext.loop("subjects", "finding_subject", outputs="findings", output="finding"),
    )
    d.flow("P_split", "C_subject", ports="sw")
    d.path("C_subject", "S_pending", "G_more")
    d.flow("G_more", "C_new_finding", "有", when="count(subjects) > 0", ports="se")
    d.flow("C_new_finding", "C_subject", ports="ws")
    d.flow("G_more", "P_join", "没有", default=True, ports="ns")


def _referrals(d: Diagram) -> None:
    """Referrals run beside accountability and never replace it."""
    d.call(
        "C_referral",
        "逐项移送（没有则略过）",
        at=("supervision", 7, 0),
        process="referral",
        loop=ext.loop("referral_kinds", "referral_kind", outputs="referrals", output="referral_result"),
    )
    d.parallel("P_join", at=("supervision", 9, 0))
    d.task(
        "T_feedback",
        "向联席会议反馈",
        at=("supervision", 10, 0),
        form="enforcement/feedback",
        role="sup.intake",
        clauses="JZ-11.p2 JZ-9(4)",
        deadline="P5D",
    )
    d.service(
        "S_followers",
        "通知系列案",
        at=("office", 10, 1),
        operation="case/tell_followers",
        result="told",
        parameters={"outcome": ("string", '"CONCLUDED"')},
    )
    d.end("End_enforcement", "已反馈", at=("office", 11, 1), terminate=True)
    d.path("P_split", "C_referral", "P_join", "T_feedback")
    d.flow("T_feedback", "S_followers", ports="ns")
    d.path("S_followers", "End_enforcement")


def referral() -> Diagram:
    d = Diagram(
        "referral",
        "另行移送",
        lanes=[(*SUPERVISION, 2)],
        variables={"referral_kind": "string", "suspends_person": "boolean", "referral_result": "string"},
    )
    d.start("Start_referral", "需要移送", at=("supervision", 0, 0))
    d.task(
        "T_referral",
        "移送党纪、政务处分或犯罪线索",
        at=("supervision", 1, 0),
        form="enforcement/referral",
        role="sup.intake",
        clauses="JZ-13.p3",
        deadline="P5D",
    )
    d.task(
        "T_ack",
        "登记接收回执",
        at=("supervision", 2, 0),
        form="enforcement/referral_receipt",
        role="sup.intake",
        clauses="JZ-13.p3",
        deadline="P10D",
    )
    d.choice("G_suspends", "暂停该人员追责？", at=("supervision", 3, 0), label="s")
    d.task(
        "T_result",
        "登记办理结果",
        at=("supervision", 4, 1),
        form="enforcement/referral_result",
        role="sup.intake",
        clauses="JZ-13.p3",
        deadline="P6M",
        count="CALENDAR",
    )
    d.end("End_referral", "已移送", at=("supervision", 5, 0))
    d.path("Start_referral", "T_referral", "T_ack", "G_suspends")
    d.flow("G_suspends", "End_referral", "否", default=True)
    d.flow("G_suspends", "T_result", "是", when="suspends_person = true", ports="sw")
    d.flow("T_result", "End_referral", ports="es")
    return d


def docketing() -> Diagram:
    d = Diagram(
        "docketing",
        "移送与立案",
        lanes=[
            (*OFFICE, 2),
            ("intake", "监察机关承办人", 3),
            ("deputy", "监察机关分管领导"),
            ("head", "监察机关负责人"),
        ],
        variables={
            "receipt_result": "string",
            "deputy_result": "string",
            "head_decision": "string",
            "docket_no": "string",
            "case_no": "string",
            "office_reply": "string",
            "resolution": "string",
        },
    )
    d.start("Start_docketing", "决定追责", at=("office", 0, 1))
    d.task(
        "T_transfer",
        "制作移送函并移送",
        at=("office", 1, 1),
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
        "负责人审批立案",
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
    _not_docketed(d)
    d.task(
        "T_nodocket",
        "说明不予立案理由",
        at=("intake", 9, 1),
        form="enforcement/no_docket",
        role="sup.intake",
        clauses="JZ-10.p5 JZ-11.p2",
        deadline="P3D",
    )
    d.end("End_docketed", "已立案", at=("intake", 9, 0))
    d.end("End_not_docketed", "不予立案", at=("intake", 11, 0))
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
    d.flow("G_head", "G_refer", "不批准", default=True)
    d.path("S_docket_no", "End_docketed")
    return d


def _not_docketed(d: Diagram) -> None:
    """Refusal is explained to the office, a person beyond the county's authority goes to who has it; the office may
    put the case to the meeting again."""
    d.choice("G_refer", "属上级权限？", at=("head", 8), label="s")
    d.task(
        "T_refer",
        "移送有管理权限的机关",
        at=("intake", 8, 2),
        form="enforcement/authority_referral",
        role="sup.intake",
        clauses="JZ-11.p2 JZ-13.p3",
        deadline="P5D",
    )
    d.task(
        "T_office_reply",
        "研究不予立案反馈",
        at=("office", 10, 1),
        form="enforcement/office_reply",
        role="jmo.director",
        clauses="JZ-10.p5 JZ-9(5)",
        deadline="P5D",
    )
    d.choice("G_reply", "再次上会？", at=("office", 11, 1), label="e")
    d.call("C_again", "再次上会研究", at=("office", 5, 0), process="screening")
    d.choice("G_again", "仍然追责？", at=("office", 4, 0), label="n")
    d.end("End_not_pursued", "会议不再追责", at=("office", 4, 1))
    d.flow("G_refer", "T_refer", "是", when='head_decision = "REFERRED"', ports="ns")
    d.flow("G_refer", "T_nodocket", "否", default=True, ports="es")
    d.flow("T_refer", "T_nodocket", ports="nw")
    d.flow("T_nodocket", "T_office_reply", ports="es")
    d.path("T_office_reply", "G_reply")
    d.flow("G_reply", "End_not_docketed", "接受", default=True, ports="sn")
    d.flow("G_reply", "C_again", "再次上会", when='office_reply = "NEXT_MEETING"', ports="ne")
    d.flow("C_again", "G_again", ports="we")
    d.flow("G_again", "T_transfer", "追责", when='resolution = "PURSUE"', ports="wn")
    d.flow("G_again", "End_not_pursued", "不追责", default=True, ports="sn")


DIAGRAMS = (enforcement, docketing, referral)
