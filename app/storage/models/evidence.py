"""What is never changed: submissions, the readable history, the hash-chained journal."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class Submission(Base):
    """A form as it was submitted, whole, with the hash of the form it was checked against."""

    __tablename__ = "submissions"

    id: Mapped[str] = mapped_column(primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), index=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), index=True)
    form_key: Mapped[str]
    form_hash: Mapped[str]
    data: Mapped[dict[str, Any]]
    on_behalf_of: Mapped[str | None]
    """Id of the person in whose stead it was submitted (代理)."""
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    organ_id: Mapped[str | None] = mapped_column(ForeignKey("organs.id"))
    submitted_at: Mapped[datetime]


class HistoryEntry(Base):
    """One line of the story of a proceeding, in order. Names are stored as they were then."""

    __tablename__ = "history"
    __table_args__ = (UniqueConstraint("proceeding_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"))
    position: Mapped[int]
    at: Mapped[datetime]
    act: Mapped[str]
    """See `app.domain.history.Act`."""
    process_key: Mapped[str]
    step_id: Mapped[str]
    name: Mapped[str]
    task_id: Mapped[str | None]
    submission_id: Mapped[str | None]
    role: Mapped[str | None]
    organ_id: Mapped[str | None]
    organ_name: Mapped[str]
    person_id: Mapped[str | None]
    person_name: Mapped[str]
    clauses: Mapped[list[Any]]
    details: Mapped[dict[str, Any]]


class JournalLine(Base):
    """Who did what, chained by digest per scope. Append-only."""

    __tablename__ = "journal"
    __table_args__ = (UniqueConstraint("scope", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str]
    """Id of the proceeding, or of an administrative chain such as `accounts`."""
    position: Mapped[int]
    at: Mapped[datetime]
    actor: Mapped[str]
    act: Mapped[str]
    object: Mapped[str]
    payload_digest: Mapped[str]
    previous: Mapped[str]
    digest: Mapped[str]
    key_id: Mapped[str]
    """Which key of the chain made the digest."""


class JournalHead(Base):
    """Head of a chain that has no proceeding row to lock."""

    __tablename__ = "journal_heads"

    scope: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    digest: Mapped[str]
