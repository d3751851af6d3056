"""What was recorded of a responsible person since the act, over what the finding stated."""

from typing import Any

from app.extensions import db
from app.storage.models import CaseSubject


def recorded_status(subject: CaseSubject) -> dict[str, Any]:
    """`current_status`, and where a transferred person serves now; empty while nothing was recorded."""
    if subject.current_status is None:
        return {}
    return {"current_status": subject.current_status, "current_organ": subject.current_organ_id}


def status_of(subject_id: str) -> dict[str, Any]:
    """The same by the subject's id."""
    subject = db.session.get(CaseSubject, subject_id)
    return recorded_status(subject) if subject else {}
