"""The built world on each database, which can be had again as it was (see crash_ground)."""

import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest

from tests import postgresql
from tests.conftest import application_on
from tests.e2e import conftest as of_county
from tests.faults.crash_ground import Ground
from tests.faults.crash_world import build

county_template = of_county.county_template


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets what pages and API take for the time."""

    def set_(now: datetime) -> None:
        monkeypatch.setattr("app.web.clock.now", lambda: now)
        monkeypatch.setattr("app.api.clock.now", lambda: now)

    return set_


@pytest.fixture
def sqlite_ground(county_template: Path, tmp_path: Path) -> Iterator[Ground]:
    file, kept = tmp_path / "wenze.db", tmp_path / "kept.db"
    shutil.copyfile(county_template, file)

    def restore() -> None:
        for name in ("wenze.db-wal", "wenze.db-shm"):
            (tmp_path / name).unlink(missing_ok=True)
        shutil.copyfile(kept, file)

    for app in application_on(f"sqlite:///{file}", tmp_path):
        built = build(app)
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(kept)) as target:
            source.backup(target)
        yield Ground(app, built, restore)


@pytest.fixture
def postgresql_ground(postgresql_server: str, postgresql_database: str, tmp_path: Path) -> Iterator[Ground]:
    name, kept = re.sub(r".*/(\w+)\?.*", r"\1", postgresql_database), f"kept_{uuid4().hex}"

    def restore() -> None:
        postgresql.drop_database(postgresql_server, name)
        postgresql.make_database(postgresql_server, name, kept)

    for app in application_on(postgresql_database, tmp_path):
        of_county.settle_county(app)
        built = build(app)
        ground = Ground(app, built, restore)
        ground.close()
        postgresql.make_database(postgresql_server, kept, name)
        yield ground
    postgresql.drop_database(postgresql_server, kept)


@pytest.fixture
def beginning(clock: Callable[[datetime], None]) -> Callable[[Ground], Ground]:
    """At the time of the built world, with the random seed told."""

    def begin(ground: Ground) -> Ground:
        ground.app.config["WTF_CSRF_ENABLED"] = False  # tried elsewhere; a token would only be one more thing to send
        clock(ground.built.now)
        return ground

    return begin
