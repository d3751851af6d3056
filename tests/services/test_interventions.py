"""运维: two technical administrators move a token or end a procedure; messages that died are sent again or given up."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.errors import ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError
from tests.services.conftest import Office


@pytest.fixture
def two(office: Office) -> tuple[Office, Actor, Actor]:
    """An office, and two technical administrators of no county."""
    from app.extensions import db  # noqa: PLC0415  (see tests.conftest)
    from app.storage import models as m  # noqa: PLC0415
    from app.storage.accounts import actor_of  # noqa: PLC0415

    for name in ("operator", "operator2"):
        db.session.add(m.Person(id=name, county_id=None, organ_id=None, name=name))
        db.session.flush()
        db.session.add(m.Account(username=name, person_id=name, password_hash="x", demo=False, created_at=office.now))
        db.session.add(m.RoleAssignment(person_id=name, role="system.admin", organ_id=None))
    db.session.commit()
    return office, actor_of("operator"), actor_of("operator2")


def _token(case: str, actor: Actor, step: str) -> Any:
    from app.services import interventions  # noqa: PLC0415

    return next(token for token in interventions.tokens_of(case, actor=actor) if token.step_id == step)


def _move(office: Office, case: str, actor: Actor, to_step: str = "T_review") -> str:
    from app.services import interventions  # noqa: PLC0415

    token = _token(case, actor, "T_check")
    return interventions.ask_to_move(
        case, engine_task_id=token.task_id, to_step=to_step, reason="审核人已调离。", actor=actor, now=office.now
    )


def test_a_token_is_moved_when_a_second_administrator_agrees(two: Any) -> None:
    from app.services import examination, interventions  # noqa: PLC0415

    office, first, second = two
    case = office.open_case()
    asked = _move(office, case, first)
    assert office.open_steps(case) == ["T_check", "T_handle"]

    interventions.approve(asked, note="核对属实。", actor=second, now=office.later(hours=1))

    assert office.open_steps(case) == ["T_handle", "T_review"]
    assert not examination.examine(case, now=office.now)


def test_the_case_goes_on_to_its_end_after_a_token_was_moved(two: Any) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.services import interventions  # noqa: PLC0415
    from app.storage.models import Proceeding  # noqa: PLC0415

    office, first, second = two
    case = office.open_case()
    interventions.approve(_move(office, case, first), note="同意。", actor=second, now=office.now)

    office.complete(office.task(case, "T_review"), "officer1", {"note": "齐全"})
    office.complete(office.task(case, "T_handle"), "head", {"note": "办毕"})

    db.session.expire_all()
    assert db.session.get_one(Proceeding, case).closed_at is not None


def test_nobody_approves_what_he_asked_for_and_nothing_happens_twice(two: Any) -> None:
    from app.services import interventions  # noqa: PLC0415

    office, first, second = two
    case = office.open_case()
    asked = _move(office, case, first)

    with pytest.raises(NotAllowedError):
        interventions.approve(asked, note="同意。", actor=first, now=office.now)
    interventions.refuse(asked, note="可以正常办理。", actor=second, now=office.now)
    with pytest.raises(ConflictError):
        interventions.approve(asked, note="同意。", actor=second, now=office.now)
    assert office.open_steps(case) == ["T_check", "T_handle"]


def test_a_token_goes_nowhere_outside_of_its_branch(two: Any) -> None:
    office, first, _second = two
    case = office.open_case()
    reachable = dict(_token(case, first, "T_check").destinations)

    assert set(reachable) == {"T_escalate", "T_review"}
    with pytest.raises(ConflictError):
        _move(office, case, first, to_step="T_handle")


def test_what_was_asked_for_a_step_that_is_over_meanwhile_is_not_done(two: Any) -> None:
    from app.services import interventions  # noqa: PLC0415

    office, first, second = two
    case = office.open_case()
    asked = _move(office, case, first)
    office.complete(office.task(case, "T_check"), "officer1")

    with pytest.raises(ConflictError):
        interventions.approve(asked, note="同意。", actor=second, now=office.now)


def test_a_whole_case_is_ended_by_two(two: Any) -> None:
    from app.services import examination, interventions  # noqa: PLC0415

    office, first, second = two
    case = office.open_case()
    asked = interventions.ask_to_cancel(case, reason="测试件误入正式库。", actor=first, now=office.now)

    interventions.approve(asked, note="同意。", actor=second, now=office.now)

    assert office.open_steps(case) == []
    assert not examination.examine(case, now=office.now)


def test_every_intervention_leaves_a_line_in_the_journal_and_the_chains_hold(two: Any) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.services import interventions  # noqa: PLC0415
    from app.storage import journal  # noqa: PLC0415
    from app.storage.models import JournalLine  # noqa: PLC0415

    office, first, second = two
    case = office.open_case()
    interventions.approve(_move(office, case, first), note="同意。", actor=second, now=office.now)
    withdrawn = interventions.ask_to_cancel(case, reason="重复。", actor=first, now=office.now)
    interventions.withdraw(withdrawn, actor=first, now=office.now)

    acts = set(db.session.scalars(select(JournalLine.act)))
    assert {"intervention_asked", "token_moved", "intervention_withdrawn"} <= acts
    assert journal.broken_links() == []


def test_a_dead_message_is_sent_again_or_given_up_with_a_reason(two: Any) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.services import dead_letters  # noqa: PLC0415
    from app.storage.models import OutboxRow  # noqa: PLC0415

    office, first, _second = two
    letters = [_dead(office, office.open_case()) for _ in range(2)]

    dead_letters.send_again(letters[0], note="对方已恢复。", actor=first, now=office.now)
    dead_letters.discard(letters[1], note="已用电话告知。", actor=first, now=office.now)
    with pytest.raises(InvalidAnswersError):
        dead_letters.send_again(_dead(office, office.open_case()), note=" ", actor=first, now=office.now)

    rows = {row.id: row for row in db.session.scalars(select(OutboxRow))}
    assert (rows[letters[0]].status, rows[letters[0]].attempts) == ("PENDING", 0)
    assert rows[letters[1]].status == "DISCARDED"


def _dead(office: Office, case: str) -> str:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import OutboxRow  # noqa: PLC0415

    row = OutboxRow(id=uuid4().hex, county_id="beishan", proceeding_id=case, kind="NOTICE", name="TOLD", payload={})
    row.correlation, row.status, row.attempts, row.created_at, row.due_at = "", "DEAD", 8, office.now, office.now
    row.last_error = "ConnectionError: mail.example refused zhang@example.org"
    db.session.add(row)
    db.session.commit()
    return row.id


def test_the_page_shows_numbers_and_steps_and_nothing_of_the_business(two: Any) -> None:
    from app.queries.operations import operations  # noqa: PLC0415

    office, first, _second = two
    case = office.open_case(matter="机密-事由")
    _dead(office, case)

    page = operations(first, now=office.later(days=1))

    assert "机密-事由" not in repr(page)
    assert "zhang@example.org" not in repr(page)
    assert [letter.error for letter in page.letters] == ["ConnectionError"]


def test_everybody_else_finds_nothing_there(two: Any) -> None:
    from app.queries.operations import operations  # noqa: PLC0415
    from app.services import interventions  # noqa: PLC0415

    office, _first, _second = two
    case = office.open_case()

    with pytest.raises(NotFoundError):
        operations(office.actor("director"), now=office.now)
    with pytest.raises(NotFoundError):
        interventions.ask_to_cancel(case, reason="重复。", actor=office.actor("director"), now=office.now)


def test_a_step_that_nobody_can_do_is_called_stuck(two: Any) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.queries.operations import NOBODY, operations  # noqa: PLC0415
    from app.storage import models as m  # noqa: PLC0415

    office, first, _ = two
    case = office.open_case()
    before = operations(first, now=office.now).stuck
    task = db.session.scalars(select(m.Task).where(m.Task.proceeding_id == case, m.Task.step_id == "T_check")).one()
    task.candidate_organ = "nowhere"  # as a diagram's formula names it
    db.session.commit()

    (stuck,) = operations(first, now=office.now).stuck

    assert before == ()
    assert (stuck.proceeding_id, stuck.step, stuck.sentence) == (case, task.name, NOBODY)
