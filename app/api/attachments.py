"""附件: papers, uploaded before the form that names them."""

from typing import Any

from flask import request, send_file, url_for
from werkzeug.wrappers import Response

from app.api import bodies, clock, schemas
from app.api.blueprint import gives, route, takes
from app.api.permission import actor, needs_token
from app.seals import sealed
from app.services import attachments


@route("POST", "/attachments", tag="attachments")
@needs_token
@takes(schemas.PossibleKey, location="headers", status=400)
@takes(schemas.Upload, location="files")
@gives(201, schemas.Uploaded, headers=schemas.LOCATION)
def upload_attachment(given: dict[str, Any], files: dict[str, Any]) -> tuple[attachments.Uploaded, int, dict[str, str]]:
    """Keep a paper: PDF, OFD, Word, Excel or a picture of at most 20 MB. Its id goes into a form's file field."""
    paper = files["file"]
    name = paper.filename or ""
    bodies.ensure_storable(name)
    kept = attachments.upload(paper.read(), name=name, actor=actor(), now=clock.now(), key=given["key"] or "")
    return kept, 201, {"Location": url_for("api.get_attachment", attachment_id=kept.id)}


@route("GET", "/attachments/<attachment_id>", tag="attachments")
@needs_token
@gives(200, {"type": "string", "format": "binary"}, content_type="application/octet-stream")
def get_attachment(attachment_id: str) -> Response:
    """The paper as it was uploaded, for those who may read the submission it belongs to."""
    file = attachments.open_file(attachment_id, actor=actor(), now=clock.now())
    answer = send_file(
        sealed.opened(file.path),
        mimetype=file.media_type,
        as_attachment=True,
        download_name=file.file_name,
        etag=file.path.name,  # the digest of what it says
        conditional=False,
    )
    answer.content_length = size = sealed.size_of(file.path)
    answer.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
