"""Text goes out gzipped where the browser takes it: a county's line is slow, and there may be no proxy in front."""

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, request

WORTH = 1000
"""Bytes; less is not worth the work."""
TEXT = frozenset(
    {
        "application/javascript",
        "application/json",
        "image/svg+xml",
        "text/css",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)


def init_app(app: Flask) -> None:
    @app.after_request
    def shrink(response: Response) -> Response:
        if response.mimetype not in TEXT:
            return response
        response.vary.add("Accept-Encoding")
        takes = request.accept_encodings["gzip"] > 0
        if not takes or response.status_code != 200 or "Content-Encoding" in response.headers or request.range:
            return response
        packed = _packed(response)
        if packed is not None:
            response.direct_passthrough = False
            if close := getattr(response.response, "close", None):
                close()  # the file that would have been sent as it is
            response.set_data(packed)
            response.headers["Content-Encoding"] = "gzip"
            etag, _ = response.get_etag()
            if etag:
                response.set_etag(etag, weak=True)
        return response


def _packed(response: Response) -> bytes | None:
    """None where it is short, or streamed."""
    if request.endpoint == "static":
        path = Path(current_app.static_folder or "") / str((request.view_args or {}).get("filename"))
        return _packed_file(path, path.stat().st_mtime_ns) if path.stat().st_size >= WORTH else None
    if response.is_streamed or response.direct_passthrough:
        return None
    data = response.get_data()
    return gzip.compress(data, compresslevel=4, mtime=0) if len(data) >= WORTH else None


@lru_cache(maxsize=256)
def _packed_file(path: Path, changed: int) -> bytes:
    """Packed once for every version of the file."""
    return gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)
