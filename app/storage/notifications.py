"""What is to be told outside, and to whom: rows written with the act, claimed by whoever sends."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, func, or_, select, update

from app.domain.actors import Actor
from app.domain.notifications import Channel, Topic, dedup_id
from app.domain.proceedings import ProceedingStatus
from app.extensions import db
from app.storage.models import (
    Account,
    Case,
    Delivery,
    Notice,
    NotificationSettings,
    Organ,
    Person,
    Proceeding,
    ReminderDay,
    Task,
)
from app.storage.upsert import insert_into
from app.storage.visibility import IS_OPEN, addressed_tasks, claimable_tasks, my_notices, my_open_tasks

PENDING, SENT, DROPPED, DEAD = "PENDING", "SENT", "DROPPED", "DEAD"
MAX_ATTEMPTS = 8
FIRST_PAUSE = timedelta(minutes=1)


# ---- to whom


def settings_of(person_ids: Collection[str]) -> Sequence[NotificationSettings]:
    """The choices of those of the people who have made any."""
    query = select(NotificationSettings).where(NotificationSettings.person_id.in_(sorted(person_ids)))
    return db.session.scalars(query).all() if person_ids else ()


def username_of(person_id: str) -> str | None:
    """The enabled account of a person."""
    query = select(Account.username).where(Account.person_id == person_id, Account.enabled)
    return db.session.scalars(query.order_by(Account.username).limit(1)).one_or_none()


def plan(
    settings: Iterable[NotificationSettings],
    *,
    source: Sequence[object],
    topic: Topic,
    kind: str,
    channels: Collection[Channel],
    now: datetime,
    about: dict[str, str | None],
) -> list[dict[str, Any]]:
    """Rows for everybody who wants to hear of it, by each way he has named. `source` names what is told, for ever."""
    empty: dict[str, Any] = {"proceeding_id": None, "task_id": None, "notice_id": None}
    return [
        {
            "id": dedup_id(*source, chosen.person_id, channel),
            "person_id": chosen.person_id,
            "channel": channel.value,
            "topic": topic.value,
            "kind": kind,
            "status": PENDING,
            "created_at": now,
            "due_at": now,
            "attempts": 0,
            **empty,
            **about,
        }
        for chosen in settings
        if topic.value not in chosen.muted
        for channel in channels
        if chosen.addresses.get(channel.value)
    ]


def write(rows: Sequence[dict[str, Any]]) -> None:
    """Those that are not there yet; the open transaction commits them."""
    if rows:
        db.session.execute(insert_into(Delivery).on_conflict_do_nothing(), list(rows))


# ---- sending


def claim(now: datetime, *, lease: timedelta) -> Delivery | None:
    """The oldest one that is due and that nobody sends, taken for as long as the lease. Counts as a try."""
    query = (
        select(Delivery)
        .where(
            Delivery.status == PENDING,
            Delivery.due_at <= now,
            or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now),
        )
        .order_by(Delivery.due_at, Delivery.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    row = db.session.scalars(query).one_or_none()
    if row is not None:
        row.leased_until, row.attempts = now + lease, row.attempts + 1
    return row


def postpone(row: Delivery, until: datetime) -> None:
    """Not now, and no try of it."""
    row.due_at, row.leased_until, row.attempts = until, None, row.attempts - 1


def held(delivery_id: str, leased_until: datetime) -> Delivery | None:
    """The delivery, locked, as long as our own lease is the last one."""
    row = db.session.get(Delivery, delivery_id, with_for_update=True, populate_existing=True)
    return row if row and row.status == PENDING and row.leased_until == leased_until else None


def done(row: Delivery, status: str, *, now: datetime, why: str = "") -> None:
    row.status, row.done_at, row.leased_until, row.last_error = status, now, None, why or None


def failed(row: Delivery, *, why: str, for_good: bool, now: datetime) -> None:
    """Try again after a pause that doubles; what cannot go or has been tried enough is dead and waits for a person."""
    row.last_error, row.leased_until = why[:500], None
    if for_good or row.attempts >= MAX_ATTEMPTS:
        row.status, row.done_at = DEAD, now
    else:
        row.due_at = now + FIRST_PAUSE * 2 ** (row.attempts - 1)


def revive(*, person_id: str | None, now: datetime) -> int:
    """Dead ones, of one person or of all, are tried again from the first attempt. Returns how many."""
    dead = update(Delivery).where(Delivery.status == DEAD)
    if person_id is not None:
        dead = dead.where(Delivery.person_id == person_id)
    result: Any = db.session.execute(dead.values(status=PENDING, attempts=0, due_at=now, done_at=None))
    return int(result.rowcount)


def queue() -> dict[str, int]:
    """How many wait or are dead."""
    query = select(Delivery.status, func.count()).where(Delivery.status.in_((PENDING, DEAD))).group_by(Delivery.status)
    return {PENDING: 0, DEAD: 0} | dict(db.session.execute(query).all())


# ---- what there is to tell, as it is now


class Told(NamedTuple):
    """A step of a case as messages name it."""

    task: Task | None
    number: str
    organ: str
    notice: Notice | None = None


def find_step(actor: Actor, task_id: str) -> Told | None:
    """An open step that the actor holds or may take now; None where it is done, another's, or hidden from him."""
    query = (
        select(Task, Proceeding.number, Organ.name)
        .join(Proceeding, Proceeding.id == Task.proceeding_id)
        .outerjoin(Case, Case.proceeding_id == Task.proceeding_id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .where(Task.id == task_id, or_(my_open_tasks(actor), addressed_tasks(actor)))
        .where(Proceeding.suspended_at.is_(None))
    )
    row = db.session.execute(query).one_or_none()
    if row is None or actor.person_id in row[0].excluded_people or row[0].assignee_id not in (None, actor.person_id):
        return None
    return Told(row[0], row[1], row[2] or "")


def find_notice(actor: Actor, notice_id: str) -> Told | None:
    """An unread notice of the actor; None where it was read or he may not see any more what it is about."""
    query = (
        select(Notice, Task, Proceeding.number, Organ.name)
        .join(Proceeding, Proceeding.id == Notice.proceeding_id)
        .outerjoin(Task, Task.id == Notice.task_id)
        .outerjoin(Case, Case.proceeding_id == Notice.proceeding_id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .where(Notice.id == notice_id, Notice.read_at.is_(None), my_notices(actor))
    )
    row = db.session.execute(query).one_or_none()
    return Told(row[1], row[2], row[3] or "", row[0]) if row else None


def work_of(actor: Actor, *, held_only: bool = False) -> list[Told]:
    """Open steps that the actor holds or, unless `held_only`, may take: the soonest deadline first."""
    mine = my_open_tasks(actor) if held_only else or_(my_open_tasks(actor), claimable_tasks(actor))
    query = (
        select(Task, Proceeding.number, Organ.name)
        .join(Proceeding, Proceeding.id == Task.proceeding_id)
        .outerjoin(Case, Case.proceeding_id == Task.proceeding_id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .where(mine, Proceeding.suspended_at.is_(None))
        .order_by(Task.due_at.asc().nulls_last(), Task.opened_at, Task.id)
    )
    rows = db.session.execute(query)
    return [
        Told(task, number, organ or "") for task, number, organ in rows if actor.person_id not in task.excluded_people
    ]


# ---- once a day


def steps_due_before(instant: datetime) -> Sequence[Task]:
    """Open steps whose deadline is past or comes before the instant, of what runs and is not suspended."""
    running = and_(Proceeding.status == ProceedingStatus.RUNNING, Proceeding.suspended_at.is_(None))
    query = select(Task).join(Proceeding, Proceeding.id == Task.proceeding_id)
    return db.session.scalars(query.where(IS_OPEN, Task.due_at < instant, running)).all()


def begin_day(day: date, *, now: datetime) -> bool:
    """Whether the day was not looked through yet; it is now, if the transaction commits."""
    first = insert_into(ReminderDay).values(day=day, done_at=now).on_conflict_do_nothing()
    result: Any = db.session.execute(first)
    return bool(result.rowcount)


def is_day_done(day: date) -> bool:
    return db.session.scalar(select(func.count()).select_from(ReminderDay).where(ReminderDay.day == day)) == 1


def digests_due(day: date, at: str) -> Any:
    """Query of the choices whose digest of the day is to be planned; `at` is the time in the offices, HH:MM."""
    return (
        select(NotificationSettings)
        .join(Person, Person.id == NotificationSettings.person_id)
        .where(
            NotificationSettings.digest_at != "",
            NotificationSettings.digest_at <= at,
            or_(NotificationSettings.digest_on.is_(None), NotificationSettings.digest_on < day),
        )
        .limit(200)
    )
