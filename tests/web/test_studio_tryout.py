"""试运行 over its pages: only owners, only their own plays, and not a byte of it in the product's database."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from app.scenarios import plays
from app.services.studio import drafts
from tests.conftest import application_on
from tests.keepers import end_keepers
from tests.services.conftest import PASSWORD, Office, settle_world
from tests.web.pages import Browser, Seen

SEEN = re.compile(r'INSERT INTO "(sessions|sign_in_attempts|journal_lines|journal_heads)"')
"""What signing in and looking at any page write."""


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may depend on how much else the machine has to do."""
    monkeypatch.setattr(plays, "WAIT", 900.0)


@pytest.fixture(scope="module")
def small(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The small county with a draft, on a file; one keeper of plays for all tests."""
    folder = tmp_path_factory.mktemp("small")
    file = folder / "wenze.db"
    file.write_bytes(sqlite_template.read_bytes())
    for app in application_on(f"sqlite:///{file}", folder):
        settle_world(app, folder)
        yield app
    end_keepers()


@pytest.fixture(scope="module")
def draft(small: Flask) -> str:
    with small.app_context():
        office = Office(small)
        return drafts.open_draft("改名", actor=office.actor("owner1"), now=office.now)


def browser_of(app: Flask, username: str) -> Browser:
    browser = Browser(app.test_client())
    browser.sign_in(f"beishan.{username}", PASSWORD)
    return browser


def kept_by(app: Flask) -> list[str]:
    """Every row of the database, and every file beside it that is not the keeper's own."""
    folder = Path(app.config["WENZE_DATA"])
    with closing(sqlite3.connect(folder / "wenze.db")) as database:
        rows = [line for line in database.iterdump() if not SEEN.match(line)]
    files = (p for p in folder.rglob("*") if p.is_file() and "tryouts" not in p.parts and ".db-" not in p.name)
    played = (p for p in (folder / "tryouts" / "plays").rglob("*")) if (folder / "tryouts").exists() else ()
    return rows + sorted(map(str, (*files, *played)))


def play_in(page: Seen) -> str:
    """The address of the play whose page this is."""
    forms = (attributes.get("action", "") for tag, attributes in page.tags if tag == "form")
    return next(address.rpartition("/")[0] for address in forms if address.endswith("/reset"))


def step_in(page: Seen) -> str:
    """Where the form of the open step is sent."""
    return next(attributes["action"] for tag, attributes in page.tags if attributes.get("id") == "task-form")


def test_a_play_over_its_pages_leaves_the_database_and_the_folder_as_they_were(small: Flask, draft: str) -> None:
    owner = browser_of(small, "owner1")
    owner.get(f"/studio/drafts/{draft}/try")
    before = kept_by(small)

    page = owner.post(f"/studio/drafts/{draft}/try", {"begins": "2026-03-02"})
    play = play_in(page)
    reporter = "beishan.organ.reporter.zjj"
    page = owner.post(f"{play}/open", {"what": "case", "by": reporter})
    refused = owner.post(step_in(page), {"as": reporter, "data": "{}"}, status=422)
    done = owner.post(step_in(page), {"as": reporter, "data": '{"matter": "违法拆除", "waits": "yes"}', "of": "A"})
    later = owner.post(f"{play}/clock", {"move": "week", "of": "A"})
    back = owner.post(f"{play}/back", {"of": "A"})
    unsaved = owner.post(f"{play}/scenario", {"title": "", "name": "x", "of": "A"}, status=422)
    drawn = owner.client.get(f"{play}/diagram.json?of=A")
    owner.post(f"{play}/end")

    assert "有 1 处需要修改" in refused.text
    assert "T_check" in done.text
    assert "T_urge" in later.text
    assert "T_urge" not in back.text.partition("等待")[0]
    assert "请写一句话" in unsaved.text
    assert drawn.status_code == 200
    assert kept_by(small) == before


def test_nobody_but_the_owner_who_plays_sees_a_play(small: Flask, draft: str) -> None:
    owner, other, officer = (browser_of(small, name) for name in ("owner1", "owner2", "officer1"))
    play = play_in(owner.post(f"/studio/drafts/{draft}/try", {"begins": "2026-03-02"}))

    other.get(play, status=404)
    officer.get(play, status=403)
    officer.get(f"/studio/drafts/{draft}/try", status=403)
    officer.get(f"/studio/drafts/{draft}/scenarios", status=403)
    owner.get("/studio/tryouts/none", status=404)
    owner.post(f"{play}/end")
    owner.get(play, status=404)


def test_wrong_days_and_unknown_scenarios_are_refused_in_words(small: Flask, draft: str) -> None:
    owner = browser_of(small, "owner1")

    wrong = owner.post(f"/studio/drafts/{draft}/try", {"begins": "gestern"}, status=409)
    unknown = owner.post(
        f"/studio/drafts/{draft}/try", {"begins": "2026-03-02", "continues": "../../etc/x"}, status=404
    )

    assert "请填写日期" in wrong.text
    assert "找不到" in unknown.text


def test_scenarios_of_a_draft_wait_for_the_worker_and_can_be_stopped(small: Flask, draft: str) -> None:
    owner = browser_of(small, "owner1")
    with small.app_context():
        office = Office(small)
        content = "title: 登记\nshows: [S-1]\ncounty: beishan\nbegins: 2026-03-02\nacts:\n- {look: A}\n".encode()
        drafts.save_file(draft, "scenarios/small/a.yml", content, base=0, actor=office.actor("owner1"), now=office.now)

    empty = owner.get(f"/studio/drafts/{draft}/scenarios")
    page = owner.post(f"/studio/drafts/{draft}/scenarios", {"wanted": "CHANGED"})
    twice = owner.post(f"/studio/drafts/{draft}/scenarios", {"wanted": "ALL"})
    stop = next(a["action"] for tag, a in page.tags if tag == "form" and a.get("action", "").endswith("/stop"))
    stopped = owner.post(stop)

    assert "还没有运行过" in empty.text
    assert "等候" in page.text
    assert "情景正在运行" in twice.text
    assert "已停止" in stopped.text
