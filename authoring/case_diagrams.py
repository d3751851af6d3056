"""The case: its phases on one page, registration and scope, and what closes it."""

from authoring import extensions as ext
from authoring.diagram import Diagram

ORGAN, OFFICE = ("organ", "涉案行政机关"), ("office", "联席会议办公室")
SCOPE_CLAUSES = " ".join(f"JZ-{article}({item})" for article in (3, 4) for item in range(1, 7))
COMPENSATED = "case.compensation_paid = true or case.compensation_amount != null"
"""Compensation was paid, or a document or somebody later says that it is owed."""
LEAD_ORGAN = "case.lead_organ"
MUST_FILE = (
    'scope_decision = "DIRECT"'
    ' or (scope_decision = "BY_REFERENCE" and lead_accepted = true and case.switches.filingScope = "ALL")'
)
OUTCOME_OUT = 'if lead_accepted = false then "LEAD_REFUSED" else "OUT_OF_SCOPE"'
CLOSING_OUTCOME = (
    'if reversed = true then "REVERSED" else if resolution != "PURSUE" then resolution'
    ' else if lead_decision != null then "FOLLOWED"'
    ' else if head_decision = "APPROVED" then "CONCLUDED" else "NOT_DOCKETED"'
)
OUTCOME_NOT_ACCEPTED = f'if effect_status = "REVERSED" then "REVERSED" else {OUTCOME_OUT}'


def case() -> Diagram:
    d = Diagram(
        "jinzhai-case",
        "败诉案件过错责任追究",
        lanes=[("office", "联席会议办公室（统筹）", 4)],
        variables={
            "case_no": "string",
            "entry": "string",
            "head_decision": "string",
            "lead_organ": "string",
            "nominal_entity": "string",
            "dates": "context",
            "effect_status": "string",
            "scope_kind": "string",
            "scope_article": "string",
            "scope_decision": "string",
            "lead_accepted": "boolean",
            "check_result": "string",
            "resolution": "string",
            "opinion_ref": "string",
            "series_lead": "string",
            "lead_decision": "context",
            "reversal": "context",
            "reversed": "boolean",
            "outcome": "string",
        },
        messages=["CaseReversed"],
    )
    _case_steps(d)
    _case_flows(d)
    for number, phase in enumerate(("intake", "filing", "screening", "enforcement", "recovery", "rectification"), 1):
        _reversal(d, number, f"C_{phase}")
    _reversal(d, 7, "C_closing", ports="se")
    _reversal(d, 8, "T_notice", ports="ee", upper=True, bend=12.4)
    reversed_again(d, 9)
    d.flow("T_reverse", "C_closing", ports="ns")
    return d


def _case_steps(d: Diagram) -> None:
    d.start("Start_case", "收到文书或线索", at=("office", 0, 1))
    d.call("C_intake", "登记与确认范围", at=("office", 1, 1), process="jinzhai-intake")
    d.choice("G_scope", "需要报送备案？", at=("office", 2, 1), label="s")
    d.call("C_filing", "报送备案", at=("office", 3, 1), process="filing")
    d.choice("G_ready", "进入筛选？", at=("office", 4, 1), label="sw")
    d.service(
        "S_close_out",
        "办结：不予受理",
        at=("office", 4, 2),
        operation="case/close",
        result="outcome",
        parameters={"outcome": ("string", OUTCOME_NOT_ACCEPTED)},
    )
    d.end("End_out", "不受理", at=("office", 5, 2))
    d.call("C_screening", "汇总与会议筛选", at=("office", 5, 1), process="screening")
    d.choice("G_pursue", "是否追责？", at=("office", 6, 1), label="s")
    d.task(
        "T_notice",
        "告知不予追责结果",
        at=("office", 7, 0),
        form="jinzhai-case/result_notice",
        role="jmo.officer",
        clauses="JZ-9(2) JZ-10.p4",
        deadline="P3D",
    )
    d.call("C_enforcement", "移送调查与追责", at=("office", 7, 1), process="enforcement")
    d.choice("G_compensated", "涉及国家赔偿？", at=("office", 8, 1), label="s")
    d.call("C_recovery", "追偿", at=("office", 9, 1), process="recovery")
    d.call("C_rectification", "整改跟踪", at=("office", 10, 1), process="rectification")
    d.call("C_closing", "信息交流与归档", at=("office", 11, 1), process="case-closing")
    d.task(
        "T_reverse",
        "改判撤案处理",
        at=("office", 10.5, 2.8),
        form="jinzhai-case/case_reversal",
        role="jmo.director",
        clauses=SCOPE_CLAUSES.split(" JZ-4")[0],
        deadline="P3D",
        post="reversed = true",
    )
    d.end("End_case", "案件办结", at=("office", 12, 1))


