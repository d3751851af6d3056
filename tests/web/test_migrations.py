"""The page on which a process owner moves running cases to another release."""

import re
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.services import clockwork
from app.storage.models import Proceeding, RoleAssignment
from tests.services import procedure
from tests.services.conftest import Office
from tests.services.other_versions import confirmed, impatient, publish
from tests.web.pages import browser_of

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


def tick(app: Flask) -> None:
    """What the worker does."""
    with app.app_context():
        clockwork.tick(datetime.now(UTC))


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
    ordered = owner.post(ADDRESS, {**form, "proceeding": ids[0], "reason": "期限写错"})
    tick(small)
    moved = owner.get(ADDRESS)
    back = owner.post(f"{ADDRESS}/{ids[0]}/undo", {"reason": "先不换", "key": "another"})

    assert first in page.text
    assert second in page.text
    assert page.text.count("可以换版") == 2
    assert "请选择要换版的件" in unchosen.text
    assert "请填写换版的理由" in unreasoned.text
    assert "正在办理 0 / 1" in ordered.text
    assert "已办 1 件" in moved.text
    assert "期限写错" in moved.text
    assert "已恢复到第1版" in back.text
    assert "已换回" in back.text


def test_all_of_them_go_in_one_run_whose_page_tells_each_and_come_back_as_one(small: Flask, tmp_path: Path) -> None:
    numbers = two_cases(small, tmp_path, confirmed(procedure.small()))
    owner = browser_of(small, "beishan.director")
    html = owner.client.get(ADDRESS).get_data(as_text=True)
    form = {"to": field(html, "to"), "map": "", "key": field(html, "key"), "all": "1", "reason": "期限写错"}

    ordered = owner.client.post(ADDRESS, data={**form, "csrf_token": owner.token()})
    address = ordered.headers["Location"]
    twice = owner.post(ADDRESS, form)
    waiting = owner.get(address)
    tick(small)
    done = owner.get(address)
    back = owner.post(f"{address}/undo", {"reason": "先不换", "key": "back"})
    tick(small)
    page = owner.get(ADDRESS)
    again = owner.post(f"{address}/undo", {"reason": "再试", "key": "again"})

    assert "正在办理 0 / 2" in waiting.text
    assert "此前已提交成功" in twice.text
    assert all(number in done.text for number in numbers)
    assert "已办 2 件" in done.text
    assert "撤销换版" in back.text
    assert page.text.count("可以换版") == 2
    assert page.text.count("已办 2 件") == 2
    assert "没有可以撤销" in again.text


def test_one_that_moved_on_is_told_with_its_reason_and_holds_up_nobody(small: Flask, tmp_path: Path) -> None:
    first, second = two_cases(small, tmp_path, confirmed(procedure.small()))
    owner = browser_of(small, "beishan.director")
    html = owner.client.get(ADDRESS).get_data(as_text=True)
    form = {"to": field(html, "to"), "map": "", "key": field(html, "key"), "all": "1", "reason": "期限写错"}

    owner.post(ADDRESS, form)
    with small.app_context():
        suspended = db.session.scalars(select(Proceeding).where(Proceeding.number == first)).one()
        suspended.suspended_at = datetime.now(UTC)
        db.session.commit()
    tick(small)
    page = owner.get(ADDRESS)

    assert "未办 1 件" in page.text
    assert "已办 1 件" in page.text
    assert second in page.text


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


def test_a_misspelt_pair_of_steps_is_named_at_its_field_with_the_nearest_one(small: Flask, tmp_path: Path) -> None:
    two_cases(small, tmp_path, confirmed(procedure.small()))
    owner = browser_of(small, "beishan.director")
    html = owner.client.get(ADDRESS).get_data(as_text=True)
    form = {"to": field(html, "to"), "key": field(html, "key"), "all": "1", "reason": "期限写错"}

    tried = owner.get(f"{ADDRESS}?map=T_chek%3DT_check%0AT_check%3DT_chekc")
    refused = owner.post(ADDRESS, {**form, "map": "T_check=Nobody"}, status=422)
    meant = owner.get(f"{ADDRESS}?map=T_check%3DT_check")

    assert "办理中的版本没有环节“T_chek”；是否为“T_check”？" in tried.text
    assert "第2版没有环节“T_chekc”；是否为“T_check”？" in tried.text
    assert any(attributes.get("aria-invalid") == "true" for tag, attributes in tried.tags if tag == "textarea")
    assert "第2版没有环节“Nobody”；没有名称相近的。" in refused.text
    assert "T_check=Nobody" in refused.text
    assert "没有环节" not in meant.text


def test_nobody_else_comes_in(small: Flask, tmp_path: Path) -> None:
    two_cases(small, tmp_path, confirmed(procedure.small()))

    for address in (ADDRESS, "/processes/migration"):
        browser_of(small, "beishan.officer1").get(address, status=403)
    assert "换版" in browser_of(small, "beishan.director").get("/processes/migration").text
