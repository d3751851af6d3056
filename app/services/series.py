"""系列案: cases alike to one that is registered already, opened from a table, each in its own transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app.domain.access import may_separate
from app.domain.actors import Actor
from app.domain.errors import N_, ConflictError, DomainError, InvalidAnswersError, NotAllowedError, NotFoundError
from app.domain.history import Act
from app.domain.proceedings import ProceedingKind
from app.extensions import db
from app.forms.answers import attachments_in
from app.forms.parse import Form
from app.forms.tables import Line, read_table
from app.services import definitions
from app.services.cases import open_case
from app.services.command import Command
from app.services.operations.series import SEPARATED
from app.storage import agendas
from app.storage.models import Attachment, Case, Organ, Proceeding, Submission
from app.storage.proceedings import correlation_text, find_subscriber, get_for_update
from app.storage.transaction import transaction
from app.storage.visibility import may_see, visible_proceedings

LONGEST = timedelta(seconds=20)
"""After this the rest waits for another upload of the same table: a request must not outlive its worker."""

LONGEST_REASON = 2000

TELLING = "doc_no"
"""The field that tells the cases of a series apart; every row has its own."""


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row: the number of its case, or what is wrong with it by field."""

    line: int
    telling: str
    number: str = ""
    replayed: bool = False
    errors: Mapping[str, list[str]] | None = None
    refused: DomainError | None = None


@dataclass(frozen=True, slots=True)
class SeriesResult:
    series_id: str
    rows: tuple[RowResult, ...]
    waiting: int
    """Rows that were not reached; the same table uploaded again goes on with them."""

    @property
    def opened(self) -> int:
        return sum(bool(row.number) for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Sample:
    proceeding: Proceeding
    case: Case
    submission: Submission
    form: Form


def open_series(sample_id: str, *, table: bytes, actor: Actor, now: datetime) -> SeriesResult:
    """Open a case for every row: what a row does not say is as in the sample's registration, its papers included.

    Uploading the same table again opens nothing twice. Raises NotFoundError, NotAllowedError, ConflictError (the sample
    is not registered), InvalidFileError: nothing was changed. What is wrong with one row is told in its result.
    """
    sample = _sample(sample_id, actor)
    organs = _organs(sample.proceeding.county_id)
    lines = read_table(table, sample.form, options=definitions.options_of(sample.proceeding.release_id), organs=organs)
    series_id = str(sample.case.series_id or sample.proceeding.number)
    begun, results = monotonic(), []
    for line in lines:
        if monotonic() - begun > LONGEST.total_seconds():
            break
        results.append(_open_row(sample, line, series_id=series_id, actor=actor, now=now))
    if any(row.number for row in results):
        _join(sample.proceeding.id, series_id)
    return SeriesResult(series_id, tuple(results), waiting=len(lines) - len(results))


def separate(proceeding_id: str, *, reason: str, actor: Actor, now: datetime) -> None:
    """Take a case that waits for the leading case of its series out of it: its facts differ, it is investigated itself.

    Raises NotFoundError (hidden), NotAllowedError, ConflictError (it follows no case), InvalidAnswersError.
    """
    with transaction():
        file = get_for_update(proceeding_id)
        if not may_see(actor, proceeding_id):
            raise NotFoundError
        if not may_separate(actor):
            raise NotAllowedError(N_("只有联席会议办公室主任可以决定系列案另案办理。"))
        if not 2 <= len(reason.strip()) <= LONGEST_REASON:
            raise InvalidAnswersError({"reason": [N_("请写明事实有何不同，不超过2000字。")]})
        correlation = correlation_text({"case_no": file.proceeding.number})
        if find_subscriber(SEPARATED, correlation) is None:
            raise ConflictError(N_("本案没有随主案办理，无须另案。"))
        command = Command(file, actor=actor, now=now)
        command.tell(Act.SERIES, N_("系列案另案办理"), details={"reason": reason.strip()})
        command.send("MESSAGE", SEPARATED, payload={"case_no": file.proceeding.number}, correlation=correlation)
        agendas.follow([proceeding_id], None)
        db.session.add_all(command.outbox)
        command.write_evidence(act="separate", object_=file.proceeding.number, payload={"reason": reason.strip()})


def _sample(sample_id: str, actor: Actor) -> _Sample:
    row = db.session.execute(
        select(Proceeding, Case)
        .join(Case, Case.proceeding_id == Proceeding.id)
        .where(Proceeding.kind == ProceedingKind.CASE, visible_proceedings(actor))
        .where((Proceeding.id == sample_id) | (Proceeding.number == sample_id))
    ).one_or_none()
    if row is None:
        raise NotFoundError
    proceeding, case = row
    if not actor.holds("organ.reporter", case.lead_organ_id):
        raise NotAllowedError(N_("只有本案登记机关的填报人可以批量登记系列案。"))
    first = select(Submission).where(Submission.proceeding_id == proceeding.id).order_by(Submission.submitted_at)
    submission = db.session.scalars(first.limit(1)).one_or_none()
    if submission is None:
        raise ConflictError(N_("请先提交本案的登记表，再以本案为样本批量登记。"))
    return _Sample(proceeding, case, submission, definitions.form_of(proceeding.release_id, submission.form_key))


def _organs(county_id: str) -> dict[str, str]:
    rows = db.session.execute(select(Organ.id, Organ.name, Organ.short_name).where(Organ.county_id == county_id))
    return {name: id_ for id_, *names in rows for name in names}


def _open_row(sample: _Sample, line: Line, *, series_id: str, actor: Actor, now: datetime) -> RowResult:
    telling = str(line.answers.get(TELLING) or "")
    if not telling or telling == sample.submission.data.get(TELLING):
        return RowResult(line.number, telling, errors={TELLING: [N_("每件系列案应有自己的案号或者文号。")]})
    key = "series:" + sha256(f"{series_id}\n{telling}".encode()).hexdigest()
    try:
        data = {**sample.submission.data, **_own_papers(sample, actor, now), **line.answers, "series_id": series_id}
        opened = open_case(actor=actor, now=now, key=key, regulation_id=sample.case.regulation_id, data=data)
    except InvalidAnswersError as error:
        return RowResult(line.number, telling, errors=error.fields)
    except DomainError as error:
        return RowResult(line.number, telling, refused=error)
    return RowResult(line.number, telling, number=opened.number, replayed=opened.replayed)


def _own_papers(sample: _Sample, actor: Actor, now: datetime) -> dict[str, Any]:
    """The sample's papers once more for another case: a paper belongs to one submission, its bytes are kept once."""
    named = attachments_in(sample.form, sample.submission.data)
    if not named:
        return {}
    with transaction():
        ids = [id_ for papers in named.values() for id_ in papers]
        rows = {row.id: row for row in db.session.scalars(select(Attachment).where(Attachment.id.in_(ids)))}
        copies = {id_: _copy(row, actor, now) for id_, row in rows.items()}
        db.session.add_all(copies.values())
        return {field: [copies[id_].id for id_ in papers if id_ in copies] for field, papers in named.items()}


def _copy(row: Attachment, actor: Actor, now: datetime) -> Attachment:
    return Attachment(
        id=uuid4().hex,
        county_id=row.county_id,
        file_name=row.file_name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        uploaded_by=actor.person_id,
        uploaded_at=now,
    )


def _join(proceeding_id: str, series_id: str) -> None:
    """The sample belongs to the series that was made from it."""
    with transaction():
        case = db.session.get(Case, proceeding_id, with_for_update=True)
        if case is not None and not case.series_id:
            case.series_id = series_id
