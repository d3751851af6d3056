"""What a person does with a step: take it, save it, complete it, hand it on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from app.domain.access import Verb, ensure, is_candidate
from app.domain.actors import Actor
from app.domain.confirmation import Occasion, ensure_recently_confirmed, is_recently_confirmed
from app.domain.errors import N_, ConflictError, NotAllowedError
from app.domain.handling import given
from app.domain.history import Act
from app.domain.roles import role_label
from app.domain.tasks import TaskStatus
from app.engine import run
from app.forms.answers import attachments_in, load
from app.forms.conditions import facts_read_by
from app.forms.parse import Form
from app.forms.proposals import confirmed, departures, ensure_reasoned
from app.forms.schema import fact_types
from app.services import choices, definitions, proposals, separation
from app.services.command import Command
from app.services.identity_numbers import sealed_answers
from app.services.letters import issuing
from app.services.open_steps import ensure_allowed, ensure_at_hand, ensure_still_open
from app.services.operations import cases as subject_operations
from app.storage import attachments as attachment_rows
from app.storage import releases
from app.storage import series as series_rows
from app.storage.facts import scope_of
from app.storage.identity_numbers import bind as bind_numbers
from app.storage.loading import new_row
from app.storage.models import Submission, Task
from app.storage.procedures import recorded_revision, subject_of
from app.storage.proceedings import File, ensure_not_suspended, get_task_for_update, hold_task
from app.storage.subjects import STANDING, recorded_status
from app.storage.tasks import delete_drafts, facts_of, find_account_holder, keep_submission, write_together
from app.storage.transaction import transaction
from app.storage.writing import write_now


@dataclass(frozen=True)
class Next:
    """A step that opened: `task_id` only where it waits for the actor."""

    task_id: str | None
    name: str
    role_label: str
    organ_name: str
    mine: bool


@dataclass(frozen=True)
class Completed:
    proceeding_id: str
    kind: str
    number: str
    title: str
    next: tuple[Next, ...]
    closed: bool
    replayed: bool = False
    series_run: str | None = None
    """The run that does the same step of the other cases of the series, where the actor asked for it."""


def complete(
    task_id: str,
    *,
    answers: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    key: str,
    with_series: bool = False,
) -> Completed:
    """Submit the form of a step and move the procedure on. The same key again gives the same answer, once done.

    `with_series`: the same step of the other cases of its series is done with the same answers, one after the other,
    by the worker; what became of each is a row of the run.

    Raises:
        NotFoundError, NotAllowedError, ConflictError, InvalidAnswersError: nothing was changed.
    """
    with transaction():
        held = hold_task(task_id, asks=issuing.makes_papers)
        task = held.task
        ensure(actor, Verb.READ, facts_of(task))
        if task.completion_answer and (task.completion_key, task.completed_by) == (key, actor.person_id):
            return _replayed(task.completion_answer)
        ensure_still_open(task)
        ensure_allowed(actor, Verb.COMPLETE, task)
        ensure_not_suspended(held.file.proceeding)
        command = Command(held.file, actor=actor, now=now, surroundings=held.surroundings)
        command.writes_opened_rows = False
        _ensure_signer_is_there(command, task, actor)
        before = dict(command.facts[""])
        submission = complete_step(command, task, answers, drafted=bool(held.drafts))
        if held.drafts:
            delete_drafts(task_id)
        done = _completed(command, actor)
        if with_series:
            done = replace(done, series_run=_begin_run(command, task, submission, before))
        task.completion_key, task.completion_answer = key, {**vars(done), "next": [vars(step) for step in done.next]}
        write_together(task, opened=command.opened_rows, changed=command.changed_rows)
        if not command.changes_parent:
            write_now(held.file.proceeding)
        return done


def _ensure_signer_is_there(command: Command, task: Task, actor: Actor) -> None:
    """Raises StepUpError: a decision is signed by who has proved only just now that it is he, where the policy asks."""
    step = command.definition.steps_by_process.get((task.process_key, task.step_id))
    if step is None or step.properties.get("legalEffect") != "decision":
        return
    if not is_recently_confirmed(actor, now=command.now):
        ensure_recently_confirmed(actor, Occasion.SIGNING, command.surroundings.offices.rules, now=command.now)


def _begin_run(command: Command, task: Task, submission: Submission, before: Mapping[str, Any]) -> str | None:
    """Rows for the other cases of the series; None where none can do the step now."""
    case, actor = command.file.case, command.actor
    if f"{task.process_key}/{task.step_id}" not in command.register.series_steps or task.element:
        raise ConflictError(N_("本环节须逐件办理，不能与系列案其他案件一并办理。"))
    if case is None or not case.series_id or actor is None:
        return None
    aims = series_rows.others_at(case, task.process_key, task.step_id, actor)
    if not aims:
        return None
    return series_rows.begin(
        series_rows.STEP,
        aims,
        case=case,
        submission=submission,
        series_id=case.series_id,
        step=(task.process_key, task.step_id, task.name),
        own=[name for name, value in submission.data.items() if name in before and before[name] == value],
        actor=actor,
        now=command.now,
    )


def complete_step(
    command: Command,
    task: Task,
    answers: Mapping[str, Any],
    *,
    told: Mapping[str, Any] | None = None,
    drafted: bool = False,
) -> Submission:
    """The act itself, inside a transaction: check the answers, keep them, move the procedure, record.

    `told` goes into the details of the line in the history; `drafted`: a draft was saved before.
    """
    if task.countersigns:
        raise ConflictError(N_("还有 %(count)s 人的加签意见没有答复，答复后才能提交。"), count=task.countersigns)
    data = checked(command, task, answers)
    form = definitions.form_of(command.proceeding.release_id, task.form_key)
    departed = departures(form, task.proposals, data)
    ensure_reasoned(form, departed, data)
    who = _actor_id(command)
    data, numbers = sealed_answers(form, data, task=task, person_id=who, now=command.now, drafted=drafted)
    submission = _keep_submission(command, task, data)
    bind_numbers(numbers, submission_id=submission.id)
    facts = confirmed(form, data)
    proposals.confirm(command, facts)
    task.status, task.completed_at = TaskStatus.COMPLETED, command.now
    task.completed_by = command.actor.person_id if command.actor else None
    separation.remember(command, task)
    details = {"scope": scope_of(task.element), **proposals.told(departed), **(told or {})}
    papers: list[dict[str, Any]] = []
    if command.register.papers_at(task.process_key, task.step_id):
        details["papers"] = papers  # told before the procedure moves on, known only afterwards
    command.tell(
        Act.SUBMITTED,
        task.name,
        task=task,
        submission_id=submission.id,
        clauses=tuple(task.clauses),
        details=details,
    )
    advance = command.move(run.complete_task, task.id, answers={**facts, **data})
    papers += issuing.issue(command, task, submission)
    command.record(advance, act="complete", object_=task.id, payload=data)
    return submission


def _actor_id(command: Command) -> str:
    return command.actor.person_id if command.actor else ""


def checked(command: Command, task: Task, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as they would be kept. Raises InvalidAnswersError."""
    release = command.proceeding.release_id
    form = definitions.form_of(release, task.form_key)
    return load(
        form,
        answers,
        options=definitions.options_of(release),
        choices=choices.DatabaseChoices(command, task),
        context={**command.context(), **task.element, **_known_of_subjects(command, task, form)},
        now=command.now,
        signer=command.actor.name if command.actor else "",
    )


