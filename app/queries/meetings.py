"""Joint meetings: the list with the pool of waiting cases, and the meeting page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, not_, select

from app.domain.access import can_read_submission
from app.domain.actors import Actor
from app.domain.deadlines import DayCount, DeadlineKind, count, office_day
from app.domain.powers import may
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.law.calendar import legal_calendar
from app.queries.cases import Incident, OpenStep, incidents_of, open_steps
from app.queries.heads import Found, Head, get_proceeding
from app.queries.inbox import LIGHT
from app.queries.labels import label_of, resolution_label
from app.queries.names import organ_names, people_names
from app.queries.pools import PoolCase, pool_of
from app.queries.series import SeriesCase, series_on_agenda
from app.queries.stages import register_of
from app.queries.stories import Story, story_of
from app.queries.tasks import next_task_of
from app.queries.votes import Ballot, ballots_of
from app.queries.waits import Wait, waits_of
from app.storage import withheld
from app.storage.agendas import item_no_of
from app.storage.models import (
    AgendaItem,
    Meeting,
    Proceeding,
    Submission,
    Task,
)
from app.storage.organisation import member_units
from app.storage.visibility import has_left, visible_proceedings

PER_PAGE = 50
PACK_PERIOD = "-P3D"
"""Used only where the register gives no period of its own (switch `packPeriod`)."""


@dataclass(frozen=True, slots=True)
class MeetingRow:
    id: str
    number: str
    title: str
    status: ProceedingStatus
    meeting_date: datetime | None
    place: str
    items: int
    decided: int
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class MeetingRegister:
    rows: tuple[MeetingRow, ...]
    total: int
    page: int
    pages: int
    may_open: bool
    pool: tuple[PoolCase, ...]
    """待议池; empty for who may not see the county's cases."""


