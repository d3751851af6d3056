"""The star: following a case, or no longer."""

from contextlib import suppress

from flask import Blueprint, Flask, redirect, request
from werkzeug.wrappers import Response

from app.domain.errors import AlreadyDoneError
from app.queries.follows import is_followed
from app.services import follows
from app.web import clock
from app.web.auth import own_address
from app.web.once import once
from app.web.permission import actor, needs_sign_in

screen = Blueprint("follows", __name__)


@screen.post("/follows/<proceeding_id>")
@needs_sign_in
def put(proceeding_id: str) -> Response:
    with suppress(AlreadyDoneError), once():
        if request.form.get("on") == "1":
            follows.follow(proceeding_id, actor=actor(), now=clock.now())
        else:
            follows.unfollow(proceeding_id, actor=actor())
    return redirect(own_address(request.form.get("next", "")))


def init_app(app: Flask) -> None:
    app.add_template_global(lambda proceeding_id: is_followed(actor(), proceeding_id), "is_followed")
