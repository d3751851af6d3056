"""Rows of the attachment store, and their tie to the submission that names them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from app.domain.access import can_read_submission, may_read_own_decision, may_read_own_notice
from app.domain.actors import Actor
from app.domain.errors import N_, InvalidAnswersError
from app.domain.subjects import SubjectStatus
from app.extensions import db
from app.storage import ballots, withheld
from app.storage.agendas import item_no_of
from app.storage.models import (
    Attachment,
    CaseSubject,
    Erasure,
    IssuedPaper,
    Meeting,
    PaperReading,
    Proceeding,
    Submission,
    Task,
)
from app.storage.visibility import may_see, own_subjects, visible_proceedings

ONE_READING = timedelta(minutes=10)
"""Openings of one paper by one person within this time are one."""


def ids_in(value: Any) -> list[str]:
    """Attachment ids anywhere in an answer."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [found for item in value.values() for found in ids_in(item)]
    if isinstance(value, Iterable):
        return [found for item in value for found in ids_in(item)]
    return []


def bind_to(submission: Submission, named: Mapping[str, list[str]], *, county_id: str) -> dict[str, str]:
    """Tie the named papers to the submission; returns their file names by id. `named` maps field paths to ids.

    Raises InvalidAnswersError at the field when a paper does not exist, was uploaded by somebody else, or is already
    part of another proceeding.
    """
    wanted = {id_: path for path, ids in named.items() for id_ in ids}
    if not wanted:
        return {}
    free = and_(Attachment.proceeding_id.is_(None), Attachment.uploaded_by == submission.person_id)
    usable = or_(Attachment.proceeding_id == submission.proceeding_id, free)
    bound = db.session.execute(
        update(Attachment)
        .where(Attachment.id.in_(wanted), Attachment.county_id == county_id, usable)
        .values(
            proceeding_id=submission.proceeding_id,
            submission_id=func.coalesce(Attachment.submission_id, submission.id),
        )
        .returning(Attachment.id, Attachment.file_name)
        .execution_options(synchronize_session=False)
    )
    names = {row.id: row.file_name for row in bound}
    missing = {path for id_, path in wanted.items() if id_ not in names}
    if missing:
        raise InvalidAnswersError({path: [N_("附件不存在或不可用，请重新上传。")] for path in missing})
    return names


def bind_memo(proceeding: Proceeding, ids: Sequence[str], *, uploaded_by: str) -> list[dict[str, str]]:
    """Tie papers to a proceeding as a whole, before anything is submitted. Returns id and file name of each.

    Raises InvalidAnswersError when one does not exist, was uploaded by somebody else, or belongs to another proceeding.
    """
    rows = db.session.scalars(
        select(Attachment)
        .where(
            Attachment.id.in_(ids),
            Attachment.county_id == proceeding.county_id,
            Attachment.proceeding_id.is_(None),
            Attachment.uploaded_by == uploaded_by,
        )
        .order_by(Attachment.uploaded_at, Attachment.id)
    ).all()
    if {row.id for row in rows} != set(ids):
        raise InvalidAnswersError({"memo": [N_("附件不存在或不可用，请重新上传。")]})
    for row in rows:
        row.proceeding_id = proceeding.id
    return [{"id": row.id, "file_name": row.file_name} for row in rows]


def get(attachment_id: str) -> Attachment | None:
    return db.session.get(Attachment, attachment_id)


def may_read(row: Attachment, actor: Actor, *, today: date) -> bool:
    """Whoever may read the submission that names it; before that the uploader. A paper of the proceeding as a whole,
    such as the memo of its opening, is open to whoever may open that. The subject reads what counts as served on him
    by `today`, the office's day."""
    if row.county_id != actor.county_id:
        return False
    if row.submission_id is None:
        return row.uploaded_by == actor.person_id or (
            row.proceeding_id is not None and may_see(actor, row.proceeding_id)
        )
    query = (
        select(Submission.person_id, Task.candidate_role, Task.element)
        .add_columns(withheld.met_by(actor.person_id, Proceeding.id).label("meets"))
        .join(Task, Task.id == Submission.task_id)
        .join(Proceeding, Proceeding.id == Submission.proceeding_id)
        .where(Submission.id == row.submission_id, visible_proceedings(actor))
    )
    found = db.session.execute(query).one_or_none()
    if found is None:
        return row.uploaded_by == actor.person_id or _is_served_on(row, actor, today)
    item_no = _sealed_item(row, found.element)
    if item_no and ballots.is_sealed(row.proceeding_id or "", item_no, actor.person_id):
        return False
    if found.meets and withheld.of_meeting(row.proceeding_id or "", actor.person_id).hides_paper(found.element):
        return False
    return can_read_submission(actor, performer_id=found.person_id, role=found.candidate_role)


