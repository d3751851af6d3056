"""From one thing that happened to the deliveries of those who want to hear of it. Inside the caller's transaction."""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from app.domain.access import is_subject_role
from app.domain.actors import Actor
from app.domain.notifications import Topic, topic_of
from app.extensions import db
from app.services.notifying.outlets import any_open, outlets
from app.storage import notices
from app.storage import notifications as rows
from app.storage.models import Notice, OutboxRow, Proceeding, Task
from app.storage.organisation import Holder, holders_of


def of_new_steps(
    proceeding: Proceeding, tasks: Iterable[Task], *, actor: Actor | None, now: datetime
) -> list[OutboxRow]:
    """Whoever is to do a new step hears of it outside, where there is a way out; in here it lies in his inbox."""
    if not any_open():
        return []
    by = actor.person_id if actor else ""
    told = [{"task": task.id, "by": by} for task in tasks]
    return [notices.to_tell(proceeding, uuid4().hex, kind="STEP", payload=about, now=now) for about in told]


def route(row: OutboxRow, *, now: datetime) -> None:
    """Plan what a row of the outbox lets people be told: of a notice, or of a step that was opened.

    Planned once: the deliveries commit with the row, and their names follow from its id.
    """
    channels = outlets().channels()
    if not channels:
        return
    if "task" in row.payload:
        task = db.session.get(Task, row.payload["task"])
        if task is None:
            return
        people, topic = people_of(task), (Topic.SERVED if is_subject_role(task.candidate_role) else Topic.STEP)
        about: dict[str, str | None] = {"task_id": task.id}
    else:
        notice = db.session.get(Notice, row.payload.get("notice", row.id))
        if notice is None:
            return
        people, topic = _readers(notice), topic_of(notice.kind)
        about = {"notice_id": notice.id, "task_id": notice.task_id}
    people.discard(row.payload.get("by", ""))
    planned = rows.plan(
        rows.settings_of(people),
        source=(row.id,),
        topic=topic,
        kind=row.name,
        channels=channels,
        now=now,
        about={"proceeding_id": row.proceeding_id, **about},
    )
    rows.write(planned)


def people_of(task: Task, holders: list[Holder] | None = None) -> set[str]:
    """Who is to do a step: who holds it, else everybody who may take it. `holders`: of its role, where known."""
    if task.assignee_id or task.candidate_person:
        return {task.assignee_id or task.candidate_person or ""}
    found = holders_of(task.county_id, [task.candidate_role]) if holders is None else holders
    return {
        holder.person_id
        for holder in found
        if holder.role == task.candidate_role
        and task.candidate_organ in (None, holder.organ_id)
        and holder.person_id not in task.excluded_people
    }


def _readers(notice: Notice) -> set[str]:
    if notice.person_id is not None:
        return {notice.person_id}
    holders = holders_of(notice.county_id, [notice.role])
    return {holder.person_id for holder in holders if notice.organ_id in (None, holder.organ_id)}
