"""The front door."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from app.domain.access import only_watches
from app.domain.administrators import is_administrator
from app.domain.powers import may
from app.queries.inbox import Box, box_counts
from app.web.permission import actor, needs_sign_in

screen = Blueprint("home", __name__)


@screen.get("/")
@needs_sign_in
def show() -> Response:
    """待办, or 待领 where nothing is held and something may be taken.

    概览 for who only leads and supervises; for an administrator, who can do no business, what he is there for.
    """
    if is_administrator(actor()):
        return redirect(url_for("audit.show" if may(actor(), "journal") else "administration.people"))
    if only_watches(actor()):
        return redirect(url_for("status.show_overview"))
    counts = box_counts(actor())
    box = Box.POOL if not counts[Box.TODO] and counts[Box.POOL] else Box.TODO
    return redirect(url_for("inbox.show", box=box))
