"""The yearly sheet and the ledger from the record of a year: numerators and denominators by organ, and entries."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

from tests.services.year_record import Story, office_day, words_of, working


def sheet_of(cases: list[Story], *, filings: bool, today: date) -> dict[str, Counter[str]]:
    """Cells by organ, and of all under the empty name."""
    cells: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        organ, facts = str(case.opened.organ), case.facts()
        told = [*trial_of(case, facts), *(filing_of(case, facts, today=today) if filings else ())]
        of = [(organ, *cell) for cell in told]
        for scope in signed(case):
            stated = case.facts(scope)
            if stated.get("kind") == "ACCOUNTABLE" and scope not in revoked(case):
                done = stated.get("execution_status") == "DONE"
                of += [(subject_organ(case, scope), *cell) for cell in rate("问责决定执行", done)]
        for whose, title, number in of:
            cells[whose][title] += number
            cells[""][title] += number
    return cells


Cell = tuple[str, int]


def rate(title: str, answer: Any) -> list[Cell]:
    """Numerator and denominator, or that nobody said."""
    return [(f"{title}：未填", 1)] if answer is None else [(f"{title}：分母", 1), (title, int(bool(answer)))]


def trial_of(case: Story, facts: dict[str, Any]) -> list[Cell]:
    back = any(one.key == ("filing", "T_supplement") for one in case.openings)
    sent_back = [("退回补正", 1)] if back and case.standing_as else []
    if case.standing_as != "LOST":
        return [*sent_back, ("参照追责案件", 1)] if case.standing_as == "REFERENCE" else []
    found = [*sent_back, ("败诉案件", 1), ("败诉率", 1), *rate("生效文书履行", facts.get("judgment_performed"))]
    if facts.get("issuing_body") == "COURT":
        found += rate("负责人出庭", facts.get("head_attended"))
        found += rate("按期答辩", in_time(facts, "defence_filed_on"))
        found += rate("按期举证", in_time(facts, "evidence_filed_on"))
    return found


def filing_of(case: Story, facts: dict[str, Any], *, today: date) -> list[Cell]:
    due = case.filing_due()
    filed = date.fromisoformat(facts["filed_on"]) if "filed_on" in facts else None
    if due is None or (filed is None and due >= today):
        return []
    late = filed is not None and filed > due
    on_time = filed is not None and not late
    return [*rate("按期报备", on_time), ("逾期报备", int(late)), ("逾期未报", int(filed is None))]


def in_time(facts: dict[str, Any], name: str) -> bool | None:
    """Fifteen days from the complaint's copy; the last day moves to a working day."""
    if not (facts.get(name) and facts.get("complaint_copy_received")):
        return None
    last = working(date.fromisoformat(facts["complaint_copy_received"]) + timedelta(days=15))
    extended = date.fromisoformat(facts["extension_until"]) if facts.get("extension_until") else last
    return date.fromisoformat(facts[name]) <= max(last, extended)


def subject_organ(case: Story, scope: str) -> str:
    subjects = (one.element.get("subject", {}) for one in case.openings)
    return next(str(one["organ"]) for one in subjects if one.get("id") == scope)


def revoked(case: Story) -> set[str]:
    """Subjects whose decision did not stand a review: the case is told the number of the procedure and the name."""
    names = {str(line.details["reason"]).partition(" ")[2] for line in case.lines if line.name == "问责决定被撤销"}
    subjects = (one.element.get("subject", {}) for one in case.openings)
    return {str(one["id"]) for one in subjects if one.get("name") in names}


def signed(case: Story) -> dict[str, Any]:
    """The line that signed the decision on each subject."""
    return {
        str(line.details["scope"]): line
        for line in case.lines
        if line.act == "SUBMITTED" and line.answers.get("sign_result") == "SIGNED" and line.answers.get("decided_on")
    }


# ---- the ledger

CHOICES = {
    "领域": "area",
    "行为种类": "act_kind",
    "原告类型": "plaintiff_kind",
    "审级": "instance",
    "败诉类型": "case_type",
}
"""Columns that show what a choice of the document is called, and its field."""


def entry_of(case: Story) -> dict[str, Any]:
    """What the ledger has to say of a case, by the titles of its columns."""
    facts, form = case.facts(), f"{case.process}/legal_document"
    return {
        "案号": facts.get("doc_no"),
        **{title: words_of(form, name).get(str(facts.get(name))) for title, name in CHOICES.items()},
        "负责人出庭": {True: "是", False: "否"}.get(facts.get("head_attended", "")),
        "承办科室": facts.get("handling_office"),
        "收到日期": facts.get("served_date"),
        "生效日期": day_of(case.effective()),
        "报送日期": facts.get("filed_on"),
        "会议编号": "、".join(dict.fromkeys(str(one["meeting_no"]) for one in case.received("AgendaScheduled"))),
        "立案号": "、".join(numbers["DOCKET"] for numbers in case.told("issued") if "DOCKET" in numbers),
        "整改完成": facts.get("rectified_on"),
        "状态": "在办" if case.closed is None else "办结",
        "偏离建议": str(sum(len(one) for one in case.told("departures")) or ""),
        "决定日期": "、".join(sorted({day_of(office_day(line.at)) for line in signed(case).values()})),
    }


def day_of(day: date | None) -> str:
    return day.isoformat() if day else ""
