"""Joint meetings and the items of their agendas."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base


class Meeting(Base):
    __tablename__ = "meetings"

    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), primary_key=True)
    meeting_date: Mapped[datetime | None]
    place: Mapped[str | None]
    pack_status: Mapped[str | None]


class AgendaItem(Base):
    __tablename__ = "agenda_items"
    __table_args__ = (UniqueConstraint("meeting_id", "item_no"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), index=True)
    item_no: Mapped[int]
    kind: Mapped[str]
    """CASE, or the kind of a non-case item."""
    case_id: Mapped[str | None] = mapped_column(ForeignKey("proceedings.id"), index=True)
    title: Mapped[str]
    recused: Mapped[dict[str, Any]]
    """Organ ids that may not vote on this item -> the reasons, in words."""
    status: Mapped[str]
    """SCHEDULED or DECIDED."""
    resolution: Mapped[str | None]
    decided_by: Mapped[str | None]
    """How it was decided: CONSENT, MAJORITY, COUNTY_LEADER."""
    decided_at: Mapped[datetime | None]


class AgendaItemCase(Base):
    """A case of a series that goes with the leading case of an agenda item (系列案合并审议)."""

    __tablename__ = "agenda_item_cases"

    item_id: Mapped[str] = mapped_column(ForeignKey("agenda_items.id"), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), primary_key=True, index=True)
    follows: Mapped[str | None] = mapped_column(ForeignKey("proceedings.id"), index=True)
    """The case whose result it takes over; None once it goes its own way."""
    item: Mapped[AgendaItem] = relationship(lazy="raise_on_sql")
