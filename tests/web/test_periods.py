"""The pages 工作日历 and 期限处理: who sees what, what an import shows before it is done, and what a refusal says."""

from collections.abc import Callable
from datetime import date

from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.queries.act_dates import warnings_on
from app.storage.models import CalendarNotice
from tests.web.pages import Browser
from tests.web.world import World

SignIn = Callable[[str], Browser]


def test_everybody_reads_the_calendar_and_only_rule_administrators_see_the_import(signed_in: SignIn) -> None:
    page = signed_in("north.officer").get("/calendar?year=2026")

    assert page.headings[0] == "工作日历"
    assert "2026-10-01" in page.text
    assert "国庆节" in page.text
    assert "导入放假安排" not in page.text


def test_who_may_not_import_is_refused_and_nothing_is_stored(app: Flask, signed_in: SignIn) -> None:
    browser = signed_in("north.officer")

    for address in ("/calendar/preview", "/calendar/import"):
        browser.post(address, {"text": "2027-01-01 休 元旦", "source": "通知"}, status=403)

    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CalendarNotice)) == 0


def test_the_page_of_a_case_says_how_each_deadline_was_counted(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.officer").get(f"/cases/{world.case_id}/periods")

    assert page.headings[0] == "期限处理"
    assert "中止与恢复" in page.text


def test_a_case_of_another_county_has_no_such_page(signed_in: SignIn, world: World) -> None:
    signed_in("south.officer").get(f"/cases/{world.case_id}/periods", status=404)


def test_an_old_act_and_one_before_the_rule_are_pointed_out_and_a_switch_turns_the_age_off() -> None:
    def warned(act: str | None, **switches: str) -> list[str]:
        day = date.fromisoformat(act) if act else None
        given = {"limitationWarn": "P2Y", **switches}
        begun, opened = date(2017, 10, 11), date(2026, 3, 2)
        return [str(w) for w in warnings_on(day, opened_on=opened, in_force_from=begun, switches=given)]

    assert warned(None) == warned("2024-03-03") == []
    assert "已满2年" in warned("2024-03-02")[0]
    assert warned("2024-03-02", limitationWarn="NONE") == []
    assert ["已满9年" in sentence or "早于文本施行之日" in sentence for sentence in warned("2016-12-01")] == [
        True,
        True,
    ]
