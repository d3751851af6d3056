"""The case file: core facts as columns, every other answer as a typed row, the responsible subjects, the papers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class Case(Base):
    __tablename__ = "cases"

    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), primary_key=True)
    regulation_id: Mapped[str] = mapped_column(ForeignKey("regulations.id"), index=True)
    lead_organ_id: Mapped[str] = mapped_column(ForeignKey("organs.id"), index=True)
    case_type: Mapped[str | None] = mapped_column(index=True)
    scope_kind: Mapped[str | None]
    legal_doc_type: Mapped[str | None]
    doc_no: Mapped[str | None]
    instance: Mapped[str | None]
    area: Mapped[str | None]
    act_kind: Mapped[str | None]
    act_date: Mapped[date | None]
    served_date: Mapped[date | None]
    effective_date: Mapped[date | None]
    filing_due: Mapped[date | None]
    filed_on: Mapped[date | None]
    nominal_entity: Mapped[str | None] = mapped_column(ForeignKey("organs.id"))
    compensation_amount: Mapped[int | None]
    """Fen."""
    series_id: Mapped[str | None] = mapped_column(index=True)
    on_agenda: Mapped[str | None] = mapped_column(ForeignKey("proceedings.id"))
    """The open meeting that has this case on its agenda; at most one."""


class CaseFact(Base):
    """One answer of a form. `scope` is empty for the proceeding, or the id of a subject, member, entity or item."""

    __tablename__ = "case_facts"
    __table_args__ = {"sqlite_with_rowid": False}  # its key is half of a row: it need not lie in a tree of its own

    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    value: Mapped[Any] = mapped_column(JSON)
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"))


class CaseSubject(Base):
    """A responsible organ or person of a case, found and decided on its own."""

    __tablename__ = "case_subjects"

    id: Mapped[str] = mapped_column(primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), index=True)
    kind: Mapped[str]
    organ_id: Mapped[str] = mapped_column(ForeignKey("organs.id"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str]
    role: Mapped[str]
    status: Mapped[str]
    """FOUND, DECIDED, CONCLUDED (see `app.domain.subjects`)."""
    decision_kind: Mapped[str | None]
    decision_no: Mapped[str | None]
    sanctions: Mapped[list[Any]]
    decided_at: Mapped[datetime | None]
    revision: Mapped[str | None]
    """What a later procedure made of the decision: UPHELD, CHANGED, REVOKED, REDO_ORDERED …; None while it stands."""
    revision_no: Mapped[str | None]
    """Number of the paper that says so."""
    current_status: Mapped[str | None]
    """What became of the person since the act: TRANSFERRED, RETIRED, RESIGNED, DISMISSED, DEAD; None while unsaid."""
    status_since: Mapped[date | None]
    current_organ_id: Mapped[str | None] = mapped_column(ForeignKey("organs.id"))
    """Where a transferred person serves now; `organ_id` stays the organ of the act."""


class Attachment(Base):
    """A paper in the content-addressed store. It belongs to nobody's case until a submission names it."""

    __tablename__ = "attachments"

    id: Mapped[str] = mapped_column(primary_key=True)
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"))
    proceeding_id: Mapped[str | None] = mapped_column(ForeignKey("proceedings.id"), index=True)
    submission_id: Mapped[str | None] = mapped_column(ForeignKey("submissions.id"), index=True)
    file_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    """Bytes."""
    sha256: Mapped[str] = mapped_column(index=True)
    uploaded_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    uploaded_at: Mapped[datetime]
    pages: Mapped[int | None]
    """How many pages it has, where the file says so."""
    first_id: Mapped[str | None] = mapped_column(index=True)
    """The first version of the same paper; None of a first version."""
    version: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(default="")
    """Why it takes the place of the version before."""
