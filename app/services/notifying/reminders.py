"""Once on every working day: which deadlines are near or past, and who wants a digest."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.domain.deadlines import OFFICE_ZONE, office_day, soon_before
from app.domain.notifications import Topic, digest_name, is_office_time, topic_of
from app.extensions import db
from app.law.calendar import legal_calendar
from app.services.notifying.outlets import outlets
from app.services.notifying.routing import people_of
from app.storage import notices
from app.storage import notifications as rows
from app.storage.models import NotificationSettings, Task
from app.storage.organisation import Holder, holders_of
from app.storage.transaction import transaction


def remind(now: datetime) -> int:
    """Look through the deadlines, the first time of a working day that the offices are open; returns how many spoke.

    A step is in the inbox once when its deadline comes near and once when it has passed, and is told outside every
    working day until it is done.
    """
    day = office_day(now)
    if not legal_calendar().is_working(day) or not is_office_time(now) or rows.is_day_done(day):
        return 0
    with transaction():
        if not rows.begin_day(day, now=now):
            return 0  # another worker was faster
        tasks = rows.steps_due_before(soon_before(now, calendar=legal_calendar()))
        notices.put_reminders(tasks, kind_of=lambda task: _kind(task, now), now=now)
        _tell(tasks, now)
    return len(tasks)


def _kind(task: Task, now: datetime) -> str:
    return "OVERDUE" if task.due_at is not None and task.due_at < now else "DUE_SOON"


def _tell(tasks: Sequence[Task], now: datetime) -> None:
    channels = outlets().channels()
    if not channels or not tasks:
        return
    roles: dict[str, set[str]] = defaultdict(set)
    for task in tasks:
        roles[task.county_id].add(task.candidate_role)
    holders: dict[str, list[Holder]] = {county: holders_of(county, found) for county, found in roles.items()}
    people = {task.id: people_of(task, holders[task.county_id]) for task in tasks}
    chosen = {row.person_id: row for row in rows.settings_of({who for found in people.values() for who in found})}
    planned: list[dict[str, Any]] = []
    for task in tasks:
        kind = _kind(task, now)
        planned += rows.plan(
            [chosen[person] for person in sorted(people[task.id]) if person in chosen],
            source=("reminder", task.id, office_day(now).isoformat()),
            topic=topic_of(kind),
            kind=kind,
            channels=channels,
            now=now,
            about={"proceeding_id": task.proceeding_id, "task_id": task.id},
        )
    rows.write(planned)


def plan_digests(now: datetime) -> int:
    """Plan the digests whose time has come today; returns how many people get one."""
    day, channels = office_day(now), outlets().channels()
    if not channels or not legal_calendar().is_working(day):
        return 0
    due = rows.digests_due(day, now.astimezone(OFFICE_ZONE).strftime("%H:%M"))
    if db.session.scalars(due.limit(1)).one_or_none() is None:
        return 0
    with transaction():
        chosen: Sequence[NotificationSettings] = db.session.scalars(
            due.with_for_update(skip_locked=True, of=NotificationSettings)
        ).all()
        for row in chosen:
            rows.write(
                rows.plan(
                    [row],
                    source=(digest_name(row.person_id, day),),
                    topic=Topic.DIGEST,
                    kind="DIGEST",
                    channels=channels,
                    now=now,
                    about={},
                )
            )
            row.digest_on = day
    return len(chosen)
