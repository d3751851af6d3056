"""The front door."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from app.web.permission import needs_sign_in

screen = Blueprint("home", __name__)


@screen.get("/")
@needs_sign_in
def show() -> Response:
    return redirect(url_for("inbox.show", box="todo"))
