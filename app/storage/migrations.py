"""Rows of changes of version, and the rows that only carry another step's name afterwards."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import and_, exists, select, update

from app.domain.advance import Advance
from app.domain.errors import NotFoundError
from app.domain.proceedings import ProceedingStatus
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.storage.models import (
    IncidentRow,
    MigrationItem,
    MigrationRow,
    MigrationRun,
    Proceeding,
    Release,
    SubscriptionRow,
    Task,
    TimerRow,
)
from app.storage.runs import DONE, WAITING

KEPT = (
    *("process_key", "step_id", "name", "lane", "form_key", "candidate_role", "candidate_organ", "candidate_person"),
    *("excluded_people", "clauses", "source", "proposals"),
)
"""Columns of an open step that the other version may say otherwise."""
_FOLLOWS = {"deadline": "due_at", "assignee_id": "claimed_at"}
"""What else it may touch, each with the instant that goes with it."""


def digest_of(state: bytes) -> str:
    return sha256(state).hexdigest()


def get_release(release_id: str, *, county_id: str | None) -> Release:
    """A release of the county. Raises NotFoundError."""
    release = db.session.get(Release, release_id)
    if release is None or release.county_id != county_id:
        raise NotFoundError
    return release


def on_other_releases(release_id: str) -> Iterator[tuple[str, str]]:
    """Id and number of the running proceedings of the same process that run on another release, by number."""
    query = (
        select(Proceeding.id, Proceeding.number)
        .join(Release, and_(Release.county_id == Proceeding.county_id, Release.process_key == Proceeding.process_key))
        .where(
            Release.id == release_id,
            Proceeding.status == ProceedingStatus.RUNNING,
            Proceeding.release_id != release_id,
        )
        .order_by(Proceeding.number)
    )
    for row in db.session.execute(query).all():
        yield row.id, row.number


def other_releases(release_id: str) -> list[str]:
    """Ids of the other releases that proceedings of the same process run on."""
    query = (
        select(Proceeding.release_id)
        .join(Release, and_(Release.county_id == Proceeding.county_id, Release.process_key == Proceeding.process_key))
        .where(
            Release.id == release_id,
            Proceeding.status == ProceedingStatus.RUNNING,
            Proceeding.release_id != release_id,
        )
        .distinct()
    )
    return list(db.session.scalars(query))


def open_rows(proceeding_id: str) -> dict[str, Task]:
    """Open steps by id."""
    query = select(Task).where(Task.proceeding_id == proceeding_id, Task.status == TaskStatus.OPEN).order_by(Task.id)
    return {task.id: task for task in db.session.scalars(query)}


def last_of(proceeding_id: str) -> MigrationRow | None:
    """The newest change of version that was not taken back."""
    query = (
        select(MigrationRow)
        .where(MigrationRow.proceeding_id == proceeding_id, MigrationRow.undone_at.is_(None))
        .order_by(MigrationRow.made_at.desc(), MigrationRow.id)
        .limit(1)
    )
    return db.session.scalars(query).one_or_none()


def rename_waiting(advance: Advance) -> None:
    """Timers, subscriptions and incidents that stay get the names that their steps have in the other version."""
    for model, waiting in ((TimerRow, advance.timers), (SubscriptionRow, advance.subscriptions)):
        for row in waiting:
            is_it = (model.engine_task_id == row.task_id, model.step_id != row.step_id)
            db.session.execute(update(model).where(*is_it).values(step_id=row.step_id))
    for incident in advance.incidents:
        named = {"step_id": incident.step_id, "process_key": incident.process_key, "name": incident.name}
        db.session.execute(update(IncidentRow).where(IncidentRow.engine_task_id == incident.task_id).values(**named))


def kept_of(proceeding: Proceeding) -> dict[str, Any]:
    """What a change of version may touch beside the state, to be put back."""
    performers = proceeding.waiting.get("performers", {})
    tasks = columns_of_open(proceeding)
    return {"switches": dict(proceeding.switches), "performers": performers, "stage": proceeding.stage, "tasks": tasks}


def columns_of_open(proceeding: Proceeding) -> dict[str, dict[str, Any]]:
    """What a change of version may touch of the open steps, by id."""
    return {id_: _columns_of(row) for id_, row in open_rows(proceeding.id).items()}


def _columns_of(row: Task) -> dict[str, Any]:
    instants = {name: getattr(row, name) for name in _FOLLOWS.values()}
    return {
        **{name: getattr(row, name) for name in (*KEPT, *_FOLLOWS)},
        **{name: instant.isoformat() if instant else None for name, instant in instants.items()},
    }


def restore(proceeding: Proceeding, row: MigrationRow) -> bool:
    """Everything as it was, but for what others did since: who took a step keeps it, who stepped aside stays aside, a
    day that was put off stays there. False where somebody has changed what the change of version had changed too: the
    caller goes no further."""
    restored = {}
    for id_, task in open_rows(proceeding.id).items():
        columns = _columns_as_before(task, row.kept["tasks"].get(id_), row.kept.get("left", {}).get(id_))
        if columns is None:
            return False
        restored[task] = columns
    proceeding.release_id, proceeding.switches = row.from_release, row.kept["switches"]
    proceeding.stage = row.kept["stage"]
    proceeding.waiting = {**proceeding.waiting, "performers": row.kept["performers"]}
    for task, columns in restored.items():
        for name, value in columns.items():
            setattr(task, name, value)
    return True


def _columns_as_before(
    task: Task, before: Mapping[str, Any] | None, left: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """The columns that go back to what they were `before` from what the change of version `left`; None where one of
    them was changed since then too."""
    if before is None or left is None:
        return None
    found: dict[str, Any] = {}
    for name in (*KEPT, *_FOLLOWS):
        value = getattr(task, name)
        if before[name] == left[name]:
            continue
        if name == "excluded_people":
            found[name] = sorted({*before[name], *(set(value) - set(left[name]))})
        elif value != left[name]:
            return None
        else:
            found[name] = before[name]
            follower = _FOLLOWS.get(name)
            if follower:
                found[follower] = datetime.fromisoformat(before[follower]) if before[follower] else None
    return found


# ---- runs


def begin(run: MigrationRun, proceeding_ids: Iterable[str]) -> str:
    """Write a run and its rows; its id."""
    db.session.add(run)
    db.session.flush()
    rows = (MigrationItem(run_id=run.id, proceeding_id=id_, status=WAITING) for id_ in proceeding_ids)
    db.session.add_all(rows)
    return run.id


def ensure_of_county(proceeding_ids: Collection[str], *, county_id: str | None) -> None:
    """Raises NotFoundError where one of them is unknown or of another county."""
    query = select(Proceeding.id).where(Proceeding.id.in_(proceeding_ids), Proceeding.county_id == county_id)
    if set(proceeding_ids) - set(db.session.scalars(query)):
        raise NotFoundError


def claim_next() -> tuple[MigrationItem, MigrationRun] | None:
    """The first row of any run that waits, locked until the commit."""
    waiting = select(MigrationItem).where(MigrationItem.status == WAITING).order_by(MigrationItem.id).limit(1)
    item = db.session.scalars(waiting.with_for_update(skip_locked=True)).one_or_none()
    return (item, db.session.get_one(MigrationRun, item.run_id)) if item is not None else None


def get_run(run_id: str, *, county_id: str | None) -> MigrationRun:
    """A run of the county. Raises NotFoundError."""
    run = db.session.get(MigrationRun, run_id)
    if run is None or run.county_id != county_id:
        raise NotFoundError
    return run


def is_taken_back(run_id: str) -> bool:
    """Whether another run takes this one back."""
    return db.session.scalar(select(exists().where(MigrationRun.back_of == run_id))) or False


def changed_by(run_id: str) -> list[str]:
    """The proceedings that a run has changed, in its order."""
    query = select(MigrationItem.proceeding_id).where(MigrationItem.run_id == run_id, MigrationItem.status == DONE)
    return list(db.session.scalars(query.order_by(MigrationItem.id)))
