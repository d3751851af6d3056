"""Operations on a joint meeting: members, agenda, the three-day rule, resolutions."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import select, update

from app.domain.deadlines import DayCount, DeadlineKind, count, office_day
from app.domain.errors import N_, ConflictError
from app.domain.roles import ROLES
from app.extensions import db
from app.law.calendar import legal_calendar
from app.services.operations.registry import operation
from app.storage.agendas import PoolCase
from app.storage.models import AgendaItem, Case, Proceeding
from app.storage.proceedings import correlation_text

if TYPE_CHECKING:
    from app.services.command import Command

SCHEDULED, DECIDED = "SCHEDULED", "DECIDED"
ADOPTED = "ADOPTED"
OFFICE_HEAD = "jmo.director"
PACK_PERIOD = "-P3D"
"""Used only where the register gives no period of its own (switch `packPeriod`)."""


@operation("meeting/members", result="list")
def members(command: "Command") -> list[str]:
    """Organ ids of the member units today."""
    return command.members()


@operation("meeting/member_roles", result="list")
def member_roles(command: "Command") -> list[dict[str, Any]]:
    """Each member unit today with the roles that its people hold."""
    units = members(command)
    held: dict[str, set[str]] = {unit: set() for unit in units}
    for holder in command.holders(ROLES):
        if holder.organ_id in held:
            held[holder.organ_id].add(holder.role)
    return [{"organ": unit, "roles": sorted(roles)} for unit, roles in held.items()]


@operation("meeting/lock_agenda", result="list")
def lock_agenda(command: "Command") -> list[dict[str, Any]]:
    """Make the agenda items of the chosen cases and other matters, and tell each case that it is on the agenda.

    A postponed meeting locks again: cases that stay are told once more, cases that are dropped are told so.

    Raises ConflictError for a case that is not in the pool or already on another open agenda.
    """
    facts = command.facts[""]
    cases = _pool_cases(command, facts.get("case_ids") or ())
    items = _items(command) if not cases or any(case.scheduled for case in cases) else []
    _drop(command, items, chosen={case.proceeding.id for case in cases})
    known = {item.case_id or item.title: item for item in items}
    for case in cases:
        if case.proceeding.id not in known:
            items.append(_schedule(command, case, item_no=_next_no(items)))
        else:
            _tell_case(command, case.proceeding.number, item_no=known[case.proceeding.id].item_no)
    for row in facts.get("other_items") or ():
        if row["title"] not in known:
            items.append(_add(command, _next_no(items), kind=row["kind"], case_id=None, title=row["title"], recused=[]))
    numbers = {case.proceeding.id: case.proceeding.number for case in cases}
    return _contexts(command, items, numbers)


@operation("meeting/add_items", result="list")
def add_items(command: "Command") -> list[dict[str, Any]]:
    """Add what all members agreed in writing to take up after the agenda was locked; returns all open items."""
    facts, items = command.facts[""], _items(command)
    cases = _pool_cases(command, facts.get("added_case_ids") or ())
    known = {item.case_id or item.title for item in items}
    for case in cases:
        if case.proceeding.id not in known:
            items.append(_schedule(command, case, item_no=_next_no(items)))
    for row in facts.get("added_items") or ():
        if row["title"] not in known:
            items.append(_add(command, _next_no(items), kind=row["kind"], case_id=None, title=row["title"], recused=[]))
    return _contexts(command, items, _numbers_of(items))


@operation("meeting/return_to_pool", result="string", outcome="string")
def return_to_pool(command: "Command", *, outcome: str | None) -> str:
    """The meeting does not take place (now): its undecided items are gone, their cases wait again and are told so.

    With an outcome the meeting has that outcome.
    """
    _drop(command, _items(command), chosen=set())
    for item in _items(command):
        if item.status == SCHEDULED:
            db.session.delete(item)
    command.proceeding.outcome = outcome or command.proceeding.outcome
    return outcome or "POSTPONED"


@operation("meeting/adopted_items", result="list")
def adopted_items(command: "Command") -> list[dict[str, Any]]:
    """Adopted items that are no cases: each has an outcome of its own to be produced."""
    adopted = [item for item in _items(command) if item.case_id is None and item.resolution == ADOPTED]
    return [_context(item, {}, office=frozenset()) for item in adopted]


def _contexts(command: "Command", items: list[AgendaItem], numbers: Mapping[str, str]) -> list[dict[str, Any]]:
    office = frozenset(holder.organ_id or "" for holder in command.holders({OFFICE_HEAD}))
    return [_context(item, numbers, office=office) for item in items if item.status == SCHEDULED]


def _numbers_of(items: list[AgendaItem]) -> dict[str, str]:
    ids = [item.case_id for item in items if item.case_id]
    query = select(Proceeding.id, Proceeding.number).where(Proceeding.id.in_(ids))
    return {row.id: row.number for row in db.session.execute(query)}


def _pool_cases(command: "Command", numbers: Collection[str]) -> list[PoolCase]:
    found = command.pool_cases(numbers)
    for number in numbers:
        if number not in found:
            raise ConflictError(N_("案件%(number)s不在待议池中，请从议程中移除。"), number=number)
    taken = [number for number in numbers if found[number].case.on_agenda not in (None, command.proceeding.id)]
    if taken:
        raise ConflictError(N_("案件%(number)s已列入另一次会议的议程，请从议程中移除。"), number="、".join(taken))
    return [found[number] for number in numbers]


def _next_no(items: list[AgendaItem]) -> int:
    return max((item.item_no for item in items), default=0) + 1


def _drop(command: "Command", items: list[AgendaItem], *, chosen: set[str]) -> None:
    """Take undecided cases that are not chosen any more off a postponed agenda; they are in the pool still."""
    dropped = [item for item in items if item.case_id and item.status == SCHEDULED and item.case_id not in chosen]
    numbers = _numbers_of(dropped) if dropped else {}
    for item in dropped:
        _tell_case(command, numbers[item.case_id or ""], item_no=None)
        case = db.session.get(Case, item.case_id)
        if case is not None:
            case.on_agenda = None
        items.remove(item)
        db.session.delete(item)


def _schedule(command: "Command", pooled: PoolCase, *, item_no: int) -> AgendaItem:
    proceeding = pooled.proceeding
    pooled.case.on_agenda = command.proceeding.id
    _tell_case(command, proceeding.number, item_no=item_no)
    title = proceeding.title or proceeding.number
    recused = _conflicted(command, pooled, item_no=item_no)
    return _add(command, item_no, kind="CASE", case_id=proceeding.id, title=title, recused=recused)


def _tell_case(command: "Command", case_no: str, *, item_no: int | None) -> None:
    """Tell a case that it is on the agenda, or (without an item) no longer."""
    meeting = command.file.meeting
    meets_at = meeting.meeting_date.isoformat() if meeting and meeting.meeting_date else None
    payload = {"case_no": case_no, "meeting_no": command.proceeding.number, "item_no": item_no, "meets_at": meets_at}
    command.send("MESSAGE", "AgendaScheduled", payload=payload, correlation=correlation_text({"case_no": case_no}))


def _conflicted(command: "Command", pooled: PoolCase, *, item_no: int) -> list[str]:
    """Members that may not vote on a case: its organs, the bodies that judged or handled it, those that pleaded in it,
    units named by the office."""
    case, facts = pooled.case, pooled.facts
    named = {row["organ"] for row in command.facts[""].get("recusals") or () if int(row["item_no"]) == item_no}
    involved = {case.nominal_entity, case.lead_organ_id, facts.get("issuing_organ"), *named}
    for name in ("implementing_entities", "recusal_units", "handling_bodies", "litigation_agents"):
        involved |= set(facts.get(name) or ())
    return [organ for organ in command.members() if organ in involved]


def _add(
    command: "Command", item_no: int, *, kind: str, case_id: str | None, title: str, recused: list[str]
) -> AgendaItem:
    item = AgendaItem(
        id=uuid4().hex,
        meeting_id=command.proceeding.id,
        item_no=item_no,
        kind=kind,
        case_id=case_id,
        title=title,
        recused=recused,
        status=SCHEDULED,
    )
    db.session.add(item)
    return item


def _context(item: AgendaItem, numbers: Mapping[str, str], *, office: frozenset[str]) -> dict[str, Any]:
    return {
        "item_no": item.item_no,
        "kind": item.kind,
        "case_no": numbers.get(item.case_id or "", ""),
        "title": item.title,
        "recused": list(item.recused),
        "office_conflicted": bool(office.intersection(item.recused)),
    }


@operation("meeting/check_pack", result="string")
def check_pack(command: "Command") -> str:
    """ON_TIME when every member had the pack by the last permissible day, else LATE; keeps it on the meeting."""
    meeting = command.file.meeting
    if meeting is None or meeting.meeting_date is None:
        raise ConflictError(N_("尚未确定会议时间。"))
    last = latest_delivery(meeting.meeting_date, command.switches)
    rows = command.facts[""].get("deliveries") or ()
    delivered = {row["member"]: _delivered_on(row) for row in rows}
    late = [m for m in members(command) if (day := delivered.get(m)) is None or day > last]
    meeting.pack_status = "LATE" if late else "ON_TIME"
    return meeting.pack_status


def latest_delivery(meeting_date: datetime, switches: Mapping[str, Any]) -> date:
    """The last day on which the pack may reach a member."""
    deadline = count(
        office_day(meeting_date),
        switches.get("packPeriod") or PACK_PERIOD,
        calendar=legal_calendar(),
        day_count=DayCount(switches.get("dayCount") or "CALENDAR"),
        kind=DeadlineKind.REGULATION,
    )
    return deadline.last_day


def _delivered_on(row: Mapping[str, Any]) -> date | None:
    moment = row.get("received_at") or row.get("sent_at")
    return date.fromisoformat(moment[:10]) if moment else None


@operation("meeting/record_resolution", result="string", item_no="number", resolution="string", by="string")
def record_resolution(command: "Command", *, item_no: int, resolution: str, by: str | None) -> str:
    """One agenda item is decided, whatever the others do. The case leaves the agenda."""
    decided = (
        update(AgendaItem)
        .where(AgendaItem.meeting_id == command.proceeding.id, AgendaItem.item_no == int(item_no))
        .values(status=DECIDED, resolution=resolution, decided_by=by or "CONSENT", decided_at=command.now)
        .returning(AgendaItem.case_id)
    )
    rows = db.session.execute(decided).all()
    if not rows:
        raise ConflictError(N_("会议没有第%(item_no)s项议题。"), item_no=item_no)
    if rows[0].case_id:
        of_item = update(Case).where(Case.proceeding_id == rows[0].case_id, Case.on_agenda == command.proceeding.id)
        db.session.execute(of_item.values(on_agenda=None))
    return resolution


@operation("meeting/close", result="string")
def close(command: "Command") -> str:
    """Raises ConflictError while an item is undecided."""
    open_items = [str(item.item_no) for item in _items(command) if item.status != DECIDED]
    if open_items:
        raise ConflictError(N_("第%(items)s项议题尚未决定，会议不能办结。"), items="、".join(open_items))
    command.proceeding.outcome = "CLOSED"
    return "CLOSED"


def _items(command: "Command") -> list[AgendaItem]:
    query = select(AgendaItem).where(AgendaItem.meeting_id == command.proceeding.id).order_by(AgendaItem.item_no)
    return list(db.session.scalars(query))
