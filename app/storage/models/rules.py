"""Rule settings as rule administrators made them: dated, reasoned, never changed or deleted."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class RuleSetting(Base):
    __tablename__ = "rule_settings"
    __table_args__ = (Index("ix_rule_settings_regulation", "regulation_id", "name"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    regulation_id: Mapped[str] = mapped_column(ForeignKey("regulations.id"))
    organ_id: Mapped[str | None] = mapped_column(ForeignKey("organs.id"))
    """Set for an organ's own implementing rules; empty for the whole county."""
    name: Mapped[str]
    value: Mapped[str]
    valid_from: Mapped[date]
    """First day of the offices on which newly opened proceedings follow it."""
    reason: Mapped[str]
    basis: Mapped[str] = mapped_column(default="")
    """The organ's implementing rule that the setting comes from."""
    set_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    set_at: Mapped[datetime]