def _known_of_subjects(command: Command, task: Task, form: Form) -> dict[str, Any]:
    """What the form's expressions may ask about responsible subjects: `subject`, the one of the step; all of them as
    `case.subjects` where the form reads these."""
    known: dict[str, Any] = {}
    if (subject := subject_of(command.file.about)) is not None:
        known["subject"] = subject
    element = next(iter(task.element.values()), None)
    facts = command.facts.get(scope_of(task.element))
    reads_standing = any(("subject", name) in facts_read_by(form) for name in STANDING)
    if isinstance(element, Mapping) and (facts is not None or reads_standing):
        known["subject"] = {**(facts or {}), **element}
        if ("subject", "revision") in facts_read_by(form):
            known["subject"] |= recorded_revision(command.subject(str(element.get("id"))))
        if reads_standing:
            subject_of_step = command.subject(str(element.get("id")))
            known["subject"] |= recorded_status(subject_of_step) if subject_of_step else {}
    if ("case", "subjects") in facts_read_by(form):
        known["case"] = {**command.context()["case"], "subjects": subject_operations.known_subjects(command)}
    return known


def _keep_submission(command: Command, task: Task, data: dict[str, Any]) -> Submission:
    release = command.proceeding.release_id
    actor = command.actor
    submission = new_row(
        Submission,
        id=uuid4().hex,
        proceeding_id=command.proceeding.id,
        task_id=task.id,
        form_key=task.form_key,
        form_hash=releases.form_hash(release, task.form_key),
        data=data,
        person_id=_actor_id(command),
        organ_id=actor.organ_id if actor else None,
        submitted_at=command.now,
        on_behalf_of=stead.deputy_of if (stead := command.in_stead_of(task)) else None,
    )
    keep_submission(submission)
    form = definitions.form_of(release, task.form_key)
    scope = scope_of(task.element)
    if not scope and isinstance(data.get("matter"), str):
        command.proceeding.title = data["matter"]
    command.learn(data, types=fact_types(form), scope=scope, submission_id=submission.id)
    papers = attachments_in(form, data)
    command.file_names |= attachment_rows.bind_to(submission, papers, county_id=command.proceeding.county_id)
    return submission


