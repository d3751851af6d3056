"""How the databases find what inboxes, lists and searches show: by an index, never by looking through a whole table."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event, text

from app.domain.actors import Actor
from app.domain.proceedings import ProceedingKind
from app.domain.tasks import Lamp
from app.extensions import db
from app.queries import cases, inbox, listings, tasks
from app.queries.inbox import Box, Filters, Order
from app.queries.listings import Wanted
from tests.services.conftest import Office

LONG = (
    "tasks",
    "proceedings",
    "history",
    "tallies",
    "notices",
    "journal",
    "submissions",
    "case_facts",
    "search_texts",
    "follows",
)
"""Tables that grow with the years."""
PEOPLE = ("officer1", "reporter")

Query = Callable[[Actor, Any], object]

QUERIES: dict[str, Query] = {
    **{
        f"inbox {box.value}": (lambda actor, now, box=box: inbox.inbox(actor, box, filters=Filters(), now=now))  # type: ignore[misc]
        for box in Box
    },
    "pool by arrival": lambda actor, now: inbox.inbox(actor, Box.POOL, filters=Filters(order=Order.ARRIVED), now=now),
    "pool, overdue": lambda actor, now: inbox.inbox(actor, Box.POOL, filters=Filters(lamp=Lamp.OVERDUE), now=now),
    "to do, searched": lambda actor, now: inbox.inbox(actor, Box.TODO, filters=Filters(text="拆除"), now=now),
    "pool, one step": lambda actor, now: inbox.inbox(actor, Box.POOL, filters=Filters(step="审查"), now=now),
    "started, searched": lambda actor, now: inbox.inbox(actor, Box.MINE, filters=Filters(text="拆除"), now=now),
    "box counts": lambda actor, now: inbox.box_counts(actor),
    "next step": lambda actor, now: tasks.next_task_of(actor, "x"),
    **{
        f"API list {box.value}": (
            lambda actor, now, box=box: listings.list_tasks(  # type: ignore[misc]
                actor, box, wanted=Wanted(), after=None, limit=20, now=now
            )
        )
        for box in (Box.TODO, Box.POOL, Box.DONE, Box.MINE)
    },
    "API cases": lambda actor, now: listings.list_proceedings(
        actor, ProceedingKind.CASE, wanted=Wanted(text="拆除"), after=None, limit=20
    ),
    "register of cases": lambda actor, now: cases.case_register(
        actor, cases.CaseFilters(), now=now, locale="zh_Hans_CN"
    ),
    "register, searched": lambda actor, now: cases.case_register(
        actor, cases.CaseFilters(text="拆除"), now=now, locale="zh_Hans_CN"
    ),
}


@pytest.fixture
def asked(office: Office) -> Iterator[list[tuple[str, Any]]]:
    """Statements that reached the database, with their parameters."""
    for _ in range(2):
        office.open_case(waits="no")
    statements: list[tuple[str, Any]] = []

    def keep(_c: Any, _cursor: Any, statement: str, parameters: Any, _ctx: Any, _many: bool) -> None:
        statements.append((statement, parameters))

    event.listen(db.engine, "before_cursor_execute", keep)
    yield statements
    event.remove(db.engine, "before_cursor_execute", keep)


def test_no_list_looks_through_a_whole_table(office: Office, asked: list[tuple[str, Any]]) -> None:
    loose = []
    for who in PEOPLE:
        actor = office.actor(who)
        for name, query in QUERIES.items():
            asked.clear()
            query(actor, office.now)
            for statement, parameters in [one for one in asked if one[0].startswith("SELECT")]:
                loose += [f"{who}, {name}: {line}" for line in scans_in(statement, parameters)]

    assert loose == []


def scans_in(statement: str, parameters: Any) -> list[str]:
    """Lines of the plan that look through a long table."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
        return [line for line in plan if line.startswith("SCAN ") and line.split()[1] in LONG]
    # the tables of a test are so short that looking through them would be quickest: may it be avoided at all?
    connection.execute(text("SET LOCAL enable_seqscan = off"))
    plan = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]
    return [line.strip() for line in plan if any(f"Seq Scan on {table} " in line for table in LONG)]


def test_a_pool_is_read_in_the_order_in_which_it_is_shown(office: Office, asked: list[tuple[str, Any]]) -> None:
    """Of ten thousand tasks the first fifty are read, not all of them to be sorted."""
    actor = office.actor("officer1")
    shown = inbox.shown_in(actor, Box.POOL, order=Order.DUE, offset=0, limit=50)
    assert shown is not None

    asked.clear()
    db.session.execute(shown)
    ((statement, parameters),) = [one for one in asked if one[0].startswith("SELECT")]
    connection = db.session.connection()

    if connection.dialect.name == "sqlite":
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
        assert sum("ix_tasks_pool" in line for line in plan) >= 2
    else:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        connection.execute(text("SET LOCAL enable_bitmapscan = off"))
        plan = [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]
        assert sum("ix_tasks_pool" in line for line in plan) >= 2
