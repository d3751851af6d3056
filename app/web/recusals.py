"""回避: asking that somebody step aside in a case, meeting or procedure, and deciding it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import ConflictError, InvalidAnswersError, NotAllowedError
from app.queries import recusals as query
from app.services import recusals
from app.web import clock
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with, in_words
from app.web.words import gettext

screen = Blueprint("recusals", __name__)


@screen.get("/proceedings/<proceeding_id>/recusals")
@needs_sign_in
def show(proceeding_id: str) -> str:
    return _page(proceeding_id, entered={}, errors={})


@screen.post("/proceedings/<proceeding_id>/recusals")
@needs_sign_in
def ask(proceeding_id: str) -> Response | tuple[str, int]:
    entered = {name: request.form.get(name, "")[:4000] for name in ("person_id", "ground", "reason")}
    try:
        with once():
            recusals.request(proceeding_id, **entered, actor=actor(), now=clock.now())
    except InvalidAnswersError as error:
        errors = {field: [in_words(sentence) for sentence in found] for field, found in error.fields.items()}
        return _page(proceeding_id, entered=entered, errors=errors), 422
    except ConflictError as error:
        return back_with(error, url_for("recusals.show", proceeding_id=proceeding_id))
    flash(gettext("回避申请已提出，已通知有权决定的负责人。"))
    return redirect(url_for("recusals.show", proceeding_id=proceeding_id))


@screen.post("/proceedings/<proceeding_id>/recusals/<recusal_id>")
@needs_sign_in
def decide(proceeding_id: str, recusal_id: str) -> Response | tuple[str, int]:
    granted = request.form.get("decision") == "grant"
    entered = {"reason": request.form.get("reason", "")[:4000], "recusal_id": recusal_id}
    back = url_for("recusals.show", proceeding_id=proceeding_id)
    try:
        with once():
            recusals.decide(recusal_id, granted=granted, reason=entered["reason"], actor=actor(), now=clock.now())
    except InvalidAnswersError as error:
        errors = {f"{recusal_id}.{field}": [in_words(s) for s in found] for field, found in error.fields.items()}
        return _page(proceeding_id, entered=entered, errors=errors), 422
    except (NotAllowedError, ConflictError) as error:
        return back_with(error, back)
    flash(gettext("回避决定已记录，即时生效。"))
    return redirect(back)


def _page(proceeding_id: str, *, entered: dict[str, str], errors: dict[str, list[str]]) -> str:
    page = query.recusal_page(actor(), proceeding_id)
    return render_template("recusals.html", page=page, entered=entered, errors=errors)
