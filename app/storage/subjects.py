"""Responsible subjects as rows; what was recorded of a person since the act, over what the finding stated."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import literal, select

from app.extensions import db
from app.storage.models import CaseSubject
from app.storage.surroundings import facts_column

DIED_MESSAGE = "SubjectDied"
"""Sent to the procedure of a responsible subject whose death was recorded."""
STANDING = ("current_status", "recorded_status", "current_organ")
"""Names under which expressions read what was recorded of a person."""


def recorded_status(subject: CaseSubject) -> dict[str, Any]:
    """`current_status`, and where a transferred person serves now; empty while nothing was recorded.

    `recorded_status` is the same status: it tells what was recorded from what only the finding stated.
    """
    if subject.current_status is None:
        return {}
    status = subject.current_status
    return {"current_status": status, "recorded_status": status, "current_organ": subject.current_organ_id}


def status_of(subject_id: str) -> dict[str, Any]:
    """The same by the subject's id."""
    subject = db.session.get(CaseSubject, subject_id)
    return recorded_status(subject) if subject else {}


def of_proceeding(proceeding_id: str) -> list[CaseSubject]:
    """The subjects of a locked case by name."""
    query = select(CaseSubject).where(CaseSubject.proceeding_id == proceeding_id).order_by(CaseSubject.name)
    return list(db.session.scalars(query))


def with_facts(proceeding_id: str) -> tuple[list[CaseSubject], Sequence[Any]]:
    """The same and every fact of a case locked just now, whatever was read of it before; no facts without subjects."""
    query = select(CaseSubject, facts_column(literal(proceeding_id))).where(CaseSubject.proceeding_id == proceeding_id)
    query = query.order_by(CaseSubject.name)
    rows = db.session.execute(query, execution_options={"populate_existing": True}).all()
    return [row[0] for row in rows], (rows[0][1] or ()) if rows else ()
