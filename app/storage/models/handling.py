"""What people do around a step without changing the diagram: ask, urge, supervise, ask for time, stand in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.handling import RequestStatus, SheetColour, SheetStatus, SideKind, SideStatus
from app.extensions import Base


class SideTask(Base):
    """Somebody is asked for an opinion beside a step (加签, 征求意见), or holds it for its owner (委派)."""

    __tablename__ = "side_tasks"
    __table_args__ = (
        Index("ix_side_tasks_person", "person_id", "status"),
        Index("ix_side_tasks_asked_by", "asked_by", "status"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), index=True)
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), index=True)
    kind: Mapped[SideKind]
    status: Mapped[SideStatus]
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    """Who is asked."""
    person_name: Mapped[str]
    question: Mapped[str]
    asked_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime]
    opinion: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]


class Deputy(Base):
    """代理: somebody acts in the roles of another for some days, both ends included."""

    __tablename__ = "deputies"
    __table_args__ = (Index("ix_deputies_deputy", "deputy_id", "since", "until"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"))
    principal_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    deputy_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    since: Mapped[date]
    until: Mapped[date]
    roles: Mapped[list[Any]]
    """Ids of the roles that it covers; empty for all that the principal holds."""
    reason: Mapped[str]
    set_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    set_by_name: Mapped[str]
    set_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    """When it was ended before its last day."""


class SupervisionSheet(Base):
    """督办单: a supervising role demands something about a step until a day; it is answered, then closed (销号)."""

    __tablename__ = "supervision_sheets"
    __table_args__ = (Index("ix_supervision_sheets_county", "county_id", "status", "term"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"))
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), index=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), index=True)
    colour: Mapped[SheetColour]
    status: Mapped[SheetStatus]
    demand: Mapped[str]
    term: Mapped[date]
    issued_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    issued_by_name: Mapped[str]
    issued_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(default="")
    answered_by_name: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]
    closing_note: Mapped[str] = mapped_column(default="")
    closed_by_name: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]


class ExtensionRequest(Base):
    """延期申请: who holds a step asks for more time before its last day; who answers for its time decides."""

    __tablename__ = "extension_requests"

    id: Mapped[str] = mapped_column(primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), index=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), index=True)
    status: Mapped[RequestStatus]
    until: Mapped[date]
    reason: Mapped[str]
    requested_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    requested_by_name: Mapped[str]
    requested_at: Mapped[datetime]
    decided_by_name: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str] = mapped_column(default="")
