"""Telling people outside: what each wants, what is to be sent, and the secret addresses of calendar feeds."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class NotificationSettings(Base):
    """What a person has chosen. Without a row nothing leaves the product for him."""

    __tablename__ = "notification_settings"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    addresses: Mapped[dict[str, Any]]
    """Channel -> address: an e-mail address, the key of a robot, a URL. A channel without one is off."""
    muted: Mapped[list[Any]]
    """Topics that are not sent."""
    quiet_since: Mapped[str] = mapped_column(default="")
    quiet_until: Mapped[str] = mapped_column(default="")
    """HH:MM in the offices' time; see `domain.notifications.Quiet`."""
    digest_at: Mapped[str] = mapped_column(default="")
    """HH:MM on working days; empty: no digest."""
    digest_on: Mapped[date | None]
    """The last office day whose digest was planned."""
    updated_at: Mapped[datetime]


class Delivery(Base):
    """One thing to tell one person by one channel. Its id never changes, so that a receiver recognises a repeat."""

    __tablename__ = "deliveries"
    __table_args__ = (
        Index("ix_deliveries_due", "status", "due_at"),
        Index("ix_deliveries_person", "person_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    channel: Mapped[str]
    topic: Mapped[str]
    kind: Mapped[str]
    """Kind of the notice."""
    proceeding_id: Mapped[str | None] = mapped_column(ForeignKey("proceedings.id"))
    task_id: Mapped[str | None]
    notice_id: Mapped[str | None]
    status: Mapped[str]
    """PENDING, SENT, DROPPED (nothing to say any more, or not to him) or DEAD (given up)."""
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    """Set while a worker sends it; a worker that died in between leaves it to the next one when this has passed."""
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    done_at: Mapped[datetime | None]


class ReminderDay(Base):
    """A day on which the deadlines were looked through; the row commits with what was found."""

    __tablename__ = "reminder_days"

    day: Mapped[date] = mapped_column(primary_key=True)
    done_at: Mapped[datetime]


class CalendarFeed(Base):
    """The address of a person's deadlines for his own calendar. Only the digest of its token is stored."""

    __tablename__ = "calendar_feeds"

    digest: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
