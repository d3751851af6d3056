"""流程设计: drafts of a county's definitions, from the first change to their publication."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import InvalidAnswersError
from app.queries import studio as query
from app.services.studio import drafts, review
from app.web import clock
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import in_words
from app.web.words import gettext

screen = Blueprint("studio", __name__)


@screen.app_template_global()
def has_view(endpoint: str) -> bool:
    """Whether a screen of the studio is there; its tab is left out otherwise."""
    return endpoint in current_app.view_functions


@screen.get("/studio")
@needs_sign_in
def index() -> str:
    return _index(entered="", errors={})


def _index(*, entered: str, errors: dict[str, list[str]]) -> str:
    return render_template("studio/index.html", page=query.home_page(actor()), entered=entered, errors=errors)


@screen.post("/studio/drafts")
@needs_sign_in
def open_draft() -> Response | tuple[str, int]:
    title = request.form.get("title", "")[:400]
    try:
        with once():
            draft_id = drafts.open_draft(title, actor=actor(), now=clock.now())
    except InvalidAnswersError as error:
        return _index(entered=title, errors=in_fields(error)), 422
    flash(gettext("改动稿已建立，发布之前不影响任何案件。"))
    return redirect(url_for("studio.show", draft_id=draft_id))


@screen.get("/studio/drafts/<draft_id>")
@needs_sign_in
def show(draft_id: str) -> str:
    page = query.draft_page(actor(), draft_id, now=clock.now())
    return render_template("studio/draft.html", page=page, findings=review.findings_of(draft_id, actor=actor()))


def in_fields(error: InvalidAnswersError) -> dict[str, list[str]]:
    return {field: [in_words(sentence) for sentence in found] for field, found in error.fields.items()}
