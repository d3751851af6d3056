"""The legal calendar on its page: years, days, what an import would change, and what waits for a notice."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from app.domain.actors import Actor
from app.domain.calendars import CalendarDay, LegalCalendar, Notice, with_notice
from app.domain.counted import recounted
from app.domain.deadlines import office_day
from app.domain.errors import NotAllowedError, UnknownChoiceError
from app.domain.powers import may
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.law.calendar import built_in, legal_calendar
from app.law.notices import Reading, read_notice
from app.storage import calendars as rows
from app.storage.models import CalendarDayRow, CalendarNotice, Task

EXPECTED_FROM = (11, 1)
"""The notice for the coming year appears in November; from then on its absence is told loudly."""


@dataclass(frozen=True, slots=True)
class YearView:
    year: int
    source: str
    imported_at: datetime | None
    """None for a year that has no notice."""
    imported_by: str
    holidays: int
    make_up_days: int
    known: bool


@dataclass(frozen=True, slots=True)
class CalendarPage:
    years: tuple[YearView, ...]
    """The newest first, down to the first that the product knows; years expected and missing are among them."""
    year: int
    days: tuple[CalendarDay, ...]
    """What the chosen year's notice names."""
    missing: tuple[int, ...]
    """Years that should be known today and are not."""
    provisional: int
    """Open steps of the reader's county whose deadline waits for a notice."""
    may_import: bool


def may_import(actor: Actor) -> bool:
    return may(actor, "calendar.import")


def undelivered_years() -> frozenset[int]:
    """Years that the product knows and the database does not."""
    return frozenset(notice.year for notice in built_in()) - rows.stored_years()


def missing_years(today: date) -> tuple[int, ...]:
    """Years that deadlines of these days reach and whose notice is not known; no statement."""
    wanted = [today.year]
    if (today.month, today.day) >= EXPECTED_FROM:
        wanted.append(today.year + 1)
    return tuple(year for year in wanted if year not in legal_calendar().years)


def calendar_page(actor: Actor, year: int | None, *, now: datetime) -> CalendarPage:
    """Everybody who is signed in may read it. None means this year. Raises UnknownChoiceError."""
    today = office_day(now)
    calendar = legal_calendar()
    views = _years(calendar, today)
    chosen = today.year if year is None else year
    known = {today.year, *(view.year for view in views)}
    if chosen not in known:
        raise UnknownChoiceError("year", str(year), [str(one) for one in sorted(known, reverse=True)])
    return CalendarPage(
        years=views,
        year=chosen,
        days=_days(chosen),
        missing=missing_years(today),
        provisional=provisional_tasks(actor.county_id),
        may_import=may_import(actor),
    )


def _years(calendar: LegalCalendar, today: date) -> tuple[YearView, ...]:
    counted = select(CalendarDayRow.year, CalendarDayRow.kind, func.count()).group_by(
        CalendarDayRow.year, CalendarDayRow.kind
    )
    numbers = {(year, str(kind.value)): number for year, kind, number in db.session.execute(counted)}
    stored = {row.year: row for row in db.session.scalars(select(CalendarNotice))}
    delivered = {} if stored else {notice.year: notice for notice in built_in()}
    wanted = {*calendar.years, today.year, today.year + 1}

    def view(year: int) -> YearView:
        row, known = stored.get(year), delivered.get(year)
        if row is None and known is not None:
            kinds = [special.kind.value for special in known.days]
            off, on = kinds.count("HOLIDAY"), kinds.count("MAKE_UP_WORKDAY")
            return YearView(year, known.source, None, "system", off, on, known=True)
        return YearView(
            year=year,
            source=row.source if row else "",
            imported_at=row.imported_at if row else None,
            imported_by=row.imported_by if row else "",
            holidays=numbers.get((year, "HOLIDAY"), 0),
            make_up_days=numbers.get((year, "MAKE_UP_WORKDAY"), 0),
            known=row is not None,
        )

    return tuple(view(year) for year in sorted(wanted, reverse=True))


def _days(year: int) -> tuple[CalendarDay, ...]:
    stored = rows.days_of(year)
    if stored or rows.stored_years():
        return stored
    return next((notice.days for notice in built_in() if notice.year == year), ())


def provisional_tasks(county_id: str | None) -> int:
    """Open steps whose deadline waits for a notice, of one county or (None) of all."""
    query = select(func.count()).select_from(Task)
    query = query.where(Task.status == TaskStatus.OPEN, Task.deadline["waits_for"].as_integer().is_not(None))
    if county_id is not None:
        query = query.where(Task.county_id == county_id)
    return db.session.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do. Nothing was changed."""

    reading: Reading
    notice: Notice | None
    replaces: bool
    """The year is known already: its days are replaced."""
    added: tuple[CalendarDay, ...]
    removed: tuple[CalendarDay, ...]
    steps: int
    """Open steps of the reader's county whose deadline would be counted again, settled or moved."""
    moved: int
    """Of these, how many would end on another day."""


def preview(actor: Actor, text: str, *, source: str) -> Preview:
    """Raises NotAllowedError without the role."""
    if not may_import(actor):
        raise NotAllowedError
    reading = read_notice(text, source=source, owners=rows.owners())
    notice = reading.notice
    if notice is None:
        return Preview(reading, None, False, (), (), 0, 0)
    before = legal_calendar()
    old, new = set(_days(notice.year)), set(notice.days)
    after = with_notice(before, notice, replaced=frozenset(special.day for special in old))
    steps, moved = _effect(actor.county_id, after)
    return Preview(
        reading=reading,
        notice=notice,
        replaces=notice.year in before.years,
        added=tuple(sorted(new - old, key=lambda special: special.day)),
        removed=tuple(sorted(old - new, key=lambda special: special.day)),
        steps=steps,
        moved=moved,
    )


def _effect(county_id: str | None, after: LegalCalendar) -> tuple[int, int]:
    records = db.session.scalars(
        select(Task.deadline).where(Task.status == TaskStatus.OPEN, Task.county_id == county_id)
    )
    pairs = [(record, recounted(record, after)) for record in records if record]
    shown = ("last_day", "provisional")
    changed = [(old, new) for old, new in pairs if any(old[name] != new[name] for name in shown)]
    return len(changed), sum(old["last_day"] != new["last_day"] for old, new in changed)
