"""Opinions and suggestions that an organ receives: registered, answered in time, looked after, else a lead."""

from authoring import extensions as ext
from authoring.case_diagrams import OFFICE
from authoring.diagram import Diagram

CLAUSE = "JZ-4(4)"
REPLY_FROM = 'if task.reply_due = null then task.received_on else string(date(task.reply_due) - duration("P1D"))'
URGED = 'if task.advice_check = "URGED" then string(date(task.urged_until) - duration("P1D")) else reply_from'
TERM = f'reply_term = if task.reply_due = null then "P60D" else "P1D"\nreply_from = {REPLY_FROM}'
"""The document's own date; without one sixty days, as for a reconsideration opinion."""


def incoming_advice() -> Diagram:
    d = Diagram(
        "incoming-advice",
        "收到的意见书建议书",
        lanes=[("organ", "收到文书的机关", 2), (*OFFICE, 2)],
        variables={
            "procedure_no": "string",
            "opener_role": "string",
            "opener": "string",
            "reply_from": "date",
            "reply_term": "string",
            "reply_until": "date",
            "advice_check": "string",
            "lead_proposed": "boolean",
            "notified": "string",
            "outcome": "string",
        },
    )
    _registration(d)
    _reply(d)
    _lead(d)
    return d


def _registration(d: Diagram) -> None:
    d.start("Start_advice", "收到意见书或建议书", at=("organ", 0, 1))
    d.choice("G_opener", "由谁登记？", at=("organ", 1, 1), label="n")
    for step, name, place, role in (
        ("T_advice_organ", "登记收到的文书", ("organ", 2, 1), "organ.reporter"),
        ("T_advice_office", "登记抄送的文书", ("office", 2, 0), "jmo.officer"),
    ):
        d.task(
            step,
            name,
            at=place,
            form="incoming-advice/registration",
            role=role,
            person="opener",
            clauses=CLAUSE,
            deadline="P2D",
            post=TERM,
        )
    d.service(
        "S_reply_until",
        "计算反馈期限",
        at=("organ", 3, 1),
        operation="dates/last_day",
        result="reply_until",
        parameters={
            "anchor": ("date", "reply_from"),
            "period": ("string", "reply_term"),
            "day_count": ("string", '"CALENDAR"'),
        },
    )
    d.path("Start_advice", "G_opener")
    d.flow("G_opener", "T_advice_organ", "机关", default=True)
    d.flow("G_opener", "T_advice_office", "办公室", when='opener_role = "jmo.officer"', ports="sw")
    d.path("T_advice_organ", "S_reply_until")
    d.flow("T_advice_office", "S_reply_until", ports="es")


def _reply(d: Diagram) -> None:
    d.task(
        "T_advice_answer",
        "反馈整改落实情况",
        at=("organ", 4, 1),
        form="incoming-advice/answer",
        role="organ.reporter",
        organ="procedure.advised_organ",
        clauses=CLAUSE,
        source="higher_law",
        deadline="P1D",
        since='string(date(reply_until) - duration("P1D"))',
        kind="statute",
        count="CALENDAR",
    )
    late = ext.timer("B_unanswered", "timeDate", "reply_until")
    d.boundary("B_unanswered", "逾期未反馈", host="T_advice_answer", share=0.85, event=late, label="se")
    d.task(
        "T_advice_check",
        "核查反馈和落实",
        at=("office", 5, 0),
        form="incoming-advice/check",
        role="jmo.officer",
        clauses=CLAUSE,
        deadline="P5D",
        post=f'reply_from = {URGED}\nreply_term = if task.advice_check = "URGED" then "P1D" else reply_term',
    )
    d.choice("G_advice_check", "是否落实？", at=("office", 6, 0), label="s")
    d.service(
        "S_answered",
        "办结：已反馈落实",
        at=("office", 9, 0),
        operation="procedure/conclude",
        result="outcome",
        parameters={"outcome": ("string", 'if advice_check = "IMPLEMENTED" then "ANSWERED" else "NO_LEAD"')},
    )
    d.end("End_answered", "已办结", at=("office", 10, 0))
    d.path("S_reply_until", "T_advice_answer")
    d.flow("T_advice_answer", "T_advice_check", ports="en")
    d.flow("B_unanswered", "T_advice_check", ports="sw")
    d.path("T_advice_check", "G_advice_check")
    d.flow("G_advice_check", "S_reply_until", "催告", when='advice_check = "URGED"', ports="nn", bend=("organ", 0, 0))
    d.flow(
        "G_advice_check",
        "S_answered",
        "已落实",
        when='advice_check = "IMPLEMENTED"',
        ports="nn",
        bend=("office", 0, -62),
    )
    d.path("S_answered", "End_answered")


def _lead(d: Diagram) -> None:
    """Whether the office goes after it stays its director's choice; the case is then opened by reference."""
    d.task(
        "T_advice_lead",
        "是否提出参照追责线索",
        at=("office", 7, 0),
        form="incoming-advice/lead",
        role="jmo.director",
        clauses=CLAUSE,
        deadline="P3D",
    )
    d.choice("G_lead", "提出线索？", at=("office", 8, 0), label="n")
    d.service(
        "S_lead",
        "办结：提出线索",
        at=("office", 9, 1),
        operation="procedure/conclude",
        result="outcome",
        parameters={"outcome": ("string", '"LEAD_PROPOSED"')},
    )
    d.service(
        "S_lead_notice",
        "通知登记案件",
        at=("office", 10, 1),
        operation="notify/send",
        result="notified",
        parameters={
            "kind": ("string", '"ADVICE_LEAD"'),
            "role": ("string", '"jmo.officer"'),
            "organ": ("string", "null"),
        },
    )
    d.end("End_lead", "待登记案件", at=("office", 11, 1))
    d.flow("G_advice_check", "T_advice_lead", "未落实", default=True)
    d.path("T_advice_lead", "G_lead")
    d.flow("G_lead", "S_answered", "不提出", default=True)
    d.flow("G_lead", "S_lead", "提出", when="lead_proposed = true", ports="sw")
    d.path("S_lead", "S_lead_notice", "End_lead")


DIAGRAMS = (incoming_advice,)
