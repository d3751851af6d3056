"""A case under a regulation that is not in force: refused, or opened with a reason that stays on the case."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.expiry import ExpiryPolicy, may_open
from app.extensions import db
from app.storage import models as m
from app.storage.releases import forget
from tests.web.counties import process_keys
from tests.web.pages import Browser
from tests.web.world import World

SignIn = Callable[[str], Browser]
LAST = date(2021, 4, 30)
DAY_BEFORE, DAY_AFTER = date(2021, 4, 29), date(2021, 5, 1)


@pytest.fixture
def expired(app: Flask, world: World) -> Iterator[World]:
    """The small world's regulation with an end in the past: its register is the one of its release."""
    with app.app_context():
        files = db.session.scalars(select(m.DefinitionFile).where(m.DefinitionFile.name.like("%.law.yml"))).all()
        for file in files:
            text = file.content.decode().replace("in_force_to: null", f"in_force_to: {LAST}", 1)
            file.content = re.sub(r"(expiryPolicy:.*?default: )\w+", r"\1BLOCK", text).encode()
        db.session.commit()
        forget()  # files of a release are kept for the life of a process: they never change otherwise
    yield world
    forget()


def opened_cases(app: Flask) -> list[m.Proceeding]:
    with app.app_context():
        query = select(m.Proceeding).where(m.Proceeding.process_key == process_keys()["CASE"])
        return list(db.session.scalars(query))


def fetched(browser: Browser, address: str) -> tuple[int, bytes]:
    with browser.client.get(address) as answer:
        return answer.status_code, answer.data


def test_the_register_shows_the_legal_status_beside_the_opening(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.reporter").get("/cases")

    assert "试行" in page.text
    assert "没有规定终止日期" in page.text


def test_the_case_and_task_pages_show_the_legal_status(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.reporter")

    for address in (f"/cases/{world.case_id}", f"/tasks/{world.tasks['T_draft']}"):
        page = browser.get(address)
        assert "条提示" in page.text
        assert any(attrs.get("class") == "legal" for tag, attrs in page.tags if tag == "details")


@pytest.mark.parametrize(("day", "has_expired"), [(DAY_BEFORE, False), (LAST, False), (DAY_AFTER, True)])
def test_the_tag_of_legal_status_follows_the_clock(
    signed_in: SignIn, expired: World, monkeypatch: pytest.MonkeyPatch, day: date, has_expired: bool
) -> None:
    browser = signed_in("north.reporter")
    monkeypatch.setattr("app.web.clock.now", lambda: datetime(day.year, day.month, day.day, 4, tzinfo=UTC))

    page = browser.get(f"/cases/{expired.case_id}")

    assert ("已到期" in page.text) is has_expired


def test_a_case_under_an_expired_regulation_asks_for_a_reason(app: Flask, signed_in: SignIn, expired: World) -> None:
    browser = signed_in("north.reporter")
    before = len(opened_cases(app))

    page = browser.post("/cases", {"key": "k1", "regulation": "north-2020"})
    again = browser.post("/cases", {"key": "k2", "regulation": "north-2020", "explained": "1"}, status=422)

    assert "请写明理由" in page.text
    assert "登记理由" in page.text
    assert "请写明理由" in again.text
    assert len(opened_cases(app)) == before


def test_a_reason_and_a_memo_open_the_case_and_stay_on_it(app: Flask, signed_in: SignIn, expired: World) -> None:
    browser = signed_in("north.reporter")
    form = {
        "key": "k3",
        "regulation": "north-2020",
        "explained": "1",
        "override_reason": "判决在有效期内生效",
        "csrf_token": browser.token(),
        "memo": (BytesIO(b"%PDF-1.4 memo"), "法律意见.pdf"),
    }

    answer = browser.client.post("/cases", data=form, content_type="multipart/form-data")
    task = browser.get(answer.headers["Location"])

    assert "判决在有效期内生效" in task.text
    number = next(row.id for row in opened_cases(app) if row.id != expired.case_id)
    case = browser.get(f"/cases/{number}")
    assert "判决在有效期内生效" in case.text
    assert "法律意见.pdf" in case.text
    paper = next(attrs["href"] for tag, attrs in case.tags if tag == "a" and "/attachments/" in attrs.get("href", ""))
    assert fetched(browser, paper) == (200, b"%PDF-1.4 memo")
    assert fetched(signed_in("north.officer"), paper)[0] == 200
    assert fetched(signed_in("south.reporter"), paper)[0] == 404


def test_a_memo_that_is_no_paper_is_refused_at_its_field(app: Flask, signed_in: SignIn, expired: World) -> None:
    browser = signed_in("north.reporter")
    form = {
        "key": "k4",
        "regulation": "north-2020",
        "explained": "1",
        "override_reason": "判决在有效期内生效",
        "csrf_token": browser.token(),
        "memo": (BytesIO(b"#!/bin/sh"), "memo.sh"),
    }

    answer = browser.client.post("/cases", data=form, content_type="multipart/form-data")

    assert answer.status_code == 422
    assert "判决在有效期内生效" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("policy", "effective_on", "opens"),
    [
        (ExpiryPolicy.BLOCK, None, False),
        (ExpiryPolicy.BLOCK, DAY_BEFORE, False),
        (ExpiryPolicy.WARN, DAY_AFTER, True),
        (ExpiryPolicy.ALLOW_PENDING, None, True),
        (ExpiryPolicy.ALLOW_PENDING, LAST, True),
        (ExpiryPolicy.ALLOW_PENDING, DAY_AFTER, False),
    ],
)
def test_the_policy_says_whether_a_case_opens_without_a_reason(
    policy: ExpiryPolicy, effective_on: date | None, opens: bool
) -> None:
    assert may_open(policy, in_force_to=LAST, effective_on=effective_on) is opens


@pytest.mark.parametrize("stated", [None, "", "SOMETHING", 1])
def test_an_unknown_policy_is_the_strictest(stated: object) -> None:
    assert ExpiryPolicy.of({"expiryPolicy": stated}) is ExpiryPolicy.BLOCK
