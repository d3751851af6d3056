"""Filing with the office, and the wait for the joint meeting."""

from authoring import extensions as ext
from authoring.case_diagrams import LEAD_ORGAN, OFFICE, ORGAN
from authoring.diagram import Diagram

NO_PERIOD = ", ".join(f"filing_{name}_at: null" for name in ("due", "remind", "remind2", "unfiled"))
PERIOD = f'dates = if case.scope_decision = "BY_REFERENCE" then {{{NO_PERIOD}}} else dates'
"""The ten days are laid down for the cases that are directly in scope; one by reference is never late."""


def filing() -> Diagram:
    d = Diagram(
        "filing",
        "分析报告与报送备案",
        lanes=[(*ORGAN, 2), (*OFFICE, 3)],
        variables={
            "dates": "context",
            "notified": "string",
            "check_result": "string",
            "check_round": "number",
        },
    )
    d.start("Start_filing", "需要报送备案", at=("organ", 0, 1))
    d.script("X_period", "确定备案期限", at=("organ", 1, 1), code=PERIOD)
    d.call("C_report", "撰写、审核与报送", at=("organ", 2, 1), process="filing-report")
    _deadline_events(d)
    _completeness(d)
    return d


def _deadline_events(d: Diagram) -> None:
    """The regulation's ten days run over drafting, review, signature and delivery together."""
    for event_id, name, date, share, label in (
        ("B_remind", "届满前5日", "dates.filing_remind_at", 0.15, "w"),
        ("B_remind2", "届满前2日", "dates.filing_remind2_at", 0.85, "e"),
    ):
        event = ext.timer(event_id, "timeDate", date)
        d.boundary(
            event_id, name, host="C_report", share=share, event=event, upper=True, interrupting=False, label=label
        )
        d.flow(event_id, "S_remind", ports="nw")
    d.service(
        "S_remind",
        "提醒按期报备",
        at=("organ", 3, 0),
        operation="notify/send",
        result="notified",
        parameters={
            "kind": ("string", '"FILING_DUE"'),
            "role": ("string", '"organ.reporter"'),
            "organ": ("string", LEAD_ORGAN),
        },
    )
    d.end("End_reminded", "已提醒", at=("organ", 4, 0))
    d.path("S_remind", "End_reminded")
    due = ext.timer("B_overdue", "timeDate", "dates.filing_due_at")
    d.boundary("B_overdue", "期限届满", host="C_report", share=0.85, event=due, interrupting=False, label="se")
    d.task(
        "T_urge",
        "催报并记录逾期",
        at=("office", 3, 1),
        form="filing/late_filing",
        role="jmo.officer",
        clauses="JZ-18.s1 JZ-18.s3",
        deadline="P3D",
    )
    d.end("End_urged", "已催报", at=("office", 4, 1))
    d.flow("B_overdue", "T_urge", ports="sw")
    d.path("T_urge", "End_urged")
    unfiled = ext.timer("B_unfiled", "timeDate", "dates.filing_unfiled_at")
    d.boundary("B_unfiled", "催报期满仍未报", host="C_report", share=0.15, event=unfiled, label="sw")
    d.task(
        "T_unfiled",
        "依职权登记立案",
        at=("office", 3, 2),
        form="filing/ex_officio",
        role="jmo.officer",
        clauses="JZ-12 JZ-18.s1 JZ-18.s3",
        deadline="P5D",
        post='check_result = "ACCEPTED"',
    )
    d.end("End_unfiled", "已依职权登记", at=("office", 4, 2), terminate=True)
    d.flow("B_unfiled", "T_unfiled", ports="sw")
    d.path("T_unfiled", "End_unfiled")


