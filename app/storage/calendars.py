"""The legal calendar as rows, and as a value that a process keeps while the rows do not change.

Statements that run anyway (who acts, the lock of a proceeding) bring the version along: `seen` drops an old value, so
that every process counts with the new calendar from the first act after an import.
"""

from datetime import date, datetime
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, delete, func, insert, select

from app.domain.calendars import CalendarDay, DayKind, LegalCalendar, Notice
from app.extensions import db
from app.storage.models import CalendarDayRow, CalendarNotice

_kept: "WeakKeyDictionary[Engine, LegalCalendar]" = WeakKeyDictionary()
"""One process serves one database, tests many in a row."""


def version_column() -> Any:
    """The version of the calendar, to be read beside something else."""
    return select(func.coalesce(func.sum(CalendarNotice.revision), 0)).scalar_subquery()


def seen(version: int) -> None:
    """Somebody has read the version: an older value is dropped and read again when it is next asked for."""
    kept = _kept.get(db.engine)
    if kept is not None and kept.version != version:
        forget()


def look() -> None:
    """Read the version by itself, for a process that has nothing else to read."""
    seen(int(db.session.scalar(select(version_column())) or 0))


def forget() -> None:
    _kept.pop(db.engine, None)


def current(fallback: LegalCalendar) -> LegalCalendar:
    """The calendar in the rows; `fallback` where there are none."""
    kept = _kept.get(db.engine)
    if kept is None:
        kept = _kept[db.engine] = read() or fallback
    return kept


def read() -> LegalCalendar | None:
    """The calendar as stored, in one statement; None where nobody has stored any."""
    query = select(
        CalendarNotice.year, CalendarNotice.revision, CalendarDayRow.day, CalendarDayRow.kind, CalendarDayRow.name
    ).outerjoin(CalendarDayRow, CalendarDayRow.year == CalendarNotice.year)
    revisions: dict[int, int] = {}
    days = {}
    for year, revision, day, kind, name in db.session.execute(query):
        revisions[year] = revision
        if day is not None:
            days[day] = CalendarDay(day, DayKind(kind), name)
    return LegalCalendar(frozenset(revisions), days, sum(revisions.values())) if revisions else None


def stored_years() -> frozenset[int]:
    return frozenset(db.session.scalars(select(CalendarNotice.year)))


def owners() -> dict[date, int]:
    """Days that a stored notice names -> the year of that notice."""
    found = db.session.execute(select(CalendarDayRow.day, CalendarDayRow.year))
    return {row.day: row.year for row in found}


def days_of(year: int) -> tuple[CalendarDay, ...]:
    """The days that a year's notice names, in order."""
    query = select(CalendarDayRow).where(CalendarDayRow.year == year).order_by(CalendarDayRow.day)
    return tuple(CalendarDay(row.day, DayKind(row.kind), row.name) for row in db.session.scalars(query))


def replace(notice: Notice, *, by: str, now: datetime) -> None:
    """Write a notice in the place of the one for the same year."""
    row = db.session.get(CalendarNotice, notice.year, with_for_update=True)
    if row is None:
        row = CalendarNotice(year=notice.year, revision=0)
        db.session.add(row)
    row.source, row.imported_at, row.imported_by = notice.source, now, by
    row.revision += 1
    db.session.flush()
    db.session.execute(delete(CalendarDayRow).where(CalendarDayRow.year == notice.year))
    rows = [{"day": d.day, "year": notice.year, "kind": d.kind, "name": d.name} for d in notice.days]
    if rows:
        db.session.execute(insert(CalendarDayRow), rows)
