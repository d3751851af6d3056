"""系列案: cases alike to one that is registered already, opened from a table; steps of theirs done with one act.

The act writes a run with a row for each case; the worker does the rows one after the other, each in a transaction of
its own, as the person who acted and as of then.
"""

from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app.domain.access import Verb, ensure, may_separate
from app.domain.actors import Actor
from app.domain.errors import N_, ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError
from app.domain.history import Act
from app.domain.powers import may_in
from app.domain.proceedings import ProceedingKind
from app.extensions import db
from app.forms.answers import attachments_in
from app.forms.parse import Form
from app.forms.tables import read_table
from app.services import definitions, identity_numbers, runs
from app.services.cases import open_here
from app.services.command import Command
from app.services.letters import issuing
from app.services.operations.series import SEPARATED
from app.services.tasks import complete_step
from app.storage import agendas
from app.storage import series as rows
from app.storage.accounts import actor_of
from app.storage.models import Attachment, Case, Organ, Proceeding, SeriesItem, SeriesRun, Submission
from app.storage.proceedings import ensure_not_suspended, get_for_update, hold_task
from app.storage.runs import DONE, KNOWN
from app.storage.series import Aim
from app.storage.subscriptions import correlation_text, find_subscriber
from app.storage.tasks import delete_drafts, facts_of
from app.storage.transaction import transaction
from app.storage.visibility import may_see, visible_proceedings

LONGEST_REASON = 2000

TELLING = "doc_no"
"""The field that tells the cases of a series apart; every row has its own."""


def open_series(sample_id: str, *, table: bytes, actor: Actor, now: datetime) -> str:
    """Begin to open a case for every line: what a line does not say is as in the sample's registration, its papers
    included. Returns the id of the run, whose rows tell what became of each line.

    The same table again opens nothing twice. Raises NotFoundError, NotAllowedError, ConflictError (the sample is not
    registered), InvalidFileError: nothing was changed.
    """
    with transaction():
        proceeding, case = _sample(sample_id, actor)
        submission = _registration(proceeding)
        form = definitions.form_of(proceeding.release_id, submission.form_key)
        organs = _organs(proceeding.county_id)
        lines = read_table(table, form, options=definitions.options_of(proceeding.release_id), organs=organs)
        aims = [Aim(line.number, str(line.answers.get(TELLING) or ""), line.answers) for line in lines]
        series_id = str(case.series_id or proceeding.number)
        return rows.begin(
            rows.IMPORT, aims, case=case, submission=submission, series_id=series_id, actor=actor, now=now
        )


def do_some(now: datetime) -> int:
    """Do a few rows; how many were done."""
    return runs.do_some(do_next, now)


def do_next(now: datetime) -> bool:
    """Do the next row of any run. False when none waits. A refused row says why and is left to a person."""
    return runs.do_next(rows.claim_next, _perform, action="series", now=now)


def _perform(item: SeriesItem, run: SeriesRun) -> str:
    return _open_line(item, run) if run.kind == rows.IMPORT else _take_over(item, run)


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


def _sample(sample_id: str, actor: Actor) -> tuple[Proceeding, Case]:
    row = db.session.execute(
        select(Proceeding, Case)
        .join(Case, Case.proceeding_id == Proceeding.id)
        .where(Proceeding.kind == ProceedingKind.CASE, visible_proceedings(actor))
        .where((Proceeding.id == sample_id) | (Proceeding.number == sample_id))
    ).one_or_none()
    if row is None:
        raise NotFoundError
    proceeding, case = row
    if not may_in(actor, "series.register", case.lead_organ_id):
        raise NotAllowedError(N_("只有本案登记机关的填报人可以批量登记系列案。"))
    return proceeding, case


def _registration(proceeding: Proceeding) -> Submission:
    """The first form of a case."""
    first = select(Submission).where(Submission.proceeding_id == proceeding.id).order_by(Submission.submitted_at)
    submission = db.session.scalars(first.limit(1)).one_or_none()
    if submission is None:
        raise ConflictError(N_("请先提交本案的登记表，再以本案为样本批量登记。"))
    return submission


