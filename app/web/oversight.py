"""督办: the sheets of the county, for who supervises and who answers."""

from flask import Blueprint, render_template

from app.queries.oversight import sheets_of_county
from app.web import clock
from app.web.asked import one_of, only
from app.web.permission import actor, needs_sign_in

screen = Blueprint("oversight", __name__)


@screen.get("/supervision")
@needs_sign_in
def show() -> str:
    only("state")
    closed = one_of("state", ("open", "closed")) == "closed"
    return render_template(
        "supervision.html", page=sheets_of_county(actor(), closed=closed, now=clock.now()), closed=closed
    )
