"""讨论: remarks on a case, meeting or procedure, apart from its record."""

from collections.abc import Callable

from flask import Blueprint, jsonify, redirect, request
from werkzeug.wrappers import Response

from app.queries.comments import Remark, comments_of, people_to_name
from app.services import comments
from app.web import clock
from app.web.auth import own_address
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import REFUSED, back_with

screen = Blueprint("comments", __name__)

LONGEST_NAME = 20


@screen.app_template_global()
def remarks_on(proceeding_id: str) -> tuple[Remark, ...] | None:
    """For the pages of a proceeding; None for who does not see it as a whole."""
    return comments_of(actor(), proceeding_id, now=clock.now())


@screen.get("/proceedings/<proceeding_id>/mentions")
@needs_sign_in
def offer(proceeding_id: str) -> Response:
    """Whom a remark may name, for the list that opens after an @."""
    begun = request.args.get("q", "")[:LONGEST_NAME]
    return jsonify(
        [{"name": one.name, "post": one.post} for one in people_to_name(actor(), proceeding_id, begun=begun)]
    )


@screen.post("/proceedings/<proceeding_id>/comments")
@needs_sign_in
def add(proceeding_id: str) -> Response:
    text, task_id = request.form.get("text", "")[:4000], request.form.get("task_id") or None
    return _done(lambda: comments.add(proceeding_id, text=text, task_id=task_id, actor=actor(), now=clock.now()))


@screen.post("/comments/<comment_id>")
@needs_sign_in
def change(comment_id: str) -> Response:
    text = request.form.get("text", "")[:4000]
    return _done(lambda: comments.change(comment_id, text=text, actor=actor(), now=clock.now()))


@screen.post("/comments/<comment_id>/removal")
@needs_sign_in
def remove(comment_id: str) -> Response:
    return _done(lambda: comments.remove(comment_id, actor=actor(), now=clock.now()))


def _done(act: Callable[[], str]) -> Response:
    """Back to the page that it was written on."""
    target = own_address(request.form.get("next", ""))
    try:
        with once():
            act()
    except REFUSED as error:
        return back_with(error, f"{target}#comments")
    return redirect(f"{target}#comments")
