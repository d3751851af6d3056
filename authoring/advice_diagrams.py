"""Opinions and suggestions that an organ receives: registered, answered in time, looked after, else a lead."""

from authoring import extensions as ext
from authoring.case_diagrams import OFFICE
from authoring.diagram import Diagram

CLAUSE = "JZ-4(4)"
LIAISONS = (("court", "人民法院联络员"), ("procuratorate", "人民检察院联络员"))
LEADS = " ".join(f"JZ-4({item})" for item in range(1, 7))
REPLY_FROM = 'if task.reply_due = null then task.received_on else string(date(task.reply_due) - duration("P1D"))'
URGED = 'if task.advice_check = "URGED" then string(date(task.urged_until) - duration("P1D")) else reply_from'
TERM = f'reply_term = if task.reply_due = null then "P60D" else "P1D"\nreply_from = {REPLY_FROM}'
"""The document's own date; without one sixty days, as for a reconsideration opinion."""


def incoming_advice() -> Diagram:
    d = Diagram(
        "incoming-advice",
        "收到的意见书建议书",
        lanes=[*LIAISONS, ("organ", "收到文书的机关", 2), (*OFFICE, 2)],
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
    d.choice("G_opener", "由谁登记？", at=("organ", 1, 1), label="sw")
    for step, name, place, role, form in (
        ("T_advice_court", "移交司法建议", ("court", 2), "court.liaison", "issued"),
        ("T_advice_procuratorate", "移交检察建议", ("procuratorate", 2), "procuratorate.liaison", "issued"),
        ("T_advice_organ", "登记收到的文书", ("organ", 2, 1), "organ.reporter", "registration"),
        ("T_advice_office", "登记抄送的文书", ("office", 2, 0), "jmo.officer", "registration"),
    ):
        d.task(
            step,
            name,
            at=place,
            form=f"incoming-advice/{form}",
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
    for step, role, label in (
        ("T_advice_court", "court.liaison", "法院"),
        ("T_advice_procuratorate", "procuratorate.liaison", "检察院"),
    ):
        d.flow("G_opener", step, label, when=f'opener_role = "{role}"', ports="nw")
        d.flow(step, "S_reply_until", ports="en")


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
    d.service(
        "S_told",
        "答复登记的人",
        at=("office", 10, 0),
        operation="notify/send",
        result="notified",
        parameters={
            "kind": ("string", '"ADVICE_CONCLUDED"'),
            "role": ("string", "opener_role"),
            "organ": ("string", "null"),
        },
    )
    d.end("End_answered", "已办结", at=("office", 11, 0))
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
    d.path("S_answered", "S_told", "End_answered")


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
    d.flow("G_advice_check", "T_advice_lead", "未落实", default=True)
    d.path("T_advice_lead", "G_lead")
    d.flow("G_lead", "S_answered", "不提出", default=True)
    d.flow("G_lead", "S_lead", "提出", when="lead_proposed = true", ports="sw")
    d.path("S_lead", "S_lead_notice")
    d.flow("S_lead_notice", "S_told", ports="ns")


def liaison_lead() -> Diagram:
    """What courts and procuratorates see themselves (a head who stayed away, a judgment left undone) comes in here."""
    d = Diagram(
        "liaison-lead",
        "联络员移交参照追责线索",
        lanes=[*LIAISONS, (*OFFICE, 2)],
        variables={
            "procedure_no": "string",
            "opener_role": "string",
            "opener": "string",
            "lead_taken": "boolean",
            "notified": "string",
            "outcome": "string",
        },
    )
    d.start("Start_lead", "发现线索", at=("court", 0))
    d.choice("G_liaison", "哪个机关？", at=("court", 1), label="n")
    for step, lane, role in (
        ("T_lead_court", "court", "court.liaison"),
        ("T_lead_procuratorate", "procuratorate", "procuratorate.liaison"),
    ):
        d.task(
            step,
            "移交参照追责线索",
            at=(lane, 2),
            form="liaison-lead/submission",
            role=role,
            person="opener",
            clauses=f"JZ-12 {LEADS}",
            deadline="P2D",
        )
    d.task(
        "T_lead_taken",
        "决定受理并答复",
        at=("office", 3, 0),
        form="liaison-lead/decision",
        role="jmo.director",
        clauses=LEADS,
        deadline="P3D",
    )
    d.choice("G_taken", "受理？", at=("office", 4, 0), label="n")
    for step, name, row, outcome in (
        ("S_lead_taken", "办结：受理线索", 0, "LEAD_TAKEN"),
        ("S_lead_left", "办结：不予受理", 1, "LEAD_NOT_TAKEN"),
    ):
        d.service(
            step,
            name,
            at=("office", 5, row),
            operation="procedure/conclude",
            result="outcome",
            parameters={"outcome": ("string", f'"{outcome}"')},
        )
    _lead_notices(d)
    d.path("Start_lead", "G_liaison")
    d.flow("G_liaison", "T_lead_court", "法院", when='opener_role = "court.liaison"')
    d.flow("G_liaison", "T_lead_procuratorate", "检察院", default=True, ports="sw")
    d.flow("T_lead_court", "T_lead_taken", ports="en")
    d.flow("T_lead_procuratorate", "T_lead_taken", ports="en")
    d.path("T_lead_taken", "G_taken")
    d.flow("G_taken", "S_lead_taken", "受理", when="lead_taken = true")
    d.flow("G_taken", "S_lead_left", "不受理", default=True, ports="sw")
    d.path("S_lead_taken", "S_lead_told", "S_lead_replied", "End_lead")
    d.flow("S_lead_left", "S_lead_replied", ports="es")
    return d


def _lead_notices(d: Diagram) -> None:
    for step, name, column, kind, role, organ in (
        ("S_lead_told", "通知登记案件", 6, "LIAISON_LEAD", '"jmo.officer"', "null"),
        ("S_lead_replied", "答复移交单位", 7, "LIAISON_REPLY", "opener_role", "procedure.liaison_organ"),
    ):
        d.service(
            step,
            name,
            at=("office", column, 0),
            operation="notify/send",
            result="notified",
            parameters={"kind": ("string", f'"{kind}"'), "role": ("string", role), "organ": ("string", organ)},
        )
    d.end("End_lead", "已答复", at=("office", 8, 0))


DIAGRAMS = (incoming_advice, liaison_lead)
