"""What leaves the product by mail or in a calendar: a hostile name stays one value of it."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar

from app.queries.settings import DeadlineView
from app.services.notifying.adapters import Message, _letter
from app.web.me import calendar_of
from tests.hostile.texts import TEXTS

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
ODD = (
    "县住建局\r\nBcc: all@example.org",
    "县住建局\nX-A: b\n\n<html>",
    "县住建局\x0bX-A: b",
    "县住建局\x85X-A: b",
    "县住建局\u2028X-A: b",
    "=?utf-8?q?=0d=0aBcc:_x?=",
    "END:VEVENT\r\nEND:VCALENDAR\r\nBEGIN:VCALENDAR",
    "核对\r\nATTACH:file:///etc/passwd",
    '核对;ALTREP="http://127.0.0.1:9/":x',
    *(text for text in TEXTS if len(text) < 2_000 and text != "\ud800"),
)
"""Names of an organ or a step. No database keeps half a character."""
HEADS = {"From", "To", "Subject", "Date", "Message-ID", "X-Wenze-Delivery", "Auto-Submitted", "MIME-Version"}
BODY = {"Content-Type", "Content-Transfer-Encoding"}


def posted(name: str) -> bytes:
    message = Message("d1", f"金败责〔2026〕0001号 {name}", f"机关：{name}", "/tasks/1", NOW, {})
    outlets: Any = SimpleNamespace(sender="wenze@example.org")
    return _letter("a@example.org", message, outlets).as_bytes(policy=policy.SMTP)


@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
def test_no_name_makes_a_head_of_a_mail(name: str) -> None:
    read = message_from_bytes(posted(name), policy=policy.default)

    assert set(read.keys()) == HEADS | BODY
    assert read["To"] == "a@example.org"
    assert read["Subject"].startswith("金败责〔2026〕0001号")
    assert not read.is_multipart()


def test_no_name_makes_an_entry_of_a_calendar(app: Flask) -> None:
    with app.test_request_context():
        for name in ODD:
            view = DeadlineView("t", "金败责〔2026〕0001号", name, name, NOW.date(), NOW)
            (calendar,) = Calendar.from_ical(calendar_of((view,)), multiple=True)

            (event,) = calendar.walk("VEVENT")
            assert set(event) == {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "TRANSP"} - (
                set() if name else {"DESCRIPTION"}
            )
            assert len(event.subcomponents) == 1
