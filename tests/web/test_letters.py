"""Official papers on pages: previewed on the task page and before submitting, signed and downloadable afterwards."""

import json
import re
from collections.abc import Callable
from io import BytesIO

import docx
import pytest
from flask import Flask
from sqlalchemy import select

from app.documents.letters import pdf
from app.extensions import db
from app.storage.models import IssuedPaper
from tests.web.legal_step import ANSWERS, add_legal_step
from tests.web.pages import Browser
from tests.web.world import World

SignIn = Callable[[str], Browser]


@pytest.fixture
def step(app: Flask, world: World) -> str:
    return add_legal_step(app, world)


def preview_of(step: str) -> str:
    return f"/tasks/{step}/letters/docket_approval"


def test_the_task_page_leads_to_a_preview_of_its_paper(signed_in: SignIn, step: str) -> None:
    browser = signed_in("north.leader")

    links = [attributes.get("href") for tag, attributes in browser.get(f"/tasks/{step}").tags if tag == "a"]
    page = browser.get(preview_of(step))

    assert preview_of(step) in links
    assert "立案审批表" in page.text
    assert "预览稿，尚未签发" in page.text
    decision = browser.get(preview_of(step).replace("docket_approval", "docket_decision"))
    assert re.search(r"金监立〔\d{4}〕××号", decision.text)


def test_the_page_before_submitting_shows_the_paper_with_the_answers(app: Flask, signed_in: SignIn, step: str) -> None:
    browser = signed_in("north.leader")

    page = browser.post(f"/tasks/{step}/check", {"data": json.dumps(ANSWERS), "key": "k"})

    assert "以下为按填写内容生成的预览稿" in page.text
    assert "批准立案。同意立案，请依法办理。" in page.text
    with app.app_context():
        assert db.session.scalars(select(IssuedPaper)).all() == []


def test_the_preview_can_be_downloaded_and_opened_in_an_office_program(signed_in: SignIn, step: str) -> None:
    browser = signed_in("north.leader")

    answer = browser.client.get(f"{preview_of(step)}/docx")

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert docx.Document(BytesIO(answer.data)).paragraphs[0].text == "立案审批表"


def test_nobody_else_sees_the_preview(signed_in: SignIn, step: str) -> None:
    browser = signed_in("north.reporter")

    for path in (preview_of(step), f"{preview_of(step)}/docx", f"{preview_of(step)}/pdf"):
        assert browser.client.get(path).status_code == 404


def test_a_paper_that_the_step_does_not_make_is_not_found(signed_in: SignIn, step: str) -> None:
    browser = signed_in("north.leader")

    assert browser.client.get(f"/tasks/{step}/letters/minutes").status_code == 404


def test_a_machine_without_an_office_program_says_so(
    signed_in: SignIn, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "program", lambda: None)
    browser = signed_in("north.leader")

    assert "本机没有安装 LibreOffice" in browser.get(preview_of(step)).text
    answer = browser.client.get(f"{preview_of(step)}/pdf")

    assert answer.status_code == 409
    assert "请下载 Word 文件" in answer.get_data(as_text=True)
