"""The task page: the step, its case, the form with what is known, the law behind it, the papers and the story."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, func, or_, select

from app.domain.access import Verb, can, ensure
from app.domain.actors import Actor
from app.domain.counted import SUSPENDED_SINCE, kind_in_words
from app.domain.deadlines import office_day
from app.domain.errors import NotFoundError
from app.domain.history import Act
from app.domain.proceedings import ProceedingKind
from app.domain.roles import role_label
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.forms.presentation import Row as AnswerRow
from app.law.calendar import legal_calendar
from app.law.clauses import Clause
from app.law.register import Register
from app.queries.boxes import number_held
from app.queries.formdata import FormView, Known, form_view
from app.queries.heads import Found, Head, head_of, is_visible
from app.queries.inbox import PER_PAGE, Box, Filters, Part, Row, box_counts, criterion, left_in, part_of, task_row
from app.queries.lamps import LampView, explanation_of, lamp_view
from app.queries.names import element_label, organ_names, people_names
from app.queries.rules import FollowedRule, followed
from app.queries.stages import register_of
from app.queries.stories import Line, Story, story_of
from app.queries.votes import blind_submissions
from app.storage.facts import scope_of
from app.storage.models import Account, Person, RoleAssignment, Task, TaskDraft
from app.storage.tasks import facts_of

BEFORE = 8
"""Earlier submissions shown above a form."""


class DayMark(StrEnum):
    DONE = "done"
    OFF = "off"
    TODAY = "today"
    LEFT = "left"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule setting that acts on a deadline."""

    risk: str
    """Numbers of the open questions that it answers."""
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class DeadlineView:
    """How a deadline was counted, and how it stands."""

    lamp: LampView
    kind: str
    """regulation, statute or internal."""
    day_count: str
    anchor: date
    days: int
    months: int
    nominal_day: date
    last_day: date
    provisional: bool
    explanation: str
    """How it was counted and what was done to it since, in one sentence."""
    kind_name: str
    """法定期限（本办法）, 上位法期限 or 内部时限 (message id)."""
    waits_for: int | None
    """The year whose notice may still change it."""
    rules: tuple[RuleView, ...]
    """Rule settings that act on the count."""
    changes: tuple[Mapping[str, Any], ...]
    """Extensions, suspensions and recounts, oldest first: from, to, and why."""
    suspended_since: date | None
    due_at: datetime | None
    """None while the clock stands."""
    strip: tuple[DayMark, ...]
    """One mark a day from the day after the anchor; empty where it would be too long to read."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a step can be handed to (转办)."""

    person_id: str
    name: str


@dataclass(frozen=True, slots=True)
class TaskPage:
    id: str
    name: str
    element: str
    """Which one of a repeated step: item, subject or member unit."""
    process_key: str
    step_id: str
    status: TaskStatus
    source: str
    """regulation, or higher_law."""
    role: str
    """Label of the role it is addressed to (message id)."""
    organ: str
    assignee: str
    assignee_id: str | None
    claimed_at: datetime | None
    opened_at: datetime
    completed_by: str
    completed_at: datetime | None
    head: Head
    opens_file: bool
    """Whether the actor may open the case or meeting as a whole; a served subject may not."""
    clauses: tuple[Clause, ...]
    rules: tuple[FollowedRule, ...]
    """The rule settings that act on these clauses, as this proceeding follows them."""
    deadline: DeadlineView | None
    form: FormView | None
    """None where the step is not open for the actor."""
    answers: tuple[AnswerRow, ...] | None
    """What was submitted, once it was and where the actor may read it."""
    draft_saved_at: datetime | None
    story: Story
    before: tuple[Line, ...]
    """What was submitted on this very matter so far and the actor may read, newest first: what he works from."""
    said: tuple[Line, ...]
    """With which words the open step came to whoever has it, or was urged; the newest of each kind, newest first."""
    proposals: tuple[Line, ...]
    """Decision tables evaluated in this process so far, newest first."""
    may_claim: bool
    may_complete: bool
    may_release: bool
    may_transfer: bool
    colleagues: tuple[Colleague, ...]


def get_task(actor: Actor, task_id: str) -> Task:
    """Raises NotFoundError where it is missing or none of the actor's business."""
    task = db.session.get(Task, task_id)
    if task is None:
        raise NotFoundError
    ensure(actor, Verb.READ, facts_of(task))
    return task