def _case_flows(d: Diagram) -> None:
    d.path("Start_case", "C_intake", "G_scope")
    d.flow("G_scope", "C_filing", "是", when=MUST_FILE)
    d.flow("G_scope", "G_ready", "否", default=True, ports="nn", bend=("office", 1, -62))
    d.flow("C_filing", "G_ready")
    d.flow(
        "G_ready",
        "C_screening",
        "是",
        when='check_result = "ACCEPTED"'
        ' or (check_result = null and scope_decision = "BY_REFERENCE" and lead_accepted = true)',
    )
    d.flow("G_ready", "S_close_out", "否", default=True)
    d.path("S_close_out", "End_out")
    d.path("C_screening", "G_pursue")
    d.flow("G_pursue", "C_enforcement", "追责", when='resolution = "PURSUE"')
    d.flow("G_pursue", "T_notice", "不追责", default=True)
    d.flow("C_enforcement", "G_compensated")
    d.flow("T_notice", "G_compensated", ports="ew")
    d.flow(
        "G_compensated",
        "C_recovery",
        "是",
        when=COMPENSATED,
    )
    d.flow("G_compensated", "C_rectification", "否", default=True, ports="nn", bend=("office", 1, -62))
    d.path("C_recovery", "C_rectification", "C_closing", "End_case")


def _reversal(
    d: Diagram, number: int, phase: str, *, ports: str = "sw", upper: bool = False, bend: float | None = None
) -> None:
    """Every phase gives way at once when the judgment is reversed; one step then undoes what must be undone."""
    event_id = f"B_reversed{number}"
    event = ext.message_caught(event_id, "CaseReversed", variable="reversal", key="case_no")
    share = 0.15 if phase == "C_rectification" else 0.85
    d.boundary(event_id, "改判", host=phase, share=share, event=event, upper=upper, label="ne" if upper else "")
    d.flow(event_id, "T_reverse", ports=ports, bend=bend)


def reversed_again(d: Diagram, number: int) -> None:
    """Another judgment while the reversal is being dealt with: the step begins anew, with that one."""
    event_id = f"B_reversed{number}"
    event = ext.message_caught(event_id, "CaseReversed", variable="reversal", key="case_no")
    d.boundary(event_id, "再次改判", host="T_reverse", share=0.85, event=event, label="se")
    d.flow(event_id, "T_reverse", ports="ss")


def intake() -> Diagram:
    d = Diagram(
        "jinzhai-intake",
        "登记与确认适用范围",
        lanes=[(*ORGAN, 2), (*OFFICE, 2)],
        variables={
            "entry": "string",
            "lead_organ": "string",
            "dates": "context",
            "legal_effect": "boolean",
            "effective_date": "date",
            "case_type": "string",
            "scope_kind": "string",
            "scope_article": "string",
            "effect_status": "string",
            "scope_decision": "string",
            "lead_accepted": "boolean",
        },
    )
    _registration(d)
    _effect(d)
    _scope(d)
    return d


def _registration(d: Diagram) -> None:
    """The organ registers what it received; what it did not register, and leads, the office registers itself."""
    d.start("Start_intake", "收到文书或线索", at=("organ", 0, 1))
    d.choice("G_entry", "由谁登记？", at=("organ", 1, 1), label="n")
    d.task(
        "T_register",
        "登记法律文书",
        at=("organ", 2, 1),
        form="jinzhai-case/legal_document",
        role="organ.reporter",
        organ="lead_organ",
        clauses=SCOPE_CLAUSES,
        deadline="P2D",
    )
    d.task(
        "T_register_office",
        "依职权登记文书或线索",
        at=("office", 2, 1),
        form="jinzhai-case/legal_document",
        role="jmo.officer",
        clauses=f"JZ-12 JZ-18.s1 {SCOPE_CLAUSES}",
        deadline="P2D",
    )
    d.service("S_dates", "计算生效与期限", at=("office", 3), operation="case/compute_dates", result="dates")
    d.path("Start_intake", "G_entry")
    d.flow("G_entry", "T_register", "机关", default=True)
    d.flow("G_entry", "T_register_office", "办公室", when='entry = "OFFICE"', ports="sw")
    d.flow("T_register", "S_dates", ports="sw")
    d.flow("T_register_office", "S_dates", ports="es")


