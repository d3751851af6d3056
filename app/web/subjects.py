"""增加责任对象: new facts bring up another responsible subject."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.days import read_day
from app.domain.errors import AlreadyDoneError, ConflictError, InvalidAnswersError, InvalidFileError, NotAllowedError
from app.queries.subjects import adding_page, standing_page
from app.services import attachments, standings, subjects
from app.web import clock
from app.web.once import key_of_form, once
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with, in_words, sentence_of
from app.web.words import gettext

screen = Blueprint("subjects", __name__)
STATUS_FIELDS = ("status", "since", "organ_id", "reason", "consented")
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
        with once():
            subjects.add(proceeding_id, new, actor=actor(), now=clock.now())
    except AlreadyDoneError as error:
        return back_with(error, url_for("cases.show", key=proceeding_id))
    except InvalidAnswersError as error:
        errors = {field: [in_words(sentence) for sentence in found] for field, found in error.fields.items()}
        return _page(proceeding_id, entered=entered, errors=errors), 422
    except (NotAllowedError, ConflictError) as error:
        return back_with(error, url_for("subjects.ask", proceeding_id=proceeding_id))
    flash(gettext("责任对象已增加，认定和决定单独进行。"))
    return redirect(url_for("cases.show", key=proceeding_id))


@screen.get("/cases/<proceeding_id>/subjects/<subject_id>/status")
@needs_sign_in
def ask_status(proceeding_id: str, subject_id: str) -> str:
    return _status_page(proceeding_id, subject_id, entered={}, errors={})


@screen.post("/cases/<proceeding_id>/subjects/<subject_id>/status")
@needs_sign_in
def record_status(proceeding_id: str, subject_id: str) -> Response | tuple[str, int]:
    """变更状态: a responsible person died, left or moved."""
    standing_page(actor(), proceeding_id, subject_id)  # hidden from who may not record it, before a paper is kept
    entered = {name: request.form.get(name, "")[:4000] for name in STATUS_FIELDS}
    try:
        change = standings.StatusChange(
            status=entered["status"],
            since=read_day(entered["since"]),
            reason=entered["reason"],
            papers=_paper(),
            organ_id=entered["organ_id"] or None,
            consented=bool(entered["consented"]),
        )
        with once():
            standings.record(proceeding_id, subject_id, change, actor=actor(), now=clock.now())
    except AlreadyDoneError as error:
        return back_with(error, url_for("cases.show", key=proceeding_id))
    except InvalidFileError as error:
        return _status_page(proceeding_id, subject_id, entered=entered, errors={"papers": [sentence_of(error)]}), 422
    except InvalidAnswersError as error:
        errors = {field: [in_words(sentence) for sentence in found] for field, found in error.fields.items()}
        return _status_page(proceeding_id, subject_id, entered=entered, errors=errors), 422
    except (NotAllowedError, ConflictError) as error:
        return back_with(error, url_for("subjects.ask_status", proceeding_id=proceeding_id, subject_id=subject_id))
    flash(gettext("状态已变更，并记入办理记录。"))
    return redirect(url_for("cases.show", key=proceeding_id))


def _paper() -> list[str]:
    """The uploaded proof, kept before the change that names it."""
    file = request.files.get("paper")
    if file is None or not file.filename:
        return []
    key = f"{key_of_form()[:120]}:paper"
    return [attachments.upload(file.read(), name=file.filename, actor=actor(), now=clock.now(), key=key).id]


def _status_page(proceeding_id: str, subject_id: str, *, entered: dict[str, str], errors: dict[str, list[str]]) -> str:
    page = standing_page(actor(), proceeding_id, subject_id)
    return render_template("subject_status.html", page=page, entered=entered, errors=errors)


def _page(proceeding_id: str, *, entered: dict[str, str], errors: dict[str, list[str]]) -> str:
    page = adding_page(actor(), proceeding_id)
    return render_template("subject_add.html", page=page, entered=entered, errors=errors)
