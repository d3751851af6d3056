"""What courts and reconsideration organs report of lost cases, to be held against what the organs filed."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class CourtListEntry(Base):
    """One line of an imported list: a document that an organ of the county lost by."""

    __tablename__ = "court_list"
    __table_args__ = (UniqueConstraint("county_id", "doc_no"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"), index=True)
    doc_no: Mapped[str]
    """Without spaces and with full-width brackets, as `app.domain.exchange` writes it."""
    issuing_body: Mapped[str]
    doc_date: Mapped[date]
    organ_id: Mapped[str] = mapped_column(ForeignKey("organs.id"))
    result: Mapped[str]
    """What the document decided, in the words of the list."""
    imported_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    imported_at: Mapped[datetime]
    opened_case_id: Mapped[str | None] = mapped_column(ForeignKey("proceedings.id"))
    """The case that the office opened from this line."""