def _sealed_item(row: Attachment, element: Mapping[str, Any]) -> int:
    """The item of a meeting whose votes the paper may tell: one of a ballot, or the sheet of an item; else 0.

    The written opinion (书面意见) that the members are asked to countersign was made before they voted, and is theirs.
    """
    query = select(IssuedPaper).join(Meeting, Meeting.proceeding_id == IssuedPaper.proceeding_id)
    issued = db.session.scalars(query.where(IssuedPaper.attachment_id == row.id)).one_or_none()
    if issued is not None:
        item_no = int(issued.scope) if issued.scope.isdigit() else 0
        return item_no if item_no and ballots.is_cast_before(issued.proceeding_id, item_no, issued.signed_at) else 0
    return item_no_of(element) if "member" in element else 0


def _is_served_on(row: Attachment, actor: Actor, today: date) -> bool:
    """Whether it is a paper about the actor, or about the organ he speaks for, that was served on him."""
    query = (
        select(CaseSubject.status, IssuedPaper.served_on)
        .join(IssuedPaper, IssuedPaper.scope == CaseSubject.id)
        .where(IssuedPaper.attachment_id == row.id, own_subjects(actor), _was_served(today))
    )
    found = db.session.execute(query).first()
    if found is None:
        return False
    if found.served_on is not None:  # handed over by its own step
        return may_read_own_notice()
    return may_read_own_decision(decided=found.status != SubjectStatus.FOUND, served=True)


def _was_served(today: date) -> ColumnElement[bool]:
    """Criterion on IssuedPaper: by the day of its proof, or its own where it is handed over in its own step, it counts
    as served. A proof of service is no paper that is served."""
    proof = aliased(IssuedPaper)
    shown = select(proof.id).where(
        func.coalesce(proof.serves_id, proof.id) == IssuedPaper.id,
        proof.proceeding_id == IssuedPaper.proceeding_id,
        proof.served_on <= today,
    )
    return and_(IssuedPaper.serves_id.is_(None), exists(shown.correlate(IssuedPaper)))


@dataclass(frozen=True, slots=True)
class ServedPaper:
    """A paper that was served on its responsible subject."""

    id: str
    """Of its file."""
    name: str
    number: str
    served_on: date | None
    """Where its own step hands it over; None where another paper proves its service."""


def served_papers(subject_ids: Iterable[str], *, today: date) -> dict[str, list[ServedPaper]]:
    """What was served on these subjects by the office's day, the newest first."""
    columns = (IssuedPaper.attachment_id, IssuedPaper.name, IssuedPaper.number, IssuedPaper.served_on)
    query = (
        select(IssuedPaper.scope, *columns)
        .where(IssuedPaper.scope.in_(list(subject_ids)), _was_served(today))
        .order_by(IssuedPaper.signed_at.desc(), IssuedPaper.id)
    )
    found: dict[str, list[ServedPaper]] = {}
    for subject_id, attachment_id, name, number, served_on in db.session.execute(query):
        found.setdefault(subject_id, []).append(ServedPaper(attachment_id, name, number or "", served_on))
    return found


def is_known_reading(row: Attachment, person_id: str, *, now: datetime) -> bool:
    """Whether an opening needs no row: by the uploader, before it is part of a file, or noted just now."""
    if row.uploaded_by == person_id or row.proceeding_id is None:
        return True
    of_person = (PaperReading.attachment_id == row.id, PaperReading.person_id == person_id)
    query = select(PaperReading.id).where(*of_person, PaperReading.read_at > now - ONE_READING).limit(1)
    return db.session.scalars(query).one_or_none() is not None


def note_reading(row: Attachment, person_id: str, *, now: datetime) -> None:
    db.session.add(PaperReading(id=uuid4().hex, attachment_id=row.id, person_id=person_id, read_at=now))


def is_erased(attachment_id: str) -> bool:
    """Whether its content was erased by order of an authority."""
    query = select(Erasure.id).where(Erasure.kind == "PAPER", Erasure.object_id == attachment_id)
    return db.session.scalars(query).first() is not None


def versions_of(row: Attachment) -> list[Attachment]:
    """Every version of the same paper, the oldest first."""
    first = row.first_id or row.id
    query = select(Attachment).where(or_(Attachment.id == first, Attachment.first_id == first))
    return list(db.session.scalars(query.order_by(Attachment.version, Attachment.id)))
