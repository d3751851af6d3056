"""法院清单核对: lists come in; unfiled cases and ignored advice become cases with one click."""

from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import ConflictError, InvalidFileError, NotAllowedError
from app.queries.exchange import reconciliation
from app.services import exchange
from app.web import clock
from app.web.asked import one_of
from app.web.inbox import page_number
from app.web.once import key_of_form
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with
from app.web.words import gettext as _

screen = Blueprint("exchange", __name__)
MOST_BYTES = 2_000_000


@screen.get("/court-list")
@needs_sign_in
def show() -> str:
    page = reconciliation(actor(), only=one_of("only", ("unfiled", "matched")), page=page_number())
    return render_template("court_list.html", page=page, key=uuid4().hex)


@screen.post("/court-list")
@needs_sign_in
def take_in() -> Response:
    """导入清单: a pasted table or an uploaded CSV file."""
    file = request.files.get("file")
    uploaded = file.read(MOST_BYTES).decode("utf-8", "replace") if file and file.filename else ""
    try:
        done = exchange.import_list(uploaded or request.form.get("list", ""), actor=actor(), now=clock.now())
    except (InvalidFileError, NotAllowedError) as error:
        return back_with(error, url_for("exchange.show"))
    flash(_("已导入%(added)s条，另有%(known)s条此前已经导入。") % {"added": done.added, "known": done.known}, "ok")
    return redirect(url_for("exchange.show"))


@screen.post("/court-list/<entry_id>/case")
@needs_sign_in
def open_case(entry_id: str) -> Response:
    """依职权登记: the office opens the case of a document that nobody filed."""
    key = key_of_form()
    try:
        opened = exchange.open_unfiled(entry_id, actor=actor(), now=clock.now(), key=key)
    except (ConflictError, NotAllowedError) as error:
        return back_with(error, url_for("exchange.show"))
    return redirect(url_for("tasks.show", task_id=opened.task_id))


@screen.post("/court-list/leads/<procedure_id>/case")
@needs_sign_in
def open_lead(procedure_id: str) -> Response:
    """The office opens a case by reference on advice that was ignored."""
    key = key_of_form()
    try:
        opened = exchange.open_lead(procedure_id, actor=actor(), now=clock.now(), key=key)
    except (ConflictError, NotAllowedError) as error:
        return back_with(error, url_for("exchange.show"))
    return redirect(url_for("tasks.show", task_id=opened.task_id))
