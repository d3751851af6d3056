"""A counted deadline as it is kept with its task: how it was counted, what was done to it since, and in words.

The record is what was true when it was counted; nothing here counts again but `recounted`, which the import of a
notice calls. Days are days of Asia/Shanghai, as ISO text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from app.domain.deadlines import Calendar, DayCount, Deadline, DeadlineKind, count, end_of, parse_period, roll
from app.domain.errors import N_, Sentence
from app.domain.wording import day_in_words

Record = Mapping[str, Any]
SUSPENDED_SINCE = "suspended_since"
"""In a record: the day on which the clock was stopped; the task has no due instant until it runs again."""


class Change(StrEnum):
    EXTENDED = "EXTENDED"
    SUSPENDED = "SUSPENDED"
    RECOUNTED = "RECOUNTED"


KINDS = {
    DeadlineKind.REGULATION: N_("法定期限（本办法）"),
    DeadlineKind.STATUTE: N_("上位法期限"),
    DeadlineKind.INTERNAL: N_("内部时限"),
}


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a deadline is counted the way it is."""

    clauses: tuple[str, ...] = ()
    switches: Mapping[str, str] | None = None
    """Rule settings that act on the count: name -> value."""
    extension_max: str = ""
    """The longest extension that the statute allows, as an ISO duration; empty where it allows none."""


def record_of(deadline: Deadline, period: str, grounds: Grounds) -> dict[str, Any]:
    """What a task keeps of its deadline."""
    return {
        "kind": deadline.kind.value,
        "day_count": deadline.day_count.value,
        "period": period,
        "anchor": deadline.anchor.isoformat(),
        "days": deadline.days,
        "months": deadline.months,
        "nominal_day": deadline.nominal_day.isoformat(),
        "base_day": deadline.last_day.isoformat(),
        "last_day": deadline.last_day.isoformat(),
        "provisional": deadline.provisional,
        "waits_for": deadline.waits_for,
        "clauses": list(grounds.clauses),
        "switches": dict(grounds.switches or {}),
        "extension_max": grounds.extension_max,
        "changes": [],
    }


def due_at(record: Record) -> datetime:
    return end_of(last_day(record))


def last_day(record: Record) -> date:
    return date.fromisoformat(record["last_day"])


def base_day(record: Record) -> date:
    """The last day as the text gives it, before anything was done to it."""
    return date.fromisoformat(record.get("base_day") or record["last_day"])


def recounted(record: Record, calendar: Calendar) -> dict[str, Any]:
    """The record as another calendar counts it. What a person decided since (a new day, days of rest) is kept."""
    deadline = count(
        date.fromisoformat(record["anchor"]),
        record["period"],
        calendar=calendar,
        day_count=DayCount(record["day_count"]),
        kind=DeadlineKind(record["kind"]),
    )
    last, waits_for, changes = deadline.last_day, deadline.waits_for, []
    for change in record.get("changes", ()):
        if change["change"] == Change.RECOUNTED:
            changes.append(dict(change))
            continue
        begin = last
        if change["change"] == Change.SUSPENDED:
            last = roll(begin + timedelta(days=change["days"]), calendar)
        elif change["period"]:
            last = _prolonged(begin, change["period"], calendar, DayCount(record["day_count"]))
        else:
            last = roll(date.fromisoformat(change["until"]), calendar)
        waits_for = calendar.missing_year(last)
        changes.append({**change, "from": begin.isoformat(), "to": last.isoformat()})
    return {
        **record,
        "nominal_day": deadline.nominal_day.isoformat(),
        "base_day": deadline.last_day.isoformat(),
        "last_day": last.isoformat(),
        "provisional": waits_for is not None,
        "waits_for": waits_for,
        "changes": changes,
    }


def with_recount(record: Record, before: Record, *, year: int, at: datetime) -> dict[str, Any]:
    """The recounted record, telling that the notice of a year moved its day."""
    told = {
        "change": Change.RECOUNTED.value,
        "year": year,
        "from": before["last_day"],
        "to": record["last_day"],
        "at": at.isoformat(),
    }
    return {**record, "changes": [*record["changes"], told]}


def extended(
    record: Record,
    *,
    calendar: Calendar,
    period: str = "",
    until: date | None = None,
    reason: str,
    by: str,
    at: datetime,
) -> dict[str, Any]:
    """The record with a later last day: a period from the present one, or a day. Raises ValueError for neither."""
    before = last_day(record)
    if until is not None:
        last = roll(until, calendar)
    else:
        last = _prolonged(before, period, calendar, DayCount(record["day_count"]))
    told = {
        "change": Change.EXTENDED.value,
        "period": "" if until else period,
        "until": until.isoformat() if until else "",
        "from": before.isoformat(),
        "to": last.isoformat(),
        "reason": reason,
        "by": by,
        "at": at.isoformat(),
    }
    return _moved(record, last, told, calendar)


