"""Every text that people have typed, made hostile where it is stored, and every word of what a county has published:
no page that shows one runs it, or asks anybody."""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from app.scenarios.hands import ServiceHands
from app.services import accounts
from tests.conftest import application_on
from tests.e2e.busy_county import Busy, build, stage_in
from tests.e2e.conftest import settle_county
from tests.e2e.contact_sheet import PAGES, Shot, account_of, shots_in
from tests.e2e.contact_world import Places, furnish
from tests.e2e.live_server import LiveServer, serving
from tests.e2e.test_long_words import desk_of
from tests.hostile import hostile_packs, hostile_seeds
from tests.hostile.texts import BELL, NOWHERE, SCRIPTS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OURS = re.compile(r"[一-龥]")
"""What a person typed, or a diagram calls its steps, has a Chinese character; codes and ids have none."""
MACHINES = {
    "alembic_version",
    "definition_files",
    "releases",
    "release_files",
    "county_files",
    "regulations",
    "search_text",
}
"""Tables of what was published, which is parsed before it is shown, and of what is derived."""
NUMBERS = {"number", "correlation", "waiting", "state"}
"""Columns by which the program finds things."""


class Poisoner:
    """Puts a hostile text before everything that is Chinese; what it was stays behind it, so that pages still make sense."""

    def __init__(self) -> None:
        self._next = count()

    def __call__(self, text: str | None) -> str | None:
        if text is None or not OURS.search(text):
            return text
        if text[:1] in '[{"':
            try:
                return json.dumps(self._inside(json.loads(text)), ensure_ascii=False)
            except ValueError:
                pass
        return self._hostile(text)

    def _inside(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._inside(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._inside(one) for one in value]
        return self._hostile(value) if isinstance(value, str) and OURS.search(value) else value

    def _hostile(self, text: str) -> str:
        return f"{SCRIPTS[next(self._next) % len(SCRIPTS)]}{text}"


def poison(file: Path) -> int:
    """Every column of text of a database; how many rows were changed."""
    changed = 0
    with closing(sqlite3.connect(file)) as base, base:
        base.create_function("poison", 1, Poisoner())
        base.create_function("ours", 1, lambda text: bool(isinstance(text, str) and OURS.search(text)))
        for name, sql in base.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall():
            if "RAISE" in sql:  # what was written once is evidence: here somebody has written it so
                base.execute(f'DROP TRIGGER "{name}"')
        tables = base.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'"
        ).fetchall()
        for (table,) in tables:
            if table in MACHINES or table.startswith(("sqlite_", "search_")):
                continue
            for _, column, kind, *_ in base.execute(f'PRAGMA table_xinfo("{table}")').fetchall():
                if column in NUMBERS or not re.match("(?i)varchar|text|json", kind):
                    continue
                done = base.execute(f'UPDATE "{table}" SET "{column}" = poison("{column}") WHERE ours("{column}")')
                changed += done.rowcount
    return changed


@pytest.fixture
def live(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[LiveServer, Places]]:
    folder, county = tmp_path / "poisoned", tmp_path / "county.db"
    folder.mkdir()
    shutil.copyfile(sqlite_template, county)
    for app in application_on(f"sqlite:///{county}", folder):
        settle_county(app, hostile_seeds.write(tmp_path / "seeds", Poisoner()))
    busy: Busy = build(county, folder)
    for limit in ("IDLE", "ABSOLUTE"):
        monkeypatch.setattr(accounts, limit, timedelta(days=1000))
    for app in application_on(f"sqlite:///{folder / 'wenze.db'}", folder):
        with app.app_context():
            stage = stage_in(busy, ServiceHands())
            furnish(stage)
            places = Places.of(stage)
    assert poison(folder / "wenze.db") > 1_000
    for app in application_on(f"sqlite:///{folder / 'wenze.db'}", folder):
        with serving(app, now=stage.world.now, monkeypatch=monkeypatch) as live:
            yield live, places


RUNG = f"""() => [window, ...Array.from({{ length: window.length }}, (_, place) => window[place])].some((one) => {{
  try {{ return one.{BELL} !== undefined; }} catch {{ return false; }} // a frame of another origin: the viewer of PDF
}})"""


class Trap:
    """A person's desk whose every page tells what it should not have done."""

    def __init__(self, page: Page) -> None:
        self.page, self.caught = page, list[str]()
        page.on("dialog", lambda dialog: (self.caught.append(f"dialog {dialog.message}"), dialog.dismiss()))
        page.on("request", lambda asked: asked.url.startswith(NOWHERE) and self.caught.append(f"asked {asked.url}"))
        page.on("console", lambda said: "Content Security Policy" in said.text and self.caught.append(said.text[:300]))
        page.on("pageerror", lambda error: self.caught.append(f"script {error}"))
        page.on("popup", lambda popup: self.caught.append(f"opened {popup.url}"))

    def look(self, address: str) -> bool:
        """Whether a hostile text could be read there."""
        self.page.goto(address, wait_until="load")
        if self.page.locator("#task-form").count():
            self.page.wait_for_selector("form[data-ready]")
        if self.page.locator(".viewer, .studio-desk").count():
            self.page.wait_for_timeout(500)
        if self.page.evaluate(RUNG):
            self.caught.append("the bell rang")
        if not self.page.url.startswith("/".join(address.split("/")[:3])):
            self.caught.append(f"led to {self.page.url}")
        return BELL in self.page.content()


def packs_looked_at(trap: Trap, server: LiveServer, folder: Path) -> int:
    """Look through every hostile pack, as who makes a new county of one does; how often a hostile name was shown."""
    shown = 0
    for path in hostile_packs.written(folder, Poisoner()):
        trap.page.goto(f"{server.address}/studio/packs")
        trap.page.set_input_files("input[name=file]", path)
        trap.page.locator("input[name=changed_by_hand]").check()
        trap.page.locator("button[value=look]").click()
        trap.page.wait_for_load_state("load")
        if trap.page.evaluate(RUNG):
            trap.caught.append(f"the bell rang for {path.name}")
        shown += BELL in trap.page.content()
    return shown


def test_no_page_runs_what_somebody_typed(live: tuple[LiveServer, Places], browser: Browser, tmp_path: Path) -> None:
    server, places = live
    desks: dict[str, tuple[BrowserContext, Trap]] = {}
    wrong: list[str] = []
    seen: dict[tuple[str, str], Shot] = {(shot.who, shot.path): shot for shot in shots_in(PAGES) if shot.who}
    showed = 0
    for (who, path), shot in seen.items():
        if who not in desks:
            desk = desk_of(browser, server, account_of(who))
            desks[who] = desk, Trap(desk.pages[0])
        trap = desks[who][1]
        showed += trap.look(server.address + places.filled(path))
        wrong += [f"{shot.page}: {found}" for found in trap.caught]
        trap.caught.clear()

    packer = Trap(desk_of(browser, server, "system.admin").pages[0])
    packs_shown = packs_looked_at(packer, server, tmp_path / "packs")

    assert "\n".join([*wrong, *packer.caught]) == ""
    assert showed > 60
    assert packs_shown > 20
