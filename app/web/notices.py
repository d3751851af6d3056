"""待阅: a notice leads to the step or matter it is about; reading it is an act of its own."""

from typing import Any

from flask import Blueprint, Flask, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import AlreadyDoneError
from app.domain.notifications import DECISION
from app.domain.proceedings import ProceedingKind
from app.queries import notices as query
from app.queries.notices import NoticeTarget
from app.services import notices
from app.web import clock
from app.web.formats import page_of
from app.web.once import once
from app.web.permission import actor, find_actor, needs_sign_in
from app.web.problems import back_with
from app.web.words import ngettext

screen = Blueprint("notices", __name__)


@screen.get("/notices/<notice_id>")
@needs_sign_in
def show(notice_id: str) -> Response:
    """Where links in lists and messages lead: to what the notice is about."""
    return redirect(_target(query.get_notice(actor(), notice_id), mark=True))


@screen.post("/notices/<notice_id>/read")
@needs_sign_in
def read(notice_id: str) -> Response:
    notice = query.get_notice(actor(), notice_id)
    notices.mark_read(notice_id, actor=actor(), now=clock.now())
    if request.form.get("stay"):
        return redirect(url_for("inbox.show", box="notices"))
    return redirect(_target(notice))


@screen.post("/notices/read-all")
@needs_sign_in
def read_all() -> Response:
    try:
        with once():
            count = notices.mark_all_read(actor=actor(), now=clock.now())
    except AlreadyDoneError as error:
        return back_with(error, url_for("inbox.show", box="notices"))
    flash(ngettext("已将%(count)s条通知标为已阅。", "已将%(count)s条通知标为已阅。", count, count=count), "done")
    return redirect(url_for("inbox.show", box="notices"))


def _target(notice: NoticeTarget, *, mark: bool = False) -> str:
    """Address of the reader's step, else of the matter; with `mark` the page offers to mark the notice read."""
    more: dict[str, Any] = {"notice": notice.id} if mark else {}
    if notice.name == DECISION and notice.kind is not ProceedingKind.PROCEDURE:
        return url_for("procedures.register", **more)  # the file is not for him; there the decisions on him are
    if notice.task_id is not None:
        return url_for("tasks.show", task_id=notice.task_id, **more)
    return page_of(notice.kind, notice.proceeding_id, **more)


def unread() -> int:
    """For the bell on every page; a page that has counted it already says so."""
    if "unread" in g:
        return int(g.unread)
    reader = find_actor()
    return query.unread_count(reader) if reader is not None else 0


def told(notice_id: str | None) -> NoticeTarget | None:
    """For the page that a notice has led to: what it says, as long as it was not read."""
    found = query.find_notice(actor(), notice_id) if notice_id else None
    return found if found is not None and found.read_at is None else None


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(unread_notices=unread, notice_told=told)
