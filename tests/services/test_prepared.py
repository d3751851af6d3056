"""Statements that are run as text: the same values in and out as through the mapped classes, prepared once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import ProgrammingError

from app.extensions import db
from app.storage import history, marks
from app.storage.models import HistoryEntry, Person, Proceeding, Task
from app.storage.prepared import Frozen, Prepared
from tests.conftest import application_on
from tests.services.conftest import Office


@pytest.mark.parametrize("table", [Proceeding, Task, HistoryEntry])
def test_a_prepared_statement_reads_what_the_mapped_classes_read(office: Office, table: type) -> None:
    case = office.open_case(waits="no")
    rows = table.__table__  # type: ignore[attr-defined]
    key = rows.c.id if table is Proceeding else rows.c.proceeding_id
    query = select(rows).where(key == bindparam("case")).order_by(rows.c.id)

    read = Prepared(lambda _dialect: query).rows({"case": case})

    assert read == [tuple(row) for row in db.session.execute(query, {"case": case})]
    assert read


def test_a_line_without_one_of_its_values_is_not_written(office: Office) -> None:
    case = office.open_case(waits="no")

    with pytest.raises(KeyError, match="position"):
        history.keep([{"proceeding_id": case}])


@pytest.fixture
def on_postgresql(postgresql_database: str, tmp_path: Path) -> Iterator[Flask]:
    yield from application_on(postgresql_database, tmp_path)


def _prepared() -> list[str]:
    """What the server holds ready for the one connection there is; the read ends as that of a page does."""
    found = db.session.connection().exec_driver_sql("SELECT statement FROM pg_prepared_statements").scalars().all()
    db.session.remove()
    return list(found)


def test_what_is_asked_by_key_stays_prepared_when_a_read_ends(on_postgresql: Flask) -> None:
    with on_postgresql.app_context():
        for _ in range(3):
            marks.current()
            db.session.remove()
            (statement,) = _prepared()
            assert "organisation_marks" in statement


def test_a_question_of_one_person_is_planned_for_him_each_time(on_postgresql: Flask) -> None:
    with on_postgresql.app_context():
        mine = select(Person.id).where(Person.id == "p")
        question = Frozen(mine, db.engine.dialect)
        for _ in range(8):
            question.rows()
            db.session.scalars(mine).all()
            db.session.remove()

        assert _prepared() == []


def test_what_was_written_is_undone_and_an_error_makes_the_connection_forget(on_postgresql: Flask) -> None:
    with on_postgresql.app_context():
        marks.current()
        db.session.execute(insert(Person).values(id="p", name="张三"))
        db.session.rollback()
        assert db.session.scalars(select(Person.id)).all() == []
        assert _prepared()

        with pytest.raises(ProgrammingError):
            db.session.connection().exec_driver_sql("SELECT nothing FROM nowhere")
        db.session.rollback()

        assert _prepared() == []
