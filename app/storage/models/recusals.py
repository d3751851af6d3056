"""Requests for recusal and how they were decided. A granted one shuts the person out of the whole proceeding."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.recusals import RecusalGround, RecusalStatus
from app.extensions import Base


class Recusal(Base):
    __tablename__ = "recusals"
    __table_args__ = (Index("ix_recusals_person", "person_id", "status"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    """Who is to step aside."""
    ground: Mapped[RecusalGround]
    reason: Mapped[str]
    requested_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    requested_at: Mapped[datetime]
    status: Mapped[RecusalStatus]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    decision_reason: Mapped[str] = mapped_column(default="")
