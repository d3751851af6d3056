"""What stops the clock of a proceeding (中止) and lets it go on (恢复)."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class Suspension(Base):
    """A time in which no deadline of the proceeding runs. Open while `ended_at` is empty; at most one is."""

    __tablename__ = "suspensions"

    id: Mapped[str] = mapped_column(primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), index=True)
    since: Mapped[datetime]
    reason: Mapped[str]
    basis: Mapped[str]
    """The clause or statute that allows it."""
    begun_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    begun_by_name: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    ended_by_name: Mapped[str] = mapped_column(default="")
    end_reason: Mapped[str] = mapped_column(default="")
    days: Mapped[int | None]
    """Natural days by which deadlines and timers moved."""
