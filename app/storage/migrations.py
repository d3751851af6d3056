"""Rows of changes of version, and the rows that only carry another step's name afterwards."""

from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import and_, select, update

from app.domain.advance import Advance
from app.domain.errors import NotFoundError
from app.domain.proceedings import ProceedingStatus
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.storage.models import IncidentRow, MigrationRow, Proceeding, Release, SubscriptionRow, Task, TimerRow


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
