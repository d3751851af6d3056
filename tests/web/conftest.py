"""The small world behind a client that checks what it reads."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from tests.conftest import application_on
from tests.services.conftest import settle_world
from tests.web.pages import Browser
from tests.web.world import PASSWORD, World, build


def world_on_copy_of(template: Path, folder: Path) -> SimpleNamespace:
    """`file` in that folder with the small `world` in it."""
    file = folder / "wenze.db"
    shutil.copyfile(template, file)
    for app in application_on(f"sqlite:///{file}", folder):
        with app.app_context():
            made = build(datetime.now(UTC))
    return SimpleNamespace(file=file, world=made)


@pytest.fixture(scope="session")
def world_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A database file with the small world in it, made once."""
    return world_on_copy_of(sqlite_template, tmp_path_factory.mktemp("world"))


@pytest.fixture
def sqlite_database(world_file: SimpleNamespace, tmp_path: Path) -> str:
    """Instead of an empty database: a copy of the small world."""
    file = tmp_path / "wenze.db"
    shutil.copyfile(world_file.file, file)
    return f"sqlite:///{file}"


@pytest.fixture
def small(sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """An application with the small procedure, and nothing of the small world."""
    file = tmp_path / "small.db"
    shutil.copyfile(sqlite_template, file)
    for app in application_on(f"sqlite:///{file}", tmp_path):
        settle_world(app, tmp_path)
        yield app


@pytest.fixture
def world(world_file: SimpleNamespace, app: Flask) -> World:
    """Two counties; a case and a meeting in the first."""
    made: World = world_file.world
    return made


@pytest.fixture
def signed_in(app: Flask, world: World) -> Callable[[str], Browser]:
    """A browser in which the person (`north.reporter`) is signed in."""

    def sign_in(username: str) -> Browser:
        browser = Browser(app.test_client())
        browser.enter(username, PASSWORD)
        return browser

    return sign_in
