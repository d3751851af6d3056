"""Identity numbers (公民身份号码): sealed, each in a row of its own, and who had one shown to him and why."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class SealedIdentityNumber(Base):
    """A number that somebody entered. Everything else holds its masked text and the id of this row."""

    __tablename__ = "identity_numbers"

    id: Mapped[str] = mapped_column(primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), index=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), index=True)
    submission_id: Mapped[str | None] = mapped_column(index=True)
    """The submission that named it first; None while it stands in a draft."""
    about: Mapped[str]
    """Whose it is, as far as the form tells: id of the person in its row or of the subject of the step; else empty."""
    masked: Mapped[str]
    sealed: Mapped[bytes]
    key_id: Mapped[str] = mapped_column(index=True)
    """The key that sealed it, for sealing anew."""
    entered_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime]


class IdentityNumberReading(Base):
    """Somebody had a number shown to him, and said why. Outlives the number."""

    __tablename__ = "identity_number_readings"

    id: Mapped[str] = mapped_column(primary_key=True)
    number_id: Mapped[str] = mapped_column(index=True)
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str]
    read_at: Mapped[datetime]
