"""A year of lost cases in rows, small enough to be counted by hand. The comment behind each case says how it counts."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app.domain.history import Act
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.extensions import db
from app.storage import models as m
from tests.web.counties import NORTH, SOUTH
from tests.web.rows import make_proceeding, make_task, tell

YEAR = 2024
COLUMNS = {"filing_due", "filed_on", "effective_date", "served_date", "series_id", "scope_kind", "doc_no", "area"}


def build() -> None:
    """Adds the cases to the small world and makes its director the assessor too."""
    db.session.add(m.RoleAssignment(person_id=f"{NORTH}.director", role="assessor", organ_id=f"{NORTH}.sfj"))
    in_time = lose(
        "1001",
        "zjj",
        day(1, 10),
        filing_due=day(1, 20),
        filed_on=day(1, 18),
        head_attended=True,
        complaint_copy_received="2023-11-01",
        defence_filed_on="2023-11-16",  # the fifteenth day: in time
        evidence_filed_on="2023-11-17",  # a day late
        fault_codes=["FAULT_PROCEDURE"],
    )
    hold(in_time, "ORGAN", sanctions=["CIRCULATED_CRITICISM"], execution_status="DONE")
    hold(in_time, "PERSON", sanctions=["ADMONITION"], exemptions=["MINOR_NO_HARM"])  # not carried out
    late = lose(
        "1002",
        "zjj",
        day(3, 1),
        outcome="EXEMPT",  # its people are exempt, the case is lost
        filing_due=day(3, 11),
        filed_on=day(3, 14),  # three days late
        head_attended=False,
    )
    make_task(
        late,
        "filing/T_supplement",
        "补正材料",
        "organ.reporter",
        form_key="filing/supplement",
        opened_at=at(day(3, 15)),
    )
    departs(late)
    for number, filed in (("1003", day(5, 10)), ("1004", None), ("1005", None)):  # a series; two never filed
        lose(number, "gaj", day(5, 6), filing_due=day(5, 16), filed_on=filed, series_id="S-1")
    lose("1006", "zjj", day(6, 1), outcome="REVERSED", filing_due=day(6, 11))  # no loss in the end
    lose(
        "1007",
        "zjj",
        None,
        case_type="REF_ADVICE_IGNORED",  # by reference: nobody had to file it
        served_date=day(7, 1),
        scope_kind="BY_REFERENCE",
        filing_due=day(7, 11),
    )
    lose("1008", "gaj", date(YEAR - 1, 12, 31), filing_due=date(YEAR, 1, 10))  # of the year before
    abroad = lose("9001", "zjj", day(2, 1), filing_due=day(2, 11))
    abroad.county_id = SOUTH  # another county's
    db.session.get_one(m.Case, abroad.id).lead_organ_id = f"{SOUTH}.zjj"
    db.session.commit()


def day(month: int, number: int) -> date:
    return date(YEAR, month, number)


def at(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, 2, tzinfo=UTC)


def lose(
    number: str,
    organ: str,
    effective: date | None,
    *,
    outcome: str | None = None,
    case_type: str = "REVOKE",
    **said: Any,
) -> m.Proceeding:
    """A registered case; what is no column of a case becomes a fact."""
    release = db.session.scalars(select(m.Release).where(m.Release.digest == "CASE")).one()
    proceeding = make_proceeding(
        ProceedingKind.CASE,
        release,
        f"北败责〔{YEAR}〕{number}号",
        f"事由{number}",
        opened_at=at(effective or day(7, 1)),
    )
    if outcome:
        proceeding.outcome, proceeding.status = outcome, ProceedingStatus.CLOSED
    columns = {name: said.pop(name) for name in COLUMNS & said.keys()}
    db.session.add(
        m.Case(
            proceeding_id=proceeding.id,
            regulation_id="north-2020",
            lead_organ_id=f"{NORTH}.{organ}",
            case_type=case_type,
            effective_date=effective,
            **{"scope_kind": "DIRECT", "doc_no": f"（{YEAR}）{number}号", **columns},
        )
    )
    db.session.flush()
    state(proceeding, "", {"issuing_body": "COURT", **said})
    return proceeding


def hold(case: m.Proceeding, kind: str, *, sanctions: list[str], **said: Any) -> None:
    """Somebody who was held accountable."""
    subject = m.CaseSubject(
        id=uuid4().hex,
        proceeding_id=case.id,
        kind=kind,
        organ_id=f"{NORTH}.zjj",
        person_id=f"{NORTH}.subject" if kind == "PERSON" else None,
        name="李工" if kind == "PERSON" else "县住房和城乡建设局",
        role="",
        status="CONCLUDED",
        decision_kind="ACCOUNTABLE",
        sanctions=sanctions,
        decided_at=at(day(4, 20)),
    )
    db.session.add(subject)
    db.session.flush()
    state(case, subject.id, said)


def state(case: m.Proceeding, scope: str, said: dict[str, Any]) -> None:
    submission = db.session.scalars(select(m.Submission.id).limit(1)).one()
    for name, value in said.items():
        row = {"type": "string", "value": value, "submission_id": submission}
        db.session.add(m.CaseFact(proceeding_id=case.id, scope=scope, name=name, **row))


def departs(case: m.Proceeding) -> None:
    """A decision that departed from a proposal, and a docket number."""
    told = [{"field": "kind", "proposed": "ACCOUNTABLE", "answered": "EXEMPT", "table": "", "hits": []}]
    tell(case, Act.SUBMITTED, "拟定决定", at(day(4, 1)), details={"departures": told}, person=("leader", "陈立"))
    tell(case, Act.STEP, "编立案号", at(day(4, 1)), details={"issued": {"DOCKET": "北监立〔2024〕001号"}})


def many(count: int) -> None:
    """More of the same, for pages and their number of statements."""
    for number in range(count):
        hold(
            lose(f"{2000 + number}", "gaj", day(8, 1), filing_due=day(8, 11)),
            "ORGAN",
            sanctions=["CIRCULATED_CRITICISM"],
        )
    db.session.commit()
