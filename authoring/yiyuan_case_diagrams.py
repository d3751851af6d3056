"""The case from registration to the archive: its phases on one page, registration and scope, and what closes it."""

from authoring import extensions as ext
from authoring.case_diagrams import reversed_again
from authoring.diagram import Diagram

ORGAN, REGISTRY = ("organ", "涉案行政机关"), ("registry", "归口登记（司法局）")
SCOPE_CLAUSES = "YY-2 YY-3(1) YY-3(2) YY-18"
LEAD_ORGAN = "case.lead_organ"
ENDED_EARLY = (
    'if effect_status = "REVERSED" then "REVERSED"'
    ' else if validity_decision = "STOP" then "EXPIRED" else "OUT_OF_SCOPE"'
)
ENDED = (
    'if reversed = true then "REVERSED" else if outcomes = null or count(outcomes) = 0 then "NOT_PURSUE"'
    ' else if list contains(outcomes, "ACCOUNTABLE") then "CONCLUDED"'
    ' else if list contains(outcomes, "EXEMPT") then "EXEMPT" else "NOT_PURSUE"'
)
CHECK_EFFECT_ON = 'if dates.effect_check_at != null then dates.effect_check_at else string(now() + duration("P30D"))'
"""While an appeal is pending nobody knows the day; the organ is asked again after thirty days."""
PHASES = ("intake", "attribution", "accountability", "recovery", "closing")


def case() -> Diagram:
    d = Diagram(
        "yiyuan-case",
        "败诉案件过错责任追究（责任人员）",
        lanes=[("registry", "归口登记（统筹）", 4)],
        variables={
            "case_no": "string",
            "lead_organ": "string",
            "dates": "context",
            "effect_status": "string",
            "validity_decision": "string",
            "scope_kind": "string",
            "scope_article": "string",
            "scope_decision": "string",
            "persons": "list",
            "outcomes": "list",
            "reversal": "context",
            "reversed": "boolean",
            "outcome": "string",
        },
        messages=["CaseReversed"],
    )
    _case_steps(d)
    d.path("Start_case", "C_intake", "G_scope")
    d.flow("G_scope", "C_attribution", "是", when='list contains(["DIRECT", "BY_REFERENCE"], scope_decision)')
    d.flow("G_scope", "S_close_out", "否", default=True)
    d.path("S_close_out", "End_out")
    d.path("C_attribution", "G_persons")
    d.flow("G_persons", "C_accountability", "有", when="count(persons) > 0")
    d.flow("G_persons", "C_closing", "没有", default=True, ports="nn", bend=("registry", 1, -62))
    d.path("C_accountability", "C_recovery", "C_closing", "End_case")
    for number, phase in enumerate(PHASES, 1):
        _reversal(d, number, f"C_{phase}")
    reversed_again(d, len(PHASES) + 1)
    d.flow("T_reverse", "C_closing", ports="ns")
    return d


def _case_steps(d: Diagram) -> None:
    d.start("Start_case", "收到败诉文书", at=("registry", 0, 1))
    d.call("C_intake", "登记与确认范围", at=("registry", 1, 1), process="yiyuan-intake")
    d.choice("G_scope", "适用本办法？", at=("registry", 2, 1), label="n")
    d.service(
        "S_close_out",
        "办结：不予追责",
        at=("registry", 2, 2),
        operation="case/close",
        result="outcome",
        parameters={"outcome": ("string", ENDED_EARLY)},
    )
    d.end("End_out", "不适用", at=("registry", 3, 2))
    d.call("C_attribution", "归责与责任人员", at=("registry", 3, 1), process="yiyuan-attribution")
    d.choice("G_persons", "有责任人员？", at=("registry", 4, 1), label="s")
    d.call("C_accountability", "逐人追究责任", at=("registry", 5, 1), process="yiyuan-accountability")
    d.call("C_recovery", "追偿", at=("registry", 6, 1), process="yiyuan-recovery")
    d.call("C_closing", "归档与考核登记", at=("registry", 7, 1), process="yiyuan-closing")
    d.task(
        "T_reverse",
        "改判撤案处理",
        at=("registry", 6.5, 2.8),
        form="yiyuan-case/case_reversal",
        role="registry.officer",
        clauses="YY-3(1) YY-16",
        source="higher_law",
        deadline="P3D",
        post="reversed = true",
    )
    d.end("End_case", "案件办结", at=("registry", 8, 1))


def _reversal(d: Diagram, number: int, phase: str) -> None:
    """Every phase gives way at once when the judgment is reversed; one step then undoes what must be undone."""
    event_id = f"B_reversed{number}"
    event = ext.message_caught(event_id, "CaseReversed", variable="reversal", key="case_no")
    d.boundary(event_id, "改判", host=phase, share=0.15 if phase == "C_recovery" else 0.85, event=event)
    d.flow(event_id, "T_reverse", ports="se" if phase == "C_closing" else "sw")


