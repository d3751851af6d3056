"""The one set of fixtures: databases (SQLite and PostgreSQL, empty but migrated), the application, a client.

    database      URL of an empty migrated database; the test runs twice, ids "sqlite" and "postgresql"
    app           the application on SQLite
    app_on_both   the application, the test runs on both databases
    client        Flask's test client of `app`
    browser       the machine's Chromium under Playwright; for tests marked `browser` (WENZE_SLOW=6: six times slower)

What a test needs and this machine lacks is skipped by name; with CI=true it fails instead (`needs`).
"""

import os
import shutil
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from sqlalchemy import StaticPool, create_engine, event

from config import ROOT, Config
from tests import postgresql, sockets

BOTH = ("sqlite", "postgresql")
PATIENCE_MS = 60_000
"""For what a page is expected to show; a quiet machine needs a second at most."""
# Root may not use the sandbox; the rest keeps the browser from looking for its maker.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_configure(config: pytest.Config) -> None:
    sockets.block()


def pytest_unconfigure(config: pytest.Config) -> None:
    sockets.unblock()
    if "app.scenarios.plays" in sys.modules:
        from tests.keepers import end_keepers  # noqa: PLC0415  (only where a test may have begun a play)

        end_keepers()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """For the browser's tests (`-m browser`) no other file is imported: it would take each process ten seconds."""
    if config.option.markexpr != "browser" or not collection_path.match("test_*.py"):
        return None
    return "pytest.mark.browser" not in collection_path.read_text("utf-8") or None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first: what is left for the end is quick, and two processes end together."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def needs(what: str) -> NoReturn:
    """End this test because `what` is missing: a skip for a user, a failure in CI."""
    if os.environ.get("CI"):
        pytest.fail(f"missing on this machine: {what}", pytrace=False)
    pytest.skip(f"missing on this machine: {what}")


def migrate(url: str, data: Path) -> None:
    """Bring the empty database to the newest schema, the way `wenze db upgrade` does."""
    from app import create_app  # noqa: PLC0415  (tests of the engine and the domain never load the application)
    from app.extensions import db  # noqa: PLC0415

    app = create_app(Config.for_tests(url, data))
    with app.app_context():
        if any((ROOT / "migrations" / "versions").glob("*.py")):
            from flask_migrate import upgrade  # noqa: PLC0415  (only where migrations exist)

            upgrade(directory=str(ROOT / "migrations"))
        else:
            db.create_all()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy from."""
    folder = tmp_path_factory.mktemp("template")
    file = folder / "wenze.db"
    migrate(f"sqlite:///{file}", folder)
    # The journal is folded into the file when the last connection closes; a leftover would mean that one is still open.
    assert not file.with_name("wenze.db-wal").exists()
    return file


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The socket folder of a PostgreSQL of this test process, started when the first test asks."""
    try:
        with postgresql.running() as folder:
            yield folder
    except postgresql.NoPostgresqlError as error:
        needs(f"PostgreSQL ({error})")


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated database to copy from."""
    url = postgresql.make_database(postgresql_server, "wenze_template")
    migrate(url, tmp_path_factory.mktemp("template"))
    return "wenze_template"


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> str:
    """URL of an empty migrated SQLite database."""
    file = tmp_path / "wenze.db"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def postgresql_database(postgresql_server: str, postgresql_template: str) -> Iterator[str]:
    """URL of an empty migrated PostgreSQL database."""
    name = f"t_{uuid.uuid4().hex}"
    yield postgresql.make_database(postgresql_server, name, postgresql_template)
    postgresql.drop_database(postgresql_server, name)


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest) -> str:
    """URL of an empty migrated database, on each of the two."""
    url: str = request.getfixturevalue(f"{request.param}_database")
    return url


_at_rest: list[tuple[Flask, dict[str, Any]]] = []
"""Applications that no test uses now, each with its settings as they were when it was new."""


def application_on(url: str, data: Path) -> Iterator[Flask]:
    """The application on that database; its connections are closed afterwards.

    Its hundreds of routes and pages are compiled once: whoever comes next gets the same one on another database.
    """
    from app.extensions import db  # noqa: PLC0415  (as in `migrate`)

    config = Config.for_tests(url, data)
    app, settings = _moved(*_at_rest.pop(), config) if _at_rest else _made(config)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    _at_rest.append((app, settings))


def _made(config: Config) -> tuple[Flask, dict[str, Any]]:
    from app import create_app  # noqa: PLC0415  (as in `migrate`)
    from app.services import accounts  # noqa: PLC0415

    # thousands sign in here, and nobody steals their passwords
    accounts._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    app = create_app(config)
    _hurry(app)
    return app, dict(app.config)


def _moved(app: Flask, settings: dict[str, Any], config: Config) -> tuple[Flask, dict[str, Any]]:
    from app import configure  # noqa: PLC0415  (as in `migrate`)
    from app.extensions import db  # noqa: PLC0415
    from app.storage.connections import install_discipline  # noqa: PLC0415

    app.config.clear()  # whatever a test changed
    app.config.update(settings)
    configure(app, config)
    url, options = config.SQLALCHEMY_DATABASE_URI, config.SQLALCHEMY_ENGINE_OPTIONS
    with app.app_context():
        in_memory = {"poolclass": StaticPool} if url == "sqlite://" else {}
        db.engines[None] = create_engine(url, **options, **in_memory)
        install_discipline(db.engine)
    _hurry(app)
    return app, settings


def _hurry(app: Flask) -> None:
    """Nobody pulls the plug here: SQLite need not wait for the disk."""
    from app.extensions import db  # noqa: PLC0415  (as in `migrate`)

    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))


@pytest.fixture
def app(sqlite_database: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on an empty SQLite database."""
    yield from application_on(sqlite_database, tmp_path)


@pytest.fixture
def app_on_both(database: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on an empty database, on each of the two."""
    yield from application_on(database, tmp_path)


def chromium() -> str:
    """The program of the machine's browser."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    return program or needs("Chromium")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium; Playwright's download of a browser is never used."""
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
        if rate := int(os.environ.get("WENZE_SLOW", "0")):
            _slow_down(browser, rate)
        yield browser
        browser.close()


def _slow_down(browser: Browser, rate: int) -> None:
    """Each new page thinks `rate` times slower, as in an old office: a test that does not wait shows itself."""
    new_context, new_page = browser.new_context, browser.new_page

    def slow(page: Page) -> Page:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})
        return page

    def context_of(**settings: Any) -> BrowserContext:
        made = new_context(**settings)
        page_of = made.new_page
        made.new_page = lambda: slow(page_of())  # type: ignore[method-assign]
        return made

    browser.new_context = context_of  # type: ignore[method-assign]
    browser.new_page = lambda **settings: slow(new_page(**settings))  # type: ignore[method-assign]


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Sends requests to `app` without a network."""
    return app.test_client()