def meeting_register(actor: Actor, *, page: int = 1, per_page: int = PER_PAGE, now: datetime) -> MeetingRegister:
    """Meetings that the actor may see, newest first; with the pool for the office."""
    decided = func.sum(case((AgendaItem.resolution.is_not(None), 1), else_=0))
    items = (
        select(AgendaItem.meeting_id, func.count().label("item_count"), decided.label("decided_count"))
        .group_by(AgendaItem.meeting_id)
        .subquery()
    )
    query = (
        select(Proceeding, Meeting, items.c.item_count, items.c.decided_count, func.count().over())
        .join(Meeting, Meeting.proceeding_id == Proceeding.id)
        .outerjoin(items, items.c.meeting_id == Proceeding.id)
        .where(visible_proceedings(actor))
        .order_by(Proceeding.opened_at.desc(), Proceeding.id)
        .options(*LIGHT)
        .limit(per_page)
        .offset((page - 1) * per_page)
    )
    found = db.session.execute(query).all()
    total = found[0][4] if found else 0
    return MeetingRegister(
        rows=tuple(_row(proceeding, meeting, items, decided) for proceeding, meeting, items, decided, _ in found),
        total=total,
        page=page,
        pages=max(1, -(-total // per_page)),
        may_open=actor.county_id is not None and may(actor, "meeting.open"),
        pool=pool_of(actor, now=now) if actor.reaches_county() else (),
    )


def _row(proceeding: Proceeding, meeting: Meeting, items: int | None, decided: int | None) -> MeetingRow:
    return MeetingRow(
        id=proceeding.id,
        number=proceeding.number,
        title=proceeding.title,
        status=proceeding.status,
        meeting_date=meeting.meeting_date,
        place=meeting.place or "",
        items=items or 0,
        decided=decided or 0,
        opened_at=proceeding.opened_at,
    )


@dataclass(frozen=True, slots=True)
class MemberOpinion:
    member: str
    opinion: str
    reason: str


@dataclass(frozen=True, slots=True)
class Vote:
    """A cell of the countersign sheet."""

    code: str
    """AGREE, DISAGREE, RESERVE, RECUSED; WAITING, HIDDEN, MISSED or NONE where there is nothing to show."""
    label: str
    comment: str
    person: str


@dataclass(frozen=True, slots=True)
class Abstention:
    """A member that may not vote on an item."""

    member: str
    reasons: tuple[str, ...]
    """Message ids, or the words of whoever named it."""


@dataclass(frozen=True, slots=True)
class Item:
    item_no: int
    kind: str
    kind_label: str
    title: str
    case_id: str | None
    """None for other matters, and for a case that the actor may not see."""
    case_number: str
    series: tuple[SeriesCase, ...]
    """The cases of a series that go with the leading one, oldest first."""
    recused: tuple[str, ...]
    """Names of the members that may not vote, in the order of `abstentions`."""
    abstentions: tuple["Abstention", ...]
    resolution: str
    """Label; empty while undecided."""
    decided_by: str
    decided_at: datetime | None
    waiting_for: str
    """Name of the step that is open for the item."""
    opinions: tuple[MemberOpinion, ...]
    votes: tuple[Vote, ...]
    """One a member, in the order of the member list."""


@dataclass(frozen=True, slots=True)
class Delivery:
    member: str
    sent_at: str
    received_at: str
    """ISO texts as filled in; empty where not."""
    method: str
    on_time: bool | None
    """None while the meeting has no date."""


@dataclass(frozen=True, slots=True)
class Reply:
    member: str
    reply: str
    comments: str
    alt_date: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MeetingPage:
    head: Head
    steps: tuple[OpenStep, ...]
    waits: tuple[Wait, ...]
    my_task_id: str | None
    story: Story
    members: tuple[str, ...]
    items: tuple[Item, ...]
    replies: tuple[Reply, ...]
    deliveries: tuple[Delivery, ...]
    last_delivery: date | None
    """The last day on which the pack may reach a member."""
    pack_status: str
    incidents: tuple[Incident, ...]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What the parts of the page are made of."""

    actor: Actor
    found: Found
    locale: str
    organs: Mapping[str, str]
    members: tuple[str, ...]
    submissions: tuple[tuple[Task, Submission], ...]

    def label(self, field: str, code: Any) -> str:
        return label_of(self.found.head.release_id, field, code, locale=self.locale)

    def organ(self, key: Any) -> str:
        return self.organs.get(str(key), str(key or ""))


def meeting_page(actor: Actor, key: str, *, now: datetime, locale: str) -> MeetingPage:
    """The meeting by id or number. Raises NotFoundError where it is missing or hidden."""
    found = get_proceeding(actor, key, ProceedingKind.MEETING, locale=locale)
    head = found.head
    ballots = ballots_of(actor, head.id)
    blind = frozenset(ballot.submission_id for ballot in ballots if ballot.submission_id and not ballot.is_open)
    organs = organ_names(actor.county_id, short=True)
    sheet = _Sheet(
        actor=actor,
        found=found,
        locale=locale,
        organs=organs,
        members=tuple(member_units(str(actor.county_id), on=office_day(head.meeting_date or head.opened_at))),
        submissions=_readable(actor, head.id, blind),
    )
    last_day = last_delivery_of(found)
    return MeetingPage(
        head=head,
        steps=open_steps(actor, head.id, organs, now=now),
        waits=waits_of(head.id, head.release_id),
        my_task_id=next_task_of(actor, head.id),
        story=story_of(actor, head.id, release_id=head.release_id, locale=locale, blind=blind),
        members=tuple(sheet.organ(member) for member in sheet.members),
        items=_items(sheet, ballots),
        replies=_replies(sheet),
        deliveries=_deliveries(sheet, last_day),
        last_delivery=last_day,
        pack_status=(found.meeting.pack_status or "") if found.meeting else "",
        incidents=incidents_of(head.id),
    )


def last_delivery_of(found: Found) -> date | None:
    """Counted back from the meeting's day by the register's switches; None without a day."""
    if found.head.meeting_date is None:
        return None
    switches = {**register_of(found.head.release_id).switches, **found.proceeding.switches}
    return count(
        office_day(found.head.meeting_date),
        switches.get("packPeriod") or PACK_PERIOD,
        calendar=legal_calendar(),
        day_count=DayCount(switches.get("dayCount") or "CALENDAR"),
        kind=DeadlineKind.REGULATION,
    ).last_day


def _readable(actor: Actor, meeting_id: str, blind: frozenset[str]) -> tuple[tuple[Task, Submission], ...]:
    rows = db.session.execute(
        select(Task, Submission)
        .join(Submission, Submission.task_id == Task.id)
        .where(Task.proceeding_id == meeting_id)
        .order_by(Submission.submitted_at)
    ).all()
    kept_back = withheld.of_meeting(meeting_id, actor.person_id)
    return tuple(
        (task, submission)
        for task, submission in rows
        if submission.id not in blind
        and not kept_back.hides(task.element, submission.data)
        and can_read_submission(actor, performer_id=submission.person_id, role=task.candidate_role)
    )


def _items(sheet: _Sheet, ballots: tuple[Ballot, ...]) -> tuple[Item, ...]:
    """The agenda, without the cases from which the reader has stepped aside."""
    meeting_id = sheet.found.head.id
    visible = select(Proceeding.id).where(visible_proceedings(sheet.actor)).subquery()
    rows = db.session.execute(
        select(AgendaItem, Proceeding.number, visible.c.id)
        .outerjoin(Proceeding, Proceeding.id == AgendaItem.case_id)
        .outerjoin(visible, visible.c.id == AgendaItem.case_id)
        .where(AgendaItem.meeting_id == meeting_id, not_(has_left(sheet.actor.person_id, AgendaItem.case_id)))
        .order_by(AgendaItem.item_no)
    ).all()
    waiting, series = _waiting(meeting_id), series_on_agenda(sheet.actor, meeting_id)
    people = people_names(ballot.person_id for ballot in ballots if ballot.is_open)
    return tuple(
        Item(
            item_no=item.item_no,
            kind=item.kind,
            kind_label="" if item.kind == "CASE" else sheet.label("other_items.kind", item.kind),
            title=item.title,
            case_id=case_id,
            case_number=number or "",
            series=series.get(item.id, ()),
            recused=tuple(sheet.organ(organ) for organ in item.recused),
            abstentions=tuple(Abstention(sheet.organ(organ), tuple(item.recused[organ])) for organ in item.recused),
            resolution=resolution_label(sheet.found.head.release_id, item.resolution, sheet.locale),
            decided_by=item.decided_by or "",
            decided_at=item.decided_at,
            waiting_for=waiting.get(item.item_no, ""),
            opinions=_opinions(sheet, item.item_no),
            votes=tuple(_vote(sheet, item, member, ballots, people) for member in sheet.members),
        )
        for item, number, case_id in rows
    )


def _waiting(meeting_id: str) -> dict[int, str]:
    rows = db.session.execute(
        select(Task.element, Task.name).where(Task.proceeding_id == meeting_id, Task.status == TaskStatus.OPEN)
    )
    return {item_no_of(element): name for element, name in rows if item_no_of(element)}


def _opinions(sheet: _Sheet, item_no: int) -> tuple[MemberOpinion, ...]:
    """What the members said in the meeting, from the newest record of the item."""
    records = [
        submission.data["opinions"]
        for task, submission in sheet.submissions
        if item_no_of(task.element) == item_no and submission.data.get("opinions")
    ]
    return tuple(
        MemberOpinion(
            sheet.organ(row.get("member")),
            sheet.label("opinions.opinion", row.get("opinion")),
            str(row.get("reason") or ""),
        )
        for row in (records[-1] if records else ())
    )


def _vote(sheet: _Sheet, item: AgendaItem, member: str, ballots: tuple[Ballot, ...], people: Mapping[str, str]) -> Vote:
    """The member's latest vote on the item (a second round replaces the first)."""
    own = [ballot for ballot in ballots if ballot.item_no == item.item_no and ballot.member == member]
    if not own:
        return Vote("RECUSED" if member in item.recused else "NONE", "", "", "")
    ballot = own[-1]
    if ballot.status is TaskStatus.OPEN:
        return Vote("WAITING", "", "", "")
    if ballot.status is not TaskStatus.COMPLETED:
        return Vote("MISSED", "", "", "")
    if not ballot.is_open:
        return Vote("HIDDEN", "", "", "")
    code = str(ballot.data.get("decision") or "")
    comment = str(ballot.data.get("comment") or "")
    return Vote(code, sheet.label("decision", code), comment, people.get(ballot.person_id or "", ""))


def _replies(sheet: _Sheet) -> tuple[Reply, ...]:
    return tuple(
        Reply(
            member=sheet.organ(task.element.get("consulted") or task.candidate_organ),
            reply=sheet.label("date_reply", submission.data.get("date_reply")),
            comments=str(submission.data.get("agenda_comments") or ""),
            alt_date=str(submission.data.get("alt_date") or ""),
            at=submission.submitted_at,
        )
        for task, submission in sheet.submissions
        if submission.data.get("date_reply")
    )


def _deliveries(sheet: _Sheet, last_day: date | None) -> tuple[Delivery, ...]:
    """The newest delivery record."""
    records = [
        submission.data["deliveries"] for _, submission in sheet.submissions if submission.data.get("deliveries")
    ]
    return tuple(_delivery(sheet, row, last_day) for row in (records[-1] if records else ()))


def _delivery(sheet: _Sheet, row: Mapping[str, Any], last_day: date | None) -> Delivery:
    received = str(row.get("received_at") or "")
    day = date.fromisoformat(received[:10]) if received else None
    return Delivery(
        member=sheet.organ(row.get("member")),
        sent_at=str(row.get("sent_at") or ""),
        received_at=received,
        method=sheet.label("deliveries.method", row.get("method")),
        on_time=None if last_day is None else day is not None and day <= last_day,
    )
