"""How values look on a page: office time, sizes, money, lamps, names of codes."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, current_app, g, request, url_for
from flask_babel import format_date
from markupsafe import Markup

from app.domain.deadlines import OFFICE_ZONE, parse_period
from app.domain.errors import N_, Sentence
from app.domain.notifications import sentence_of, why_not
from app.domain.proceedings import ProceedingKind
from app.domain.tasks import Lamp
from app.queries.lamps import LampView
from app.web import clock
from app.web.problems import in_words
from app.web.words import gettext, ngettext

_LAMP_CLASS = {Lamp.NORMAL: "ok", Lamp.SOON: "soon", Lamp.OVERDUE: "late", Lamp.NONE: "none", Lamp.SUSPENDED: "hold"}
_LAMP_WORD = {
    Lamp.NORMAL: N_("正常"),
    Lamp.SOON: N_("临期"),
    Lamp.OVERDUE: N_("超期"),
    Lamp.NONE: N_("无时限"),
    Lamp.SUSPENDED: N_("中止"),
}


def office(moment: datetime) -> datetime:
    return moment.astimezone(OFFICE_ZONE)


def full_time(moment: datetime | None) -> str:
    return office(moment).strftime("%Y-%m-%d %H:%M") if moment else "—"


def short_time(moment: datetime | None) -> str:
    """Without the year while it is this year's."""
    if moment is None:
        return "—"
    local = office(moment)
    return local.strftime("%m-%d %H:%M" if local.year == office(clock.now()).year else "%Y-%m-%d %H:%M")


def short_day(moment: datetime | date | None) -> str:
    if moment is None:
        return "—"
    day = office(moment).date() if isinstance(moment, datetime) else moment
    return day.strftime("%m-%d" if day.year == office(clock.now()).year else "%Y-%m-%d")


def hour(moment: datetime) -> str:
    return office(moment).strftime("%H:%M")


def short_month(day: date) -> str:
    """3月 in Chinese, Mar in English."""
    return str(format_date(day, "LLL"))


def long_day(moment: datetime | date | str | None) -> str:
    """2026年11月26日 in Chinese, Nov 26, 2026 in English."""
    if not moment:
        return "—"
    if isinstance(moment, str):
        moment = date.fromisoformat(moment[:10])
    day = office(moment).date() if isinstance(moment, datetime) else moment
    return str(format_date(day, "long"))


def weekday(moment: datetime | date | None) -> str:
    if moment is None:
        return ""
    day = office(moment).date() if isinstance(moment, datetime) else moment
    return str(format_date(day, "EEEE"))


PAGES = {
    ProceedingKind.CASE: "cases.show",
    ProceedingKind.MEETING: "meetings.show",
    ProceedingKind.PROCEDURE: "procedures.show",
}


def page_of(kind: ProceedingKind, key: str, **more: Any) -> str:
    """Address of the page of a case, meeting or further procedure."""
    return url_for(PAGES[kind], key=key, **more)


def iso_time(text: str) -> str:
    """A date or date-time as a form keeps it."""
    if not text:
        return "—"
    return full_time(datetime.fromisoformat(text)) if "T" in text else text[:10]


def notice_name(kind: str) -> str:
    """What a notice is called; one that we do not know is a reminder."""
    return gettext(sentence_of(kind))


def why_not_sent(error: str) -> str:
    """Why a message was not taken, with what its receiver answered."""
    return gettext("%(why)s（%(code)s）", why=gettext(why_not(error)), code=error.partition(" ")[2] or error)


def period_words(period: str, working: bool = False) -> str:
    """A period in whole months and days as a reader says it; what is no period is shown as it is."""
    try:
        months, days = (abs(number) for number in parse_period(period))
    except ValueError:
        return period
    return span_words(months, days, working=working)


def span_words(months: int, days: int, *, working: bool = False) -> str:
    """How long a deadline is, as one phrase; one that is counted backwards says so."""
    sizes = abs(months), abs(days)
    parts = [ngettext("%(count)s个月", "%(count)s个月", sizes[0], count=sizes[0])] if months else []
    if days and working:
        parts.append(ngettext("%(count)s个工作日", "%(count)s个工作日", sizes[1], count=sizes[1]))
    elif days:
        parts.append(ngettext("%(count)s日", "%(count)s日", sizes[1], count=sizes[1]))
    span = gettext("%(months)s又%(days)s", months=parts[0], days=parts[1]) if len(parts) > 1 else "".join(parts)
    return gettext("%(span)s前", span=span) if min(months, days) < 0 else span


def file_size(size: int) -> str:
    """Bytes in the largest unit that leaves a number a person reads."""
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} KB"
    return f"{size / 1024 / 1024:.1f} MB"


def lamp_class(lamp: Lamp) -> str:
    return _LAMP_CLASS[lamp]


def lamp_word(lamp: Lamp | str) -> str:
    return gettext(_LAMP_WORD[Lamp(lamp)])


def lamp_number(view: LampView) -> str:
    """How many working days."""
    if view.lamp in (Lamp.NONE, Lamp.SUSPENDED):
        return ""
    values: dict[str, Any] = {"days": view.days}
    if view.lamp is Lamp.OVERDUE:
        return ngettext("%(days)s个工作日", "%(days)s个工作日", view.days, **values)
    if view.days == 0:
        return gettext("今日届满")
    return ngettext("剩%(days)s个工作日", "剩%(days)s个工作日", view.days, **values)


def with_values(sentence: str, values: Mapping[str, Any] | None) -> Sentence:
    """A kept message id and its values, for `in_words`."""
    return Sentence(sentence, **(values or {}))


@lru_cache(maxsize=4096)
def in_address(value: str) -> Markup:
    """Quoted as part of an address, which leaves no markup in it; lists name the same cases and people again."""
    return Markup(quote(value))


def asset(name: str) -> str:
    """Address of a static file with a mark of its content, so that browsers may keep it and still see every change."""
    known: dict[str, str] = g.setdefault("assets", {})  # a list shows the same icon a hundred times
    if name not in known:
        make = _address.__wrapped__ if current_app.debug else _address
        known[name] = make(name, current_app.static_folder or "", request.script_root)
    return known[name]


@lru_cache(maxsize=1024)
def _address(name: str, folder: str, _root: str) -> str:
    """Files change only with the program; where it lies below another address, each of these has its own."""
    path = Path(folder) / name
    mark = sha256(path.read_bytes()).hexdigest()[:10] if path.exists() else "0"
    return url_for("static", filename=name, v=mark)


def has_asset(name: str) -> bool:
    return (Path(current_app.static_folder or "") / name).exists()


def init_app(app: Flask) -> None:
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 31536000
    app.jinja_env.filters.update(
        full_time=full_time,
        short_time=short_time,
        hour=hour,
        short_month=short_month,
        short_day=short_day,
        long_day=long_day,
        weekday=weekday,
        file_size=file_size,
        iso_time=iso_time,
        notice_name=notice_name,
        why_not_sent=why_not_sent,
        period_words=period_words,
        span_words=span_words,
        lamp_class=lamp_class,
        lamp_word=lamp_word,
        lamp_number=lamp_number,
        in_address=in_address,
        in_words=in_words,
        with_values=with_values,
    )
    app.jinja_env.globals.update(page_of=page_of, asset=asset, has_asset=has_asset, today=lambda: office(clock.now()))
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
