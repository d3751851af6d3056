"""通知设置, the bell, notices that lead to their matter, and the calendar feed."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import icalendar
import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.services.notifying import outlets
from app.storage.models import Account, Delivery, JournalLine, Notice, NotificationSettings, Task
from tests.web.pages import Browser
from tests.web.world import World

SignIn = Callable[[str], Browser]


@pytest.fixture
def ways(app: Flask) -> Iterator[None]:
    """Mail, one robot, and webhooks on one host; nothing is sent by the web server."""
    opened(
        smtp="smtp://127.0.0.1:9", robots={"wecom": ""}, webhook_hosts=("hooks.north.test",), domains=("north.test",)
    )
    yield
    opened()


def opened(**ways: Any) -> None:
    closed: dict[str, Any] = {"smtp": None, "domains": (), "robots": {}, "webhook_hosts": ()}
    outlets.configure(url="https://wenze.test", sender="wenze@north.test", **(closed | ways))


def given(**fields: Any) -> dict[str, Any]:
    return {"key": uuid4().hex, "topic": ["STEP", "URGED"], **fields}


def kept(app: Flask) -> NotificationSettings | None:
    with app.app_context():
        return db.session.scalars(select(NotificationSettings)).one_or_none()


def test_without_a_way_out_the_page_says_who_can_open_one(signed_in: SignIn) -> None:
    page = signed_in("north.reporter").get("/me/settings")

    assert "还没有开通站外通知" in page.text
    assert "日历订阅" in page.text


@pytest.mark.usefixtures("ways")
def test_what_a_person_chooses_is_kept_and_shown_and_the_journal_names_the_changed_ways(
    app: Flask, signed_in: SignIn
) -> None:
    browser = signed_in("north.reporter")

    page = browser.post(
        "/me/settings",
        given(
            **{"address-EMAIL": "a@north.test", "quiet_since": "22:00", "quiet_until": "07:00", "digest_at": "08:30"}
        ),
    )

    row = kept(app)
    assert row is not None
    assert (row.addresses, row.quiet_since, row.digest_at) == ({"EMAIL": "a@north.test"}, "22:00", "08:30")
    assert "OVERDUE" in row.muted
    assert "STEP" not in row.muted
    assert "通知设置已保存" in page.text
    with app.app_context():
        lines = db.session.scalars(select(JournalLine.object).where(JournalLine.scope == "notifications")).all()
    assert lines == ["EMAIL"]


@pytest.mark.usefixtures("ways")
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"address-EMAIL": "a@elsewhere.test"}, "只能使用以下域名的邮箱：north.test。"),
        ({"address-EMAIL": "a b@north.test"}, "邮箱地址的格式不正确"),
        ({"address-WECOM": "https://qyapi.weixin.qq.com/?key=1"}, "不要填整个网址"),
        ({"address-WEBHOOK": "http://127.0.0.1:8000/"}, "只能在以下主机上：hooks.north.test。"),
        ({"address-WEBHOOK": "file:///etc/passwd"}, "应当是 https:// 开头的网址"),
        ({"address-WEBHOOK": "https://a:b@hooks.north.test/"}, "应当是 https:// 开头的网址"),
        ({"quiet_since": "22:00"}, "同时填写开始和结束"),
        ({"digest_at": "9点"}, "08:30"),
    ],
)
def test_what_is_wrong_is_said_nothing_is_kept_and_what_was_typed_stays(
    app: Flask, signed_in: SignIn, fields: dict[str, str], sentence: str
) -> None:
    browser = signed_in("north.reporter")

    page = browser.post("/me/settings", given(**fields), status=422)

    assert sentence in page.text
    typed = {tag.get("value") for name, tag in page.tags if name == "input"}
    assert set(fields.values()) <= typed
    assert kept(app) is None


@pytest.mark.usefixtures("ways")
def test_a_test_message_is_planned_once_a_minute_and_shown_with_its_state(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("north.reporter")
    assert "请先填写" in browser.post("/me/settings/test", {"key": uuid4().hex}).text
    browser.post("/me/settings", given(**{"address-EMAIL": "a@north.test"}))

    browser.post("/me/settings/test", {"key": uuid4().hex})
    page = browser.post("/me/settings/test", {"key": uuid4().hex})

    assert "等待发送" in page.text
    with app.app_context():
        planned = db.session.scalars(select(Delivery)).all()
        assert 1 <= len(planned) <= 2  # two, where the minute ended in between
        planned[0].status, planned[0].last_error = "DEAD", "HTTP 410"
        db.session.commit()
    assert "对方没有接受（410）" in browser.get("/me/settings").text
    assert "1条消息将重新发送" in browser.post("/me/deliveries/again", {"key": uuid4().hex}).text


def test_the_bell_counts_what_is_unread_and_all_can_be_marked_read_at_once(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("north.reporter")
    assert bell(browser) == "1条通知未读"

    page = browser.post("/notices/read-all", {"key": uuid4().hex})

    assert "已将1条通知标为已阅" in page.text
    assert bell(browser) == "0条通知未读"


def bell(browser: Browser) -> str:
    page = browser.get("/cases")
    return next(tag["aria-label"] for name, tag in page.tags if name == "a" and tag.get("class") == "bell")


def test_a_notice_to_a_person_leads_to_its_step_and_says_there_who_said_what(
    app: Flask, signed_in: SignIn, world: World
) -> None:
    with app.app_context():
        holder = db.session.get_one(Account, "north.reporter").person_id
        task = db.session.scalars(select(Task).where(Task.assignee_id == holder, Task.status == "OPEN")).first()
        assert task is not None
        notice = Notice(id="n1", county_id=task.county_id, proceeding_id=task.proceeding_id, role="", person_id=holder)
        notice.task_id, notice.kind, notice.text, notice.by_person = task.id, "URGED", "请在周五前办理", holder
        notice.created_at = datetime.now(UTC)
        db.session.add(notice)
        db.session.commit()
        task_id = task.id

    answer = signed_in("north.reporter").client.get("/notices/n1")
    assert answer.location == f"/tasks/{task_id}?notice=n1"
    page = signed_in("north.reporter").get("/notices/n1")
    assert "催办" in page.text
    assert "请在周五前办理" in page.text
    signed_in("south.reporter").get("/notices/n1", status=404)


def test_the_calendar_feed_shows_the_last_days_of_what_one_holds_until_it_is_revoked(
    app: Flask, signed_in: SignIn
) -> None:
    browser = signed_in("north.reporter")
    page = browser.post("/me/feed", {"key": uuid4().hex})
    address = next(tag["value"] for name, tag in page.tags if tag.get("id") == "feed-address")
    path = "/calendar" + address.partition("/calendar")[2]
    stranger = app.test_client()

    answer = stranger.get(path)
    again = stranger.get(path, headers={"If-None-Match": answer.headers["ETag"]})

    assert answer.content_type == "text/calendar; charset=utf-8"
    (event,) = icalendar.Calendar.from_ical(answer.data).walk("VEVENT")
    with app.app_context():
        task = db.session.scalars(select(Task).where(Task.id == str(event["uid"]).partition("@")[0])).one()
        assert task.due_at is not None
        assert event.decoded("dtstart") == (task.due_at + timedelta(hours=8)).date()
        assert task.name in event["summary"]
    assert event.walk("VALARM")
    assert again.status_code == 304
    assert path not in browser.client.get("/me/settings").get_data(as_text=True)

    newer = browser.post("/me/feed", {"key": uuid4().hex})
    assert stranger.get(path).status_code == 404
    second = next(tag["value"] for name, tag in newer.tags if tag.get("id") == "feed-address")
    browser.post("/me/feed/revoke", {"key": uuid4().hex})
    assert stranger.get("/calendar" + second.partition("/calendar")[2]).status_code == 404
    assert re.fullmatch(r"https?://[^/]+/calendar/[\w-]{43}\.ics", second)


def test_a_page_of_a_problem_asks_the_database_for_no_bell(
    app: Flask, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in("north.reporter")

    def broken(_: object) -> int:
        raise AssertionError("asked")

    monkeypatch.setattr("app.queries.notices.unread_count", broken)

    browser.get("/no-such-page", status=404)
