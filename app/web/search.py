"""Search over all that the reader may read, and the short list that leads to a case while he types."""

from flask import Blueprint, Response, jsonify, render_template, request

from app.domain.proceedings import ProceedingKind
from app.queries import search as query
from app.web.asked import one_of
from app.web.formats import page_of
from app.web.inbox import page_number
from app.web.permission import actor, needs_sign_in

screen = Blueprint("search", __name__)

LONGEST = 100


@screen.get("/search")
@needs_sign_in
def show() -> str:
    question, kind = _question(), one_of("kind", ProceedingKind)
    found = query.search(actor(), question, kind=kind, page=page_number())
    return render_template("search.html", found=found, question=question, kind=kind, per_page=query.PER_PAGE)


@screen.get("/search/jump")
@needs_sign_in
def jump() -> Response:
    """案号直达: what the words may mean, for the list under the search field."""
    return jsonify(
        [
            {"address": page_of(one.kind, one.id), "number": one.number, "title": one.title, "organ": one.organ}
            for one in query.jumps(actor(), _question())
        ]
    )


def _question() -> str:
    return " ".join(request.args.get("q", "").split())[:LONGEST]
