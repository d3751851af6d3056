"""How the address narrows the register of cases. Whoever counts cases counts with the same criteria."""

from calendar import monthrange
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from app.domain.deadlines import start_of
from app.domain.proceedings import ProceedingStatus
from app.domain.tasks import Lamp, TaskStatus
from app.queries.boxes import matches
from app.queries.lamps import soon_before
from app.storage.agendas import POOL_MESSAGE
from app.storage.models import Case, Procedure, Proceeding, SubscriptionRow, Task

NO_STAGE = "-"
"""In the address: before the first stage."""
MEETING, REMEDY = "MEETING", "REMEDY"
MONTH, YEAR = len("2026-05"), len("2026")
FIRST_YEAR, LAST_YEAR = 1990, 2999
MONTHS = {f"{number:02}" for number in range(1, 13)}


@dataclass(frozen=True, slots=True)
class CaseFilters:
    text: str = ""
    stage: str = ""
    organ: str = ""
    status: str = ""
    """RUNNING or CLOSED; empty means all."""
    lamp: str = ""
    """How a running case stands: that of its open step which is due first; SUSPENDED where it is suspended."""
    at: str = ""
    """MEETING: waits for the meeting to decide. REMEDY: a review or appeal about one of its subjects is running."""
    opened: str = ""
    """Month (2026-05) or year in the offices' time zone."""
    closed: str = ""
    """The same."""

    @property
    def narrowed(self) -> bool:
        return any((self.text, self.stage, self.organ, self.status, self.lamp, self.at, self.opened, self.closed))

    def address(self) -> dict[str, str | None]:
        """As the address of the register says it; what is not narrowed is left out."""
        names = {"text": "q"}
        return {names.get(one.name, one.name): getattr(self, one.name) or None for one in fields(self)}


def narrowed(filters: CaseFilters, *, now: datetime) -> list[ColumnElement[bool]]:
    """Criteria on Proceeding, Case and Organ. What the address says and nobody knows narrows to nothing."""
    criteria: list[ColumnElement[bool]] = []
    if filters.text:
        criteria.append(or_(matches(filters.text), Case.doc_no.contains(filters.text, autoescape=True)))
    if filters.stage:
        criteria.append(Proceeding.stage == ("" if filters.stage == NO_STAGE else filters.stage))
    if filters.organ:
        criteria.append(Case.lead_organ_id == filters.organ)
    if filters.status in set(ProceedingStatus):
        criteria.append(Proceeding.status == ProceedingStatus(filters.status))
    if filters.lamp in set(Lamp):
        criteria.append(and_(Proceeding.status == ProceedingStatus.RUNNING, lamp_of_case(now) == filters.lamp))
    if filters.at:
        criteria.append(waits_for_meeting() if filters.at == MEETING else in_remedy())
    for said, column in ((filters.opened, Proceeding.opened_at), (filters.closed, Proceeding.closed_at)):
        if said and (days := period_of(said)) is not None:
            criteria.append(within(column, days))
    return criteria


def first_due() -> ColumnElement[Any]:
    """When the open step of a case is due that is due first."""
    open_steps = (Task.proceeding_id == Proceeding.id, Task.status == TaskStatus.OPEN)
    return select(func.min(Task.due_at)).where(*open_steps).correlate(Proceeding).scalar_subquery()


def lamp_of_case(now: datetime) -> ColumnElement[str]:
    """The lamp of a running case as a column, the answer of `lamp_of` for what is due first in it."""
    due = first_due()
    return case(
        (due < now, literal(Lamp.OVERDUE.value)),
        (Proceeding.suspended_at.is_not(None), literal(Lamp.SUSPENDED.value)),
        (due.is_(None), literal(Lamp.NONE.value)),
        (due < soon_before(now), literal(Lamp.SOON.value)),
        else_=literal(Lamp.NORMAL.value),
    )


def waits_for_meeting() -> ColumnElement[bool]:
    """The case waits for a meeting's decision: in the pool, or on an agenda."""
    waiting = (SubscriptionRow.proceeding_id == Proceeding.id, SubscriptionRow.message == POOL_MESSAGE)
    return exists(select(SubscriptionRow.engine_task_id).where(*waiting).correlate(Proceeding))


def in_remedy() -> ColumnElement[bool]:
    """A procedure about one of its subjects is running: review, appeal and the like."""
    other = aliased(Proceeding)
    about_it = (Procedure.parent_id == Proceeding.id, Procedure.subject_id.is_not(None))
    running = (
        select(Procedure.proceeding_id)
        .join(other, other.id == Procedure.proceeding_id)
        .where(*about_it, other.status == ProceedingStatus.RUNNING)
    )
    return exists(running.correlate(Proceeding))


def period_of(said: str) -> tuple[date, date] | None:
    """First and last day of a month or year; None for what is neither."""
    year, dash, month = said.partition("-")
    if not (year.isdecimal() and len(year) == YEAR and FIRST_YEAR <= int(year) <= LAST_YEAR):
        return None
    if not dash:
        return date(int(year), 1, 1), date(int(year), 12, 31)
    if len(said) != MONTH or month not in MONTHS:
        return None
    return date(int(year), int(month), 1), date(int(year), int(month), monthrange(int(year), int(month))[1])


def within(column: Any, days: tuple[date, date]) -> ColumnElement[bool]:
    """An instant on one of the days, both included, in the offices' time zone."""
    return and_(column >= start_of(days[0]), column < start_of(days[1] + timedelta(days=1)))
