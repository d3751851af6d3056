"""增加责任对象: new facts bring up another responsible subject."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import ConflictError, InvalidAnswersError, NotAllowedError
from app.queries.subjects import adding_page
from app.services import subjects
from app.web import clock
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with, in_words
from app.web.words import gettext

screen = Blueprint("subjects", __name__)
FIELDS = ("kind", "organ_id", "person_id", "role", "reason")


@screen.get("/cases/<proceeding_id>/subjects/new")
@needs_sign_in
def ask(proceeding_id: str) -> str:
    return _page(proceeding_id, entered={}, errors={})


@screen.post("/cases/<proceeding_id>/subjects")
@needs_sign_in
def add(proceeding_id: str) -> Response | tuple[str, int]:
    entered = {name: request.form.get(name, "")[:4000] for name in FIELDS}
    new = subjects.NewSubject(
        kind=entered["kind"],
        organ_id=entered["organ_id"],
        person_id=entered["person_id"] or None,
        role=entered["role"],
        reason=entered["reason"],
    )
    try:
        subjects.add(proceeding_id, new, actor=actor(), now=clock.now())
    except InvalidAnswersError as error:
        errors = {field: [in_words(sentence) for sentence in found] for field, found in error.fields.items()}
        return _page(proceeding_id, entered=entered, errors=errors), 422
    except (NotAllowedError, ConflictError) as error:
        return back_with(error, url_for("subjects.ask", proceeding_id=proceeding_id))
    flash(gettext("责任对象已增加，认定和决定单独进行。"))
    return redirect(url_for("cases.show", key=proceeding_id))


def _page(proceeding_id: str, *, entered: dict[str, str], errors: dict[str, list[str]]) -> str:
    page = adding_page(actor(), proceeding_id)
    return render_template("subject_add.html", page=page, entered=entered, errors=errors)