def task_page(
    actor: Actor, task_id: str, *, now: datetime, locale: str, answers: Mapping[str, Any] | None = None
) -> TaskPage:
    """Everything the task page and the API's single task show. `answers` are shown again after a refusal."""
    task = get_task(actor, task_id)
    facts = facts_of(task)
    found = head_of(task.proceeding_id, locale=locale)
    register = register_of(found.head.release_id)
    organs = organ_names(actor.county_id)
    people = people_names([task.assignee_id, task.completed_by])
    is_open = task.status is TaskStatus.OPEN
    may_complete = is_open and can(actor, Verb.COMPLETE, facts)
    may_transfer = is_open and can(actor, Verb.TRANSFER, facts)
    draft = db.session.get(TaskDraft, (task_id, actor.person_id)) if is_open else None
    known = Known(draft=draft.data if draft else None, refused=answers)
    story, visible = _story(actor, found, locale=locale)
    mine = next((line for line in story.lines if line.task_id == task.id and line.submission_id), None)
    return TaskPage(
        id=task.id,
        name=task.name,
        element=element_label(task.element, organs),
        process_key=task.process_key,
        step_id=task.step_id,
        status=task.status,
        source=task.source,
        role=role_label(task.candidate_role),
        organ=organs.get(task.candidate_organ or "", ""),
        assignee=people.get(task.assignee_id or "", ""),
        assignee_id=task.assignee_id,
        claimed_at=task.claimed_at,
        opened_at=task.opened_at,
        completed_by=people.get(task.completed_by or "", ""),
        completed_at=task.completed_at,
        head=found.head if visible else replace(found.head, stages=(), tags=()),
        opens_file=visible,
        clauses=register.clauses_of(task.clauses),
        rules=followed(found.proceeding, clauses=task.clauses),
        deadline=deadline_view(task, now=now, register=register),
        form=form_view(actor, found, task, known, locale=locale, opens_file=visible, now=now) if may_complete else None,
        answers=mine.answers if mine else None,
        draft_saved_at=draft.saved_at if draft else None,
        story=story,
        before=_before(story, task),
        said=_said(story, task) if is_open else (),
        proposals=tuple(
            line
            for line in reversed(story.lines)
            if "decision" in line.details
            and line.process_key == task.process_key
            and line.details.get("scope", "") in ("", scope_of(task.element))
        ),
        may_claim=is_open and task.assignee_id is None and can(actor, Verb.CLAIM, facts),
        may_complete=may_complete,
        may_release=may_transfer and task.candidate_person is None,
        may_transfer=may_transfer,
        colleagues=colleagues_of(actor, task) if may_transfer else (),
    )


def _story(actor: Actor, found: Found, *, locale: str) -> tuple[Story, bool]:
    """The story and whether the actor may know all of it; one who may not gets his own lines."""
    head = found.head
    visible = is_visible(actor, head.id)
    blind = blind_submissions(actor, head.id) if head.kind is ProceedingKind.MEETING else frozenset()
    story = story_of(
        actor,
        head.id,
        release_id=head.release_id,
        locale=locale,
        blind=blind,
        only_person=None if visible else actor.person_id,
    )
    return story, visible


SAID = frozenset({Act.TRANSFERRED, Act.DELEGATED, Act.RELEASED, Act.URGED})
"""What is done to a step with words to whoever has it afterwards; 退回 besides, which is done to the step behind it."""


def _said(story: Story, task: Task) -> tuple[Line, ...]:
    newest: dict[Act, Line] = {}
    for line in reversed(story.lines):
        here = line.act is Act.RETURNED and line.at == task.opened_at and line.details.get("back_to") == task.step_id
        if (here or (line.act in SAID and line.task_id == task.id)) and line.person and line.details.get("reason"):
            newest.setdefault(line.act, line)
    return tuple(newest.values())


def _before(story: Story, task: Task) -> tuple[Line, ...]:
    """Readable submissions of the same subject or item, above and below; those of other subjects are left out.

    What its author took back is no submission any more.
    """
    here = scope_of(task.element)
    taken_back = {line.task_id for line in story.lines if line.act == Act.TAKEN_BACK}

    def concerns(line: Line) -> bool:
        there = str(line.details.get("scope") or "")
        return not here or not there or f"{here}/".startswith(f"{there}/") or f"{there}/".startswith(f"{here}/")

    others = (line for line in reversed(story.lines) if line.answers and line.task_id not in {task.id, *taken_back})
    return tuple(line for line in others if concerns(line))[:BEFORE]


