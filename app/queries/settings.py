"""What the page of a person's own settings shows, and what his calendar reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.domain.access import is_subject_role
from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.extensions import db
from app.storage import notifications as rows
from app.storage.models import CalendarFeed, Delivery, NotificationSettings, Proceeding

MOST_DELIVERIES = 20


@dataclass(frozen=True, slots=True)
class DeliveryView:
    kind: str
    channel: str
    status: str
    number: str
    at: datetime
    due_at: datetime
    attempts: int
    error: str


@dataclass(frozen=True, slots=True)
class SettingsPage:
    addresses: Mapping[str, str]
    muted: frozenset[str]
    quiet_since: str
    quiet_until: str
    digest_at: str
    feed_since: datetime | None
    """When the calendar's address was made; None without one."""
    deliveries: tuple[DeliveryView, ...]
    dead: int


def settings_page(actor: Actor) -> SettingsPage:
    """The actor's own choices, and what was sent to him lately."""
    chosen = db.session.get(NotificationSettings, actor.person_id)
    feed = select(CalendarFeed.created_at).where(
        CalendarFeed.person_id == actor.person_id, CalendarFeed.revoked_at.is_(None)
    )
    query = (
        select(Delivery, Proceeding.number)
        .outerjoin(Proceeding, Proceeding.id == Delivery.proceeding_id)
        .where(Delivery.person_id == actor.person_id)
        .order_by(Delivery.created_at.desc(), Delivery.id)
        .limit(MOST_DELIVERIES)
    )
    sent = tuple(_view(row, number) for row, number in db.session.execute(query))
    return SettingsPage(
        addresses=dict(chosen.addresses) if chosen else {},
        muted=frozenset(chosen.muted) if chosen else frozenset(),
        quiet_since=chosen.quiet_since if chosen else "",
        quiet_until=chosen.quiet_until if chosen else "",
        digest_at=chosen.digest_at if chosen else "",
        feed_since=db.session.scalars(feed.order_by(CalendarFeed.created_at.desc()).limit(1)).one_or_none(),
        deliveries=sent,
        dead=sum(row.status == rows.DEAD for row in sent),
    )


def _view(row: Delivery, number: str | None) -> DeliveryView:
    return DeliveryView(
        kind=row.kind,
        channel=row.channel,
        status=row.status,
        number=number or "",
        at=row.done_at or row.created_at,
        due_at=row.due_at,
        attempts=row.attempts,
        error=row.last_error or "",
    )


@dataclass(frozen=True, slots=True)
class Undelivered:
    """For the operator: how many wait or are dead, and the youngest of the dead, without their addresses."""

    counts: Mapping[str, int]
    dead: tuple[DeliveryView, ...]


def undelivered() -> Undelivered:
    query = (
        select(Delivery, Proceeding.number)
        .outerjoin(Proceeding, Proceeding.id == Delivery.proceeding_id)
        .where(Delivery.status == rows.DEAD)
        .order_by(Delivery.done_at.desc(), Delivery.id)
        .limit(MOST_DELIVERIES)
    )
    return Undelivered(rows.queue(), tuple(_view(row, number) for row, number in db.session.execute(query)))


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """A deadline of a step that somebody holds, as a calendar shows it."""

    task_id: str
    number: str
    organ: str
    step: str
    """Empty in what a responsible person has to do himself: a calendar is shown to others."""
    last_day: date
    since: datetime


def deadlines_of(actor: Actor) -> tuple[DeadlineView, ...]:
    """The deadlines of what the actor holds now, the soonest first."""
    return tuple(
        DeadlineView(
            task_id=told.task.id,
            number=told.number,
            organ=told.organ,
            step="" if is_subject_role(told.task.candidate_role) else told.task.name,
            last_day=office_day(told.task.due_at),
            since=told.task.opened_at,
        )
        for told in rows.work_of(actor, held_only=True)
        if told.task is not None and told.task.due_at is not None
    )