def _completeness(d: Diagram) -> None:
    d.task(
        "T_check",
        "完整性审查",
        at=("office", 4, 0),
        form="filing/completeness_check",
        role="jmo.officer",
        clauses="JZ-18.s1 JZ-18.s2",
        deadline="P5D",
        post="check_round = if check_round = null then 1 else check_round + 1",
    )
    d.choice("G_check", "需要补正？", at=("office", 5, 0), label="nw")
    d.choice("G_again", "再次退回？", at=("office", 6, 0), label="s")
    d.task(
        "T_supplement",
        "补正材料",
        at=("organ", 6, 1),
        form="filing/supplement",
        role="organ.reporter",
        organ=LEAD_ORGAN,
        clauses="JZ-18.s2",
        deadline="P5D",
    )
    d.task(
        "T_check_director",
        "二次退回审定",
        at=("office", 7, 0),
        form="filing/second_return",
        role="jmo.director",
        clauses="JZ-18.s2",
        deadline="P3D",
        post="check_result = task.second_result",
    )
    d.choice("G_second", "仍需补正？", at=("office", 8, 0), label="e")
    d.end("End_filing", "审查结束", at=("office", 8, 1), terminate=True, label="e")
    d.path("Start_filing", "X_period", "C_report")
    d.flow("C_report", "T_check", ports="ew")
    d.path("T_check", "G_check")
    d.flow("G_check", "G_again", "补正", when='check_result = "SUPPLEMENT"')
    d.flow("G_check", "End_filing", "否", default=True, ports="sw")
    d.flow("G_again", "T_supplement", "首次", default=True, ports="ns")
    d.flow("G_again", "T_check_director", "再次", when="check_round > 1")
    d.path("T_check_director", "G_second")
    d.flow("G_second", "T_supplement", "是", when='check_result = "SUPPLEMENT"', ports="ne")
    d.flow("G_second", "End_filing", "否", default=True, ports="sn")
    d.flow("T_supplement", "T_check", ports="wn")


def _counted_from(limit: int, *, least: int) -> str:
    """Where an internal limit of `limit` days begins: with the legal ten days (JZ-18), so that all fit into them.

    Who begins late has `least` days all the same. A case by reference has no legal period and no anchor.
    """
    latest = f'today() - duration("P{limit - least}D")'
    late = f"case.filing_anchor = null or date(case.filing_anchor) < {latest}"
    return f"if {late} then string({latest}) else case.filing_anchor"


def filing_report() -> Diagram:
    d = Diagram(
        "filing-report",
        "撰写、审核与报送分析报告",
        lanes=[("reporter", "填报人"), ("legal", "法制审核人"), ("head", "机关负责人")],
        variables={"review_result": "string", "sign_result": "string"},
    )
    d.start("Start_report", "开始撰写", at=("reporter", 0))
    d.task(
        "T_draft",
        "撰写败诉案件分析报告",
        at=("reporter", 1),
        form="filing/analysis_report",
        role="organ.reporter",
        organ=LEAD_ORGAN,
        clauses="JZ-18.s2",
        deadline="P5D",
        since=_counted_from(5, least=2),
        count="CALENDAR",
    )
    d.task(
        "T_review",
        "法制审核",
        at=("legal", 2),
        form="filing/legal_review",
        role="organ.legal_reviewer",
        organ=LEAD_ORGAN,
        clauses="JZ-18.s2",
        excludes="T_draft",
        deadline="P7D",
        since=_counted_from(7, least=1),
        count="CALENDAR",
    )
    d.choice("G_review", "审核通过？", at=("legal", 3), label="s")
    d.task(
        "T_sign",
        "负责人签发",
        at=("head", 4),
        form="filing/head_sign",
        role="organ.head",
        organ=LEAD_ORGAN,
        clauses="JZ-18.s2",
        deadline="P8D",
        since=_counted_from(8, least=1),
        count="CALENDAR",
    )
    d.choice("G_sign", "签发？", at=("head", 5), label="s")
    d.choice("G_period", "直接或者参照？", at=("head", 6), label="s")
    d.task(
        "T_file",
        "报送备案",
        at=("reporter", 6),
        form="filing/filing_record",
        role="organ.reporter",
        organ=LEAD_ORGAN,
        clauses="JZ-18.s1",
        deadline="P10D",
        since="case.filing_anchor",
        kind="regulation",
        count="CALENDAR",
    )
    d.task(
        "T_file_reference",
        "报送参照案件",
        at=("reporter", 7),
        form="filing/filing_record",
        role="organ.reporter",
        organ=LEAD_ORGAN,
        clauses="JZ-18.s1",
        deadline="P10D",
    )
    d.end("End_report", "已报送", at=("reporter", 8))
    d.path("Start_report", "T_draft")
    d.flow("T_draft", "T_review", ports="sw")
    d.path("T_review", "G_review")
    d.flow("G_review", "T_draft", "退回", default=True, ports="ne")
    d.flow("G_review", "T_sign", "通过", when='review_result = "PASSED"', ports="en")
    d.path("T_sign", "G_sign")
    d.flow("G_sign", "T_draft", "退回", default=True, ports="nn", bend=("reporter", 0, -62))
    d.flow("G_sign", "G_period", "签发", when='sign_result = "SIGNED"')
    d.flow("G_period", "T_file", "直接", default=True, ports="ns")
    d.flow("G_period", "T_file_reference", "参照", when='case.scope_decision = "BY_REFERENCE"', ports="es")
    d.flow("T_file", "End_report", ports="nn", bend=("reporter", 0, -62))
    d.path("T_file_reference", "End_report")
    return d


