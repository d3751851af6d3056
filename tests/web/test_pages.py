"""Every page says what it should, in every state."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask

from app.extensions import db
from app.storage.models import IncidentRow, TimerRow
from tests.statements import statements_of
from tests.web.pages import Browser
from tests.web.world import World, add_tasks

SignIn = Callable[[str], Browser]


def test_the_inbox_counts_each_box_exactly(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.reporter").get("/inbox/todo")

    side = re.sub(r"\s+", "", page.text)
    assert "待办1" in side
    assert "待阅1" in side
    assert "待领1" in side
    assert "已办1" in side
    assert "我发起1" in side


@pytest.mark.parametrize("box", ["todo", "pool", "notices", "done", "mine"])
def test_every_box_shows_its_rows_and_its_empty_state(signed_in: SignIn, world: World, box: str) -> None:
    full = signed_in("north.reporter").get(f"/inbox/{box}")
    empty = signed_in("south.reporter").get(f"/inbox/{box}")

    assert world.case_number in full.text
    assert world.case_number not in empty.text
    assert "没有" in empty.text


def test_an_unknown_box_is_not_found(signed_in: SignIn) -> None:
    signed_in("north.reporter").get("/inbox/nothing", status=404)


def test_an_incident_is_told_with_its_values(app: Flask, signed_in: SignIn, world: World) -> None:
    with app.app_context():
        said = {"sentence": "服务操作“%(operation)s”执行失败。", "values": {"operation": "case/docket"}}
        place = {"proceeding_id": world.case_id, "process_key": "docketing", "step_id": "S_docket", "name": "立案编号"}
        db.session.add(IncidentRow(engine_task_id="x", detail="", since=datetime.now(UTC), **place, **said))
        db.session.commit()

    assert "服务操作“case/docket”执行失败。" in signed_in("north.officer").get(f"/cases/{world.case_id}").text


def test_filters_in_the_address_narrow_the_list(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.reporter")

    assert world.case_number in browser.get("/inbox/todo?lamp=SOON").text
    assert "没有符合条件的事项" in browser.get("/inbox/todo?lamp=OVERDUE").text
    assert world.case_number in browser.get("/inbox/todo?q=0021").text
    assert "没有符合条件的事项" in browser.get("/inbox/todo?q=%25").text
    assert "没有符合条件的事项" in browser.get("/inbox/todo?step=x&organ=y").text
    assert world.case_number in browser.get("/inbox/todo?page=abc&lamp=&order=").text


def test_a_long_box_is_paged(app: Flask, signed_in: SignIn, world: World) -> None:
    with app.app_context():
        add_tasks(130)
    browser = signed_in("north.reporter")

    first, last = browser.get("/inbox/todo"), browser.get("/inbox/todo?page=3")
    task = browser.get(f"/tasks/{world.tasks['T_draft']}")

    assert "共 131 件" in first.text
    assert "第 1–50 件" in first.text
    assert "第 101–131 件" in last.text
    assert "查看全部 131 件" in task.text


def test_the_inbox_needs_few_statements(app: Flask, signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.reporter")
    browser.get("/inbox/todo")
    with app.app_context(), statements_of(db.engine) as statements:
        browser.client.get("/inbox/todo")

    assert len(statements) <= 7, statements


def test_the_task_page_has_the_form_the_law_the_deadline_the_papers_and_the_story(
    signed_in: SignIn, world: World
) -> None:
    page = signed_in("north.reporter").get(f"/tasks/{world.tasks['T_draft']}")

    assert page.headings == ["撰写败诉案件分析报告"]
    for words in (
        "依据",
        "时限",
        "材料",
        "办理记录",
        "二审行政判决书.pdf",
        "我们的理解",
        "临期",
        "届满",
        "登记法律文书",
    ):
        assert words in page.text
    ids = {attrs.get("id") for _, attrs in page.tags}
    assert {"task-form", "form-schema", "form-data", "form-options", "form-errors"} <= ids


def test_a_pooled_task_asks_for_its_receipt_first(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.reporter").get(f"/tasks/{world.tasks['T_supplement']}")

    assert "签收，由我办理" in page.text
    form = next(attrs for tag, attrs in page.tags if attrs.get("id") == "task-form")
    assert form["data-readonly"] == "true"


def test_a_completed_task_is_shown_read_only(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.reporter").get(f"/tasks/{world.tasks['T_register']}")

    assert world.submission_text in page.text
    assert not any(attrs.get("id") == "task-form" for _, attrs in page.tags)


def test_the_register_finds_cases_by_number_title_and_organ(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.officer")

    for words in ("0021", "听证", "住房"):
        assert world.case_number in browser.get(f"/cases?q={words}").text
    assert "没有符合条件的案件" in browser.get("/cases?q=zzz").text


def test_only_a_reporter_is_offered_a_new_case(signed_in: SignIn, world: World) -> None:
    assert "新建案件" in signed_in("north.reporter").get("/cases").text
    assert "新建案件" not in signed_in("north.officer").get("/cases").text


def test_the_case_page_tells_where_the_case_stands_and_its_story(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.officer").get(f"/cases/{world.case_id}")

    assert page.headings == ["作出较大数额没收前未告知听证，处罚决定被撤销"]
    for words in (
        "流程图",
        "办理记录",
        "当前环节",
        "参与人",
        "文书与材料",
        "联席会议",
        "进行中",
        world.submission_text,
    ):
        assert words in page.text


def test_a_case_answers_to_its_number_too(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.officer").get(f"/cases/{world.case_number}")

    assert world.case_number in page.text


def test_the_meetings_page_shows_the_pool_to_the_office_and_the_button_to_the_director(
    signed_in: SignIn, world: World
) -> None:
    director, member = signed_in("north.director").get("/meetings"), signed_in("north.signatory_czj").get("/meetings")

    assert "发起会议" in director.text
    assert "待议池" in director.text
    assert world.case_number in director.text
    assert "发起会议" not in member.text
    assert "待议池" not in member.text


def test_the_meeting_page_shows_agenda_pack_replies_and_countersign_sheet(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.officer").get(f"/meetings/{world.meeting_id}")

    for words in ("议程与决议", "会签单", "会议资料送达", "未收到", "迟延", "征求时间议题意见", "程序违法清楚"):
        assert words in page.text


def test_a_notice_is_read_once(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.reporter")

    browser.post(f"/notices/{world.notice_id}/read", {"stay": "1"})

    assert "没有未读通知" in browser.get("/inbox/notices").text
    assert world.case_number in browser.get("/inbox/notices?read=1").text


def test_the_diagram_carries_the_released_drawing_and_the_open_steps(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.officer")

    data = browser.client.get(f"/proceedings/{world.case_id}/diagram.json").get_json()
    page = browser.get(f"/proceedings/{world.case_id}/diagram")

    assert page.headings == ["流程图"]
    assert data["main"] in data["diagrams"]
    assert "<" in data["diagrams"][data["main"]]["xml"]
    assert "T_check" in data["diagrams"]["filing"]["current"]


def test_the_story_of_a_meeting_tells_for_which_item_a_member_signed(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.officer").get(f"/meetings/{world.meeting_id}")

    assert "会签 第1项 郑华 县司法局" in " ".join(page.text.split())


def test_what_waits_without_a_person_is_told_beside_the_open_steps(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.officer").get(f"/cases/{world.case_id}")

    text = " ".join(page.text.split())
    assert "当前环节6 项" in text, "five steps of people and the wait"
    assert re.search(r"待议池：等待会议决定 等待中 自\d\d-\d\d，不需人员办理", text)


def test_an_instant_that_is_waited_for_is_told_with_its_time(app: Flask, signed_in: SignIn, world: World) -> None:
    with app.app_context():
        due = datetime(2027, 3, 1, 1, tzinfo=UTC)
        row = {"engine_task_id": "t", "proceeding_id": world.case_id, "step_id": "W_effect", "due_at": due}
        db.session.add(TimerRow(**row))
        db.session.commit()

    page = signed_in("north.officer").get(f"/cases/{world.case_id}")

    assert "预计生效之日 等待中 至2027-03-01 09:00，不需人员办理" in " ".join(page.text.split())


def test_a_call_through_which_the_next_step_is_reached_is_marked_as_next_too(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.officer")

    diagrams = browser.client.get(f"/proceedings/{world.case_id}/diagram.json").get_json()["diagrams"]

    assert "T_team" in diagrams["investigation-team"]["next"]
    assert "C_team" in diagrams["investigation"]["next"]
    assert "C_invest" in diagrams["enforcement"]["next"]


def test_the_machines_get_their_answers(app: Flask, world: World) -> None:
    client = app.test_client()

    assert client.get("/healthz").get_json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.get_json()["checks"]["database"] is True
    assert ready.get_json()["checks"]["worker"] is False
    assert b"wenze_open_tasks" in client.get("/metrics").data
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code == 404


def test_an_administrator_sees_empty_lists_and_no_error(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.administrator")

    for address in ("/inbox/todo", "/inbox/pool", "/inbox/mine", "/cases", "/meetings"):
        assert world.case_number not in browser.get(address).text
