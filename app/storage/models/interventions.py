"""What technical administrators do with a procedure that cannot go on: asked for by one, decided on by another."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.interventions import InterventionKind, InterventionStatus
from app.extensions import Base


class Intervention(Base):
    __tablename__ = "interventions"
    __table_args__ = (Index("ix_interventions_status", "status", "asked_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), index=True)
    kind: Mapped[InterventionKind]
    status: Mapped[InterventionStatus]
    engine_task_id: Mapped[str] = mapped_column(default="")
    """The token; empty for a cancellation."""
    process_key: Mapped[str] = mapped_column(default="")
    from_step: Mapped[str] = mapped_column(default="")
    from_name: Mapped[str] = mapped_column(default="")
    to_step: Mapped[str] = mapped_column(default="")
    to_name: Mapped[str] = mapped_column(default="")
    reason: Mapped[str]
    asked_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    asked_by_name: Mapped[str]
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    decided_by_name: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")
    """What the second person wrote."""
