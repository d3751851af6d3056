"""Papers: uploaded by the form's script, opened by whoever may read the submission that names them."""

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.domain.errors import DomainError
from app.domain.statuses import status_of
from app.services import attachments
from app.web import clock
from app.web.once import key_of_form
from app.web.permission import actor, needs_sign_in
from app.web.problems import sentence_of
from app.web.sending import stored_file
from app.web.words import gettext

screen = Blueprint("attachments", __name__)


@screen.post("/attachments")
@needs_sign_in
def upload() -> tuple[dict[str, Any], int]:
    file = request.files.get("file")
    if file is None or not file.filename:
        return {"detail": gettext("请选择要上传的文件。")}, 400
    try:
        kept = attachments.upload(file.read(), name=file.filename, actor=actor(), now=clock.now(), key=key_of_form())
    except DomainError as error:
        return {"detail": sentence_of(error)}, status_of(error)
    return {"id": kept.id, "file_name": kept.file_name, "size": kept.size, "media_type": kept.media_type}, 201


@screen.get("/attachments/<attachment_id>")
@needs_sign_in
def open_file(attachment_id: str) -> Response:
    """Always as a download, with no rights of its own: what is inside a paper never runs here."""
    stored = attachments.open_file(attachment_id, actor=actor(), now=clock.now())
    answer = stored_file(stored.path, stored.media_type, name=stored.file_name, as_attachment=True)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer
