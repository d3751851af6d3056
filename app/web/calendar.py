"""工作日历: the days off of every year, and the import of the yearly notice."""

from flask import Blueprint, Flask, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import AlreadyDoneError, DomainError
from app.domain.powers import may
from app.domain.statuses import status_of
from app.law.notices import decode
from app.queries import calendars as query
from app.services import calendars
from app.web import clock
from app.web.asked import FIRST_YEAR, LAST_YEAR, only
from app.web.asked import year as asked_year
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with, sentence_of
from app.web.words import gettext

screen = Blueprint("calendar", __name__)


@screen.get("/calendar")
@needs_sign_in
def show() -> str:
    only("year")
    page = query.calendar_page(actor(), asked_year(FIRST_YEAR, LAST_YEAR), now=clock.now())
    return render_template("calendar.html", page=page, draft={})


@screen.post("/calendar/preview")
@needs_sign_in
def preview() -> str | tuple[str, int]:
    """What the import would change; the text comes back in the form, to be confirmed."""
    draft = {"text": request.form.get("text", ""), "source": request.form.get("source", "").strip()[:200]}
    try:
        file = request.files.get("file")
        if file is not None and file.filename:
            draft["text"] = decode(file.read())
        seen = query.preview(actor(), draft["text"], source=draft["source"])
    except DomainError as error:
        flash(sentence_of(error), "bad")
        return _page(draft), int(status_of(error))
    return _page(draft, seen), 200 if seen.notice else 422


@screen.post("/calendar/import")
@needs_sign_in
def take() -> Response | tuple[str, int]:
    draft = {"text": request.form.get("text", ""), "source": request.form.get("source", "").strip()[:200]}
    try:
        with once():
            done = calendars.import_notice(draft["text"], source=draft["source"], actor=actor(), now=clock.now())
    except AlreadyDoneError as error:
        return back_with(error, url_for("calendar.show"))
    except DomainError as error:
        flash(sentence_of(error), "bad")
        return _page(draft), int(status_of(error))
    flash(
        gettext(
            "已导入%(year)s年放假安排，共%(days)s日；重新计算了%(cases)s件案件和会议，%(moved)s个日期有变动。",
            year=done.year,
            days=done.days,
            cases=done.cases,
            moved=done.moved,
        ),
        "done",
    )
    return redirect(url_for("calendar.show", year=done.year))


def _page(draft: dict[str, str], seen: query.Preview | None = None) -> str:
    page = query.calendar_page(actor(), None, now=clock.now())
    return render_template("calendar.html", page=page, draft=draft, preview=seen)


def init_app(app: Flask) -> None:
    @app.context_processor
    def calendar_warning() -> dict[str, object]:
        """Years without a notice, for the administrators who can do something about it."""
        return {"calendar_missing": _missing()}


def _missing() -> tuple[int, ...]:
    found: Actor | None = g.get("actor")
    if found is None or not may(found, "calendar.missing"):
        return ()
    return query.missing_years(office_day(clock.now()))
