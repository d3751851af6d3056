"""The three procedures that the routes refer to (their own rules, not the measures'), and the decision they end in."""

from authoring.diagram import Diagram
from authoring.yiyuan_finding_diagrams import BODY, BODY_HEAD, PURSUER, SUBJECT

VARIABLES = {
    "subject": "context",
    "head_decision": "string",
    "docket_no": "string",
    "referral_needed": "boolean",
    "kind": "string",
    "effective_on": "date",
    "decision_no": "string",
}

DECISION_CLAUSES = " ".join(["YY-2 YY-9", *(f"YY-10({n})" for n in range(1, 7))])


def _docketing(d: Diagram, tag: str, *, role: str, column: float, back: str) -> None:
    """Approval by the head, the number of the docket, and the end where it is refused."""
    docket, number = f"T_docket_{tag}", f"S_docket_no_{tag}"
    d.task(
        docket,
        "审批立案",
        at=("head", column),
        form="yiyuan-person/docket_approval",
        role=role,
        organ=PURSUER,
        clauses="YY-8",
        source="higher_law",
        excludes=back,
        deadline="P3D",
    )
    d.choice("G_docket", "审批结果？", at=("head", column + 1), label="s")
    d.service(
        number,
        "编立案号",
        at=("officer", column + 2),
        operation="numbers/issue",
        result="docket_no",
        parameters={"kind": ("string", '"DOCKET"')},
    )
    d.end("End_not_docketed", "不予立案或另行移送", at=("head", column + 2))
    d.path(docket, "G_docket")
    d.flow("G_docket", number, "批准", when='head_decision = "APPROVED"', ports="nw")
    d.flow("G_docket", back, "退回", when='head_decision = "RETURNED"', ports="ss", bend=("head", 0, 58))
    d.flow("G_docket", "End_not_docketed", "不批准", default=True)


def supervision() -> Diagram:
    officer, head = ("officer", "纪检监察承办人"), ("head", "纪检监察负责人")
    d = Diagram(
        "procedure-supervision",
        "纪检监察机关办理程序",
        lanes=[officer, head, ("review", "审理人员")],
        variables=VARIABLES | {"clue_disposal": "string", "adjudication_result": "string"},
    )
    d.start("Start_supervision", "收到线索", at=("officer", 0))
    d.task(
        "T_clue",
        "线索登记和处置",
        at=("officer", 1),
        form="procedure-supervision/clue",
        role="discipline.officer",
        organ=PURSUER,
        clauses="YY-5.p1 YY-8",
        source="higher_law",
        deadline="P5D",
    )
    d.choice("G_clue", "需要初核？", at=("officer", 2), label="n")
    d.end("End_closed", "予以了结", at=("head", 2))
    d.task(
        "T_verify",
        "初步核实并呈批",
        at=("officer", 3),
        form="procedure-supervision/verification",
        role="discipline.officer",
        organ=PURSUER,
        clauses="YY-8",
        source="higher_law",
        deadline="P2M",
        count="CALENDAR",
    )
    _docketing(d, "sup", role="discipline.head", column=4, back="T_verify")
    d.call("C_inquiry_sup", "调查取证与配合", at=("officer", 7), process="yiyuan-inquiry")
    d.call("C_finding_sup", "认定责任", at=("officer", 8), process="yiyuan-finding")
    d.task(
        "T_adjudicate",
        "审理",
        at=("review", 9),
        form="procedure-supervision/adjudication",
        role="discipline.officer",
        organ=PURSUER,
        clauses="YY-8 YY-9",
        source="higher_law",
        excludes="T_recusal T_verify T_inform T_collect T_finding T_assess",
        deadline="P10D",
    )
    d.choice("G_adjudicated", "同意？", at=("review", 10), label="s")
    d.call("C_defence_sup", "告知与陈述申辩", at=("officer", 10), process="yiyuan-defence")
    d.call("C_decision_sup", "处置：决定与送达", at=("officer", 11), process="yiyuan-decision")
    d.end("End_supervision", "处置完毕", at=("officer", 12))
    d.path("Start_supervision", "T_clue", "G_clue")
    d.flow("G_clue", "End_closed", "了结", default=True, ports="sn")
    d.flow("G_clue", "T_verify", "初核", when='clue_disposal = "VERIFY"')
    d.flow("T_verify", "T_docket_sup", ports="ew")
    d.path("S_docket_no_sup", "C_inquiry_sup", "C_finding_sup")
    d.flow("C_finding_sup", "T_adjudicate", ports="ew")
    d.path("T_adjudicate", "G_adjudicated")
    d.flow("G_adjudicated", "C_inquiry_sup", "退回", default=True, ports="ss", bend=("review", 0, 58))
    d.flow("G_adjudicated", "C_defence_sup", "同意", when='adjudication_result = "AGREED"', ports="ns")
    d.path("C_defence_sup", "C_decision_sup", "End_supervision")
    return d


