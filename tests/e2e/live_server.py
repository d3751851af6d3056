"""The application behind a real port of the loopback interface, its clock moved by the test."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from app.api import clock as api_clock
from app.web import clock as web_clock


@dataclass
class LiveServer:
    """`now` is what the screens and the API take for the time; aware."""

    address: str
    now: datetime


EMPTY = "/nobody"
"""A page of nothing of the same server: at about:blank the browser forgets all that it has loaded and compiled."""


class Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"
    """A browser asks for a dozen files per page: keep its connections."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """The test's output is not a server's log."""


@contextmanager
def serving(app: Flask, *, now: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator[LiveServer]:
    """Serve `app` with one thread per connection until the block ends."""
    server = make_server("127.0.0.1", 0, _beside_nothing(app), threaded=True, request_handler=Quiet)
    live = LiveServer(f"http://127.0.0.1:{server.server_port}", now)
    for clock in (web_clock, api_clock):
        monkeypatch.setattr(clock, "now", lambda: live.now)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield live
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _beside_nothing(app: Flask) -> Callable[..., Iterable[bytes]]:
    """The application and one empty page, which has an icon so that the browser asks for none."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != EMPTY:
            return app(environ, start)
        page = b'<!doctype html><title>-</title><link rel="icon" href="data:,">'
        start("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(page)))])
        return [page]

    return answer
