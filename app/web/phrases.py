"""常用语: one's page of phrases, and the list that the picker beside a text field asks for."""

from contextlib import suppress
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import AlreadyDoneError, ConflictError, InvalidAnswersError, NotAllowedError
from app.queries.phrases import phrases_of
from app.services import phrases
from app.web import clock
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with, in_words
from app.web.words import gettext

screen = Blueprint("phrases", __name__, url_prefix="/me/phrases")


@screen.get("")
@needs_sign_in
def show() -> str:
    return _page()


@screen.get("/offered")
@needs_sign_in
def offered() -> dict[str, Any]:
    """For the picker."""
    return {"phrases": [{"text": phrase.text, "shared": phrase.shared} for phrase in phrases_of(actor())]}


@screen.post("")
@needs_sign_in
def add() -> Response | tuple[str, int]:
    text = request.form.get("text", "")
    try:
        with suppress(AlreadyDoneError), once():
            phrases.add(text, shared="shared" in request.form, actor=actor(), now=clock.now())
    except InvalidAnswersError as error:
        return _page(text=text, error="".join(in_words(said) for said in error.fields["text"])), 422
    except (NotAllowedError, ConflictError) as error:
        return back_with(error, url_for("phrases.show"))
    flash(gettext("已保存常用语。"), "done")
    return redirect(url_for("phrases.show"))


@screen.post("/<phrase_id>/remove")
@needs_sign_in
def remove(phrase_id: str) -> Response:
    with suppress(AlreadyDoneError), once():
        phrases.remove(phrase_id, actor=actor())
    flash(gettext("已删除常用语。"), "done")
    return redirect(url_for("phrases.show"))


def _page(*, text: str = "", error: str = "") -> str:
    return render_template("phrases.html", phrases=phrases_of(actor()), text=text, error=error)
