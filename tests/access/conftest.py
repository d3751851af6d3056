"""The county in four stages, made once, and what everybody meets who looks at everything in it."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from app.extensions import db
from tests.access import world
from tests.access.addresses import Asked, readings
from tests.access.visits import Met, Visits
from tests.conftest import application_on
from tests.e2e import conftest as of_county

SETTLED, READ = "settled.db", "read.db"
"""The world without and with what a few addresses need, such as a draft."""
county_template = of_county.county_template
Sweep = dict[tuple[str, str, str], Met]
"""Route, what it is about, who asked -> what he met."""


@dataclass(frozen=True)
class Ground:
    app: Flask
    settled: world.Settled
    asked: list[Asked]
    visits: Visits
    file: Path
    """The database."""
    restore: Callable[[str], None]
    """Back to how it was `SETTLED`, or when it was `READ`."""


@pytest.fixture(scope="package")
def ground(county_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("access")
    file = folder / "wenze.db"
    shutil.copyfile(county_template, file)
    for app in application_on(f"sqlite:///{file}", folder):
        app.config["WTF_CSRF_ENABLED"] = False  # tried elsewhere
        settled = world.settle(app)
        with pytest.MonkeyPatch.context() as patch:
            moment = settled.built.now
            for edge in ("web", "api"):
                patch.setattr(f"app.{edge}.clock.now", lambda moment=moment: moment)
            patch.setattr("app.documents.letters.pdf.convert", lambda _content, **_: b"%PDF-")
            keep(file, SETTLED)
            with app.app_context():
                asked = list(readings(app, settled))
            keep(file, READ)
            yield Ground(app, settled, asked, Visits(app), file, partial(put_back, app, file))


def keep(file: Path, name: str) -> None:
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(file.with_name(name))) as target:
        source.backup(target)


def put_back(app: Flask, file: Path, name: str) -> None:
    """The database as it was kept under this name beside the file."""
    from app.storage import calendars  # noqa: PLC0415  (see tests.conftest)

    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        calendars.forget()
    for beside in ("-wal", "-shm"):
        file.with_name(file.name + beside).unlink(missing_ok=True)
    shutil.copyfile(file.with_name(name), file)


@pytest.fixture(scope="package")
def sweep(ground: Ground) -> Sweep:
    """Everybody asks for everything."""
    with ground.visits.undone():
        return {
            (asked.route, asked.about, who): ground.visits.read(asked.path, who)
            for asked in ground.asked
            for who in world.EVERYBODY
        }