def _effect(d: Diagram) -> None:
    d.script(
        "X_effect",
        "读取生效情况",
        at=("office", 4),
        code="legal_effect = dates.legal_effect\neffective_date = dates.effective_date",
    )
    d.rule("R_scope", "判定适用范围", at=("office", 5), table="jinzhai-scope")
    d.choice("G_effect", "等待生效？", at=("office", 6), label="s")
    d.wait_until("W_effect", "预计生效之日", at=("organ", 6, 1), date="dates.effect_check_at")
    d.task(
        "T_effect",
        "确认法律文书生效",
        at=("organ", 5, 1),
        form="jinzhai-case/effect_confirmation",
        role="organ.reporter",
        organ=LEAD_ORGAN,
        clauses="JZ-18.s1",
        source="higher_law",
        deadline="P3D",
    )
    d.choice("G_reversed", "二审改判？", at=("organ", 4, 1), label="w")
    d.end("End_reversed", "未败诉，无需追责", at=("organ", 4, 0), label="e")
    d.path("S_dates", "X_effect", "R_scope", "G_effect")
    d.flow("G_effect", "W_effect", "尚未生效", when='scope_kind = "AWAIT_EFFECT"')
    d.flow("W_effect", "T_effect", ports="we")
    d.flow("T_effect", "G_reversed", ports="we")
    d.flow("G_reversed", "End_reversed", "是", when='effect_status = "REVERSED"')
    d.flow("G_reversed", "S_dates", "否", default=True, ports="sn")


def _scope(d: Diagram) -> None:
    leads = SCOPE_CLAUSES[SCOPE_CLAUSES.index("JZ-4") :]
    d.task(
        "T_scope",
        "确认适用范围",
        at=("office", 7),
        form="jinzhai-case/scope_confirmation",
        role="jmo.officer",
        clauses=SCOPE_CLAUSES,
        deadline="P2D",
    )
    d.choice("G_lead", "参照适用？", at=("office", 8), label="s")
    d.task(
        "T_lead_facts",
        "登记参照追责线索",
        at=("office", 9),
        form="jinzhai-case/lead_record",
        role="jmo.officer",
        clauses=leads,
        deadline="P3D",
    )
    d.task(
        "T_lead",
        "受理参照追责线索",
        at=("office", 10),
        form="jinzhai-case/lead_intake",
        role="jmo.director",
        clauses=leads,
        deadline="P3D",
    )
    d.end("End_intake", "范围已确认", at=("office", 11))
    d.flow("G_effect", "T_scope", "否", default=True)
    d.path("T_scope", "G_lead")
    d.flow("G_lead", "T_lead_facts", "是", when='scope_decision = "BY_REFERENCE"')
    d.flow("G_lead", "End_intake", "否", default=True, ports="nn", bend=("office", 0, -60))
    d.path("T_lead_facts", "T_lead", "End_intake")


def closing() -> Diagram:
    d = Diagram(
        "case-closing",
        "信息交流与归档",
        lanes=[OFFICE, ("archive", "档案管理"), ("assessment", "依法行政考核")],
        variables={
            "resolution": "string",
            "head_decision": "string",
            "lead_decision": "context",
            "reversed": "boolean",
            "outcome": "string",
        },
    )
    d.start("Start_closing", "追责与整改已了结", at=("office", 0))
    d.task(
        "T_exchange",
        "与法院、检察院交流问责信息",
        at=("office", 1),
        form="jinzhai-case/information_exchange",
        role="jmo.officer",
        clauses="JZ-12",
        deadline="P5D",
    )
    d.task(
        "T_archive",
        "归档",
        at=("archive", 2),
        form="jinzhai-case/archive",
        role="archivist",
        clauses="JZ-10.p4",
        deadline="P10D",
    )
    d.task(
        "T_assessment",
        "登记考核记录",
        at=("assessment", 3),
        form="jinzhai-case/assessment_record",
        role="assessor",
        clauses="JZ-18.s3",
        deadline="P10D",
    )
    d.service(
        "S_close",
        "办结案件",
        at=("office", 4),
        operation="case/close",
        result="outcome",
        parameters={
            "outcome": (
                "string",
                CLOSING_OUTCOME,
            )
        },
    )
    d.end("End_closing", "已归档", at=("office", 5))
    d.path("Start_closing", "T_exchange")
    d.flow("T_exchange", "T_archive", ports="sw")
    d.flow("T_archive", "T_assessment", ports="sw")
    d.flow("T_assessment", "S_close", ports="es")
    d.path("S_close", "End_closing")
    return d


DIAGRAMS = (case, intake, closing)
