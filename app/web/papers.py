"""One paper: shown in the browser where that is safe, its versions, who has read it."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.documents.previews import Preview, preview_of
from app.domain.errors import ConflictError, DomainError, InvalidAnswersError, InvalidFileError, NotFoundError
from app.queries.letters import issued_of
from app.queries.papers import paper_page
from app.seals import sealed
from app.services import attachments
from app.services.letters.issuing import DOCX
from app.web import clock
from app.web.headers import policy
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with, in_words, sentence_of
from app.web.sending import stored_file
from app.web.words import gettext

screen = Blueprint("papers", __name__)

SHOWN = ("application/pdf", "image/png", "image/jpeg")
"""Kinds that a browser shows by itself."""


@screen.get("/attachments/<attachment_id>/view")
@needs_sign_in
def show(attachment_id: str) -> Response:
    """预览."""
    stored = attachments.open_file(attachment_id, actor=actor(), now=clock.now())
    return _page(attachment_id, preview_of(stored.path, stored.media_type), {})


def _page(attachment_id: str, preview: Preview, errors: dict[str, str]) -> Response:
    issued = issued_of(attachment_id)
    page = render_template(
        "paper.html",
        page=paper_page(actor(), attachment_id, now=clock.now()),
        issued=issued,
        sheet=_sheet(attachment_id) if issued else None,
        preview=preview,
        errors=errors,
        reason=request.form.get("reason", ""),
    )
    answer = Response(page, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = f"{policy()}; frame-src 'self'"
    return answer


def _sheet(attachment_id: str) -> bytes | None:
    """An official paper that is still a .docx is shown as it is laid out."""
    stored = attachments.open_file(attachment_id, actor=actor(), now=clock.now())
    return sealed.read(stored.path) if stored.media_type == DOCX else None


@screen.get("/attachments/<attachment_id>/content")
@needs_sign_in
def content(attachment_id: str) -> Response:
    """A PDF or picture for the frame of its page: no other page may frame it, nothing in it reaches anything."""
    stored = attachments.open_file(attachment_id, actor=actor(), now=clock.now())
    if stored.media_type not in SHOWN:
        raise NotFoundError
    answer = stored_file(stored.path, stored.media_type, name=stored.file_name)
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; object-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@screen.post("/attachments/<attachment_id>/versions")
@needs_sign_in
def replace(attachment_id: str) -> Response:
    """更换版本: the old version is kept."""
    file = request.files.get("file")
    page = url_for("papers.show", attachment_id=attachment_id)
    try:
        if file is None or not file.filename:
            raise InvalidAnswersError({"file": [gettext("请选择要上传的文件。")]})
        with once():
            attachments.replace(
                attachment_id,
                file.read(),
                name=file.filename,
                reason=request.form.get("reason", "")[:4000],
                actor=actor(),
                now=clock.now(),
            )
    except (InvalidAnswersError, InvalidFileError) as error:
        stored = attachments.open_file(attachment_id, actor=actor(), now=clock.now())
        answer = _page(attachment_id, preview_of(stored.path, stored.media_type), _told(error))
        answer.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return answer
    except ConflictError as error:
        return back_with(error, page)
    flash(gettext("新版本已保存，原版本继续保留。"), "done")
    return redirect(page)


def _told(error: DomainError) -> dict[str, str]:
    if isinstance(error, InvalidAnswersError):
        return {path: " ".join(map(in_words, sentences)) for path, sentences in error.fields.items()}
    return {"file": sentence_of(error)}
