"""Rows of the attachment store, and their tie to the submission that names them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, func, or_, select, update

from app.domain.errors import N_, InvalidAnswersError
from app.extensions import db
from app.storage.models import Attachment, Proceeding, Submission


def ids_in(value: Any) -> list[str]:
    """Attachment ids anywhere in an answer."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [found for item in value.values() for found in ids_in(item)]
    if isinstance(value, Iterable):
        return [found for item in value for found in ids_in(item)]
    return []


def bind_to(submission: Submission, named: Mapping[str, list[str]], *, county_id: str) -> None:
    """Tie the named papers to the submission. `named` maps field paths to attachment ids.

    Raises InvalidAnswersError at the field when a paper does not exist, was uploaded by somebody else, or is already
    part of another proceeding.
    """
    wanted = {id_: path for path, ids in named.items() for id_ in ids}
    if not wanted:
        return
    free = and_(Attachment.proceeding_id.is_(None), Attachment.uploaded_by == submission.person_id)
    usable = or_(Attachment.proceeding_id == submission.proceeding_id, free)
    bound = db.session.scalars(
        update(Attachment)
        .where(Attachment.id.in_(wanted), Attachment.county_id == county_id, usable)
        .values(
            proceeding_id=submission.proceeding_id,
            submission_id=func.coalesce(Attachment.submission_id, submission.id),
        )
        .returning(Attachment.id)
        .execution_options(synchronize_session=False)
    ).all()
    missing = {path for id_, path in wanted.items() if id_ not in set(bound)}
    if missing:
        raise InvalidAnswersError({path: [N_("附件不存在或不可用，请重新上传。")] for path in missing})


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
