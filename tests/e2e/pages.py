"""A page with one form or one diagram, served from a thread under the product's own content security policy."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from config import ROOT

STATIC = ROOT / "app" / "static"
DIST = STATIC / "dist"
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-trial'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'"
)
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}
SHEETS = ("dist/bootstrap.css", "css/tokens.css", "css/base.css", "css/frame.css", "css/parts.css", "css/pages.css")

Answer = tuple[HTTPStatus, str, bytes]


@dataclass
class Site:
    """What the server serves, and what it was sent."""

    pages: dict[str, str] = field(default_factory=dict)
    """Path -> HTML or JSON text."""
    posted: list[dict[str, Any]] = field(default_factory=list)
    """The JSON of the hidden input `data`, by submission."""
    uploads: Callable[[bytes, str], tuple[HTTPStatus, dict[str, Any]]] | None = None
    """Takes body and CSRF token of an upload."""
    address: str = ""

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        status, type_, body = self._answer(environ)
        headers = [("Content-Type", f"{type_}; charset=utf-8"), ("Content-Security-Policy", POLICY)]
        start(f"{status.value} {status.phrase}", headers)
        return [body]

    def _answer(self, environ: dict[str, Any]) -> Answer:
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] == "POST":
            return self._take(path, environ)
        if path in self.pages:
            type_ = "application/json" if path.endswith(".json") else "text/html"
            return HTTPStatus.OK, type_, self.pages[path].encode()
        file = (STATIC / path.removeprefix("/static/")).resolve()
        if path.startswith("/static/") and file.is_file() and STATIC in file.parents:
            return HTTPStatus.OK, TYPES.get(file.suffix, "application/octet-stream"), file.read_bytes()
        return HTTPStatus.NOT_FOUND, "text/plain", b""

    def _take(self, path: str, environ: dict[str, Any]) -> Answer:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if path == "/attachments" and self.uploads:
            status, told = self.uploads(body, environ.get("HTTP_X_CSRFTOKEN", ""))
            return status, "application/json", json.dumps(told).encode()
        self.posted.append(json.loads(parse_qs(body.decode())["data"][0]))
        return HTTPStatus.OK, "text/html", _page("<h1>收到</h1>", locale="zh", bundle="form").encode()


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """The test's output is not a server's log."""


@contextmanager
def serving() -> Iterator[Site]:
    """A site on a free port of the loopback interface."""
    site = Site()
    with make_server("127.0.0.1", 0, site, WSGIServer, Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        site.address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


def _block(id_: str, value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json" id="{id_}" nonce="trial">{text}</script>'


def _page(body: str, *, locale: str, bundle: str) -> str:
    sheets = "".join(f'<link rel="stylesheet" href="/static/{sheet}">' for sheet in (*SHEETS, f"dist/{bundle}.css"))
    lang = "en" if locale == "en" else "zh-CN"
    return (
        f'<!doctype html><html lang="{lang}" data-bs-theme="light"><head><meta charset="utf-8"><title>试填</title>'
        f'<link rel="icon" href="/static/seal.svg">{sheets}</head><body>{body}'
        f'<script type="module" nonce="trial" src="/static/dist/{bundle}.js"></script></body></html>'
    )


def form_page(
    schema: dict[str, Any],
    *,
    data: dict[str, Any] | None = None,
    errors: dict[str, list[str]] | None = None,
    options: dict[str, Any] | None = None,
    context: dict[str, Any] | None = None,
    locale: str = "zh",
) -> str:
    """The task page, reduced to what the form needs: the same ids and attributes."""
    links = "".join(f'<li><a href="#task-form" data-field="{path}">{path}</a></li>' for path in errors or {})
    summary = f'<div class="errsum" role="alert"><h2>有错误</h2><ul>{links}</ul></div>' if errors else ""
    body = (
        f'<main class="formcol" id="main">{summary}<section class="sheet">'
        '<form id="task-form" method="post" action="/take"'
        f' data-upload="/attachments" data-token="token-1" data-signer="陈立" data-locale="{locale}" novalidate>'
        '<input type="hidden" name="data" value=""><div id="form-root"></div></form></section>'
        '<button class="btn btn-primary btn-lg2" form="task-form" id="submit">提交</button></main>'
        + _block("form-schema", schema)
        + _block("form-data", data or {})
        + _block("form-errors", errors or {})
        + _block("form-options", options or {})
        + _block("form-context", context or {})
    )
    return _page(body, locale=locale, bundle="form")


def viewer_page(drawings: dict[str, Any], *, attributes: str = "") -> tuple[str, str]:
    """A page with the diagram viewer, and the JSON that it fetches."""
    body = (
        '<main id="main"><section class="box"><div class="viewer" id="diagram" data-source="/diagram.json"'
        f' data-current-label="当前环节" data-late-label="超期" {attributes}></div></section></main>'
    )
    return _page(body, locale="zh", bundle="viewer"), json.dumps(drawings, ensure_ascii=False)


def compare_page(answer: dict[str, Any], elements: Iterable[str]) -> tuple[str, str]:
    """A page with two versions of a diagram and a line for each of these elements, and the JSON that it fetches."""
    halves = "".join(
        f'<div class="compare-half"><div class="wz-half" data-half="{half}"></div></div>' for half in ("old", "new")
    )
    lines = "".join(f'<button type="button" data-element="{element}">{element}</button>' for element in elements)
    words = 'data-added="新增" data-removed="删除" data-changed="修改" data-moved="移动" data-whole="查看全图"'
    body = (
        f'<main id="main"><section class="compare-view" data-source="/compare.json" {words}><header>'
        f"<span data-tools></span></header><p data-failed hidden>未能显示</p>{halves}</section>{lines}</main>"
    )
    return _page(body, locale="zh", bundle="compare"), json.dumps(answer, ensure_ascii=False)


def status_page(*, took: dict[str, Any]) -> str:
    """A page with the status of a process; it fetches drawings and figures."""
    choices = "".join(f'<option value="{key}">{key}</option>' for key in ("open", "late", "median", ""))
    body = (
        '<main id="main"><p id="status-sums" data-words="{running}/{late}"></p>'
        f'<select aria-label="热度" data-heat>{choices}</select>'
        '<link rel="stylesheet" href="/static/css/status.css"><div class="viewer status-viewer" id="status-diagram"'
        ' data-drawings="/drawings.json" data-figures="/figures.json" data-every="600000"></div></main>'
        + _block("status-took", took)
    )
    return _page(body, locale="zh", bundle="status")
