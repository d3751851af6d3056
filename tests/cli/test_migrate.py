"""`wenze definitions migrate`: plans first, asks, moves one by one, takes back."""

from datetime import UTC, datetime
from pathlib import Path

from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app.cli.definitions import definitions
from app.extensions import db
from app.storage.models import Account, Person, Proceeding, RoleAssignment
from tests.cli.test_doctor import small
from tests.services import procedure
from tests.services.conftest import Office
from tests.services.other_versions import confirmed, publish, renamed

__all__ = ["small"]


def case_and_next_version(app: Flask, tmp_path: Path) -> str:
    """A running case, and a newer release of its procedure. Its director is a process owner too."""
    with app.app_context():
        office = Office(app)
        office.now = datetime.now(UTC)  # as the command has it: what is due comes first
        case = office.open_case()
        db.session.add(RoleAssignment(person_id=owner_id(), role="owner", organ_id="beishan.office"))
        db.session.commit()
        publish(tmp_path, renamed(confirmed(procedure.small())))
        return db.session.scalars(select(Proceeding.number).where(Proceeding.id == case)).one()


def owner_id() -> str:
    query = select(Person.id).join(Account, Account.person_id == Person.id)
    return db.session.scalars(query.where(Account.username == "beishan.director")).one()


def run(app: Flask, *arguments: str, said: str = "") -> Result:
    given = ["migrate", "small", *arguments, "--as", "beishan.director"]
    return app.test_cli_runner().invoke(definitions, given, input=said)


def test_a_dry_run_says_what_each_case_needs_and_moves_nothing(small: Flask, tmp_path: Path) -> None:
    number = case_and_next_version(small, tmp_path)

    blocked = run(small, "--dry-run")
    agreed = run(small, "--dry-run", "--map", "T_handle=T_settle")

    assert blocked.exit_code == 1
    assert number in blocked.output
    assert "环节“T_handle”在新版本中不存在" in blocked.output
    assert agreed.exit_code == 0, agreed.output
    assert "可以换版1件，不能换版0件" in agreed.output
    assert run(small, number, "--undo", "--reason", "x").exit_code == 1


def test_cases_are_moved_after_asking_and_taken_back(small: Flask, tmp_path: Path) -> None:
    number = case_and_next_version(small, tmp_path)
    mapping = ("--map", "T_handle=T_settle", "--reason", "改正")

    moved = run(small, *mapping, said="y\n")
    back = run(small, number, "--undo", "--reason", "先不换")

    assert moved.exit_code == 0, moved.output
    assert f"[1/1] {number} 已换到第2版" in moved.output
    assert back.exit_code == 0, back.output
    assert f"{number} 已恢复到第1版" in back.output


def test_who_is_no_process_owner_is_refused(small: Flask, tmp_path: Path) -> None:
    case_and_next_version(small, tmp_path)

    result = small.test_cli_runner().invoke(definitions, ["migrate", "small", "--as", "beishan.officer1"])

    assert result.exit_code == 1
    assert "只有流程管理者" in result.output