def screening() -> Diagram:
    d = Diagram(
        "screening",
        "汇总与会议筛选",
        lanes=[ORGAN, (*OFFICE, 3)],
        variables={
            "case_no": "string",
            "scheduled": "context",
            "decision": "context",
            "on_agenda": "boolean",
            "resolution": "string",
            "opinion_ref": "string",
            "series_lead": "string",
            "defer_count": "number",
        },
        messages=["AgendaScheduled", "AgendaDecided"],
    )
    d.start("Start_screening", "案件已受理", at=("office", 0, 1))
    d.task(
        "T_collate",
        "汇总并提出意见",
        at=("office", 1, 1),
        form="screening/case_summary",
        role="jmo.officer",
        clauses="JZ-10.p5 JZ-11.p3",
        deadline="P5D",
    )
    d.receive("W_pool", "待议池：等待会议决定", at=("office", 2, 1), message="AgendaDecided", variable="decision")
    _pool_events(d)
    d.script(
        "X_resolution",
        "记录会议决议",
        at=("office", 3, 1),
        code="resolution = decision.resolution\n"
        "opinion_ref = decision.opinion_ref\n"
        'series_lead = get value(decision, "series_lead")\n'
        "defer_count = (if defer_count = null then 0 else defer_count)"
        ' + (if decision.resolution = "DEFER" then 1 else 0)',
    )
    d.choice("G_defer", "再次上会？", at=("office", 5, 1), label="s")
    d.task(
        "T_material",
        "补充材料",
        at=("organ", 3),
        form="screening/deferred_material",
        role="organ.reporter",
        organ=LEAD_ORGAN,
        clauses="JZ-10.p5 JZ-19",
        deadline="P5D",
    )
    d.end("End_screening", "会议已决定", at=("office", 6, 1), terminate=True)
    d.path("Start_screening", "T_collate", "W_pool", "X_resolution", "G_defer")
    d.flow("G_defer", "T_collate", "会签未一致", when='resolution = "NO_CONSENT"', ports="ss", bend=("office", 2, 66))
    d.flow("G_defer", "T_material", "延期", when='resolution = "DEFER"', ports="ne")
    d.flow("G_defer", "End_screening", "否", default=True)
    d.flow("T_material", "T_collate", ports="wn")
    return d


def _pool_events(d: Diagram) -> None:
    scheduled = ext.message_caught("B_scheduled", "AgendaScheduled", variable="scheduled", key="case_no")
    d.boundary(
        "B_scheduled",
        "列入或移出",
        host="W_pool",
        share=0.85,
        event=scheduled,
        upper=True,
        interrupting=False,
        label="e",
    )
    d.script("X_on_agenda", "记录列入或者移出议程", at=("office", 3, 0), code="on_agenda = scheduled.item_no != null")
    d.end("End_on_agenda", "已记录", at=("office", 4, 0), label="e")
    d.flow("B_scheduled", "X_on_agenda", ports="nw")
    d.path("X_on_agenda", "End_on_agenda")
    age = ext.timer("B_age", "timeCycle", '"R/P60D"')
    d.boundary("B_age", "每满60日未议", host="W_pool", share=0.85, event=age, interrupting=False, label="sw")
    d.task(
        "T_age",
        "提请召开会议",
        at=("office", 3, 2),
        form="screening/pool_alert",
        role="jmo.director",
        clauses="JZ-10.p1 JZ-10.p5",
        deadline="P3D",
    )
    d.end("End_age", "已提请", at=("office", 4, 2), label="e")
    d.flow("B_age", "T_age", ports="sw")
    d.path("T_age", "End_age")


DIAGRAMS = (filing, filing_report, screening)
