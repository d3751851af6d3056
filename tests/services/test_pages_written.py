"""What a click costs the disk of an office that runs on SQLite: pages that its transaction writes to the log."""

from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from app.extensions import db
from tests.services.conftest import Office

MOST = 36
"""Each table and each index that a row belongs to is a page; more of either is a decision, not an accident."""
HEAD, FRAME = 32, 24
"""Bytes before the first page of the log and before each page (SQLite's file format, section 4)."""


def pages_in(log: Path) -> int:
    page = db.session.connection().exec_driver_sql("PRAGMA page_size").scalar_one()
    return (log.stat().st_size - HEAD) // (FRAME + int(page))


@pytest.mark.parametrize("small_url", ["sqlite"], indirect=True)
def test_a_completed_step_writes_few_pages(office: Office) -> None:
    for _ in range(3):
        last = office.open_case(waits="no")
    task = office.task(last, "T_check")
    db.session.commit()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    office.complete(task, "officer1", {"opinion": "齐全", "pages": 3})

    log = Path(f"{make_url(office.app.config['SQLALCHEMY_DATABASE_URI']).database}-wal")
    assert 0 < pages_in(log) <= MOST
