"""What is never changed: submissions, the history, the hash-chained journal; and what the law lets go of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
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
    __table_args__ = (
        UniqueConstraint("scope", "position"),
        # for the auditor's page, which turns pages by moment and id
        Index("ix_journal_at", "at"),
        Index("ix_journal_actor", "actor", "at"),
        Index("ix_journal_act", "act", "at"),
        Index("ix_journal_object", "object"),
    )

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


class JournalPurge(Base):
    """The lines of a chain up to a position were taken away after their time, lawfully. Append-only."""

    __tablename__ = "journal_purges"

    scope: Mapped[str] = mapped_column(primary_key=True)
    until_position: Mapped[int] = mapped_column(primary_key=True)
    """Position of the last line that went."""
    last_digest: Mapped[str]
    """Its digest, which the next line still names."""
    lines: Mapped[int]
    removed: Mapped[str]
    """SM3 of the lines, as they stand in the file that keeps them."""
    authority: Mapped[str]
    """Who ordered it, by which paper."""
    by: Mapped[str]
    witness: Mapped[str]
    purged_at: Mapped[datetime]


class Erasure(Base):
    """The content of a submission or paper was erased by order of an authority; its digest stays. Append-only."""

    __tablename__ = "erasures"
    __table_args__ = (UniqueConstraint("kind", "object_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """SUBMISSION or PAPER."""
    object_id: Mapped[str]
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), index=True)
    content_digest: Mapped[str]
    """What the content was: of a submission its digest in the journal, of a paper its SHA-256."""
    authority: Mapped[str]
    by: Mapped[str]
    witness: Mapped[str]
    erased_at: Mapped[datetime]


class JournalCheck(Base):
    """A verification of the whole journal: asked for by the auditor, or made by the worker once a day."""

    __tablename__ = "journal_checks"

    id: Mapped[str] = mapped_column(primary_key=True)
    asked_by: Mapped[str]
    """Account; `system` for the daily one."""
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    lines: Mapped[int] = mapped_column(default=0)
    milliseconds: Mapped[int] = mapped_column(default=0)
    breaks: Mapped[list[Any]]
    """The first of them, in words."""
    found: Mapped[int] = mapped_column(default=0)
    """How many breaks there are."""
    anchors: Mapped[int] = mapped_column(default=0)
    """How many anchors it was held against."""
