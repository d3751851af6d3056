"""Rows of sealed identity numbers. A number opens only in its own row: a sealed value that was moved does not."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, func, select

from app.domain.identity_numbers import IdentityNumber, reference
from app.extensions import db
from app.seals import values
from app.storage.models import IdentityNumberReading, SealedIdentityNumber


def _bound(id_: str, proceeding_id: str) -> str:
    return f"identity number {id_} of {proceeding_id}"


def seal(
    number: IdentityNumber, *, proceeding_id: str, task_id: str, about: str, person_id: str, now: datetime
) -> SealedIdentityNumber:
    """A row for a number that was typed just now. Raises MissingKeyError."""
    id_ = uuid4().hex
    sealed = values.seal(number.plain, bound=_bound(id_, proceeding_id))
    row = SealedIdentityNumber(
        id=id_,
        proceeding_id=proceeding_id,
        task_id=task_id,
        submission_id=None,
        about=about,
        masked=str(number),
        sealed=sealed,
        key_id=values.key_of(sealed),
        entered_by=person_id,
        entered_at=now,
    )
    db.session.add(row)
    return row


def opened(row: SealedIdentityNumber) -> str:
    """The number. Raises MissingKeyError, DamagedSealError."""
    return values.opened(row.sealed, bound=_bound(row.id, row.proceeding_id))


def reference_to(row: SealedIdentityNumber) -> str:
    return reference(row.masked, row.id)


def of_draft(task_id: str, person_id: str) -> list[SealedIdentityNumber]:
    """What somebody has entered at a step and not submitted."""
    own = (SealedIdentityNumber.task_id == task_id, SealedIdentityNumber.entered_by == person_id)
    query = select(SealedIdentityNumber).where(*own, SealedIdentityNumber.submission_id.is_(None))
    return list(db.session.scalars(query))


def of_proceeding(proceeding_id: str, ids: Iterable[str]) -> dict[str, SealedIdentityNumber]:
    """Those of the ids that belong to a proceeding."""
    wanted = set(ids)
    if not wanted:
        return {}
    query = select(SealedIdentityNumber).where(
        SealedIdentityNumber.proceeding_id == proceeding_id, SealedIdentityNumber.id.in_(wanted)
    )
    return {row.id: row for row in db.session.scalars(query)}


def submitted_in(proceeding_id: str) -> list[SealedIdentityNumber]:
    """All numbers that submissions of a proceeding name, in the order in which they were entered."""
    query = select(SealedIdentityNumber).where(
        SealedIdentityNumber.proceeding_id == proceeding_id, SealedIdentityNumber.submission_id.is_not(None)
    )
    return list(db.session.scalars(query.order_by(SealedIdentityNumber.entered_at, SealedIdentityNumber.id)))


def bind(rows: Iterable[SealedIdentityNumber], *, submission_id: str) -> None:
    """The numbers belong to a submission now, if they did to none before."""
    for row in rows:
        row.submission_id = row.submission_id or submission_id


def drop(ids: Iterable[str]) -> None:
    """Take numbers away for good."""
    gone = list(ids)
    if gone:
        statement = delete(SealedIdentityNumber).where(SealedIdentityNumber.id.in_(gone))
        db.session.execute(statement.execution_options(synchronize_session=False))


def drop_drafts(task_id: str, *, besides: Iterable[str]) -> None:
    """What was typed at a step and is in no submission, now that the step is done."""
    loose = (SealedIdentityNumber.task_id == task_id, SealedIdentityNumber.submission_id.is_(None))
    statement = delete(SealedIdentityNumber).where(*loose, SealedIdentityNumber.id.not_in(list(besides)))
    db.session.execute(statement.execution_options(synchronize_session=False))


def named_by(submission_id: str) -> list[str]:
    """Ids of the numbers that a submission named first."""
    return list(
        db.session.scalars(select(SealedIdentityNumber.id).where(SealedIdentityNumber.submission_id == submission_id))
    )


def note_reading(row: SealedIdentityNumber, person_id: str, *, reason: str, now: datetime) -> IdentityNumberReading:
    reading = IdentityNumberReading(
        id=uuid4().hex,
        number_id=row.id,
        proceeding_id=row.proceeding_id,
        person_id=person_id,
        reason=reason,
        read_at=now,
    )
    db.session.add(reading)
    return reading


# ---- another key


def counted_by_key() -> dict[str, int]:
    """How many numbers each key has sealed."""
    query = select(SealedIdentityNumber.key_id, func.count()).group_by(SealedIdentityNumber.key_id)
    return dict(db.session.execute(query).all())


def not_sealed_with(key_id: str, *, after: str, most: int) -> Sequence[SealedIdentityNumber]:
    """The next rows that another key has sealed, locked, in the order of their ids."""
    other = (SealedIdentityNumber.key_id != key_id, SealedIdentityNumber.id > after)
    query = select(SealedIdentityNumber).where(*other).order_by(SealedIdentityNumber.id).limit(most)
    return db.session.scalars(query.with_for_update()).all()


def in_batches(most: int) -> Iterator[Sequence[SealedIdentityNumber]]:
    """All rows in the order of their ids; each batch is read when it is asked for."""
    after = ""
    while True:
        query = select(SealedIdentityNumber).where(SealedIdentityNumber.id > after)
        batch = db.session.scalars(query.order_by(SealedIdentityNumber.id).limit(most)).all()
        if not batch:
            return
        after = batch[-1].id
        yield batch


def reseal(row: SealedIdentityNumber) -> None:
    """With the newest key. Raises MissingKeyError, DamagedSealError: the row stays as it was."""
    row.sealed = values.seal(opened(row), bound=_bound(row.id, row.proceeding_id))
    row.key_id = values.key_of(row.sealed)
