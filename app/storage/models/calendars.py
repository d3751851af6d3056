"""The legal calendar: yearly notices on days off, and the days they name."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.calendars import DayKind
from app.extensions import Base


class CalendarNotice(Base):
    """The notice for a year. A year without one is provisional."""

    __tablename__ = "calendar_notices"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str]
    imported_at: Mapped[datetime]
    imported_by: Mapped[str]
    """User name; `system` for those that the product was delivered with."""
    revision: Mapped[int] = mapped_column(default=1)
    """How often it was imported. The sum over all years is the version of the calendar."""


class CalendarDayRow(Base):
    """A day off, or a weekend day on which offices work. All other days are what their day of the week says."""

    __tablename__ = "calendar_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(ForeignKey("calendar_notices.year"), index=True)
    """Of the notice: a day in December may stand in the notice of the following year."""
    kind: Mapped[DayKind]
    name: Mapped[str]
