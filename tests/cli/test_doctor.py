"""`wenze doctor`: reads, says, and mends only when it was told to."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import delete

from app.cli.doctor import doctor
from app.extensions import db
from app.storage.models import HistoryEntry, TimerRow
from tests.conftest import application_on
from tests.services.conftest import Office, settle_world


@pytest.fixture
def small(sqlite_database: str, tmp_path: Path) -> Iterator[Flask]:
    for app in application_on(sqlite_database, tmp_path):
        settle_world(app, tmp_path)
        yield app


def run(app: Flask, *arguments: str, said: str = "") -> Result:
    return app.test_cli_runner().invoke(doctor, list(arguments), input=said)


def case_without_timers(app: Flask) -> str:
    with app.app_context():
        office = Office(app)
        case = office.open_case()
        db.session.execute(delete(TimerRow))
        db.session.commit()
        return case


def test_a_healthy_office_is_said_to_be_well(small: Flask) -> None:
    result = run(small)

    assert result.exit_code == 0, result.output
    assert "没有发现问题" in result.output


def test_each_finding_says_what_why_and_what_to_do_and_nothing_changes(small: Flask) -> None:
    case = case_without_timers(small)

    results = [run(small), run(small, case)]

    assert [result.exit_code for result in results] == [2, 2]
    for result in results:
        assert "TIMER_MISSING（2处）" in result.output
        assert "影响：" in result.output
        assert "处理：" in result.output


def test_fixing_asks_first(small: Flask) -> None:
    case_without_timers(small)

    refused, agreed = run(small, "--fix", said="n\n"), run(small, "--fix", said="y\n")

    assert refused.exit_code == 1
    assert "Aborted" in refused.output
    assert agreed.exit_code in (0, 1), agreed.output  # the timers of the past fire, which may leave letters
    assert "已修复" in agreed.output
    with small.app_context():
        assert db.session.query(HistoryEntry).filter_by(act="MENDED").count() == 1


def test_programs_read_json(small: Flask) -> None:
    case = case_without_timers(small)

    before = json.loads(run(small, "--json").output)
    fixed = run(small, "--json", "--fix", "--yes")

    assert before["status"] == 2
    assert {finding["proceeding"] for finding in before["findings"]} == {case}
    assert {"code", "what", "why", "remedy", "place", "mendable"} <= before["findings"][0].keys()
    assert json.loads(fixed.stdout)["mended"]
    assert run(small, "--json", "--fix").exit_code == 2


def test_a_key_that_something_was_sealed_with_and_that_is_gone_is_an_error(small: Flask, tmp_path: Path) -> None:
    from app.services import attachments  # noqa: PLC0415  (see tests.conftest)

    with small.app_context():
        office = Office(small)
        attachments.upload(b"%PDF-1.4 x", name="a.pdf", actor=office.actor("reporter"), now=office.now)
    well = run(small)
    (tmp_path / "seal.key").write_text(f"other {'1' * 32}\n")

    lost = run(small)

    assert "正常  加密密钥：1 个，现用 tests" in well.output
    assert (well.exit_code, lost.exit_code) == (0, 2)
    assert "缺少密钥 tests" in lost.output
