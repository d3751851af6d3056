"""A responsible person died, left or moved: recorded at any step, with consequences for him alone."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from app.domain.errors import ConflictError, InvalidAnswersError, NotAllowedError
from app.scenarios.demo import Stage
from config import ROOT


@pytest.fixture
def notified(county: Flask) -> Iterator[SimpleNamespace]:
    """A case in which the responsible person has been notified, and nothing is decided."""
    begins = datetime(2026, 2, 10, 1, tzinfo=UTC)
    with county.app_context():
        stage = Stage(ROOT / "demo", county="jinzhai", begins=begins, ends=datetime(2027, 6, 1, tzinfo=UTC))
        stage.perform({"open": "C13"})
        stage.perform({"meet": "M1", "cases": ["C13"]})
        stage.perform({"play": "C13", "until": "accountability/T_prior_notice"})
        stage.players["C13"].do_step("accountability/T_prior_notice")
        yield SimpleNamespace(stage=stage, case=stage.world.proceedings["C13"])


def person_of(case: str) -> Any:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import CaseSubject  # noqa: PLC0415

    return db.session.query(CaseSubject).filter_by(proceeding_id=case, kind="PERSON").order_by(CaseSubject.id).first()


def record(notified: SimpleNamespace, status: str, who: str = "sup.head", **given: Any) -> None:
    from app.scenarios.world import PAPER  # noqa: PLC0415
    from app.services import attachments, standings  # noqa: PLC0415

    world = notified.stage.world
    actor = world.actor(f"jinzhai.{who}")
    paper = attachments.upload(PAPER, name="证明.pdf", actor=actor, now=world.now)
    said = {"since": date(2026, 2, 9), "reason": "有关材料证明。", "papers": [paper.id], **given}
    change = standings.StatusChange(status=status, **said)
    standings.record(notified.case, person_of(notified.case).id, change, actor=actor, now=world.now)
    world.rest()


def open_keys(case: str) -> set[str]:
    from app.queries import open_steps  # noqa: PLC0415

    return {step.key for step in open_steps.of_proceeding(case)}


@pytest.mark.slow
def test_a_death_ends_the_course_of_the_person_and_is_told_with_its_proof(notified: SimpleNamespace) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import HistoryEntry  # noqa: PLC0415

    with pytest.raises(NotAllowedError):
        record(notified, "DEAD", who="jmo.officer")
    with pytest.raises(InvalidAnswersError) as refusal:
        record(notified, "GONE", since=date(2030, 1, 1), reason="", papers=[])
    assert set(refusal.value.fields) == {"status", "since", "reason", "papers"}

    record(notified, "DEAD")

    told = db.session.query(HistoryEntry).filter_by(proceeding_id=notified.case, act="SUBJECT_STATUS").one()
    assert (told.details["current_status"], len(told.details["papers"])) == ("DEAD", 1)
    assert "subject-course/T_terminate" in open_keys(notified.case)
    with pytest.raises(ConflictError):
        record(notified, "RETIRED")


@pytest.mark.slow
def test_who_is_under_investigation_leaves_with_consent_only_and_keeps_no_post_to_lose(
    notified: SimpleNamespace,
) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.services import tasks  # noqa: PLC0415
    from app.storage.models import OutboxRow, Task  # noqa: PLC0415
    from app.storage.subjects import status_of  # noqa: PLC0415

    with pytest.raises(InvalidAnswersError) as refusal:
        record(notified, "RESIGNED")
    assert set(refusal.value.fields) == {"consented"}
    with pytest.raises(InvalidAnswersError) as refusal:
        record(notified, "TRANSFERRED", consented=True)
    assert set(refusal.value.fields) == {"organ_id"}

    record(notified, "TRANSFERRED", consented=True, organ_id="jinzhai.scj")
    organs = {row.payload["organ"] for row in db.session.query(OutboxRow).filter_by(name="SUBJECT_TRANSFERRED")}
    assert organs == {person_of(notified.case).organ_id, "jinzhai.scj"}

    record(notified, "RETIRED", consented=True)
    assert status_of(person_of(notified.case).id)["current_status"] == "RETIRED"
    player = notified.stage.players["C13"]
    player.play(leave=("subject-decision/T_draft_decision",))
    mine = db.session.query(Task).filter_by(proceeding_id=notified.case, step_id="T_draft_decision", status="OPEN")
    task = next(t for t in mine if t.element["subject"]["id"] == person_of(notified.case).id)
    answers = {"kind": "ACCOUNTABLE", "sanctions": ["TRANSFER_FROM_POST"]}
    actor = notified.stage.world.actor("jinzhai.decider.officer")
    with pytest.raises(InvalidAnswersError) as wrong:
        tasks.complete(task.id, answers=answers, actor=actor, now=notified.stage.world.now, key="leaver")
    assert "离职" in str(wrong.value.fields["sanctions"])
