"""What people do on the screens, with the services behind them: open, fill, submit, take, hand on."""

import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.api.conftest import REGISTRATION, people_and_publish
from tests.conftest import application_on
from tests.web.pages import Browser, Seen, read

PASSWORD = "only-For-Tests-1"
SignIn = Callable[[str], Browser]


@pytest.fixture(scope="module")
def small_world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with two counties and one small procedure, made through the services."""
    folder = tmp_path_factory.mktemp("acts")
    file = folder / "wenze.db"
    shutil.copyfile(sqlite_template, file)
    for app in application_on(f"sqlite:///{file}", folder):
        people_and_publish(app)
    return file


@pytest.fixture
def app(small_world: Path, tmp_path: Path) -> Iterator[Flask]:
    file = tmp_path / "wenze.db"
    shutil.copyfile(small_world, file)
    yield from application_on(f"sqlite:///{file}", tmp_path)


@pytest.fixture
def person(app: Flask) -> SignIn:
    def sign_in(name: str) -> Browser:
        browser = Browser(app.test_client())
        browser.sign_in(f"beishan.{name}", PASSWORD)
        return browser

    return sign_in


def action(page: Seen) -> str:
    """Where the task form of the page goes."""
    return next(attrs["action"] for _, attrs in page.tags if attrs.get("id") == "task-form")


def key(page: Seen) -> str:
    """Of the task form where there is one, else of the first form of the page."""
    at = next((place for place, (_, attrs) in enumerate(page.tags) if attrs.get("id") == "task-form"), 0)
    return next(attrs["value"] for tag, attrs in page.tags[at:] if tag == "input" and attrs.get("name") == "key")


def data(answers: dict[str, object]) -> str:
    return json.dumps(answers)


def test_a_reporter_opens_a_case_fills_the_form_and_is_told_what_comes_next(person: SignIn) -> None:
    reporter = person("reporter")

    form = reporter.post("/cases", {"key": "k1"})
    after = reporter.post(action(form), {"key": key(form), "data": data(REGISTRATION)})

    assert "已提交。下一步：" in after.text
    assert REGISTRATION["matter"] in reporter.get("/cases").text
    assert REGISTRATION["matter"] in reporter.get("/inbox/mine").text


def test_refused_answers_come_back_with_a_summary_and_nothing_lost(person: SignIn) -> None:
    reporter = person("reporter")
    form = reporter.post("/cases", {"key": "k1"})
    body = {"csrf_token": reporter.token(), "key": key(form), "data": data({"doc_no": "only this"})}

    response = reporter.client.post(action(form), data=body)
    page = read(response.get_data(as_text=True))

    assert response.status_code == 422
    assert page.title.startswith("错误：")
    assert "需要修改" in page.text
    assert "only this" in response.get_data(as_text=True)
    assert key(page) == key(form)


def test_the_same_form_sent_twice_acts_once(person: SignIn) -> None:
    reporter = person("reporter")
    form = reporter.post("/cases", {"key": "k1"})
    body = {"key": key(form), "data": data(REGISTRATION)}

    reporter.post(action(form), body)
    again = reporter.post(action(form), body)

    assert "此前已提交成功" in again.text


def test_opening_twice_with_one_key_opens_one_case(person: SignIn) -> None:
    reporter = person("reporter")

    first, second = reporter.post("/cases", {"key": "k1"}), reporter.post("/cases", {"key": "k1"})

    assert action(first) == action(second)


def test_a_draft_is_kept_without_validation_and_shown_again(person: SignIn) -> None:
    reporter = person("reporter")
    form = reporter.post("/cases", {"key": "k1"})
    token = reporter.token()

    saved = reporter.client.post(
        f"{action(form)}/draft",
        json={"matter": "写到一半"},
        headers={"X-CSRFToken": token, "Accept": "application/json"},
    )
    raw = reporter.client.get(action(form)).get_data(as_text=True)

    assert re.fullmatch(r"\d\d:\d\d", saved.get_json()["saved_at"])
    assert "\\u5199\\u5230\\u4e00\\u534a" in raw or "写到一半" in raw
    assert "已自动保存" in raw


def test_a_pooled_step_is_taken_given_back_and_handed_on(person: SignIn) -> None:
    reporter, officer = person("reporter"), person("officer")
    form = reporter.post("/cases", {"key": "k1"})
    reporter.post(action(form), {"key": key(form), "data": data(REGISTRATION)})
    pool = officer.get("/inbox/pool")
    address = next(
        attrs["href"] for tag, attrs in pool.tags if tag == "a" and attrs.get("href", "").startswith("/tasks/")
    )

    taken = officer.post(f"{address}/claim")
    other = person("officer2")
    late = other.client.get(address)
    refused = officer.post(f"{address}/release", {"reason": " "})
    given_back = officer.post(f"{address}/release", {"reason": "出差"})

    assert "签收，由我办理" not in taken.text
    assert late.status_code == 200
    assert re.search(r" 已于 \d{4}-\d\d-\d\d \d\d:\d\d 签收，正在办理。", read(late.get_data(as_text=True)).text)
    assert "请填写事由。" in refused.text
    assert "已退回待领。" in given_back.text
    assert REGISTRATION["matter"] in other.get("/inbox/pool").text


def test_only_a_reporter_may_open_a_case_and_is_told_so(person: SignIn) -> None:
    page = person("officer").post("/cases", {"key": "k1"})

    assert "只有涉案机关填报人可以登记案件。" in page.text


def test_a_paper_is_uploaded_and_opened_by_its_uploader_only_as_a_download(person: SignIn) -> None:
    reporter, stranger = person("reporter"), person("officer")
    content = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\ntrailer\n<< >>\n%%EOF\n"

    kept = reporter.client.post(
        "/attachments",
        data={"file": (io.BytesIO(content), "判决书.pdf")},
        headers={"X-CSRFToken": reporter.token(), "Accept": "application/json"},
    )

    assert kept.status_code == 201, kept.text
    address = f"/attachments/{kept.get_json()['id']}"
    opened = reporter.client.get(address, buffered=True)
    assert opened.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in opened.headers["Content-Security-Policy"]
    assert stranger.client.get(address).status_code == 404


def test_a_refused_file_says_why(person: SignIn) -> None:
    reporter = person("reporter")

    answer = reporter.client.post(
        "/attachments",
        data={"file": (io.BytesIO(b"<html><script>1</script>"), "x.html")},
        headers={"X-CSRFToken": reporter.token(), "Accept": "application/json"},
    )

    assert answer.status_code == 422
    assert answer.get_json()["detail"]


def test_a_file_that_is_too_large_is_refused_with_the_size_that_is_allowed(person: SignIn) -> None:
    reporter = person("reporter")
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.4\n'

    answer = reporter.client.post(
        "/attachments",
        data=head + b" " * (33 * 1024 * 1024) + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": reporter.token(), "Accept": "application/json"},
    )

    assert answer.status_code == 413
    assert answer.get_json()["detail"] == "一次上传不能超过32 MB，请压缩文件或者分几次上传。"


def taken_check(person: SignIn) -> tuple[str, str, Browser]:
    """A registered case whose check the officer holds: addresses of its page 督促与协办 and of the check."""
    reporter, officer = person("reporter"), person("officer")
    form = reporter.post("/cases", {"key": "k1"})
    reporter.post(action(form), {"key": key(form), "data": data(REGISTRATION)})
    step = _link(officer.get("/inbox/pool"), "/tasks/")
    officer.post(f"{step}/claim")
    case = _link(officer.get(step), "/cases/").removeprefix("/cases/").partition("#")[0]
    return f"/proceedings/{case}", step, officer


def _link(page: Seen, start: str) -> str:
    return next(attrs["href"] for tag, attrs in page.tags if tag == "a" and attrs.get("href", "").startswith(start))


def test_somebody_is_asked_beside_a_step_and_answers_from_the_inbox(person: SignIn) -> None:
    _, step, officer = taken_check(person)
    other = person("officer2")
    people = [attrs["value"] for tag, attrs in officer.get(step).tags if tag == "option" and "officer2" in str(attrs)]

    asked = officer.post(
        f"{step}/ask", {"key": "a1", "kind": "COUNTERSIGN", "person_id": people[0], "question": "是否受理？"}
    )
    written = {"key": "a0", "data": data({"check_opinion": "written before"}), "csrf_token": officer.token()}
    waiting = officer.client.post(step, data=written)
    question = _link(other.get("/inbox/todo"), "/asked/")
    answered = other.post(question, {"key": "a2", "opinion": "同意受理"})

    assert "等待答复" in asked.text
    assert "还有 1 人的加签意见没有答复" in asked.text
    assert waiting.status_code == 409
    assert "<h2>还有 1 人的加签意见没有答复，答复后才能提交。</h2>" in waiting.text
    assert "written before" in waiting.text
    assert "意见已提交。" in answered.text
    assert "同意受理" in officer.get(step).text


def test_a_leader_urges_and_supervises_on_one_page(person: SignIn) -> None:
    proceeding, step, officer = taken_check(person)
    director, page = person("director"), f"{proceeding}/handling"
    here = {"proceeding_id": proceeding.rpartition("/")[2]}

    urged = director.post(f"{step}/urge", {"key": "u1", "text": "请尽快", **here})
    again = director.post(f"{step}/urge", {"key": "u2", **here})
    director.post(f"{step}/sheets", {"key": "s1", "colour": "RED", "demand": "限期办结", "term": "2099-01-01", **here})

    assert "已催办" in urged.text
    assert "本环节今天已经催办过" in again.text
    assert "红色督办" in director.get("/supervision").text
    assert "限期办结" in officer.get(step).text
    assert "撤销案件" in director.get(page).text


def test_a_step_of_a_revoked_case_says_since_when_it_is_over(person: SignIn) -> None:
    proceeding, step, officer = taken_check(person)

    ended = person("director").post(f"{proceeding}/revoke", {"key": "r1", "reason": "重复立卷", "basis": "核对记录"})

    assert "案件已撤销" in ended.text
    assert re.search(r"本件已于 \d{4}-\d\d-\d\d \d\d:\d\d 撤销，该事项随之终止。", officer.get(step).text)
    assert "已撤销" in person("reporter").get("/inbox/mine").text


def test_a_deputy_is_appointed_on_the_page_and_refusals_are_told_by_field(person: SignIn) -> None:
    officer = person("officer")

    refused = officer.post("/me/deputies", {"key": "d1", "reason": ""}, status=422)

    assert "请选择本县有账号的其他人员。" in refused.text
    assert "没有代理安排" in refused.text


def test_after_submitting_the_next_item_of_the_list_opens_as_the_list_was_filtered(person: SignIn) -> None:
    reporter = person("reporter")
    first, second = (reporter.post("/cases", {"key": f"k{number}"}) for number in (1, 2))
    filled = {"key": key(first), "data": data(REGISTRATION)}
    told = reporter.client.post(
        f"{action(first)}?kind=CASE&page=2", data={**filled, "csrf_token": reporter.token()}
    ).location

    after = reporter.get(told)

    assert told == f"{action(second)}?kind=CASE"
    assert "已提交。下一步：" in after.text
    assert action(after) == told
    listed = [attrs["href"] for tag, attrs in after.tags if tag == "a" and attrs.get("aria-current") == "page"]
    assert told in listed
    assert "已筛选" in after.text
    assert "/inbox/todo?kind=CASE" in [attrs["href"] for tag, attrs in after.tags if tag == "a" and attrs.get("href")]


def test_the_last_item_of_a_filtered_list_leads_back_to_the_list(person: SignIn) -> None:
    reporter = person("reporter")
    form = reporter.post("/cases", {"key": "k1"})
    body = {"key": key(form), "data": data(REGISTRATION), "csrf_token": reporter.token()}

    told = reporter.client.post(f"{action(form)}?q=nothing", data=body).location

    assert told == "/inbox/todo?q=nothing"
