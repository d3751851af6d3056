"""The real county of the seeds: its people, its released procedures, no cases yet."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import update

from config import ROOT
from tests.conftest import application_on
from tests.e2e.browser_hands import BrowserHands
from tests.e2e.busy_county import Busy, build
from tests.e2e.live_server import serving
from tests.e2e.pages import DIST

PASSWORD = "only-For-Tests-1"
BEFORE = datetime(2026, 1, 5, 1, tzinfo=UTC)


def settle_county(app: Flask, seeds: Path = ROOT) -> None:
    """Publish the seeds (those of the folder) and let the people in, as `wenze demo load` does."""
    from app.services import definitions, organisation  # noqa: PLC0415  (see tests.conftest)

    with app.app_context():
        for path in sorted((ROOT / "demo").glob("*.yml")):
            if "people:" in path.read_text("utf-8"):
                organisation.import_file(path, password=PASSWORD, demo=False, now=BEFORE)
        definitions.publish_seeds(seeds / "processes", seeds / "forms", by="tests", now=BEFORE)
        let_in()


def let_in() -> None:
    """By the clock of pages that sign people in nobody is frozen, however long ago the county's story began."""
    from app.extensions import db  # noqa: PLC0415  (see tests.conftest)
    from app.storage.models import Account  # noqa: PLC0415

    db.session.execute(update(Account).values(used_at=datetime.now(UTC)))
    db.session.commit()


@pytest.fixture(scope="session")
def county_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file of the county to copy from."""
    folder = tmp_path_factory.mktemp("county")
    file = folder / "wenze.db"
    shutil.copyfile(sqlite_template, file)
    for app in application_on(f"sqlite:///{file}", folder):
        settle_county(app)
    return file


@pytest.fixture
def county(county_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on a county without cases (SQLite)."""
    file = tmp_path / "wenze.db"
    shutil.copyfile(county_template, file)
    yield from application_on(f"sqlite:///{file}", tmp_path)


@pytest.fixture(scope="session")
def busy(county_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Busy:
    """A county in the middle of its work, to copy from."""
    return build(county_template, tmp_path_factory.mktemp("busy"))


@pytest.fixture
def county_on_both(app_on_both: Flask) -> Flask:
    """The same on each of the two databases."""
    settle_county(app_on_both)
    return app_on_both


@pytest.fixture
def hands(county: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Iterator[BrowserHands]:
    """At the screens of the county, which takes the scenario's moment for the time. For tests marked `browser`."""
    from app.services import accounts  # noqa: PLC0415  (as above)

    if not (DIST / "form.js").exists():
        pytest.skip("the form bundle is not built")
    for limit in ("IDLE", "ABSOLUTE"):  # months pass in minutes: everybody would sign in again for every form
        monkeypatch.setattr(accounts, limit, timedelta(days=1000))
    with serving(county, now=BEFORE, monkeypatch=monkeypatch) as live:
        made = BrowserHands(browser, live, password=PASSWORD)
        yield made
        made.close()
