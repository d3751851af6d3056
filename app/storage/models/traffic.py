"""What waits to go out or must not happen twice."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class OutboxRow(Base):
    """A message or notice that leaves a proceeding, written in the transaction of the act that caused it."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "status", "due_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"))
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), index=True)
    kind: Mapped[str]
    """MESSAGE (to another proceeding), NOTICE (to people), or NOTIFY (tell people outside of what they have here)."""
    name: Mapped[str]
    payload: Mapped[dict[str, Any]]
    correlation: Mapped[str]
    status: Mapped[str]
    """PENDING, DONE, DEAD or DISCARDED (dead, and given up by a person)."""
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    done_at: Mapped[datetime | None]


class Notice(Base):
    """A notice in somebody's inbox (待阅): to a person, or to a role, in an organ where one is named."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_role", "county_id", "role", "organ_id", "read_at", "created_at"),
        Index("ix_notices_person", "person_id", "read_at", "created_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"))
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), index=True)
    role: Mapped[str]
    organ_id: Mapped[str | None]
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    """Set where it is for one person; `role` is then empty."""
    task_id: Mapped[str | None]
    """The step it is about, which the same transaction may open."""
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    """What the sender added in his own words; shown here only, never sent out."""
    by_person: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    read_by: Mapped[str | None]
    read_at: Mapped[datetime | None]


class IdempotencyKey(Base):
    """A form that was rendered once is submitted once; the answer is kept with the key."""

    __tablename__ = "idempotency_keys"

    key: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(primary_key=True)
    action: Mapped[str]
    answer: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class Counter(Base):
    """The register of numbers: one row per county, kind and year, locked in the command's transaction."""

    __tablename__ = "counters"

    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[int]


class WorkerBeat(Base):
    __tablename__ = "worker_beats"

    worker: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]
