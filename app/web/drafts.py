"""What is written but not submitted: autosave, two windows on one form, a session that ended, 提交前核对."""

from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app.domain.confirmation import StepUpError
from app.domain.errors import ConflictError, DomainError, InvalidAnswersError, NotAllowedError
from app.domain.roles import ROLES
from app.domain.statuses import status_of
from app.queries import drafts as query
from app.queries import tasks as task_query
from app.queries.drawings import legal_effect_of, steps_ahead
from app.services import drafts
from app.services.drafts import WINDOW_LENGTH, DraftChangedError, Window
from app.web import clock, languages
from app.web.formats import office
from app.web.inbox import list_address
from app.web.once import key_of_form
from app.web.permission import actor, find_actor, needs_sign_in, public
from app.web.problems import back_with, sentence_of
from app.web.tasks import answers_from_request, drafting_window, page_of_task, refused
from app.web.words import gettext

screen = Blueprint("drafts", __name__)


@screen.route("/tasks/<task_id>/draft", methods=["PUT", "POST"])
@needs_sign_in
def save(task_id: str) -> tuple[dict[str, Any], int]:
    """Autosave, called by the page's script."""
    data = request.get_json(silent=True)
    if not isinstance(data, dict):
        return {"detail": gettext("内容无法读取。")}, 422
    try:
        saved_at = drafts.save(task_id, data=data, actor=actor(), now=clock.now(), window=_window())
    except DraftChangedError as error:
        return _compared(task_id, data, error), 409
    except DomainError as error:
        return {"detail": sentence_of(error)}, int(status_of(error))
    return {"saved_at": office(saved_at).strftime("%H:%M"), "base": saved_at.isoformat()}, 200


def _window() -> Window | None:
    """Which page writes; None for a caller that does not say, whose draft simply is the last."""
    name = request.headers.get("X-Draft-Window", "")
    if not name:
        return None
    try:
        base = datetime.fromisoformat(request.headers.get("X-Draft-Base", ""))
    except ValueError:
        base = None
    return Window(name[:WINDOW_LENGTH], base)


def _compared(task_id: str, data: dict[str, Any], error: DraftChangedError) -> dict[str, Any]:
    """Both versions in words, so that the reader can choose."""
    found = query.compare(actor(), task_id, data, locale=languages.current())
    if found is None:
        return {"detail": sentence_of(error)}
    return {
        "detail": sentence_of(error),
        "changed": True,
        "saved_at": office(found.saved_at).strftime("%H:%M"),
        "base": found.saved_at.isoformat(),
        "differences": [{"label": row.label, "mine": row.mine, "other": row.other} for row in found.differences],
    }


@screen.post("/tasks/<task_id>/draft/take-over")
@needs_sign_in
def take_over(task_id: str) -> Response:
    """Go on with what somebody else left unfinished on the step."""
    here = url_for("tasks.show", task_id=task_id, **list_address())
    try:
        drafts.take_over(task_id, from_person=request.form.get("person", ""), actor=actor(), now=clock.now())
    except ConflictError as error:
        return back_with(error, here)
    flash(gettext("已转入您的草稿。您自己已填写的内容没有改动，请核对后提交。"), "done")
    return redirect(here)


@screen.get("/me/session")
@public
def session() -> tuple[dict[str, Any], int]:
    """Who is signed in with this browser now, and the token that forms need; for a page that outlived its session."""
    found = find_actor()
    if found is None:
        return {"detail": gettext("登录已过期。"), "status": 401}, 401
    return {"person": found.person_id, "name": found.name, "token": generate_csrf()}, 200


@screen.get("/me/signed-in")
@needs_sign_in
def signed_in() -> str:
    """Where a second window ends that was opened only to sign in again."""
    return render_template("signed_in.html")


@screen.get("/tasks/<task_id>/check")
@needs_sign_in
def back(task_id: str) -> Response:
    """A page that was made from a form cannot be fetched again: what was written is a draft."""
    return redirect(url_for("tasks.show", task_id=task_id, **list_address()))


@screen.post("/tasks/<task_id>/check")
@needs_sign_in
def check(task_id: str) -> str | tuple[str, int]:
    """提交前核对: the answers in words, and what follows from submitting them."""
    answers = answers_from_request()
    key = key_of_form()
    now = clock.now()
    try:
        checked = drafts.check(task_id, answers=answers, actor=actor(), now=now, window=drafting_window())
    except InvalidAnswersError as error:
        return page_of_task(task_id, answers=answers, error=error, key=key), 422
    except StepUpError:
        raise
    except (ConflictError, NotAllowedError) as error:
        return refused(task_id, answers=answers, error=error, key=key)
    locale = languages.current()
    page = task_query.task_page(actor(), task_id, now=now, locale=locale)
    place = (page.head.release_id, page.process_key, page.step_id)
    return render_template(
        "check.html",
        page=page,
        rows=query.in_words(actor(), task_id, checked.data, locale=locale),
        effect=legal_effect_of(*place),
        letters=checked.papers,
        ahead=steps_ahead(*place),
        roles=ROLES,
        answers=checked.answers,
        key=key,
        with_series="with_series" in request.form,
    )
