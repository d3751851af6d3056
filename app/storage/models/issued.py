"""Official papers that steps have made: what was issued under which number, by whom, and its exact bytes."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class IssuedPaper(Base):
    """One version of an official paper. Never changed and never removed: what takes its place is another row."""

    __tablename__ = "issued_papers"
    __table_args__ = (
        UniqueConstraint("county_id", "number", "version"),
        Index("ix_issued_papers_proceeding", "proceeding_id", "scope"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"))
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"))
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"))
    attachment_id: Mapped[str] = mapped_column(ForeignKey("attachments.id"), unique=True)
    kind: Mapped[str]
    """As the register of the release calls it."""
    name: Mapped[str]
    scope: Mapped[str]
    """What it is about, as `case_facts.scope`: empty for the proceeding, a subject, an agenda item."""
    number: Mapped[str | None]
    version: Mapped[int]
    """From 1: what was issued for the same scope in the place of the one before."""
    template_hash: Mapped[str]
    sha256: Mapped[str]
    sm3: Mapped[str]
    signed_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    signed_name: Mapped[str]
    signed_organ: Mapped[str]
    signed_at: Mapped[datetime]
    serves_id: Mapped[str | None] = mapped_column(ForeignKey("issued_papers.id"))
    """The paper that this one proves to have been served; its bytes never change."""
    served_on: Mapped[date | None]
    """From which day that paper, or this one where it proves no other, counts as served on its responsible subject."""
