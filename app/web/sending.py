"""Files as answers: the name a download gets, and a stored file opened while it is sent, never as a whole in memory."""

from pathlib import Path
from urllib.parse import quote

from flask import request, send_file
from werkzeug.wrappers import Response

from app.seals import sealed


def as_download(name: str) -> str:
    """A `Content-Disposition` that saves a file under its name; the name may be in any script."""
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"


def stored_file(path: Path, media_type: str, *, name: str | None = None, as_attachment: bool = False) -> Response:
    """The content of a file of the store, in parts where a browser asks for parts; kept in no cache."""
    answer: Response = send_file(
        sealed.opened(path),
        mimetype=media_type,
        as_attachment=as_attachment,
        download_name=name,
        max_age=0,
        conditional=False,
        etag=False,
    )
    size = sealed.size_of(path)
    answer.content_length = size
    answer.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    answer.headers["Cache-Control"] = "no-store"
    return answer
