"""What a person keeps of the lists for himself: the cases he follows, the views he saved."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class Follow(Base):
    """我的关注: a person wants to see how a proceeding goes on. It opens nothing that he may not see anyway."""

    __tablename__ = "follows"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), primary_key=True, index=True)
    since: Mapped[datetime]


class SavedView(Base):
    """A box with filters and order under a name. Shared ones are offered to everybody of the same organ."""

    __tablename__ = "saved_views"
    __table_args__ = (
        UniqueConstraint("person_id", "name"),
        Index("ix_saved_views_organ", "organ_id", "shared"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    organ_id: Mapped[str | None] = mapped_column(ForeignKey("organs.id"))
    """Organ of the owner when it was saved."""
    name: Mapped[str]
    box: Mapped[str]
    filters: Mapped[dict[str, Any]]
    """As the address has them."""
    shared: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
