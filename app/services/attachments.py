"""Papers: uploaded before the form that names them is submitted, opened only by who may read that submission."""

from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select

from app.documents import store
from app.documents.pages import count_pages
from app.domain.access import may_replace_paper
from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import N_, ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError
from app.domain.history import Act
from app.domain.proceedings import ProceedingStatus
from app.extensions import db
from app.seals import sealed
from app.services import settings
from app.services.command import Command
from app.services.letters.issuing import sm3_of
from app.storage import attachments as rows
from app.storage import idempotency, journal
from app.storage import issued as issued_rows
from app.storage.models import Attachment, Submission, Task
from app.storage.proceedings import ensure_not_suspended, get_for_update
from app.storage.transaction import transaction

LONGEST_REASON = 500

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
    came = sha256(content).hexdigest()
    kept_as = store.received(content, name)
    content, file_name, media_type = kept_as.content, kept_as.file_name, kept_as.media_type
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
            pages=count_pages(content, media_type),
            uploaded_by=actor.person_id,
            uploaded_at=now,
        )
        db.session.add(row)
        journal.write_administrative(
            f"attachments/{actor.county_id}",
            actor=actor.username,
            act="upload",
            object_=row.id,
            payload={"sha256": digest, "size": len(content), "came_as": came},
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


def open_file(attachment_id: str, *, actor: Actor, now: datetime) -> StoredFile:
    """The stored paper; that the actor opened it is noted. Raises NotFoundError where missing or not his to read,
    ConflictError where its content was erased, is lost or damaged, or its key is not here."""
    row = db.session.get(Attachment, attachment_id)
    if row is None or not rows.may_read(row, actor, today=office_day(now)):
        raise NotFoundError
    stored = StoredFile(store.path_of(settings.data_folder(), row.sha256), row.file_name, row.media_type)
    if not stored.path.is_file():
        if rows.is_erased(row.id):
            raise ConflictError(N_("该材料的内容已经依法删除，只保留摘要和办理记录。"))
        raise ConflictError(N_("材料文件不在本机，请联系系统管理员。"))
    sealed.verify(stored.path)  # while a refusal can still be told: what is sent piece by piece cannot be taken back
    if not rows.is_known_reading(row, actor.person_id, now=now):
        with transaction():
            rows.note_reading(row, actor.person_id, now=now)
            journal.write_administrative(
                f"readings/{row.county_id}",
                actor=actor.username,
                act="read paper",
                object_=row.id,
                payload={"sha256": row.sha256},
                now=now,
            )
    return stored


def replace(attachment_id: str, content: bytes, *, name: str, reason: str, actor: Actor, now: datetime) -> str:
    """Put a new version in the place of a paper of a running proceeding; the old one is kept. Returns the new id.

    By who uploaded it, or holds the role that handed it in. Raises NotFoundError, NotAllowedError, ConflictError,
    InvalidFileError, InvalidAnswersError at `reason`: nothing was changed.
    """
    came = sha256(content).hexdigest()
    kept_as = store.received(content, name)
    content, file_name, media_type = kept_as.content, kept_as.file_name, kept_as.media_type
    digest = store.keep(settings.data_folder(), content)
    with transaction():
        old = db.session.get(Attachment, attachment_id)
        if old is None or old.proceeding_id is None or not rows.may_read(old, actor, today=office_day(now)):
            raise NotFoundError
        task = _handed_in_at(old)
        role, organ = (task.candidate_role, task.candidate_organ) if task else (None, None)
        if not may_replace_paper(actor, uploaded_by=old.uploaded_by, role=role, organ=organ):
            raise NotAllowedError(N_("只有上传人或者同岗位人员可以更换材料版本。"))
        if not reason.strip() or len(reason) > LONGEST_REASON:
            raise InvalidAnswersError({"reason": [N_("请写明更换的事由，不超过500字。")]})
        file = get_for_update(old.proceeding_id)
        if file.proceeding.status is not ProceedingStatus.RUNNING:
            raise ConflictError(N_("本件已经办结，材料不能再更换。"))
        ensure_not_suspended(file.proceeding)
        row = _next_version(old, file_name, media_type, digest)
        row.size, row.pages = len(content), count_pages(content, media_type)
        row.uploaded_by, row.uploaded_at, row.reason = actor.person_id, now, reason.strip()
        db.session.add(row)
        if (issued := issued_rows.of_attachment(old.id)) is not None:
            db.session.add(issued_rows.next_version(issued, row, sm3_of(content), actor=actor))
        command = Command(file, actor=actor, now=now)
        details = {"version": row.version, "paper": row.id}
        command.tell(Act.PAPER_REPLACED, task.name if task else file.proceeding.title, task=task, details=details)
        payload = {"sha256": digest, "replaces": old.id, "reason": row.reason, "came_as": came}
        command.write_evidence(act="replace paper", object_=row.id, payload=payload)
        return row.id


def _handed_in_at(row: Attachment) -> Task | None:
    query = select(Task).join(Submission, Submission.task_id == Task.id).where(Submission.id == row.submission_id)
    return db.session.scalars(query).one_or_none()


def _next_version(old: Attachment, file_name: str, media_type: str, digest: str) -> Attachment:
    return Attachment(
        id=uuid4().hex,
        county_id=old.county_id,
        proceeding_id=old.proceeding_id,
        submission_id=old.submission_id,
        file_name=file_name,
        media_type=media_type,
        sha256=digest,
        first_id=old.first_id or old.id,
        version=max(version.version for version in rows.versions_of(old)) + 1,
    )