def _organs(county_id: str) -> dict[str, str]:
    found = db.session.execute(select(Organ.id, Organ.name, Organ.short_name).where(Organ.county_id == county_id))
    return {name: id_ for id_, *names in found for name in names}


def _performer(run: SeriesRun) -> Actor:
    """Who acted, with the roles held now: what a role was taken from is not done with it afterwards."""
    actor = actor_of(run.username, now=run.created_at)
    if actor is None:
        raise NotAllowedError(N_("办理人的账号已停用。"))
    return actor


def _open_line(item: SeriesItem, run: SeriesRun) -> str:
    submission = db.session.get_one(Submission, run.submission_id)
    if not item.telling or item.telling == submission.data.get(TELLING):
        raise InvalidAnswersError({TELLING: [N_("每件系列案应有自己的案号或者文号。")]})
    actor, sample = _performer(run), db.session.get_one(Case, run.case_id)
    release_id = db.session.get_one(Proceeding, run.case_id).release_id
    form = definitions.form_of(release_id, submission.form_key)
    opened = open_here(
        actor=actor,
        now=run.created_at,
        key="series:" + sha256(f"{run.series_id}\n{item.telling}".encode()).hexdigest(),
        regulation_id=sample.regulation_id,
        data={**_copied(submission, form, actor, run.created_at), **item.answers, "series_id": run.series_id},
    )
    item.case_id = opened.proceeding_id
    if not opened.replayed:  # whether or not its form has the field; what left the series since stays apart
        db.session.get_one(Case, opened.proceeding_id).series_id = run.series_id
    if not sample.series_id:  # the sample belongs to the series that is made from it
        sample.series_id = run.series_id
    return KNOWN if opened.replayed else DONE


def _take_over(item: SeriesItem, run: SeriesRun) -> str:
    """Do the step of one case as it was done in the other: with the same answers, by the same person, checked anew."""
    task_id = rows.find_open_task(str(item.case_id), run.process_key, run.step_id)
    if task_id is None:
        raise ConflictError(N_("本案现在不在“%(step)s”环节。"), step=run.step_name)
    actor, held = _performer(run), hold_task(task_id, asks=issuing.makes_papers)
    ensure(actor, Verb.COMPLETE, facts_of(held.task))
    ensure_not_suspended(held.file.proceeding)
    command = Command(held.file, actor=actor, now=run.created_at, surroundings=held.surroundings)
    submission, lead = db.session.get_one(Submission, run.submission_id), db.session.get_one(Proceeding, run.case_id)
    form = definitions.form_of(held.file.proceeding.release_id, held.task.form_key)
    known = command.facts[""]
    answers = {
        **_copied(submission, form, actor, run.created_at),
        **{name: known[name] for name in run.own if known.get(name) is not None},
    }
    complete_step(command, held.task, answers, told={"with_case": lead.number})
    if held.drafts:
        delete_drafts(task_id)
    return DONE


def _copied(submission: Submission, form: Form, actor: Actor, now: datetime) -> dict[str, Any]:
    """Answers once more for another case: a paper belongs to one submission (its bytes are kept once), and who signed
    the one has signed the others with it."""
    signed = {c.key: bool(submission.data.get(c.key)) for c in form.fields if c.key and c.type == "signature"}
    numbered = identity_numbers.copied(form, submission.data, proceeding_id=submission.proceeding_id)
    data = {**numbered, **signed}
    named = attachments_in(form, submission.data)
    if not named:
        return data
    ids = [id_ for papers in named.values() for id_ in papers]
    papers = {row.id: row for row in db.session.scalars(select(Attachment).where(Attachment.id.in_(ids)))}
    copies = {id_: _copy(row, actor, now) for id_, row in papers.items()}
    db.session.add_all(copies.values())
    db.session.flush()
    return {**data, **{field: [copies[id_].id for id_ in ids if id_ in copies] for field, ids in named.items()}}


def _copy(row: Attachment, actor: Actor, now: datetime) -> Attachment:
    return Attachment(
        id=uuid4().hex,
        county_id=row.county_id,
        file_name=row.file_name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        pages=row.pages,
        uploaded_by=actor.person_id,
        uploaded_at=now,
    )
