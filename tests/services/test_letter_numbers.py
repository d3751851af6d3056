"""Eight issuers at the same time: every paper has a number of its own, and no number is used twice."""

import multiprocessing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import close_all_sessions

from app.extensions import OUTAGES, db
from app.storage.models import IssuedPaper
from tests.conftest import application_on
from tests.services.conftest import Office
from tests.services.paper_seeds import publish

ISSUERS = 8
EACH = 2
TRIES = 8
NUMBERED = """
papers:
  check_note: {name: 审查意见书, template: letters/check_note.docx, steps: [small/T_check], number: PAPER}
"""


def issue(url: str, folder: str, start: Any, tasks: list[str], who: str) -> None:
    """What one process does: completes its steps one after the other as soon as all are ready."""
    for app in application_on(url, Path(folder)):
        with app.app_context():
            office = Office(app)
            start.wait(120)
            for task in tasks:
                complete(office, task, who)


def complete(office: Office, task: str, who: str) -> None:
    """As a person would: told that the database has no place for him now, he sends the same once more."""
    for _ in range(TRIES):
        try:
            office.complete(task, who, key=task)
        except OUTAGES:
            db.session.rollback()
        else:
            return
    raise AssertionError(task)


@pytest.mark.slow
def test_eight_issuers_at_once_never_issue_the_same_number(office: Office, small_url: str, tmp_path: Path) -> None:
    publish(office, tmp_path, papers=NUMBERED)
    cases = [office.open_case(waits="no") for _ in range(ISSUERS * EACH)]
    tasks = [office.task(case, "T_check") for case in cases]
    db.session.remove()
    close_all_sessions()
    db.engine.dispose()

    spawn = multiprocessing.get_context("forkserver")  # loads the application once; V8 is never forked
    spawn.set_forkserver_preload(["app.services.tasks", "tests.services.test_letters"])
    start = spawn.Barrier(ISSUERS)
    issuers = [
        spawn.Process(
            target=issue, args=(small_url, str(tmp_path), start, tasks[n::ISSUERS], f"officer{n % 3 + 1}"), daemon=True
        )
        for n in range(ISSUERS)
    ]
    for issuer in issuers:
        issuer.start()
    for issuer in issuers:
        issuer.join(300)

    assert [issuer.exitcode for issuer in issuers] == [0] * ISSUERS
    numbers = sorted(db.session.scalars(select(IssuedPaper.number)))
    assert numbers == [f"beishan文〔2026〕{serial:03d}号" for serial in range(1, ISSUERS * EACH + 1)]
