"""The busy county instead of an empty one, and a day at one of its computers. For tests marked `browser`."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import application_on
from tests.e2e.browser_hands import BrowserHands
from tests.e2e.busy_county import Busy, stage_in
from tests.e2e.day import Day

INSIDE = ("data:", "blob:", "about:", "chrome:", "chrome-extension:")
"""What the browser asks itself; the last two are its own viewer of PDF."""
PATIENCE = 60_000
"""Milliseconds."""


@pytest.fixture
def county(busy: Busy, tmp_path: Path) -> Iterator[Flask]:
    """The busy county instead of an empty one."""
    shutil.copytree(busy.folder, tmp_path / "day")
    yield from application_on(f"sqlite:///{tmp_path / 'day' / 'wenze.db'}", tmp_path / "day")


@pytest.fixture
def day(county: Flask, busy: Busy, hands: BrowserHands) -> Iterator[Day]:
    with county.app_context():
        made = Day(stage_in(busy, hands), hands)
        hands.page.set_default_timeout(PATIENCE)
        outside: list[str] = []
        hands.page.context.on("request", lambda asked: "127.0.0.1" in asked.url or outside.append(asked.url))
        yield made
        assert "\n".join(made.wrong) == ""
        assert hands.faults == []
        assert [url for url in outside if not url.startswith(INSIDE)] == []
