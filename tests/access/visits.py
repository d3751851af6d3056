"""Sends requests as people and reads what comes back. Nothing that is sent stays: every commit is undone."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask

from app.extensions import db
from tests.access.world import PEOPLE, STRANGER
from tests.faults.crash_world import cookie_of, token_of

READS_ITSELF = re.compile(
    r"\s*insert into (paper_readings|journal|journal_heads)\b|\s*update (sessions|api_tokens|journal_heads)\b", re.I
)
"""What being asked leaves behind by itself: that a session lives, that a paper was opened, the journal (who looked)."""
_WRITES = re.compile(r"\s*(insert|update|delete)\b", re.I)
_MARKS = re.compile(r"</?(?:mark|b)>")
"""In an answer of the search a sentence is cut up by what was found in it."""
_CANARY = re.compile(r"jm\.[0-9a-f]{12}\.[A-Z]+\.\w+\.\w*\.")


@dataclass(frozen=True)
class Met:
    """What somebody met."""

    status: int
    refused: bool
    canaries: frozenset[str]
    written: tuple[str, ...]
    """Statements that changed a row and would have been kept."""
    text: str = ""


class Visits:
    def __init__(self, app: Flask) -> None:
        self.app = app
        self._clients: dict[str, Any] = {}
        self._written: list[str] = []

    def forget(self) -> None:
        """Everybody comes with a browser of his own again: an answer may have changed what it keeps."""
        self._clients.clear()

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Inside, no commit is kept."""
        from sqlalchemy import event  # noqa: PLC0415

        written: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if _WRITES.match(statement) and not READS_ITSELF.match(statement):
                written.append(statement)

        def undo(session: Any) -> None:
            self._written += written
            written.clear()
            session.rollback()

        def forget(_connection: Any) -> None:
            written.clear()

        with self.app.app_context():
            engine, maker = db.engine, type(db.session())
        event.listen(engine, "before_cursor_execute", note)
        event.listen(engine, "rollback", forget)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(maker, "commit", lambda session: (session.flush(), undo(session))[1])
            try:
                yield
            finally:
                event.remove(engine, "before_cursor_execute", note)
                event.remove(engine, "rollback", forget)

    def read(self, path: str, who: str) -> Met:
        return self.send(path, who)

    def send(self, path: str, who: str, *, method: str = "GET", **more: Any) -> Met:
        self._written.clear()
        answer = self._client(path, who).open(path, method=method, headers=_headers(path, who), buffered=True, **more)
        seen = _everything(answer)
        refused = answer.status_code in (401, 403, 404) or "/sign-in" in answer.headers.get("Location", "")
        return Met(answer.status_code, refused, frozenset(_CANARY.findall(seen)), tuple(self._written), seen)

    def _client(self, path: str, who: str) -> Any:
        key = STRANGER if path.startswith("/api/") else who
        if key not in self._clients:
            client = self.app.test_client()
            if key != STRANGER:
                client.set_cookie("wenze_session", cookie_of(PEOPLE.get(key, key)))
            self._clients[key] = client
        return self._clients[key]


def _headers(path: str, who: str) -> dict[str, str]:
    headers = {"Idempotency-Key": "the-same-key-every-time"}
    if path.startswith("/api/") and who != STRANGER:
        headers["Authorization"] = f"Bearer {token_of(PEOPLE.get(who, who))}"
    return headers


def _everything(answer: Any) -> str:
    """Headers and body as text, of packed files what is inside."""
    heads = unquote(str(answer.headers))
    body: bytes = answer.data
    if not body.startswith(b"PK"):
        return heads + _MARKS.sub("", body.decode("utf-8", "replace"))
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        inside: Mapping[str, bytes] = {name: archive.read(name) for name in archive.namelist()}
    # a word processor may cut a sentence anywhere
    return heads + re.sub(r"<[^>]+>", "", "".join(content.decode("utf-8", "replace") for content in inside.values()))
