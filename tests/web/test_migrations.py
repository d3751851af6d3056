"""The page on which a process owner moves running cases to another release."""

import re
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.storage.models import Proceeding, RoleAssignment
from tests.services import procedure
from tests.services.conftest import PASSWORD, Office
from tests.services.test_migrations import confirmed, impatient, publish
from tests.web.pages import Browser

ADDRESS = "/processes/small/migration"


def two_cases(app: Flask, tmp_path: Path, diagram: bytes) -> list[str]:
    """Numbers of two running cases; a newer release exists, and the director is a process owner too."""
    with app.app_context():
        office = Office(app)
        office.now = datetime.now(UTC)
        cases = [office.open_case() for _ in range(2)]
        role = RoleAssignment(person_id=office.actor("director").person_id, role="owner", organ_id="beishan.office")
        db.session.add(role)
        db.session.commit()
        publish(tmp_path, diagram)
        return list(db.session.scalars(select(Proceeding.number).where(Proceeding.id.in_(cases))))


def browser_of(app: Flask, username: str) -> Browser:
    browser = Browser(app.test_client())
    browser.sign_in(username, PASSWORD)
    return browser


def field(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found is not None
    return found[1]


def test_the_owner_sees_what_would_happen_moves_the_chosen_and_takes_one_back(small: Flask, tmp_path: Path) -> None:
    first, second = two_cases(small, tmp_path, confirmed(procedure.small()))
    owner = browser_of(small, "beishan.director")

    page = owner.get(ADDRESS)
    html = owner.client.get(ADDRESS).get_data(as_text=True)
    ids = re.findall(r'name="proceeding" value="(\w+)"', html)
    form = {"to": field(html, "to"), "map": "", "key": field(html, "key")}
    unchosen = owner.post(ADDRESS, {**form, "reason": "改正"}, status=422)
    unreasoned = owner.post(ADDRESS, {**form, "proceeding": ids[0]}, status=422)
    moved = owner.post(ADDRESS, {**form, "proceeding": ids[0], "reason": "期限写错"})
    back = owner.post(f"{ADDRESS}/{ids[0]}/undo", {"reason": "先不换", "key": "another"})

    assert first in page.text
    assert second in page.text
    assert page.text.count("可以换版") == 2
    assert "请选择要换版的件" in unchosen.text
    assert "请填写换版的理由" in unreasoned.text
    assert "已换版1件，未换0件" in moved.text
    assert "期限写错" in moved.text
    assert "已恢复到第1版" in back.text
    assert "已撤销" in back.text


def test_what_stands_against_it_is_said_and_cannot_be_chosen(small: Flask, tmp_path: Path) -> None:
    two_cases(small, tmp_path, impatient(procedure.small()))
    owner = browser_of(small, "beishan.director")

    page = owner.get(ADDRESS)
    wrong = owner.get(f"{ADDRESS}?map=nonsense")

    assert "边界事件" in page.text
    boxes = [attributes for tag, attributes in page.tags if attributes.get("name") == "proceeding"]
    assert len(boxes) == 2
    assert all("disabled" in attributes for attributes in boxes)
    assert "应写作“旧环节=新环节”" in wrong.text


def test_nobody_else_comes_in(small: Flask, tmp_path: Path) -> None:
    two_cases(small, tmp_path, confirmed(procedure.small()))

    for address in (ADDRESS, "/processes/migration"):
        browser_of(small, "beishan.officer1").get(address, status=403)
    assert "换版" in browser_of(small, "beishan.director").get("/processes/migration").text
