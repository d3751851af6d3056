"""Rule settings, recusals and series as pages: who may change what, and what a refused form keeps."""

from collections.abc import Callable

from tests.web.pages import Browser
from tests.web.world import World

SignIn = Callable[[str], Browser]


def test_everybody_reads_the_rule_settings_and_only_the_administrator_may_change_them(signed_in: SignIn) -> None:
    reader = signed_in("north.reporter").get("/rules")
    administrator = signed_in("north.rule_admin").get("/rules?change=dayCount")

    assert "期间的计算方式" in reader.text
    assert "保存设置" not in reader.text
    assert "保存设置" in administrator.text


def test_a_refused_setting_keeps_what_was_entered(signed_in: SignIn) -> None:
    browser = signed_in("north.rule_admin")
    regulation = _regulation_of(browser)

    said = {"name": "dayCount", "value": "WORKING", "valid_from": "2001-01-01", "reason": "县里批复"}
    refused = browser.post(f"/rules/{regulation}", said, status=422)

    assert "只能自今日或者以后起生效" in refused.text
    assert "县里批复" in refused.text


def test_a_setting_is_told_with_its_day_and_reason(signed_in: SignIn) -> None:
    browser = signed_in("north.rule_admin")
    regulation = _regulation_of(browser)

    said = {"name": "dayCount", "value": "WORKING", "valid_from": "2099-01-01", "reason": "自明年起按工作日。"}
    told = browser.post(f"/rules/{regulation}", said)

    assert "自明年起按工作日。" in told.text
    assert "尚未生效" in told.text


def test_a_fixed_setting_is_refused_with_its_reason(signed_in: SignIn) -> None:
    browser = signed_in("north.rule_admin")
    regulation = _regulation_of(browser)

    said = {"name": "filingPeriod", "value": "P30D", "valid_from": "2099-01-01", "reason": "想放宽"}
    told = browser.post(f"/rules/{regulation}", said)

    assert "不能改变" in told.text


def test_a_setting_that_does_not_exist_is_a_page_that_is_not_found(signed_in: SignIn) -> None:
    browser = signed_in("north.rule_admin")

    browser.get("/rules/nowhere-2020-1", status=404)
    browser.post(f"/rules/{_regulation_of(browser)}", {"name": "nothing"}, status=404)


def test_a_recusal_is_asked_for_and_decided_on_its_page(signed_in: SignIn, world: World) -> None:
    page = f"/proceedings/{world.case_id}/recusals"
    browser = signed_in("north.director")

    empty = browser.get(page)
    refused = browser.post(page, {"person_id": "", "ground": "OTHER", "reason": "同村邻居"}, status=422)

    assert "没有回避申请" in empty.text
    assert "请选择本县可能办理本案的人员" in refused.text
    assert "同村邻居" in refused.text


def test_the_recusals_of_another_countys_case_are_not_found(signed_in: SignIn, world: World) -> None:
    signed_in("south.director").get(f"/proceedings/{world.case_id}/recusals", status=404)


def test_a_series_page_refuses_a_table_that_it_cannot_read_and_keeps_it(signed_in: SignIn, world: World) -> None:
    page = f"/cases/{world.case_id}/series"
    browser = signed_in("north.reporter")

    empty = browser.get(page)
    refused = browser.post(page, {"pasted": "颜色\n红"}, status=422)

    assert "没有同一系列的其他案件" in empty.text
    assert "颜色" in refused.text


def _regulation_of(browser: Browser) -> str:
    seen = browser.get("/rules?change=dayCount")
    action = next(attrs["action"] for tag, attrs in seen.tags if tag == "form" and "/rules/" in attrs.get("action", ""))
    return action.rsplit("/", 1)[1]


def test_each_sentence_of_a_refused_form_leads_to_its_field(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.officer").post(f"/proceedings/{world.case_id}/recusals", {"reason": "亲属"}, status=422)

    links = [attrs["href"] for tag, attrs in page.tags if tag == "a" and (attrs.get("href") or "").startswith("#f-")]
    assert links == ["#f-person-id", "#f-ground"]
    assert {"f-person-id", "f-ground"} <= {attrs.get("id") for _, attrs in page.tags}
    assert page.title.startswith("错误：")
