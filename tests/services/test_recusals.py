"""Recusal: who asks, who decides, and that it takes effect on the next request everywhere."""

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest
from flask import Flask

from app.domain.errors import ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError

NOW = datetime(2026, 6, 9, 1, 0, tzinfo=UTC)
REVIEWER, REPORTER, HEAD = ("jinzhai.organ.legal_reviewer.zjj", "jinzhai.organ.reporter.zjj", "jinzhai.organ.head.zjj")


@pytest.fixture
def office(county: Flask) -> Iterator[SimpleNamespace]:
    """A registered case whose report the organ's reviewer holds."""
    from app.scenarios.demo import answers_of  # noqa: PLC0415
    from app.scenarios.player import Player  # noqa: PLC0415  (see tests.conftest)
    from app.scenarios.world import World, read_yaml  # noqa: PLC0415
    from app.services import recusals  # noqa: PLC0415
    from app.storage.accounts import actor_of  # noqa: PLC0415
    from config import ROOT  # noqa: PLC0415

    def actor(name: str):  # type: ignore[no-untyped-def]
        found = actor_of(name)
        assert found is not None
        return found

    with county.app_context():
        world = World(county="jinzhai", now=NOW, usual=read_yaml(ROOT / "demo" / "answers.yml"))
        published = next(
            case for case in read_yaml(ROOT / "demo" / "cases.yml")["cases"] if case["lead_organ"] == "zjj"
        )
        case = Player(world, "case", answers=answers_of(published)).open_case(REPORTER)
        case.play(until="filing-report/T_review")
        proceeding = case.proceeding_id

        def request(whom: str = REVIEWER, by: str = REPORTER, **said: str) -> str:
            asked = {"person_id": actor(whom).person_id, "ground": "INTEREST", "reason": "其配偶是原告的股东。", **said}
            return recusals.request(proceeding, actor=actor(by), now=NOW, **asked)

        def decide(recusal: str, by: str = HEAD, *, granted: bool = True, reason: str = "情况属实。") -> None:
            recusals.decide(recusal, granted=granted, reason=reason, actor=actor(by), now=NOW)

        yield SimpleNamespace(case=case, actor=actor, request=request, decide=decide, proceeding=proceeding)


def inbox_of(office: SimpleNamespace, name: str) -> list[str]:
    from app.queries.inbox import Box, Filters, inbox  # noqa: PLC0415

    boxes = (Box.TODO, Box.POOL, Box.DONE)
    return [row.step for box in boxes for row in inbox(office.actor(name), box, filters=Filters(), now=NOW).rows]


def task_of(office: SimpleNamespace, step: str) -> str:
    from app.queries import open_steps  # noqa: PLC0415

    return next(row.task_id for row in open_steps.of_proceeding(office.proceeding) if row.key.endswith(f"/{step}"))


def test_a_granted_recusal_shuts_the_person_out_of_the_step_he_holds(office: SimpleNamespace) -> None:
    from app.services import tasks  # noqa: PLC0415

    task = task_of(office, "T_review")
    office.decide(office.request())

    with pytest.raises(NotFoundError):
        tasks.complete(task, answers={}, actor=office.actor(REVIEWER), now=NOW, key=uuid4().hex)
    assert inbox_of(office, REVIEWER) == []


def test_a_recused_person_no_longer_sees_the_case_nor_what_he_did_in_it(office: SimpleNamespace) -> None:
    from app.storage.visibility import may_see  # noqa: PLC0415

    office.decide(office.request(whom=REPORTER, by=REVIEWER))

    assert not may_see(office.actor(REPORTER), office.proceeding)
    assert inbox_of(office, REPORTER) == []
    assert may_see(office.actor(HEAD), office.proceeding)


def test_steps_that_open_later_are_not_addressed_to_a_recused_person(office: SimpleNamespace) -> None:
    office.decide(office.request(whom="jinzhai.jmo.officer", by="jinzhai.jmo.director"), by="jinzhai.county.leader")

    office.case.play(until="filing/T_check")

    assert "完整性审查" not in inbox_of(office, "jinzhai.jmo.officer")
    assert "完整性审查" in inbox_of(office, "jinzhai.jmo.officer2")


