"""The rows of what a proceeding waits for: right after every move, mostly in one statement, gone at the end."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.advance import Advance, Subscription
from app.extensions import db
from app.services.examination import examine
from app.storage import subscriptions
from app.storage.models import Proceeding, SubscriptionRow
from app.storage.transaction import transaction
from tests.e2e.statements import Meter
from tests.services.conftest import Office

Move = Callable[..., int]


@pytest.fixture
def move(office: Office) -> Move:
    """Let a case wait for the given messages, each of a step of its own; returns the number of statements."""
    case_id, meter = office.open_case(), Meter(db.engine)

    def go(*waits: str) -> int:
        wanted = tuple(Subscription(wait, f"S_{wait}", "p", f"m.{wait}", {"no": wait}) for wait in waits)
        with transaction():
            case = db.session.get_one(Proceeding, case_id)
            waiting: dict[str, Any] = dict(case.waiting)
            with meter.measure("move"):
                subscriptions.write(case, Advance(b"", subscriptions=wanted), waiting, at=office.now)
            case.waiting = waiting
        remembered, rows = set(waiting.get("subscriptions", ())), db.session.scalars(select(SubscriptionRow)).all()
        assert remembered == {f"{row.engine_task_id}/{row.message}" for row in rows}
        for wait in waits:
            assert waits_under(wait) == f"S_{wait}"
        assert sum(row.message != subscriptions.NOTHING for row in rows) == len(waits)
        return len(meter.counts[-1].statements)

    return go


def waits_under(wait: str) -> str | None:
    found = subscriptions.find_subscriber(f"m.{wait}", f"no={wait}")
    return found.step_id if found else None


def test_as_many_waits_end_as_begin_or_more_in_one_statement(move: Move) -> None:
    move("a", "b", "c")

    assert move("a", "d", "e") == 1
    assert move("f") == 1
    assert waits_under("a") is None


def test_a_row_left_over_is_taken_by_the_next_wait(move: Move) -> None:
    move("a", "b")
    move("c")

    assert move("c", "d") == 1
    assert move("c", "d") == 0
    assert len(db.session.scalars(select(SubscriptionRow)).all()) == 2


def test_more_waits_begin_than_end_in_two_statements(move: Move) -> None:
    move("a")

    assert move("b", "c", "d") == 2


def test_nothing_is_left_when_no_wait_begins(move: Move) -> None:
    move("a", "b", "c")
    move("d", "c")

    assert move("c") == 1
    assert [row.message for row in db.session.scalars(select(SubscriptionRow))] == ["m.c"]
    assert move() == 1
    assert db.session.scalars(select(SubscriptionRow)).all() == []


def test_the_doctor_finds_no_fault_in_a_row_that_waits_for_nothing(office: Office) -> None:
    case_id = office.open_case()
    with transaction():
        case = db.session.get_one(Proceeding, case_id)
        row = {"step_id": "", "correlation": "", "since": office.now}
        db.session.add(SubscriptionRow(engine_task_id="e", message=subscriptions.NOTHING, proceeding_id=case_id, **row))
        case.waiting = {**case.waiting, "subscriptions": [*case.waiting.get("subscriptions", ()), "e/"]}

    found = examine(case_id, now=office.now)

    assert found == []
