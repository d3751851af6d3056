"""The editors of a draft's files: diagram, decision table, form with its preview, register and option lists."""

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from app.domain.definition_drafts import FileKind
from app.domain.errors import DomainError, InvalidFileError, NotAllowedError, NotFoundError
from app.queries import studio as pages
from app.queries import studio_files as query
from app.queries.studio_preview import preview_of
from app.web import clock, headers
from app.web.permission import actor, needs_sign_in
from app.web.problems import sentence_of

screen = Blueprint("studio_editors", __name__)

BUNDLES = {
    FileKind.DIAGRAM: "modeler",
    FileKind.TABLE: "dmn",
    FileKind.FORM: "formeditor",
    FileKind.REGISTER: "register",
    FileKind.OPTIONS: "register",
    FileKind.SCENARIO: "register",
}
"""What edits a file of a kind. Templates of papers are edited in Word."""


@screen.get("/studio/drafts/<draft_id>/edit/<path:name>")
@needs_sign_in
def edit(draft_id: str, name: str) -> Response:
    """Raises NotFoundError, NotAllowedError; a file that is not called as one of ours is not found."""
    try:
        file = query.open_file(actor(), draft_id, name, now=clock.now())
    except InvalidFileError as error:
        raise NotFoundError from error
    if file.kind not in BUNDLES:
        raise NotFoundError
    bundle = BUNDLES[file.kind]
    page = pages.draft_page(actor(), draft_id, now=clock.now())
    title = pages.titles_of({name: file.content})[name]
    body = render_template(
        "studio/edit.html", page=page, file=file, title=title, draft_id=draft_id, bundle=bundle, kinds=list(FileKind)
    )
    answer = make_response(body)
    answer.headers["Content-Security-Policy"] = editor_policy()
    return answer


def editor_policy() -> str:
    """The bpmn.io editors write style attributes and sheets of their own; scripts stay as strict as everywhere.

    The preview of a form is a page of ours in a frame.
    """
    return headers.policy().replace("style-src 'self'", "style-src 'self' 'unsafe-inline'") + "; frame-src 'self'"


@screen.get("/studio/drafts/<draft_id>/preview/<path:name>")
@needs_sign_in
def preview(draft_id: str, name: str) -> Response:
    """A form as its steps will show it, for the frame beside the editor; what it cannot show it says in a sentence."""
    locale = "en" if request.args.get("language") == "en" else "zh"
    shown, sentence = None, ""
    try:
        shown = preview_of(actor(), draft_id, name, locale=locale, now=clock.now())
    except (NotFoundError, NotAllowedError):
        raise
    except DomainError as error:
        sentence = sentence_of(error)
    answer = make_response(render_template("studio/preview.html", shown=shown, sentence=sentence, locale=locale))
    answer.headers["Content-Security-Policy"] = headers.policy().replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'"
    )
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer
