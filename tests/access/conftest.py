"""The county in four stages, made once, and what everybody meets who looks at everything in it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from tests.access import world
from tests.access.addresses import Asked, readings
from tests.access.visits import Met, Visits
from tests.conftest import application_on
from tests.e2e import conftest as of_county

county_template = of_county.county_template
Sweep = dict[tuple[str, str, str], Met]
"""Route, what it is about, who asked -> what he met."""


@dataclass(frozen=True)
class Ground:
    app: Flask
    settled: world.Settled
    asked: list[Asked]
    visits: Visits


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
            patch.setattr("app.documents.letters.pdf.convert", lambda _content: b"%PDF-")
            with app.app_context():
                asked = list(readings(app, settled))
            yield Ground(app, settled, asked, Visits(app))


@pytest.fixture(scope="package")
def sweep(ground: Ground) -> Sweep:
    """Everybody asks for everything."""
    with ground.visits.undone():
        return {
            (asked.route, asked.about, who): ground.visits.read(asked.path, who)
            for asked in ground.asked
            for who in world.EVERYBODY
        }
