"""Saved views: keeping the filters of a box under a name, and letting go of them."""

from contextlib import suppress

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import AlreadyDoneError, InvalidAnswersError
from app.queries.boxes import Box, Filters
from app.services import views
from app.web import clock
from app.web.inbox import box_of, filters_of
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with
from app.web.words import gettext

screen = Blueprint("views", __name__)


@screen.post("/views")
@needs_sign_in
def save() -> Response:
    box, filters = box_of(request.form.get("box", "")), filters_of()
    shared = request.form.get("shared") == "1"
    try:
        with suppress(AlreadyDoneError), once():
            views.save(
                request.form.get("name", ""),
                box=box.value,
                filters=filters.address(),
                shared=shared,
                actor=actor(),
                now=clock.now(),
            )
    except InvalidAnswersError as refusal:
        return back_with(refusal, _list(box, filters))
    flash(gettext("视图已保存，在左侧“视图”中打开。"), "good")
    return redirect(_list(box, filters))


@screen.post("/views/<view_id>/remove")
@needs_sign_in
def remove(view_id: str) -> Response:
    with suppress(AlreadyDoneError), once():
        views.remove(view_id, actor=actor())
    return redirect(url_for("inbox.show", box=box_of(request.form.get("box", "todo")).value))


def _list(box: Box, filters: Filters) -> str:
    return url_for("inbox.show", box=box.value, **filters.address())
