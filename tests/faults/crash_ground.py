"""The application on a built world, requests as people and machines send them, and what the database shows."""

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, lru_cache
from hashlib import sha256
from importlib import import_module
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import Dialect, Integer, Table, select

from app.extensions import Base, db
from tests.faults.crash_recipes import RECIPES
from tests.faults.crash_requests import Sent, Work
from tests.faults.crash_world import COUNTY, Built, Desk, cookie_of, token_of

STATIC = {"definition_files", "release_files", "organs", "people", "role_assignments", "accounts"}
_BY_CHANCE = re.compile(r"[0-9a-f]{64}|[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Picture = dict[str, Counter[str]]


@cache
def _tables() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if table.name not in STATIC]


@cache
def _question(table: Table, dialect: Dialect, *, whole: bool) -> str:
    """All rows in their order; of what is not `whole`, nothing that a sequence of the database made."""
    numbered = [column for column in table.primary_key if isinstance(column.type, Integer)]
    columns = [c for c in table.columns if whole or len(table.primary_key) > 1 or c not in numbered]
    return str(select(*columns).order_by(*table.primary_key).compile(dialect=dialect))


def _rows(table: Table, *, whole: bool) -> Sequence[Sequence[Any]]:
    """As the driver gives them: nobody needs to make anything of a million values."""
    connection = db.session.connection()
    return connection.exec_driver_sql(_question(table, connection.dialect, whole=whole)).all()


def _plain(row: Sequence[Any]) -> str:
    return _without_chance(repr(tuple(b"" if isinstance(value, bytes) else value for value in row)))


@lru_cache(maxsize=50_000)
def _without_chance(text: str) -> str:
    return _BY_CHANCE.sub("#", text)


@dataclass(frozen=True)
class Answer:
    status: int
    place: str
    """Where it leads, or what it says, without the ids that chance made."""


class Ground:
    """The application on a copy of the built world, which can be had again as it was."""

    def __init__(self, app: Flask, built: Built, restore: Callable[[], None]) -> None:
        self.app, self.built, self._restore = app, built, restore
        self.key, self.method = "", "POST"

    def fresh(self, key: str) -> None:
        self.key = key
        self.close()
        self._restore()

    def close(self) -> None:
        from app.storage import calendars  # noqa: PLC0415  (see tests.conftest)

        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
            calendars.forget()

    def prepared(self, address: str) -> Sent | Work:
        with self.app.app_context():
            made = RECIPES[address](Desk(self.built))
            db.session.rollback()
        return made  # type: ignore[no-any-return]

    def attempt(self, what: Sent | Work, *, key: str = "") -> Answer:
        """Do it, with the key of this beginning or with another."""
        return self._work(what) if isinstance(what, Work) else self._send(what, key or self.key)

    def _work(self, work: Work) -> Answer:
        module, _, function = work.name.rpartition(".")
        with self.app.app_context():
            act = getattr(import_module(f"app.services.{module}"), function)
            done = act(self.built.now + timedelta(days=work.days))
        return Answer(200, str(done))

    def _send(self, sent: Sent, key: str) -> Answer:
        client, headers = self.app.test_client(), {"Idempotency-Key": key}
        if sent.path.startswith("/api/"):
            headers["Authorization"] = f"Bearer {token_of(f'{COUNTY}.{sent.who}')}"
        elif sent.who:
            client.set_cookie("wenze_session", cookie_of(f"{COUNTY}.{sent.who}"))
        more: dict[str, Any] = {"json": sent.body} if sent.body is not None else {}
        if sent.body is None:
            files = {name: (BytesIO(content), called) for name, (content, called) in sent.files.items()}
            more = {"data": {"key": key, **sent.form, **files}}
        answer = client.open(sent.path, method=self.method, headers=headers, buffered=True, **more)
        return Answer(answer.status_code, _place_of(answer))

    def picture(self) -> Picture:
        """Every row by table, without what chance or a sequence of the database made."""
        with self.app.app_context():
            return {table.name: Counter(map(_plain, _rows(table, whole=False))) for table in _tables()}

    def print(self) -> str:
        """A digest of every row."""
        found = sha256()
        with self.app.app_context():
            for table in _tables():
                found.update(repr((table.name, _rows(table, whole=True))).encode())
        return found.hexdigest()

    def unsound(self) -> set[tuple[str, str]]:
        """What an examination finds, as code and proceeding; broken chains too."""
        from app.services import examination  # noqa: PLC0415
        from app.storage import journal  # noqa: PLC0415

        with self.app.app_context():
            found = {(finding.code.value, finding.number) for finding in examination.examine_many(now=self.built.now)}
            return found | {("broken chain", scope) for scope in journal.broken_links()}


def _place_of(answer: Any) -> str:
    if 300 <= answer.status_code < 400:
        return urlsplit(answer.headers["Location"]).path
    if answer.is_json and answer.status_code == 201:
        return json.dumps({**answer.json, "replayed": None}, sort_keys=True)
    return ""


def shape(answer: Answer) -> tuple[int, str]:
    return answer.status, _BY_CHANCE.sub("#", answer.place)
