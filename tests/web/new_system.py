"""A system that was just set up: an empty database, the three administrators, and one more of the first kind."""

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.services import accounts, first_run
from app.storage.models import Account, Person, RoleAssignment
from tests.web.pages import Browser

PASSWORD = "Quite-long-1"
ROLES = ("system.admin", "security.admin", "audit.admin")
SignIn = Callable[[str], Browser]


def set_up_form(code: str, **changes: str) -> dict[str, str]:
    form = {"code": code}
    for role, letter in zip(ROLES, "xyz", strict=True):
        password = f"Own-{letter}-Word-1"
        form |= {f"{role}.name": f"管理{letter}", f"{role}.username": f"admin.{letter}"}
        form |= {f"{role}.password": password, f"{role}.again": password}
    return {**form, **{name.replace("__", "."): value for name, value in changes.items()}}


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> str:
    """An empty database: no small world, nobody in it."""
    file = tmp_path / "wenze.db"
    shutil.copyfile(sqlite_template, file)
    return f"sqlite:///{file}"


@pytest.fixture
def office(app: Flask) -> SignIn:
    """A system just set up, with one more system administrator; signs people in."""
    settle(app)
    return hands(app)


def settle(app: Flask) -> None:
    """Set the system up, in an empty database."""
    with app.app_context():
        code = first_run.draw_code()
        assert code
    Browser(app.test_client()).post("/setup", set_up_form(code))
    with app.app_context():
        now = datetime.now(UTC)
        db.session.add(Person(id="admin.w", name="管理w"))
        db.session.flush()
        db.session.add(RoleAssignment(person_id="admin.w", role="system.admin", organ_id=None))
        hashed = accounts.hash_password("Own-w-Word-1")
        db.session.add(Account(username="admin.w", person_id="admin.w", password_hash=hashed, created_at=now))
        db.session.commit()


def hands(app: Flask) -> SignIn:
    """Signs the administrators in, each by his letter."""

    def sign_in(letter: str) -> Browser:
        browser = Browser(app.test_client())
        browser.enter(f"admin.{letter}", f"Own-{letter}-Word-1")
        return browser

    return sign_in


def shown_password(text: str) -> str:
    found = re.search(r"请当面交给本人）：(\S+)", text)
    assert found, text
    return found[1]


def add_officer(system: Browser) -> str:
    """A county, an organ and a person of it; returns the first password."""
    system.post("/administration/counties", {"county_id": "jia", "county_name": "甲县", "name_en": "Jia"})
    organ = {"organ_county": "jia", "code": "sfj", "organ_name": "甲县司法局", "short_name": "司法局"}
    system.post("/administration/organs", organ)
    person = {"username": "jia.wang", "name": "王大明", "organ_id": "jia.sfj", "position": "科长"}
    return shown_password(system.post("/administration/people", person).text)


def age(app: Flask, table: Any, column: str, by: timedelta) -> None:
    """Let every row of a table have its moment that long ago."""
    with app.app_context():
        for row in db.session.scalars(select(table)):
            setattr(row, column, datetime.now(UTC) - by)
        db.session.commit()
