"""案件: the register, a new case, the case page."""

from uuid import uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import ConflictError, NotAllowedError
from app.queries import cases as query
from app.queries.cases import CaseFilters
from app.services import cases
from app.web import clock, languages
from app.web.inbox import page_number
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with

screen = Blueprint("cases", __name__)


@screen.get("/cases")
@needs_sign_in
def register() -> str:
    found = query.case_register(actor(), filters_of(), page=page_number(), now=clock.now(), locale=languages.current())
    return render_template("cases.html", register=found, filters=filters_of(), key=uuid4().hex)


@screen.post("/cases")
@needs_sign_in
def open_case() -> Response:
    """新建案件: the case is opened and its first form shown."""
    try:
        opened = cases.open_case(
            actor=actor(),
            now=clock.now(),
            key=request.form.get("key") or uuid4().hex,
            regulation_id=request.form.get("regulation") or None,
        )
    except (NotAllowedError, ConflictError) as error:
        return back_with(error, url_for("cases.register"))
    return redirect(url_for("tasks.show", task_id=opened.task_id))


@screen.get("/cases/<key>")
@needs_sign_in
def show(key: str) -> str:
    page = query.case_page(actor(), key, now=clock.now(), locale=languages.current())
    return render_template(
        "case.html",
        page=page,
        key=uuid4().hex,
        notice_id=request.args.get("notice", ""),
        all_lines=request.args.get("story") == "all",
    )


def filters_of() -> CaseFilters:
    names = (("text", "q"), ("stage", "stage"), ("organ", "organ"), ("status", "status"))
    return CaseFilters(**{field: request.args.get(name, "").strip()[:100] for field, name in names})
