"""The small world of the page tests, read in English through a freshly compiled catalogue."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from babel.messages.mofile import write_mo
from flask import Flask

from authoring.catalogue import ENGLISH, read_english
from tests.web import conftest as of_pages
from tests.web.pages import Browser
from tests.web.world import PASSWORD, World

sqlite_database, world = of_pages.sqlite_database, of_pages.world
"""The page tests' fixtures."""


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
    return of_pages.world_on_copy_of(sqlite_template, tmp_path_factory.mktemp("english"))


@pytest.fixture
def english(app: Flask, world: World) -> Callable[[str], Browser]:
    """A browser in which the person reads English."""

    def sign_in(username: str) -> Browser:
        browser = Browser(app.test_client())
        browser.client.set_cookie("wenze_locale", "en")
        browser.sign_in(username, PASSWORD)
        return browser

    return sign_in
