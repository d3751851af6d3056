"""How the databases find what inboxes, lists and searches show: by an index, never by looking through a whole table."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.actors import Actor
from app.domain.proceedings import ProceedingKind
from app.domain.tasks import Lamp
from app.extensions import db
from app.queries import cases, inbox, listings, tasks
from app.queries.asked import beside_steps
from app.queries.inbox import Box, Filters, Order, Part
from app.queries.listings import Wanted
from tests.services.conftest import Office
from tests.statements import asked_of

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
    "side_tasks",
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
    "questions and what is lent": lambda actor, now: beside_steps(actor),
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
    with asked_of(db.engine) as statements:
        yield statements


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


SHOWN = {
    "pool": (Box.POOL, Filters(), "ix_tasks_pool"),
    "pool by arrival": (Box.POOL, Filters(order=Order.ARRIVED), "ix_tasks_pool_arrival"),
    "pool, overdue": (Box.POOL, Filters(lamp=Lamp.OVERDUE), "ix_tasks_pool"),
    "pool, one step by arrival": (Box.POOL, Filters(step="审查", order=Order.ARRIVED), "ix_tasks_pool_arrival"),
    "to do": (Box.TODO, Filters(), "ix_tasks_assignee"),
    "to do by arrival": (Box.TODO, Filters(order=Order.ARRIVED), "ix_tasks_assignee_arrival"),
    "done": (Box.DONE, Filters(), "ix_tasks_completed_by"),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_box_is_read_in_the_order_in_which_it_is_shown(
    office: Office, asked: list[tuple[str, Any]], name: str
) -> None:
    """Of ten thousand tasks the first fifty are read, not all of them to be sorted."""
    box, filters, index = SHOWN[name]
    shown = inbox.shown_in(office.actor("officer1"), box, Part(filters), now=office.now, of=10_000)
    assert shown is not None

    plan = plan_of(shown, asked)

    assert sum(index in line for line in plan) >= (2 if box is Box.POOL else 1), "\n".join(plan)


@pytest.mark.parametrize("box", [Box.POOL, Box.TODO])
def test_a_long_box_by_the_last_move_is_read_from_the_cases_that_moved_last(
    office: Office, asked: list[tuple[str, Any]], box: Box
) -> None:
    part = Part(Filters(order=Order.UPDATED))
    shown = inbox.shown_in(office.actor("officer1"), box, part, now=office.now, of=10_000)
    assert shown is not None

    plan = plan_of(shown, asked)

    assert any("ix_proceedings_moved" in line for line in plan), "\n".join(plan)
    assert any("ix_tasks_proceeding" in line for line in plan), "\n".join(plan)


def test_what_is_over_is_counted_by_its_state_and_not_from_all_that_somebody_ever_did(
    office: Office, asked: list[tuple[str, Any]]
) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL counts by the tables' sizes, which are none here")
    asked.clear()
    inbox.inbox(office.actor("officer1"), Box.CLOSED, filters=Filters(), now=office.now)

    explain = db.session.connection().exec_driver_sql
    counted = [one for one in asked if "count(*)" in one[0] and "FROM proceedings" in one[0]]
    plan = [row[3] for text, values in counted for row in explain(f"EXPLAIN QUERY PLAN {text}", values)]

    assert any("SEARCH proceedings USING INDEX ix_proceedings_status" in line for line in plan), "\n".join(plan)


def plan_of(query: Any, asked: list[tuple[str, Any]]) -> list[str]:
    """Lines of the plan of one query; what would look through a table or sort a bitmap is forbidden where it can be."""
    asked.clear()
    db.session.execute(query)
    ((statement, parameters),) = [one for one in asked if one[0].startswith("SELECT")]
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    for way in ("seqscan", "bitmapscan", "sort"):
        connection.execute(text(f"SET LOCAL enable_{way} = off"))
    return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]


def test_filters_and_orders_leave_the_same_tasks_however_they_are_read(office: Office) -> None:
    cases = [office.open_case(waits="no") for _ in range(3)]
    office.later(hours=1)
    office.complete(office.task(cases[1], "T_check"), "officer1", {"opinion": "齐全", "pages": 3})
    actor, now, box = office.actor("officer1"), office.now, Box.POOL

    def numbers(most_sorted: int, **given: Any) -> list[str]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(inbox, "SORTED", most_sorted)
            return [row.number for row in inbox.inbox(actor, box, filters=Filters(**given), now=now).rows]

    every = numbers(1000)
    moved = numbers(1000, order=Order.UPDATED)

    assert len(every) >= 2
    assert sorted(moved) == sorted(every)
    assert numbers(0, order=Order.UPDATED) == moved
    assert sorted(numbers(1000, order=Order.ARRIVED)) == sorted(every)
    for lamp in Lamp:
        found = inbox.inbox(actor, box, filters=Filters(lamp=lamp), now=now)
        assert found.total == len(found.rows) == found.lamps[lamp]
