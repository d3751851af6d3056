"""Papers: uploaded before the form that names them is submitted, opened only by who may read that submission."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select

from app.documents import store
from app.domain.access import can_read_submission
from app.domain.actors import Actor
from app.domain.errors import NotAllowedError, NotFoundError
from app.extensions import db
from app.services import settings
from app.storage import idempotency, journal
from app.storage.models import Attachment, Proceeding, Submission, Task
from app.storage.transaction import transaction
from app.storage.visibility import visible_proceedings

UPLOAD = "upload"
"""How an upload is called in the register of keys."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    id: str
    file_name: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    path: Path
    file_name: str
    media_type: str


def upload(content: bytes, *, name: str, actor: Actor, now: datetime, key: str = "") -> Uploaded:
    """Keep a paper until a submission names it. The same key again gives the paper that is kept already.

    Raises InvalidFileError, NotAllowedError.
    """
    if actor.county_id is None:
        raise NotAllowedError
    file_name, media_type = store.check(content, name)
    digest = store.keep(settings.data_folder(), content)
    with transaction():
        if key and (before := _kept_with(key, actor)) is not None:
            return before
        row = Attachment(
            id=uuid4().hex,
            county_id=actor.county_id,
            file_name=file_name,
            media_type=media_type,
            size=len(content),
            sha256=digest,
            uploaded_by=actor.person_id,
            uploaded_at=now,
        )
        db.session.add(row)
        journal.write_administrative(
            f"attachments/{actor.county_id}",
            actor=actor.username,
            act="upload",
            object_=row.id,
            payload={"sha256": digest, "size": len(content)},
            now=now,
        )
        kept = Uploaded(row.id, file_name, row.size, media_type)
        if key:
            idempotency.keep(key, person_id=actor.person_id, action=UPLOAD, answer=asdict(kept), now=now)
        return kept


def _kept_with(key: str, actor: Actor) -> Uploaded | None:
    idempotency.wait_for(key, person_id=actor.person_id)
    before = idempotency.find(key, person_id=actor.person_id, action=UPLOAD)
    return Uploaded(**before) if before else None


def open_file(attachment_id: str, *, actor: Actor) -> StoredFile:
    """The stored paper. Raises NotFoundError for a missing one and for one that the actor may not read."""
    row = db.session.get(Attachment, attachment_id)
    if row is None or row.county_id != actor.county_id or not _may_read(row, actor):
        raise NotFoundError
    return StoredFile(store.path_of(settings.data_folder(), row.sha256), row.file_name, row.media_type)


def _may_read(row: Attachment, actor: Actor) -> bool:
    if row.submission_id is None:
        return row.uploaded_by == actor.person_id or (row.proceeding_id is not None and _sees(actor, row.proceeding_id))
    query = (
        select(Submission.person_id, Task.candidate_role)
        .join(Task, Task.id == Submission.task_id)
        .join(Proceeding, Proceeding.id == Submission.proceeding_id)
        .where(Submission.id == row.submission_id, visible_proceedings(actor))
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        return row.uploaded_by == actor.person_id
    return can_read_submission(actor, performer_id=found.person_id, role=found.candidate_role)


def _sees(actor: Actor, proceeding_id: str) -> bool:
    """A paper of the proceeding as a whole, such as the memo of its opening, is open to whoever may open that."""
    query = select(Proceeding.id).where(Proceeding.id == proceeding_id, visible_proceedings(actor))
    return db.session.scalars(query).one_or_none() is not None