def organisation() -> Diagram:
    d = Diagram(
        "procedure-organisation",
        "组织人事部门办理程序",
        lanes=[("officer", "组织人事承办人"), ("head", "组织人事负责人"), SUBJECT],
        variables=VARIABLES | {"organisation_method": "string"},
    )
    d.start("Start_organisation", "收到移送", at=("officer", 0))
    d.task(
        "T_method",
        "提醒、函询、核查",
        at=("officer", 1),
        form="procedure-organisation/method",
        role="hr.officer",
        organ=PURSUER,
        clauses="YY-5.p1 YY-8",
        source="higher_law",
        deadline="P5D",
    )
    d.choice("G_method", "函询本人？", at=("officer", 2), label="n")
    d.task(
        "T_inquiry_reply",
        "书面说明",
        at=("subject", 2),
        form="procedure-organisation/inquiry_reply",
        role="subject.person",
        person="subject.person",
        clauses="YY-5.p2 YY-8",
        source="higher_law",
        deadline="P15D",
        count="CALENDAR",
    )
    d.task(
        "T_report",
        "核查情况并呈批",
        at=("officer", 3),
        form="procedure-organisation/check_report",
        role="hr.officer",
        organ=PURSUER,
        clauses="YY-8",
        source="higher_law",
        deadline="P20D",
    )
    _docketing(d, "org", role="hr.head", column=4, back="T_report")
    d.call("C_inquiry_org", "调查取证与配合", at=("officer", 7), process="yiyuan-inquiry")
    d.call("C_finding_org", "认定责任", at=("officer", 8), process="yiyuan-finding")
    d.call("C_defence_org", "告知与陈述申辩", at=("officer", 9), process="yiyuan-defence")
    d.call("C_decision_org", "诫勉或者组织处理决定", at=("officer", 10), process="yiyuan-decision")
    d.end("End_organisation", "处理完毕", at=("officer", 11))
    d.path("Start_organisation", "T_method", "G_method")
    d.flow("G_method", "T_inquiry_reply", "函询", when='organisation_method = "INQUIRE"', ports="sn")
    d.flow("G_method", "T_report", "其他", default=True)
    d.flow("T_inquiry_reply", "T_report", ports="es")
    d.flow("T_report", "T_docket_org", ports="ew")
    d.path("S_docket_no_org", "C_inquiry_org", "C_finding_org", "C_defence_org", "C_decision_org", "End_organisation")
    return d


def unit() -> Diagram:
    d = Diagram(
        "procedure-unit",
        "任免机关（所在单位）办理程序",
        lanes=[("officer", "机关内部追责承办人"), ("head", "机关内部追责负责人")],
        variables=VARIABLES | {"collective_result": "string"},
    )
    d.start("Start_unit", "收到移送", at=("officer", 0))
    d.task(
        "T_preliminary",
        "初步调查并呈批",
        at=("officer", 1),
        form="procedure-unit/preliminary",
        role="unit.officer",
        organ=PURSUER,
        clauses="YY-5.p1 YY-8",
        source="higher_law",
        deadline="P20D",
    )
    _docketing(d, "unit", role="unit.head", column=2, back="T_preliminary")
    d.call("C_inquiry_unit", "调查取证与配合", at=("officer", 5), process="yiyuan-inquiry")
    d.call("C_finding_unit", "认定责任", at=("officer", 6), process="yiyuan-finding")
    d.call("C_defence_unit", "告知与陈述申辩", at=("officer", 7), process="yiyuan-defence")
    d.task(
        "T_collective",
        "集体讨论",
        at=("head", 8),
        form="procedure-unit/collective",
        role="unit.head",
        organ=PURSUER,
        clauses="YY-8 YY-9",
        source="higher_law",
        deadline="P10D",
    )
    d.choice("G_collective", "同意？", at=("head", 9), label="s")
    d.call("C_decision_unit", "决定、通知与送达", at=("officer", 10), process="yiyuan-decision")
    d.end("End_unit", "处理完毕", at=("officer", 11))
    d.path("Start_unit", "T_preliminary")
    d.flow("T_preliminary", "T_docket_unit", ports="ew")
    d.path("S_docket_no_unit", "C_inquiry_unit", "C_finding_unit", "C_defence_unit")
    d.flow("C_defence_unit", "T_collective", ports="ew")
    d.path("T_collective", "G_collective")
    d.flow("G_collective", "C_finding_unit", "退回", default=True, ports="ss", bend=("head", 0, 58))
    d.flow("G_collective", "C_decision_unit", "同意", when='collective_result = "AGREED"', ports="ew")
    d.path("C_decision_unit", "End_unit")
    return d


