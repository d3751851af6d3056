"""One paper: what it is, its versions, who has read it, and what may be done with it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.access import may_know_readers, may_replace_paper
from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import NotFoundError
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.extensions import db
from app.queries.names import people_names
from app.storage.attachments import may_read, versions_of
from app.storage.models import Attachment, PaperReading, Person, Proceeding, Submission, Task

MOST_READINGS = 200


@dataclass(frozen=True, slots=True)
class Version:
    id: str
    number: int
    file_name: str
    size: int
    """Bytes."""
    uploaded_by: str
    uploaded_at: datetime
    reason: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Reading:
    person: str
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class PaperPage:
    id: str
    file_name: str
    media_type: str
    size: int
    sha256: str
    pages: int | None
    uploaded_by: str
    uploaded_at: datetime
    step: str
    proceeding_id: str | None
    proceeding_kind: ProceedingKind | None
    number: str
    title: str
    version: int
    versions: tuple[Version, ...]
    """Newest first."""
    readings: tuple[Reading, ...] | None
    """Newest first; None where the actor may not know."""
    may_replace: bool

    @property
    def newest(self) -> str:
        return self.versions[0].id


def paper_page(actor: Actor, attachment_id: str, *, now: datetime) -> PaperPage:
    """Raises NotFoundError where it is missing or the actor may not read it."""
    row = db.session.get(Attachment, attachment_id)
    if row is None or not may_read(row, actor, today=office_day(now)):
        raise NotFoundError
    proceeding = db.session.get(Proceeding, row.proceeding_id) if row.proceeding_id else None
    query = select(Task).join(Submission, Submission.task_id == Task.id).where(Submission.id == row.submission_id)
    task = db.session.scalars(query).one_or_none()
    versions = versions_of(row)
    people = people_names(version.uploaded_by for version in versions)
    replaceable = proceeding is not None and proceeding.status is ProceedingStatus.RUNNING
    role, organ = (task.candidate_role, task.candidate_organ) if task else (None, None)
    return PaperPage(
        id=row.id,
        file_name=row.file_name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        pages=row.pages,
        uploaded_by=people.get(row.uploaded_by, ""),
        uploaded_at=row.uploaded_at,
        step=task.name if task else "",
        proceeding_id=proceeding.id if proceeding else None,
        proceeding_kind=proceeding.kind if proceeding else None,
        number=proceeding.number if proceeding else "",
        title=proceeding.title if proceeding else "",
        version=row.version,
        versions=tuple(_version(version, people.get(version.uploaded_by, "")) for version in reversed(versions)),
        readings=_readings(versions) if may_know_readers(actor, uploaded_by=row.uploaded_by) else None,
        may_replace=replaceable
        and proceeding is not None
        and proceeding.suspended_at is None
        and may_replace_paper(actor, uploaded_by=row.uploaded_by, role=role, organ=organ),
    )


def _version(row: Attachment, uploaded_by: str) -> Version:
    return Version(row.id, row.version, row.file_name, row.size, uploaded_by, row.uploaded_at, row.reason, row.sha256)


def _readings(versions: list[Attachment]) -> tuple[Reading, ...]:
    numbers = {version.id: version.version for version in versions}
    rows = db.session.execute(
        select(Person.name, PaperReading.read_at, PaperReading.attachment_id)
        .join(Person, Person.id == PaperReading.person_id)
        .where(PaperReading.attachment_id.in_(sorted(numbers)))
        .order_by(PaperReading.read_at.desc(), PaperReading.id)
        .limit(MOST_READINGS)
    )
    return tuple(Reading(name, at, numbers[id_]) for name, at, id_ in rows)