def shifted(record: Record, days: int, *, calendar: Calendar, since: date, until: date) -> dict[str, Any]:
    """The record after a suspension of so many days: natural days, whatever the count, then rolled."""
    before = last_day(record)
    last = roll(before + timedelta(days=days), calendar)
    told = {
        "change": Change.SUSPENDED.value,
        "days": days,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "from": before.isoformat(),
        "to": last.isoformat(),
    }
    return _moved(record, last, told, calendar)


def _prolonged(begin: date, period: str, calendar: Calendar, day_count: DayCount) -> date:
    months, days = parse_period(period)
    if min(months, days) < 0 or not (months or days):
        raise ValueError(period)
    return count(begin, period, calendar=calendar, day_count=day_count, kind=DeadlineKind.INTERNAL).last_day


def _moved(record: Record, last: date, told: Mapping[str, Any], calendar: Calendar) -> dict[str, Any]:
    waits_for = record.get("waits_for") or calendar.missing_year(last)
    return {
        **record,
        "base_day": record.get("base_day") or record["last_day"],
        "last_day": last.isoformat(),
        "provisional": waits_for is not None,
        "waits_for": waits_for,
        "changes": [*record.get("changes", ()), dict(told)],
    }


# ---- in words


def kind_in_words(record: Record) -> str:
    """A message id."""
    return KINDS[DeadlineKind(record["kind"])]


def in_words(record: Record) -> Sentence:
    """How the deadline was counted, in one sentence, e.g. 自2026年3月5日起第10日为3月15日，遇休假日顺延至3月16日。"""
    parts = [_counted(record), *(_told(change) for change in record.get("changes", ()))]
    sentence = parts[0]
    for part in parts[1:]:
        sentence = Sentence(N_("%(one)s；%(other)s"), one=sentence, other=part)
    return Sentence(N_("%(count)s。%(kind)s。"), count=sentence, kind=Sentence(kind_in_words(record)))


def _counted(record: Record) -> Sentence:
    nominal, base = date.fromisoformat(record["nominal_day"]), base_day(record)
    values = {
        "anchor": day_in_words(date.fromisoformat(record["anchor"])),
        "period": _period_in_words(record),
        "day": day_in_words(nominal),
    }
    backwards = record["days"] < 0 or record["months"] < 0
    if backwards:
        counted = Sentence(N_("%(anchor)s前%(period)s为%(day)s"), **values)
    elif record["months"]:
        counted = Sentence(N_("自%(anchor)s起满%(period)s为%(day)s"), **values)
    else:
        counted = Sentence(N_("自%(anchor)s起%(period)s为%(day)s"), **values)
    if nominal == base:
        return counted
    rolled = N_("%(count)s，遇休假日提前至%(day)s") if backwards else N_("%(count)s，遇休假日顺延至%(day)s")
    return Sentence(rolled, count=counted, day=day_in_words(base))


def _period_in_words(record: Record) -> Sentence:
    months, days = abs(record["months"]), abs(record["days"])
    working = record["day_count"] == DayCount.WORKING
    if months and days:
        both = N_("%(months)s个月又%(days)s个工作日") if working else N_("%(months)s个月又%(days)s日")
        return Sentence(both, months=months, days=days)
    if months:
        return Sentence(N_("%(months)s个月"), months=months)
    return Sentence(N_("第%(days)s个工作日") if working else N_("第%(days)s日"), days=days)


def _told(change: Mapping[str, Any]) -> Sentence:
    to = day_in_words(date.fromisoformat(change["to"]))
    match change["change"]:
        case Change.EXTENDED:
            return Sentence(N_("经批准延期至%(day)s（%(reason)s）"), day=to, reason=change["reason"])
        case Change.SUSPENDED:
            return Sentence(N_("中止%(days)s日，顺延至%(day)s"), days=change["days"], day=to)
    return Sentence(N_("%(year)s年放假安排公布后改为%(day)s"), year=change["year"], day=to)


def provisional_in_words(record: Record) -> Sentence | None:
    """Which notice the deadline waits for; None for a settled one."""
    year = record.get("waits_for")
    return Sentence(N_("%(year)s年放假安排尚未公布，期限为暂定"), year=year) if year else None
