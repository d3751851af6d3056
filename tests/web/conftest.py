"""The small world behind a client that checks what it reads."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask

from tests.web.pages import Browser
from tests.web.world import PASSWORD, World, build


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """Two counties; a case and a meeting in the first. The application context is closed again."""
    with app.app_context():
        made = build(datetime.now(UTC))
    yield made


@pytest.fixture
def signed_in(app: Flask, world: World) -> Callable[[str], Browser]:
    """A browser in which the person (`north.reporter`) is signed in."""

    def sign_in(username: str) -> Browser:
        browser = Browser(app.test_client())
        browser.sign_in(username, PASSWORD)
        return browser

    return sign_in
