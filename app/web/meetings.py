"""联席会议: the list with the pool, a new meeting, the meeting page."""

from uuid import uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import ConflictError, NotAllowedError
from app.queries import meetings as query
from app.services import meetings
from app.web import clock, languages
from app.web.asked import only
from app.web.inbox import page_number
from app.web.once import key_of_form
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with

screen = Blueprint("meetings", __name__)


@screen.get("/meetings")
@needs_sign_in
def register() -> str:
    only("page")
    found = query.meeting_register(actor(), page=page_number(), now=clock.now())
    return render_template("meetings.html", register=found, key=uuid4().hex)


@screen.post("/meetings")
@needs_sign_in
def open_meeting() -> Response:
    """发起会议: the meeting is opened and the proposal shown."""
    try:
        opened = meetings.open_meeting(actor=actor(), now=clock.now(), key=key_of_form())
    except (NotAllowedError, ConflictError) as error:
        return back_with(error, url_for("meetings.register"))
    return redirect(url_for("tasks.show", task_id=opened.task_id))


@screen.get("/meetings/<key>")
@needs_sign_in
def show(key: str) -> str:
    page = query.meeting_page(actor(), key, now=clock.now(), locale=languages.current())
    return render_template(
        "meeting.html",
        page=page,
        notice_id=request.args.get("notice", ""),
        all_lines=request.args.get("story") == "all",
    )
