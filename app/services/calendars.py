"""The legal calendar: delivered once, then brought up to date by the yearly notice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.calendars import LegalCalendar, with_notice
from app.domain.errors import N_, InvalidFileError, NotAllowedError
from app.domain.powers import may
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.law.calendar import built_in, built_in_calendar, legal_calendar
from app.law.notices import read_notice
from app.services.recounting import affected, recount
from app.storage import calendars as rows
from app.storage import journal
from app.storage.models import Task
from app.storage.transaction import transaction

SCOPE = "calendar"
"""Of the administrative journal."""


@dataclass(frozen=True, slots=True)
class Imported:
    year: int
    days: int
    cases: int
    """Proceedings that were counted again."""
    moved: int
    """Dates that became others."""


def deliver(*, now: datetime) -> tuple[int, ...]:
    """Store the notices that the product knows and nobody has stored yet; returns their years.

    Quick where there is nothing to do. What was imported here is never overwritten.
    """
    if {notice.year for notice in built_in()} <= rows.stored_years():
        return ()
    with transaction():
        before = rows.read() or built_in_calendar()
        years = _store_missing(now)
        after = rows.read() or before
        if new := [year for year in years if year not in before.years]:
            _recount(before, after, year=max(new), since=_begin(min(new)), actor=None, now=now)
        _journal("system", "deliver", year=max(years, default=0), payload={"years": list(years)}, now=now)
    rows.forget()
    return years


def import_notice(text: str, *, source: str, actor: Actor | None, now: datetime) -> Imported:
    """Take a yearly notice in the place of what was known of that year; count what it changes again, in the same act.

    `actor` is None for the command line. Raises NotAllowedError without the role, InvalidFileError with the first wrong
    line; nothing was changed.
    """
    if actor is not None and not may(actor, "calendar.import"):
        raise NotAllowedError(N_("只有规则管理员可以导入放假安排。"))
    if not source.strip():
        raise InvalidFileError(N_("请填写通知的名称或文号。"))
    with transaction():
        _store_missing(now)
        reading = read_notice(text, source=source, owners=rows.owners())
        notice = reading.notice
        if notice is None:
            wrong = reading.errors[0]
            raise InvalidFileError(N_("第%(line)s行：%(why)s"), line=wrong.number, why=wrong.sentence)
        before = rows.read() or built_in_calendar()
        replaced = frozenset(special.day for special in rows.days_of(notice.year))
        after = with_notice(before, notice, replaced=replaced)
        rows.replace(notice, by=actor.username if actor else "system", now=now)
        since = min(replaced | {special.day for special in notice.days} | {_begin(notice.year)})
        cases, moved = _recount(before, after, year=notice.year, since=since, actor=actor, now=now)
        payload = {"source": source, "days": [[d.day.isoformat(), d.kind.value, d.name] for d in notice.days]}
        _journal(actor.username if actor else "system", "import", year=notice.year, payload=payload, now=now)
    rows.forget()
    return Imported(notice.year, len(notice.days), cases, moved)


def _store_missing(now: datetime) -> tuple[int, ...]:
    """Rows for the years that the product knows and nobody has stored."""
    stored = rows.stored_years()
    missing = [notice for notice in built_in() if notice.year not in stored]
    for notice in missing:
        rows.replace(notice, by="system", now=now)
    return tuple(notice.year for notice in missing)


def settle_provisional(*, now: datetime) -> int:
    """Count again what an act under way counted as provisional while the notice was imported. Returns proceedings."""
    rows.look()
    calendar = legal_calendar()
    waits_for = Task.deadline["waits_for"].as_integer()
    query = select(Task.proceeding_id, waits_for).where(Task.status == TaskStatus.OPEN, waits_for.is_not(None))
    late = {proceeding_id: year for proceeding_id, year in db.session.execute(query) if year in calendar.years}
    if not late:
        return 0
    with transaction():
        for proceeding_id in sorted(late):
            recount([proceeding_id], before=calendar, after=calendar, year=late[proceeding_id], actor=None, now=now)
    return len(late)


def _recount(
    before: LegalCalendar, after: LegalCalendar, *, year: int, since: date, actor: Actor | None, now: datetime
) -> tuple[int, int]:
    ids = affected(after, since=since)
    return len(ids), recount(ids, before=before, after=after, year=year, actor=actor, now=now)


def _begin(year: int) -> date:
    """The earliest day that a year's notice may speak of."""
    return date(year - 1, 12, 25)


def _journal(by: str, act: str, *, year: int, payload: Mapping[str, object], now: datetime) -> None:
    journal.write_administrative(SCOPE, actor=by, act=act, object_=str(year), payload=payload, now=now)
