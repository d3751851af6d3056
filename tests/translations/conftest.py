"""The small world of the page tests, read in English through a freshly compiled catalogue."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from babel.messages.mofile import write_mo
from flask import Flask

from authoring.catalogue import ENGLISH, read_english
from tests.conftest import application_on
from tests.web.pages import Browser
from tests.web.world import PASSWORD, World, build


@pytest.fixture(scope="session", autouse=True)
def compiled() -> None:
    """Set-up compiles the catalogue; where it has changed since, this does."""
    target = ENGLISH.with_suffix(".mo")
    if not target.exists() or target.stat().st_mtime < ENGLISH.stat().st_mtime:
        unfinished = target.with_suffix(".new")
        with unfinished.open("wb") as file:
            write_mo(file, read_english())
        unfinished.replace(target)


@pytest.fixture(scope="session")
def world_file(compiled: None, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A database file with the small world in it, made once."""
    folder = tmp_path_factory.mktemp("english")
    file = folder / "wenze.db"
    shutil.copyfile(sqlite_template, file)
    for app in application_on(f"sqlite:///{file}", folder):
        with app.app_context():
            made = build(datetime.now(UTC))
    return SimpleNamespace(file=file, world=made)


@pytest.fixture
def sqlite_database(world_file: SimpleNamespace, tmp_path: Path) -> str:
    file = tmp_path / "wenze.db"
    shutil.copyfile(world_file.file, file)
    return f"sqlite:///{file}"


@pytest.fixture
def world(world_file: SimpleNamespace) -> World:
    made: World = world_file.world
    return made


@pytest.fixture
def english(app: Flask, world: World) -> Callable[[str], Browser]:
    """A browser in which the person reads English."""

    def sign_in(username: str) -> Browser:
        browser = Browser(app.test_client())
        browser.client.set_cookie("wenze_locale", "en")
        browser.sign_in(username, PASSWORD)
        return browser

    return sign_in