def deadline_view(task: Task, *, now: datetime, register: Register | None = None) -> DeadlineView | None:
    """None for a step without a deadline. With the register of its release the acting rule settings are named."""
    if not task.deadline:
        return None
    values = task.deadline
    anchor, last = date.fromisoformat(values["anchor"]), date.fromisoformat(values["last_day"])
    is_open = task.status is TaskStatus.OPEN
    stopped = values.get(SUSPENDED_SINCE)
    return DeadlineView(
        lamp=lamp_view(task.due_at, now=now if is_open else task.completed_at or now, record=values),
        kind=values["kind"],
        day_count=values["day_count"],
        anchor=anchor,
        days=values["days"],
        months=values["months"],
        nominal_day=date.fromisoformat(values["nominal_day"]),
        last_day=last,
        provisional=values["provisional"],
        explanation=explanation_of(values),
        kind_name=kind_in_words(values),
        waits_for=values.get("waits_for"),
        rules=_rules_of(values, register),
        changes=tuple(values.get("changes", ())),
        suspended_since=date.fromisoformat(stopped) if stopped else None,
        due_at=task.due_at,
        strip=_strip(anchor, last, office_day(now)) if is_open and not stopped else (),
    )


def _rules_of(record: Mapping[str, Any], register: Register | None) -> tuple[RuleView, ...]:
    acting = record.get("switches", {})
    known = register.rules if register else {}
    return tuple(
        RuleView(known[name].risk, known[name].zh, known[name].values.get(value, value))
        for name, value in acting.items()
        if name in known
    )


def _strip(anchor: date, last: date, today: date) -> tuple[DayMark, ...]:
    end = max(last, today)
    if not 0 < (end - anchor).days <= 45:
        return ()
    calendar = legal_calendar()

    def mark(day: date) -> DayMark:
        if day == today:
            return DayMark.TODAY
        if day > last:
            return DayMark.OVER
        if not calendar.is_working(day):
            return DayMark.OFF
        return DayMark.DONE if day < today else DayMark.LEFT

    return tuple(mark(anchor + timedelta(days=n + 1)) for n in range((end - anchor).days))


def colleagues_of(actor: Actor, task: Task) -> tuple[Colleague, ...]:
    """Others who may hold the step."""
    query = (
        select(Person.id, Person.name)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .join(Account, Account.person_id == Person.id)
        .where(
            Account.enabled,
            Person.county_id == task.county_id,
            RoleAssignment.role == task.candidate_role,
            Person.id != actor.person_id,
        )
        .distinct()
        .order_by(Person.name)
    )
    if task.candidate_organ:
        query = query.where(RoleAssignment.organ_id == task.candidate_organ)
    excluded = set(task.excluded_people)
    return tuple(Colleague(key, name) for key, name in db.session.execute(query) if key not in excluded)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The list beside the task: the box it lies in."""

    box: Box
    rows: tuple[Row, ...]
    total: int
    unread: int
    """Notices, for the head of the page."""


def neighbours_of(actor: Actor, page: TaskPage, *, filters: Filters, number: int, now: datetime) -> Neighbours:
    """待领 for a step that nobody holds, 已办 for a completed one, else 待办: a page of the list as it is filtered."""
    box = Box.TODO
    if page.status is not TaskStatus.OPEN:
        box = Box.DONE
    elif page.assignee_id is None:
        box = Box.POOL
    organs = organ_names(actor.county_id)
    counts = box_counts(actor)
    total = left_in(actor, box, filters, now=now) if filters.narrowed else counts[box]
    found = part_of(actor, box, Part(filters, offset=(number - 1) * PER_PAGE), now=now, of=total)
    rows = tuple(task_row(line, organs, now) for line in found)
    return Neighbours(box, rows, total, counts[Box.NOTICES])


def first_in_list(actor: Actor, filters: Filters, *, now: datetime) -> str | None:
    """The step on top of the actor's own work as it is filtered."""
    found = part_of(actor, Box.TODO, Part(filters, limit=1), now=now, of=number_held(actor))
    return found[0].task.id if found else None


def next_task_of(actor: Actor, proceeding_id: str) -> str | None:
    """The step that the actor can go on with in the same proceeding: his own first, then one he may take."""
    mine = or_(criterion(actor, Box.TODO), criterion(actor, Box.POOL))
    query = (
        select(Task.id)
        .where(and_(Task.proceeding_id == proceeding_id, mine))
        .order_by(Task.assignee_id.is_(None), Task.opened_at, func.length(Task.id), Task.id)
        .limit(1)
    )
    return db.session.scalars(query).one_or_none()