def decision() -> Diagram:
    d = Diagram(
        "yiyuan-decision",
        "作出与送达决定（移送并行）",
        lanes=[(*BODY, 2), BODY_HEAD, ("referral", "责任追究机关承办人（移送）")],
        variables={
            "subject": "context",
            "referral_needed": "boolean",
            "renotify": "boolean",
            "sign_result": "string",
            "kind": "string",
            "effective_on": "date",
            "decision_no": "string",
            "deciding_organ": "string",
        },
    )
    _decision_steps(d)
    _referral_steps(d)
    d.path("Start_decision", "F_decision")
    d.path("F_decision", "C_authority", "T_draft", "G_renotify")
    d.flow("G_renotify", "C_defence_again", "有", when="renotify = true", ports="ns")
    d.flow("C_defence_again", "T_draft", ports="wn")
    d.flow("G_renotify", "T_sign", "没有", default=True, ports="en")
    d.path("T_sign", "G_signed")
    d.flow("G_signed", "C_authority", "退回", default=True, ports="ss", bend=("head", 0, 58))
    d.flow("G_signed", "S_decision", "签发", when='sign_result = "SIGNED"', ports="nw")
    d.path("S_decision", "T_serve", "J_decision", "End_decision")
    return d


def _decision_steps(d: Diagram) -> None:
    d.start("Start_decision", "已听取申辩", at=("body", 0, 1))
    d.parallel("F_decision", at=("body", 1, 1))
    d.call("C_authority", "核对调离人员的决定机关", at=("body", 2, 1), process="yiyuan-authority-again")
    d.task(
        "T_draft",
        "拟制问责决定书",
        at=("body", 3, 1),
        form="yiyuan-decision/decision_draft",
        role="decider.officer",
        organ="deciding_organ",
        clauses=DECISION_CLAUSES,
        deadline="P5D",
    )
    d.choice("G_renotify", "有新事实？", at=("body", 4, 1), label="s")
    d.call("C_defence_again", "重新告知与申辩", at=("body", 4, 0), process="yiyuan-defence")
    d.task(
        "T_sign",
        "审定并签发决定",
        at=("head", 5),
        form="yiyuan-decision/decision_sign",
        role="decider.head",
        organ="deciding_organ",
        clauses="YY-9 YY-17.p1",
        excludes="T_draft",
        deadline="P3D",
    )
    d.choice("G_signed", "签发？", at=("head", 6), label="s")
    d.service(
        "S_decision",
        "登记问责决定",
        at=("body", 7, 1),
        operation="subject/record_decision",
        result="decision_no",
        parameters={"subject_id": ("string", "subject.id")},
    )
    d.task(
        "T_serve",
        "送达决定书",
        at=("body", 8, 1),
        form="accountability/service",
        role="decider.officer",
        organ="deciding_organ",
        clauses="YY-16",
        source="higher_law",
        deadline="P5D",
    )
    d.parallel("J_decision", at=("body", 9, 1))
    d.end("End_decision", "已送达", at=("body", 10, 1))


def _referral_steps(d: Diagram) -> None:
    """A referral to party discipline, sanction or prosecution: beside the decision, never instead of it."""
    d.choice("G_referral", "需要另行移送？", at=("referral", 1), label="w")
    d.task(
        "T_referral",
        "移送党纪、处分或犯罪线索",
        at=("referral", 4),
        form="yiyuan-decision/referral",
        role="decider.officer",
        organ=PURSUER,
        clauses="YY-17.p1 YY-17.p2",
        deadline="P5D",
    )
    d.choice("G_referred", at=("referral", 6))
    d.flow("F_decision", "G_referral", ports="sn")
    d.flow("G_referral", "T_referral", "需要", when="referral_needed = true")
    d.flow("G_referral", "G_referred", "不需要", default=True, ports="ss", bend=("referral", 0, 60))
    d.path("T_referral", "G_referred")
    d.flow("G_referred", "J_decision", ports="es")


DIAGRAMS = (supervision, organisation, unit, decision)
