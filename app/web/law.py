"""制度对照: every clause of the regulations, and what carries it."""

from flask import Blueprint, render_template

from app.web.permission import needs_sign_in

screen = Blueprint("law", __name__)


@screen.get("/regulations")
@needs_sign_in
def index() -> str:
    return render_template("law.html")
