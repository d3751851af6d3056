"""What yearly reports need and no procedure knows: how many cases courts closed, as the assessor is told."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class CourtTotal(Base):
    """Cases against an organ that were closed in a year, won and lost: the denominator of its loss rate."""

    __tablename__ = "court_totals"

    organ_id: Mapped[str] = mapped_column(ForeignKey("organs.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    closed: Mapped[int]
    closed_substantive: Mapped[int]
    """Those of them that were decided on the merits."""
    set_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    set_at: Mapped[datetime]
