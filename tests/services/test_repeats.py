"""The record of the county: who was held to account before, for what, and whether it repeats now."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.scenarios.demo import Stage
from app.services.command import Command
from app.services.operations.registry import perform
from app.storage.models import Case, CaseFact, CaseSubject, Proceeding, Submission
from app.storage.proceedings import get_file
from config import ROOT


@pytest.fixture
def cases(county: Flask) -> tuple[str, str]:
    """An earlier and a present case; the same person answers for the same kind of fault in both."""
    stage = Stage(
        ROOT / "demo",
        county="jinzhai",
        begins=datetime(2026, 9, 15, 1, tzinfo=UTC),
        ends=datetime(2027, 1, 1, tzinfo=UTC),
    )
    with county.app_context():
        for name in ("C01", "C03"):
            stage.perform({"open": name, "until": "jinzhai-intake/T_scope"})
        earlier, present = stage.world.proceedings["C01"], stage.world.proceedings["C03"]
        person = db.session.scalars(select(Submission.person_id).where(Submission.proceeding_id == earlier)).first()
        assert person is not None
        for id_, proceeding, day in (("S1", earlier, date(2026, 1, 10)), ("S2", present, date(2026, 9, 1))):
            case = db.session.get_one(Case, proceeding)
            case.act_date, case.series_id = day, None
            db.session.add(subject(id_, proceeding, case.lead_organ_id, person))
            db.session.flush()
            db.session.add(fault(id_, proceeding))
        db.session.commit()
        return earlier, present


def subject(id_: str, proceeding: str, organ: str, person: str) -> CaseSubject:
    return CaseSubject(
        id=id_,
        proceeding_id=proceeding,
        kind="PERSON",
        organ_id=organ,
        person_id=person,
        name="甲",
        role="HANDLER",
        status="DECIDED" if id_ == "S1" else "FOUND",
        decision_kind="ACCOUNTABLE" if id_ == "S1" else None,
        sanctions=[],
    )


def fault(subject_id: str, proceeding: str) -> CaseFact:
    said = select(Submission.id).where(Submission.proceeding_id == proceeding)
    return CaseFact(
        proceeding_id=proceeding,
        scope=subject_id,
        name="fault_codes",
        type="list",
        value=["FAULT_PROCEDURE"],
        submission_id=db.session.scalars(said).first(),
    )


def ask(proceeding: str, operation: str, **parameters: Any) -> Any:
    command = Command(get_file(proceeding), actor=None, now=datetime(2026, 10, 1, tzinfo=UTC))
    return perform(command, operation, {"subject_id": "S2", **parameters})


def test_a_fault_decided_within_the_year_repeats(county: Flask, cases: tuple[str, str]) -> None:
    with county.app_context():
        record = ask(cases[1], "subject/history")

        assert [(entry["fault"], entry["act_date"]) for entry in record] == [("FAULT_PROCEDURE", "2026-01-10")]
        assert ask(cases[1], "subject/repeats", faults=["FAULT_PROCEDURE"]) is True
        assert ask(cases[1], "subject/repeats", faults=["FAULT_WRONG_BASIS"]) is False
        assert ask(cases[1], "subject/repeat", faults=["FAULT_PROCEDURE"])["cases"] == [record[0]["case_no"]]


def test_a_case_of_the_same_series_a_revoked_decision_and_an_old_act_do_not(
    county: Flask, cases: tuple[str, str]
) -> None:
    with county.app_context():
        earlier, present = (db.session.get_one(Case, id_) for id_ in cases)
        decided = db.session.get_one(CaseSubject, "S1")

        earlier.series_id = present.series_id = "SR1"
        in_series = ask(cases[1], "subject/repeats", faults=["FAULT_PROCEDURE"])
        earlier.series_id = None
        decided.decision_kind = "WITHDRAWN"
        db.session.flush()
        revoked = ask(cases[1], "subject/repeats", faults=["FAULT_PROCEDURE"])
        decided.decision_kind, earlier.act_date = "ACCOUNTABLE", date(2025, 8, 31)
        db.session.flush()
        old = ask(cases[1], "subject/repeats", faults=["FAULT_PROCEDURE"])

        assert (in_series, revoked, old) == (False, False, False)


def test_another_person_of_the_organ_is_no_repetition_of_the_person(county: Flask, cases: tuple[str, str]) -> None:
    with county.app_context():
        db.session.get_one(CaseSubject, "S1").person_id = None
        db.session.get_one(CaseSubject, "S1").organ_id = db.session.get_one(CaseSubject, "S2").organ_id
        db.session.flush()

        found = ask(cases[1], "subject/repeat", faults=["FAULT_PROCEDURE"])

        assert (found["within_year"], found["by_organ"]) == (False, True)


@pytest.mark.parametrize(("basis", "repeated"), [("ACT_DATE", False), ("DOCUMENT_DATE", True), ("DECISION_DATE", True)])
def test_the_setting_says_which_days_must_lie_within_the_year(
    county: Flask, cases: tuple[str, str], basis: str, repeated: bool
) -> None:
    """The acts lie three years apart, the documents and the decisions a few months."""
    with county.app_context():
        db.session.get_one(Case, cases[0]).act_date = date(2023, 9, 1)
        db.session.get_one(CaseSubject, "S1").decided_at = datetime(2026, 5, 1, 1, tzinfo=UTC)
        db.session.get_one(Proceeding, cases[1]).switches = {"repeatDateBasis": basis}
        for id_, day in zip(cases, ("2026-03-01", "2026-08-20"), strict=True):
            db.session.get_one(CaseFact, (id_, "", "doc_date")).value = day
        db.session.flush()

        assert ask(cases[1], "subject/repeats", faults=["FAULT_PROCEDURE"]) is repeated
        assert ask(cases[1], "subject/history")[0]["document_date"] == "2026-03-01"


@pytest.mark.parametrize(("same", "repeated"), [("FAULT_CODE", False), ("AREA", True)])
def test_the_setting_says_whether_another_fault_in_the_same_field_repeats(
    county: Flask, cases: tuple[str, str], same: str, repeated: bool
) -> None:
    with county.app_context():
        for id_ in cases:
            db.session.get_one(Case, id_).area = "LAND"
        db.session.get_one(Proceeding, cases[1]).switches = {"sameTypeBasis": same}
        db.session.flush()

        assert ask(cases[1], "subject/repeats", faults=["FAULT_WRONG_BASIS"]) is repeated
