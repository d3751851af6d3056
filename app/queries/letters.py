"""Issued papers as pages tell them, and the kinds of paper that a step makes."""

from dataclasses import dataclass
from datetime import datetime

from app.extensions import db
from app.law.papers import PaperKind
from app.queries.stages import register_of
from app.storage import issued as rows
from app.storage.models import IssuedPaper


@dataclass(frozen=True, slots=True)
class Issued:
    """An official paper as it was signed."""

    id: str
    name: str
    number: str
    version: int
    signed_name: str
    signed_organ: str
    signed_at: datetime
    sha256: str
    sm3: str
    serves: "Issued | None"
    """The paper that this one proves to have been served."""
    attachment_id: str


def issued_of(attachment_id: str) -> Issued | None:
    """What was issued as this file; None for an ordinary paper. Who may open the file may know it."""
    row = rows.of_attachment(attachment_id)
    return _told(row) if row is not None else None


def _told(row: IssuedPaper) -> Issued:
    served = db.session.get(IssuedPaper, row.serves_id) if row.serves_id else None
    return Issued(
        id=row.id,
        name=row.name,
        number=row.number or "",
        version=row.version,
        signed_name=row.signed_name,
        signed_organ=row.signed_organ,
        signed_at=row.signed_at,
        sha256=row.sha256,
        sm3=row.sm3,
        serves=_told(served) if served is not None else None,
        attachment_id=row.attachment_id,
    )


def letters_of_step(release_id: str, process_key: str, step_id: str) -> tuple[PaperKind, ...]:
    """The kinds of paper that completing a step may make."""
    return register_of(release_id).papers_at(process_key, step_id)
