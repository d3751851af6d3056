"""审计日志: the screens of the audit administrator."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.documents.tables import csv_of, xlsx_of
from app.domain.deadlines import OFFICE_ZONE, office_day
from app.domain.errors import AlreadyDoneError
from app.domain.journal_acts import LABELS, chain_label
from app.queries import audit as query
from app.services import anchoring, auditing
from app.web import asked as address
from app.web import clock
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with
from app.web.sending import as_download
from app.web.words import gettext

screen = Blueprint("audit", __name__)

TEXTS = ("who", "act", "object", "number", "kind")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@screen.app_template_filter()
def exact_time(moment: datetime) -> str:
    """To the second, in the time of the offices."""
    return moment.astimezone(OFFICE_ZONE).strftime("%Y-%m-%d %H:%M:%S")


@screen.app_template_filter()
def chain_in_words(scope: str) -> str:
    """What the chain of no proceeding is called."""
    label = chain_label(scope)
    return gettext(label) if label else ""


@screen.app_template_global()
def broken_told(sentence: str, values: Mapping[str, object]) -> str:
    """A place at which the journal is not whole, in the reader's language."""
    detail = str(values["detail"])
    return gettext(sentence) % {**values, "detail": gettext(detail) if detail else ""}


@screen.get("/audit")
@needs_sign_in
def show() -> str:
    filters, asked = _filters()
    page = query.journal_page(actor(), filters, before=_before())
    return render_template(
        "audit/journal.html",
        page=page,
        state=query.state_page(actor()),
        anchor=anchoring.last_anchor(),
        asked=asked,
        first="before" not in request.args,
        labels=LABELS,
        next=_written(page.next),
    )


@screen.get("/audit.<any(csv, xlsx):suffix>")
@needs_sign_in
def export(suffix: str) -> Response:
    """The lines that fit, the newest first; no cell is taken for a formula."""
    filters, _asked = _filters()
    page = query.journal_page(actor(), filters, before=None, per_page=query.MOST_EXPORTED)
    heading = [gettext("时间"), gettext("账号"), gettext("姓名"), gettext("行为"), gettext("对象"), gettext("编号或链")]
    rows = [list(row) for row in _cells(page)]
    if page.next is not None:
        told = gettext("此表只列最近 %(most)s 条，请缩小范围后再导出。", most=query.MOST_EXPORTED)
        rows.append([told, *[""] * len(heading)])
    heading.append(gettext("序号"))
    content, media = (xlsx_of(heading, rows), XLSX) if suffix == "xlsx" else (csv_of(heading, rows), "text/csv")
    answer = Response(content, mimetype=media)
    name = f"{gettext('审计日志')} {office_day(clock.now()).isoformat()}.{suffix}"
    answer.headers["Content-Disposition"] = as_download(name)
    return answer


def _cells(page: query.JournalPage) -> Iterator[list[str]]:
    for line in page.lines:
        act = gettext(LABELS[line.act]) if line.act in LABELS else line.act
        yield [exact_time(line.at), line.username, line.name, act, line.object, line.chain, str(line.position)]


@screen.get("/audit/readers")
@needs_sign_in
def readers() -> str:
    """谁看过此人的数据. That it was asked is itself told in the journal."""
    name = request.args.get("name", "").strip()[:100]
    if name:
        auditing.tell_lookup({"name": name}, actor=actor(), now=clock.now())
    return render_template("audit/readers.html", page=query.readers_page(actor(), name), labels=LABELS)


@screen.post("/audit/verification")
@needs_sign_in
def ask_check() -> AnyResponse:
    target = url_for("audit.show")
    try:
        with once():
            anchoring.ask_check(actor=actor(), now=clock.now())
    except AlreadyDoneError as error:
        return back_with(error, target)
    flash(gettext("已要求核对，后台完成后在此显示结果。"), "done")
    return redirect(target)


def _filters() -> tuple[query.Filters, dict[str, str]]:
    """What is asked for, and the words in which it was. Raises UnknownChoiceError."""
    address.only(*TEXTS, "since", "until", "before")
    address.one_of("kind", query.KINDS)
    asked = {name: request.args.get(name, "").strip()[:200] for name in (*TEXTS, "since", "until")}
    since, until = address.day("since"), address.day("until")
    asked |= {"since": since.isoformat() if since else "", "until": until.isoformat() if until else ""}
    texts = {name: asked[name] for name in TEXTS}
    after = until + timedelta(days=1) if until and until < date.max else None
    filters = query.Filters(since=_begin(since), until=_begin(after), **texts)
    return filters, {name: text for name, text in asked.items() if text}


def _begin(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), OFFICE_ZONE) if day else None


def _written(place: query.Place | None) -> str:
    return f"{place[0].astimezone(UTC).isoformat()}_{place[1]}" if place else ""


def _before() -> query.Place | None:
    """Where the page before ended, as `_written` wrote it; anything else is the first page."""
    moment, _, number = request.args.get("before", "")[:60].partition("_")
    try:
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None or not number.isdecimal() or len(number) > 18 or not 1990 <= at.year <= 2999:
            return None
        return at, int(number)
    except ValueError:
        return None
