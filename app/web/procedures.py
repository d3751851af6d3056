"""关联程序: the register with one's own decisions, opening one, its page."""

from uuid import uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import ConflictError, NotAllowedError, NotFoundError
from app.queries import procedures as query
from app.services import procedures
from app.web import clock, languages
from app.web.asked import only
from app.web.inbox import page_number
from app.web.once import key_of_form
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with

screen = Blueprint("procedures", __name__)


@screen.get("/procedures")
@needs_sign_in
def register() -> str:
    only("page", "notice")  # a notice of a decision leads here
    found = query.procedure_register(actor(), page=page_number(), now=clock.now(), locale=languages.current())
    return render_template("procedures.html", register=found, key=uuid4().hex)


@screen.post("/procedures")
@needs_sign_in
def open_procedure() -> Response:
    """发起: the procedure is opened and its first form shown. `kind` is the kind's key; `about` a number or an id."""
    form = request.form
    try:
        opened = procedures.open_procedure(
            form.get("kind", ""),
            form.get("about", "").strip() or None,
            subject_id=form.get("subject") or None,
            regulation_id=form.get("regulation") or None,
            actor=actor(),
            now=clock.now(),
            key=key_of_form(),
        )
    except (NotAllowedError, ConflictError) as error:
        return back_with(error, _way_back())
    except NotFoundError:
        return back_with(ConflictError(procedures.NOTHING_BY_THAT_NUMBER), _way_back())
    return redirect(url_for("tasks.show", task_id=opened.task_id))


def _way_back() -> str:
    case = request.form.get("from_case")
    return url_for("cases.show", key=case) if case else url_for("procedures.register")


@screen.get("/procedures/<key>")
@needs_sign_in
def show(key: str) -> str:
    page = query.procedure_page(actor(), key, now=clock.now(), locale=languages.current())
    return render_template(
        "procedure.html",
        page=page,
        notice_id=request.args.get("notice", ""),
        all_lines=request.args.get("story") == "all",
    )