def test_a_refused_request_changes_nothing_but_the_record(office: SimpleNamespace) -> None:
    office.decide(office.request(), granted=False)

    assert inbox_of(office, REVIEWER) != []


def test_a_person_asks_for_his_own_recusal_and_another_decides(office: SimpleNamespace) -> None:
    recusal = office.request(by=REVIEWER)

    with pytest.raises(NotAllowedError):
        office.decide(recusal, by=REVIEWER)
    office.decide(recusal)


def test_a_heads_own_recusal_goes_one_level_up(office: SimpleNamespace) -> None:
    recusal = office.request(whom=HEAD)

    with pytest.raises(NotAllowedError):
        office.decide(recusal, by="jinzhai.jmo.director")
    office.decide(recusal, by="jinzhai.county.leader")


@pytest.mark.parametrize(
    ("said", "field"),
    [({"person_id": ""}, "person_id"), ({"ground": "GOSSIP"}, "ground"), ({"reason": " "}, "reason")],
)
def test_a_wrong_request_is_refused_at_its_field(office: SimpleNamespace, said: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidAnswersError) as refused:
        office.request(**said)

    assert list(refused.value.fields) == [field]


def test_only_people_of_the_case_can_be_asked_to_step_aside(office: SimpleNamespace) -> None:
    with pytest.raises(InvalidAnswersError):
        office.request(whom="yiyuan.registry.officer")


def test_a_second_request_waits_for_the_first(office: SimpleNamespace) -> None:
    office.request()

    with pytest.raises(ConflictError):
        office.request()


def test_who_does_not_see_the_case_cannot_ask_anything_of_it(office: SimpleNamespace) -> None:
    with pytest.raises(NotFoundError):
        office.request(by="yiyuan.registry.officer")


def test_a_request_and_its_decision_are_in_the_history(office: SimpleNamespace) -> None:
    from sqlalchemy import select  # noqa: PLC0415

    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import HistoryEntry  # noqa: PLC0415

    office.decide(office.request())

    told = select(HistoryEntry.details).where(HistoryEntry.act == "RECUSAL").order_by(HistoryEntry.position)
    assert [details["status"] for details in db.session.scalars(told)] == ["REQUESTED", "GRANTED"]


def test_who_stepped_aside_from_a_case_is_not_asked_in_a_procedure_about_it(office: SimpleNamespace) -> None:
    from app.queries.open_steps import proceeding_of  # noqa: PLC0415
    from app.services import procedures  # noqa: PLC0415

    office.decide(office.request(whom="jinzhai.jmo.officer", by="jinzhai.jmo.director"), by="jinzhai.county.leader")
    number = proceeding_of(office.proceeding).number

    opened = procedures.open_procedure("reversal", about=number, actor=office.actor(REPORTER), now=NOW, key=uuid4().hex)

    assert proceeding_of(opened.proceeding_id).waiting["recused"] == ["jinzhai.jmo.officer"]


def test_who_answers_in_a_case_does_not_judge_it(office: SimpleNamespace) -> None:
    """A member of the office who signed the act as the organ's reviewer, say, before he changed his post."""
    from app.domain.actors import Actor  # noqa: PLC0415
    from app.services.command import Command  # noqa: PLC0415
    from app.services.opening import _KeptOut  # noqa: PLC0415
    from app.services.operations.cases import found_subject  # noqa: PLC0415
    from app.storage.proceedings import get_for_update  # noqa: PLC0415
    from app.storage.transaction import transaction  # noqa: PLC0415

    officer: Actor = office.actor("jinzhai.jmo.officer")
    with transaction():
        command = Command(get_for_update(office.proceeding), actor=None, now=NOW)
        row = {"kind": "PERSON", "organ": "jinzhai.zjj", "role": "REVIEWER"}
        found_subject(command, row, person=officer.person_id, name=officer.name)

        known = _KeptOut(command, set())
        assert officer.person_id in known.people("jmo.officer", 0)
        assert officer.person_id not in known.people("subject.person", 0)
