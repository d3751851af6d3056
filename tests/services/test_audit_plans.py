"""The auditor's page over a long journal: whatever is searched for, an index gives it in the order that is shown."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import db
from app.queries.audit import PER_PAGE, Filters, Place, lines_that_fit
from app.storage.models import JournalLine
from bench.journal import BEGIN, fill

LINES = 6_000
NOON = BEGIN + timedelta(hours=12)
SEARCHES: dict[str, tuple[Filters, Place | None]] = {
    "newest": (Filters(), None),
    "far back": (Filters(), (NOON, 1000)),
    "a span": (Filters(since=BEGIN, until=NOON), None),
    "an account": (Filters(who="beishan.officer3"), None),
    "an account, far back": (Filters(who="beishan.officer3"), (NOON, 1000)),
    "an act": (Filters(act="refused"), None),
    "an act, far back": (Filters(act="refused"), (NOON, 1000)),
    "an object": (Filters(object="5feceb66ffc86f38d952786c6d696c79"), None),
    "an act of an account in a span": (Filters(who="beishan.officer3", act="refused", since=BEGIN, until=NOON), None),
}


@pytest.fixture
def long(app_on_both: Flask) -> Flask:
    with app_on_both.app_context():
        fill(LINES)
        if db.engine.dialect.name == "postgresql":
            db.session.execute(text("ANALYZE journal"))
            db.session.commit()
    return app_on_both


def plan_of(filters: Filters, before: Place | None) -> list[str]:
    query = lines_that_fit(filters, before=before, per_page=PER_PAGE)
    assert query is not None
    connection = db.session.connection()
    embedded = connection.dialect.name == "sqlite"
    dialect: Any = sqlite.dialect() if embedded else postgresql.dialect()
    made = query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    if embedded:
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {made}")]
    return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {made}".replace("%", "%%"))]


def test_no_search_of_the_journal_looks_through_all_of_it(long: Flask) -> None:
    loose = {}
    with long.app_context():
        for name, (filters, before) in SEARCHES.items():
            plan = plan_of(filters, before)
            through_all = [line for line in plan if "Seq Scan on journal" in line or line == "SCAN journal"]
            sorted_all = [line for line in plan if "USE TEMP B-TREE FOR ORDER BY" in line and name != "an object"]
            if through_all or sorted_all or not any("ix_journal" in line for line in plan):
                loose[name] = plan

    assert loose == {}


def test_the_last_page_of_many_holds_what_was_written_first(long: Flask) -> None:
    with long.app_context():
        at: datetime = db.session.query(JournalLine.at).filter(JournalLine.id == PER_PAGE + 1).scalar()
        query = lines_that_fit(Filters(), before=(at, PER_PAGE + 1), per_page=PER_PAGE)
        assert query is not None
        rows = db.session.execute(query).all()

    assert [row.id for row in rows] == list(range(PER_PAGE, 0, -1))
