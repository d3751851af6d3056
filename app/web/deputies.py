"""代理: who stands in for the reader and those whom he leads, and what he may do in others' stead."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.days import read_day
from app.domain.errors import ConflictError, InvalidAnswersError, NotAllowedError
from app.queries.deputies import deputies_page
from app.services.handling import deputies
from app.web import clock
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with, in_words
from app.web.words import gettext

screen = Blueprint("deputies", __name__)


@screen.get("/me/deputies")
@needs_sign_in
def show() -> str:
    return _page(entered={}, errors={})


@screen.post("/me/deputies")
@needs_sign_in
def appoint() -> Response | tuple[str, int]:
    entered = {name: request.form.get(name, "")[:1000] for name in _FIELDS}
    try:
        with once():
            deputies.appoint(
                principal_id=entered["principal_id"] or actor().person_id,
                deputy_id=entered["deputy_id"],
                since=read_day(entered["since"]),
                until=read_day(entered["until"]),
                roles=request.form.getlist("roles"),
                reason=entered["reason"],
                actor=actor(),
                now=clock.now(),
            )
    except InvalidAnswersError as error:
        errors = {field: [in_words(sentence) for sentence in found] for field, found in error.fields.items()}
        return _page(entered=entered, errors=errors), 422
    except (NotAllowedError, ConflictError) as error:
        return back_with(error, url_for("deputies.show"))
    flash(gettext("代理已设置，到起始日自动生效，期满自动结束。"), "done")
    return redirect(url_for("deputies.show"))


@screen.post("/me/deputies/<deputy_id>/end")
@needs_sign_in
def end(deputy_id: str) -> Response:
    try:
        with once():
            deputies.end(deputy_id, actor=actor(), now=clock.now())
    except (NotAllowedError, ConflictError) as error:
        return back_with(error, url_for("deputies.show"))
    flash(gettext("代理已结束。"), "done")
    return redirect(url_for("deputies.show"))


_FIELDS = ("principal_id", "deputy_id", "since", "until", "reason")


def _page(*, entered: dict[str, str], errors: dict[str, list[str]]) -> str:
    page = deputies_page(actor(), now=clock.now())
    return render_template("deputies.html", page=page, entered=entered, errors=errors)
