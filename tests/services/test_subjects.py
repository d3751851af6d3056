"""New facts bring up another responsible subject: in the finding that is under way, or in a round of its own."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from app.domain.errors import ConflictError, InvalidAnswersError, NotAllowedError
from app.scenarios.demo import Stage
from config import ROOT


@pytest.fixture
def stage(county: Flask) -> Iterator[Stage]:
    begins = datetime(2026, 2, 10, 1, tzinfo=UTC)
    with county.app_context():
        yield Stage(ROOT / "demo", county="jinzhai", begins=begins, ends=datetime(2027, 6, 1, tzinfo=UTC))


def investigated(stage: Stage, *, until: str) -> str:
    """A case that the meeting pursued; the id of its proceeding."""
    stage.perform({"open": "C13"})
    stage.perform({"meet": "M1", "cases": ["C13"]})
    stage.perform({"play": "C13", "until": until})
    return stage.world.proceedings["C13"]


def add(stage: Stage, case: str, who: str, **given: Any) -> str:
    from app.services import subjects  # noqa: PLC0415

    new = {"kind": "PERSON", "organ_id": "jinzhai.scj", "role": "REVIEWER", "reason": "谈话中发现其审核签批。", **given}
    new.setdefault("person_id", stage.world.actor("jinzhai.subject.person.scj").person_id)
    actor = stage.world.actor(f"jinzhai.{who}")
    return subjects.add(case, subjects.NewSubject(**new), actor=actor, now=stage.world.now)


def open_elements(case: str, key: str) -> list[str]:
    from app.queries import open_steps  # noqa: PLC0415

    return [str(next(iter(s.element.values()))["id"]) for s in open_steps.of_proceeding(case) if s.key == key]


@pytest.mark.slow
def test_a_subject_joins_the_finding_under_way_and_later_ones_have_a_round_of_their_own(stage: Stage) -> None:
    case = investigated(stage, until="subject-finding/T_entity")

    with pytest.raises(NotAllowedError):
        add(stage, case, "jmo.officer")
    with pytest.raises(InvalidAnswersError) as refusal:
        add(stage, case, "team.leader", role="NOBODY", reason="")
    assert set(refusal.value.fields) == {"role", "reason"}

    first = add(stage, case, "team.leader")
    assert first in open_elements(case, "subject-finding/T_person")
    with pytest.raises(ConflictError):
        add(stage, case, "team.leader")

    stage.perform({"play": "C13", "until": "accountability/T_prior_notice"})
    chief = stage.world.actor("jinzhai.subject.person.scj3").person_id
    second = add(stage, case, "sup.intake", person_id=chief, role="APPROVER")
    assert second not in open_elements(case, "accountability/T_prior_notice")
    assert first in open_elements(case, "accountability/T_prior_notice")

    stage.perform({"play": "C13"})
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import CaseSubject, HistoryEntry  # noqa: PLC0415

    assert {db.session.get_one(CaseSubject, key).status for key in (first, second)} == {"CONCLUDED"}
    told = db.session.query(HistoryEntry).filter_by(proceeding_id=case, act="SUBJECT_ADDED").all()
    assert [entry.details["reason"] for entry in told] == ["谈话中发现其审核签批。"] * 2
    with pytest.raises(ConflictError):
        add(
            stage, case, "sup.head", person_id=stage.world.actor("jinzhai.organ.reporter.scj").person_id, role="HANDLER"
        )
