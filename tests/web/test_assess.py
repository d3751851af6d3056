"""试算: the form keeps its entries, rows come and go without scripts, the proposal shows every row with its table."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from werkzeug.test import TestResponse

from config import ROOT
from tests.api.test_assess import REGULATIONS, county, seeds_in
from tests.conftest import application_on
from tests.web.pages import Browser, check_headers, check_page, read

PASSWORD = "only-For-Tests-1"
FACTS = {
    "regulation": "jinzhai-2017-50",
    "issuing_body": "COURT",
    "case_type": "REVOKE",
    "legal_effect": "true",
    "mental_state": "GROSS_NEGLIGENCE",
    "fault_circumstances": ["FAULT_PROCEDURE"],
    "circumstances": ["MINOR_NO_HARM", "OBSTRUCTION"],
    "subjects-count": "2",
    "subjects-0-role": "IMPLEMENTING_AND_NOMINAL",
    "subjects-1-role": "HANDLER",
    "subjects-1-name": "甲某某",
    "history-count": "0",
    "act": "assess",
}


@pytest.fixture(scope="module")
def application(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Both regulations with their tables, a person in each county."""
    from app.services import definitions, organisation  # noqa: PLC0415  (see tests.conftest)

    folder, now = tmp_path_factory.mktemp("assess"), datetime.now(UTC)
    (folder / "wenze.db").write_bytes(sqlite_template.read_bytes())
    for app in application_on(f"sqlite:///{folder / 'wenze.db'}", folder):
        with app.app_context():
            for name in REGULATIONS:
                file = folder / f"{name}.yml"
                file.write_text(yaml.safe_dump(county(name)), "utf-8")
                organisation.import_file(file, password=PASSWORD, demo=False, now=now)
            definitions.publish_seeds(seeds_in(folder / "seeds"), ROOT / "forms", by="tests", now=now)
        yield app


@pytest.fixture
def browser(application: Flask) -> Browser:
    made = Browser(application.test_client())
    made.sign_in("jinzhai.officer", PASSWORD)
    return made


@dataclass(frozen=True)
class Page:
    status: int
    html: str


def checked(response: TestResponse) -> Page:
    """A page that a careful reader has read."""
    html = response.get_data(as_text=True)
    check_headers(response)
    check_page(read(html), html)
    return Page(response.status_code, html)


def calculate(browser: Browser, **facts: Any) -> Page:
    return checked(browser.client.post("/assess", data={**FACTS, "csrf_token": browser.token(), **facts}))


def test_the_form_starts_with_the_regulation_of_the_reader_and_shows_no_result(browser: Browser) -> None:
    page = checked(browser.client.get("/assess"))

    assert 'value="jinzhai-2017-50" selected' in page.html
    assert "还没有结果" in page.html


def test_the_proposal_shows_outcome_choices_and_each_row_with_its_table(browser: Browser) -> None:
    page = calculate(browser)

    assert page.status == 200
    assert "由人决定" in page.html
    assert "应当问责，从重" in page.html
    assert "row=outcome_exempt_heavy" in page.html
    assert "甲某某" in page.html


def test_rows_are_added_and_removed_by_the_server_and_entries_stay(browser: Browser) -> None:
    more = calculate(browser, act="add_subject")
    fewer = calculate(browser, act="remove_subject:0")

    assert 'name="subjects-2-role"' in more.html
    assert "甲某某" in more.html
    assert 'name="subjects-1-role"' not in fewer.html
    assert "甲某某" in fewer.html
    assert 'name="history-0-fault"' in calculate(browser, act="add_history").html


def test_a_mistake_is_told_at_its_field_and_the_entries_stay(browser: Browser) -> None:
    page = calculate(browser, **{"history-count": "1", "history-0-act_date": "2024-05-10", "series_id": "系列一"})

    assert page.status == 422
    assert 'id="err-history-0-fault"' in page.html
    assert 'href="#f-history-0-fault"' in page.html
    assert 'value="系列一"' in page.html
    assert 'value="2024-05-10"' in page.html


def test_the_other_regulation_answers_for_persons_only(browser: Browser) -> None:
    page = calculate(browser, regulation="yiyuan-2022-59", circumstances=["MINOR_NO_HARM"])

    assert "免予或者不予问责" in page.html
    assert "不受影响" in page.html


@pytest.mark.parametrize(
    "hostile",
    [
        {"subjects-count": "99999999999"},
        {"subjects-count": "-1"},
        {"act": "remove_subject:9999"},
        {"act": "remove_subject:²"},
        {"compensation_amount": "1e999"},
        {"compensation_amount": "nan"},
        {"case_type": "<script>"},
        {"effective_date": "9999-99-99"},
        {"subjects-0-role": ""},
    ],
)
def test_hostile_entries_are_answered_with_a_page(browser: Browser, hostile: dict[str, str]) -> None:
    page = calculate(browser, **hostile)

    assert page.status in (200, 422)
    assert "<script>" not in page.html.replace('<script type="module"', "")


def test_a_regulation_that_is_not_there_is_not_found(browser: Browser) -> None:
    assert calculate(browser, regulation="nowhere-2000-1").status == 404