def _completed(command: Command, actor: Actor) -> Completed:
    organs = command.surroundings.organ_names(task.candidate_organ for task in command.opened_rows)
    following = tuple(_next(task, actor, organs) for task in command.opened_rows)
    proceeding = command.proceeding
    return Completed(
        proceeding_id=proceeding.id,
        kind=proceeding.kind.value,
        number=proceeding.number,
        title=proceeding.title,
        next=following,
        closed=proceeding.closed_at is not None,
    )


def _next(task: Task, actor: Actor, organs: Mapping[str, str]) -> Next:
    waits_for_actor = is_candidate(actor, facts_of(task))
    return Next(
        task_id=task.id if waits_for_actor else None,
        name=task.name,
        role_label=role_label(task.candidate_role),
        organ_name=organs.get(task.candidate_organ or "", ""),
        mine=waits_for_actor and task.assignee_id in (None, actor.person_id),
    )


def _replayed(answer: dict[str, Any]) -> Completed:
    following = tuple(Next(**item) for item in answer["next"])
    return Completed(**{**answer, "next": following, "replayed": True})


def claim(task_id: str, *, actor: Actor, now: datetime) -> None:
    """签收: take a step that waits for a role. Claiming one's own step again changes nothing."""
    with transaction():
        task, file = get_task_for_update(task_id)
        ensure_at_hand(actor, Verb.CLAIM, task)
        if task.assignee_id == actor.person_id:
            return
        task.assignee_id, task.claimed_at = actor.person_id, now
        _record_handling(file, task, Act.CLAIMED, actor=actor, now=now, details={})


def release(task_id: str, *, actor: Actor, now: datetime, reason: str) -> None:
    """退回待领: give a claimed step back to its role, with a reason."""
    with transaction():
        task, file = get_task_for_update(task_id)
        ensure_at_hand(actor, Verb.RELEASE, task)
        if task.candidate_person is not None:
            raise NotAllowedError(N_("该事项须由本人办理，不能退回待领。"))
        task.assignee_id = task.claimed_at = None
        _record_handling(file, task, Act.RELEASED, actor=actor, now=now, details={"reason": given(reason)})


def transfer(task_id: str, *, actor: Actor, now: datetime, to_person: str, reason: str) -> None:
    """转办: hand a held step to another person who may do it, with a reason."""
    with transaction():
        task, file = get_task_for_update(task_id)
        ensure_at_hand(actor, Verb.TRANSFER, task)
        holder = find_account_holder(task, to_person)
        if holder is None:
            raise NotAllowedError(N_("该人员没有办理本环节的岗位，请另选人员。"))
        task.assignee_id, task.claimed_at = to_person, now
        details = {"reason": given(reason), "to": holder}
        _record_handling(file, task, Act.TRANSFERRED, actor=actor, now=now, details=details)


def _record_handling(file: File, task: Task, act: Act, *, actor: Actor, now: datetime, details: dict[str, Any]) -> None:
    command = Command(file, actor=actor, now=now)
    command.tell(act, task.name, task=task, details=details)
    command.write_evidence(act=act.value.lower(), object_=task.id, payload=details)
