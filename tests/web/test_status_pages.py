"""流程状态, 环节清单, 瓶颈, 时间轴, 运维: who may open them, and what they say."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.web.pages import Browser
from tests.web.world import World

SignIn = Callable[[str], Browser]


def main_process(app: Flask, world: World) -> str:
    from app.extensions import db  # noqa: PLC0415  (see tests.conftest)
    from app.storage.models import Proceeding  # noqa: PLC0415

    with app.app_context():
        return db.session.get_one(Proceeding, world.case_id).process_key


@pytest.mark.parametrize(("process", "kind"), [("jinzhai-case", "案件"), ("joint-meeting", "会议")])
def test_a_process_is_listed_with_the_kind_that_the_register_tells(signed_in: SignIn, process: str, kind: str) -> None:
    html = signed_in("north.director").client.get("/processes/status").get_data(as_text=True)

    row = html.partition(f'href="/processes/{process}/status"')[2].partition("</tr>")[0]
    assert f'<td class="muted">{kind}</td>' in row


def test_the_status_of_a_process_lists_its_steps_with_links_to_what_stands_there(
    app: Flask, signed_in: SignIn, world: World
) -> None:
    browser, key = signed_in("north.director"), main_process(app, world)

    listed = browser.get("/processes/status")
    page = browser.get(f"/processes/{key}/status")

    links = [attrs["href"] for tag, attrs in page.tags if tag == "a" and attrs.get("href", "").startswith("/steps?")]
    assert any(attrs.get("href") == f"/processes/{key}/status" for tag, attrs in listed.tags if tag == "a")
    assert links
    for link in links:
        assert "没有停在这里的件" not in browser.get(link).text
    assert "自然日" in page.text


def test_the_table_is_sorted_by_the_column_that_the_address_names(app: Flask, signed_in: SignIn, world: World) -> None:
    key = main_process(app, world)

    page = signed_in("north.director").get(f"/processes/{key}/status?sort=-open&span=ever")

    assert [attrs["aria-sort"] for tag, attrs in page.tags if tag == "th" and "aria-sort" in attrs] == ["descending"]


def test_a_poll_is_answered_with_nothing_while_nothing_changed(app: Flask, signed_in: SignIn, world: World) -> None:
    client, key = signed_in("north.director").client, main_process(app, world)

    first = client.get(f"/processes/{key}/status.json")
    again = client.get(f"/processes/{key}/status.json", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, again.get_data()) == (200, 304, b"")
    assert first.json is not None
    assert first.json["running"] >= 1


def test_a_poll_keeps_no_session_alive() -> None:
    from app.web.permission import ASKED_BY_PAGES  # noqa: PLC0415

    assert "status.figures" in ASKED_BY_PAGES


@pytest.mark.parametrize("address", ["/processes/status", "/steps", "/bottlenecks"])
def test_who_sees_his_own_steps_only_has_no_figures_of_the_county(signed_in: SignIn, address: str) -> None:
    for who in ("north.reporter", "north.signatory_sfj", "north.administrator"):
        signed_in(who).get(address, status=404)


def test_unknown_processes_versions_organs_and_steps_are_told_with_what_there_is(
    app: Flask, signed_in: SignIn, world: World
) -> None:
    browser, key = signed_in("north.director"), main_process(app, world)

    browser.get("/processes/none/status", status=404)
    for asked in ("release", "organ", "sort", "county"):
        told = browser.get(f"/processes/{key}/status?{asked}=none", status=400).text
        assert f"网址中的“{asked}=none”不存在，可以写" in told
    for asked in ("main", "release", "process", "step"):
        told = browser.get(f"/steps?{asked}=none", status=400).text
        assert f"网址中的“{asked}=none”不存在，可以写" in told
    assert "没有停在这里的件" in browser.get(f"/steps?main={key}&text=没有这样的事").text


def test_bottlenecks_have_each_ranking_and_a_county_without_cases_has_none(signed_in: SignIn) -> None:
    for ranking in ("late", "wait", "median"):
        signed_in("north.director").get(f"/bottlenecks?by={ranking}")
    assert "没有超期的环节" in signed_in("south.director").get("/bottlenecks").text


def test_the_list_behind_a_persons_load_is_for_who_may_know_it(signed_in: SignIn) -> None:
    signed_in("north.director").get("/steps?person=north.reporter")
    signed_in("north.officer").get("/steps?person=north.reporter", status=404)


def test_the_time_line_says_who_had_each_step_from_when_until_when(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.director").get(f"/cases/{world.case_id}/timeline")

    assert "登记法律文书" in page.text
    assert "何静" in page.text
    assert "办理中" in page.text
    signed_in("south.director").get(f"/cases/{world.case_id}/timeline", status=404)


def test_a_number_that_there_is_not_is_told_where_it_was_typed(signed_in: SignIn) -> None:
    told = signed_in("north.administrator").get("/operations/proceedings?number=没有这样的编号")

    assert "没有编号为“没有这样的编号”的件" in told.text
    signed_in("north.director").get("/operations/proceedings?number=x", status=404)


def test_operations_show_numbers_and_nothing_else_to_technical_administrators_only(
    signed_in: SignIn, world: World
) -> None:
    operator = signed_in("north.administrator")

    page = operator.get("/operations")
    found = operator.get(f"/operations/proceedings?number={world.case_number}")

    assert page.headings == ["运维"]
    assert found.headings == [world.case_number]
    assert "没收" not in found.text  # the title of the case
    for who in ("north.director", "north.rule_admin"):
        signed_in(who).get("/operations", status=404)
        signed_in(who).get(f"/operations/proceedings/{world.case_id}", status=404)


@pytest.mark.parametrize(
    ("days", "said"), [(None, ""), (0.0, "0.0"), (0.01, "<0.1"), (0.05, "0.1"), (0.7, "0.7"), (12.34, "12.3")]
)
def test_a_short_time_is_not_told_as_none(days: float | None, said: str) -> None:
    from app.web.status import days_of  # noqa: PLC0415  (see tests.conftest)

    assert days_of(days) == said
