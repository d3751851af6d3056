"""The yearly sheet, added up from the record of a year: numerators and denominators of every column, by organ."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import Any

from tests.services.year_record import Story, working


def sheet_of(cases: list[Story], *, filings: bool, today: date) -> dict[str, Counter[str]]:
    """Cells by organ, and of all under the empty name."""
    cells: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        organ, facts = str(case.opened.organ), case.facts()
        told = [*trial_of(case, facts), *(filing_of(case, facts, today=today) if filings else ())]
        of = [(organ, *cell) for cell in told]
        for scope in signed(case):
            stated = case.facts(scope)
            if stated.get("kind") == "ACCOUNTABLE":
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


def signed(case: Story) -> dict[str, Any]:
    """The line that signed the decision on each subject."""
    return {
        str(line.details["scope"]): line
        for line in case.lines
        if line.act == "SUBMITTED" and line.answers.get("sign_result") == "SIGNED" and line.answers.get("decided_on")
    }