def intake() -> Diagram:
    d = Diagram(
        "yiyuan-intake",
        "登记与确认适用范围（含有效期核查）",
        lanes=[(*ORGAN, 2), (*REGISTRY, 2)],
        variables={
            "lead_organ": "string",
            "dates": "context",
            "legal_effect": "boolean",
            "effective_date": "date",
            "case_type": "string",
            "issuing_body": "string",
            "mental_state": "string",
            "scope_kind": "string",
            "scope_article": "string",
            "effect_status": "string",
            "validity": "string",
            "validity_decision": "string",
            "scope_decision": "string",
        },
    )
    _registration(d)
    _scope_steps(d)
    d.path("Start_intake", "T_register")
    d.flow("T_register", "S_dates", ports="sw")
    d.path("S_dates", "X_effect", "R_scope", "G_effect")
    d.flow("G_effect", "W_effect", "尚未生效", when='scope_kind = "AWAIT_EFFECT"')
    d.flow("W_effect", "T_effect", ports="we")
    d.flow("T_effect", "G_reversed", ports="we")
    d.flow("G_reversed", "End_reversed", "是", when='effect_status = "REVERSED"')
    d.flow("G_reversed", "S_dates", "否", default=True, ports="sn")
    d.flow("G_effect", "S_validity", "否", default=True)
    d.path("S_validity", "G_validity")
    d.flow("G_validity", "T_scope", "在期内", when='validity = "IN_FORCE"')
    d.flow("G_validity", "T_validity", "不在期内", default=True)
    d.path("T_validity", "G_applies")
    d.flow("G_applies", "T_scope", "继续适用", when='validity_decision = "APPLY"', ports="ns")
    d.flow("G_applies", "End_expired", "不再适用", default=True)
    d.path("T_scope", "End_intake")
    return d


def _registration(d: Diagram) -> None:
    d.start("Start_intake", "收到败诉文书", at=("organ", 0, 1))
    d.task(
        "T_register",
        "登记法律文书",
        at=("organ", 1, 1),
        form="yiyuan-case/legal_document",
        role="organ.reporter",
        organ="lead_organ",
        clauses=SCOPE_CLAUSES,
        deadline="P2D",
    )
    d.wait_until("W_effect", "预计生效之日", at=("organ", 5, 1), date=CHECK_EFFECT_ON)
    d.task(
        "T_effect",
        "确认法律文书生效",
        at=("organ", 4, 1),
        form="yiyuan-case/effect_confirmation",
        role="organ.reporter",
        organ=LEAD_ORGAN,
        clauses="YY-3(1)",
        source="higher_law",
        deadline="P3D",
    )
    d.choice("G_reversed", "二审改判？", at=("organ", 3, 1), label="w")
    d.end("End_reversed", "未败诉，无需追责", at=("organ", 3, 0), label="e")


def _scope_steps(d: Diagram) -> None:
    d.service("S_dates", "计算生效日期", at=("registry", 2), operation="case/compute_dates", result="dates")
    d.script(
        "X_effect",
        "读取生效情况",
        at=("registry", 3),
        code="legal_effect = dates.legal_effect\neffective_date = dates.effective_date",
    )
    d.rule("R_scope", "判定适用范围", at=("registry", 4), table="yiyuan-scope")
    d.choice("G_effect", "等待生效？", at=("registry", 5), label="s")
    d.service("S_validity", "核对办法有效期", at=("registry", 6), operation="case/validity", result="validity")
    d.choice("G_validity", "在有效期内？", at=("registry", 7), label="n")
    d.task(
        "T_validity",
        "决定能否继续适用",
        at=("registry", 7, 1),
        form="yiyuan-intake/validity",
        role="registry.officer",
        clauses="YY-19",
        deadline="P5D",
    )
    d.choice("G_applies", "继续适用？", at=("registry", 8, 1), label="s")
    d.end("End_expired", "不再适用", at=("registry", 9, 1))
    d.task(
        "T_scope",
        "确认适用范围",
        at=("registry", 8),
        form="yiyuan-intake/scope_confirmation",
        role="registry.officer",
        clauses=SCOPE_CLAUSES,
        deadline="P2D",
    )
    d.end("End_intake", "范围已确认", at=("registry", 9))


def closing() -> Diagram:
    d = Diagram(
        "yiyuan-closing",
        "归档与考核登记",
        lanes=[("archive", "档案管理"), ("assessment", "法治政府建设考核")],
        variables={"outcomes": "list", "reversed": "boolean", "outcome": "string"},
    )
    d.start("Start_closing", "追究已经了结", at=("archive", 0))
    d.task(
        "T_archive",
        "归档",
        at=("archive", 1),
        form="yiyuan-closing/archive",
        role="archivist",
        clauses="YY-8",
        source="higher_law",
        deadline="P10D",
    )
    d.task(
        "T_assessment",
        "登记考核记录",
        at=("assessment", 2),
        form="yiyuan-closing/assessment_record",
        role="assessor",
        clauses="YY-14.p1",
        deadline="P10D",
    )
    d.service(
        "S_close",
        "办结案件",
        at=("archive", 3),
        operation="case/close",
        result="outcome",
        parameters={"outcome": ("string", ENDED)},
    )
    d.end("End_closing", "已归档", at=("archive", 4))
    d.path("Start_closing", "T_archive")
    d.flow("T_archive", "T_assessment", ports="sw")
    d.flow("T_assessment", "S_close", ports="es")
    d.path("S_close", "End_closing")
    return d


DIAGRAMS = (case, intake, closing)
