"""What is said and read beside the record: remarks on a case, and who opened which paper when."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class Comment(Base):
    """A remark (讨论) of a person who sees the proceeding. No part of its record: neither history nor journal."""

    __tablename__ = "comments"
    __table_args__ = (Index("ix_comments_proceeding", "proceeding_id", "created_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"))
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"))
    task_id: Mapped[str | None]
    """The step on whose page it was written."""
    author_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str]
    """Empty once it was removed."""
    mentioned: Mapped[list[Any]]
    """Ids of the people that it names with @."""
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class PaperReading(Base):
    """Somebody opened a paper. Openings of the same person within some minutes are one."""

    __tablename__ = "paper_readings"
    __table_args__ = (Index("ix_paper_readings_paper", "attachment_id", "person_id", "read_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    attachment_id: Mapped[str] = mapped_column(ForeignKey("attachments.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    read_at: Mapped[datetime]
