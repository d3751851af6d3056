"""Operations on a joint meeting: members, agenda, the three-day rule, resolutions."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import select, update

from app.domain.deadlines import DayCount, DeadlineKind, count, office_day
from app.domain.errors import N_, ConflictError
from app.extensions import db
from app.law.calendar import legal_calendar
from app.services.operations.registry import operation
from app.storage.facts import read_many
from app.storage.models import AgendaItem, Case, Proceeding, SubscriptionRow
from app.storage.proceedings import correlation_text

if TYPE_CHECKING:
    from app.services.command import Command

POOL_MESSAGE = "AgendaDecided"
SCHEDULED, DECIDED = "SCHEDULED", "DECIDED"
PACK_PERIOD = "-P3D"
"""Used only where the register gives no period of its own (switch `packPeriod`)."""


@operation("meeting/members", result="list")
def members(command: "Command") -> list[str]:
    """Organ ids of the member units today."""
    return command.members()


@operation("meeting/lock_agenda", result="list")
def lock_agenda(command: "Command") -> list[dict[str, Any]]:
    """Make the agenda items of the chosen cases and other matters, and tell each case that it is on the agenda.

    Raises ConflictError for a case that is not in the pool or already on another open agenda.
    """
    facts = command.facts[""]
    cases = _pool_cases(command, facts.get("case_ids") or ())
    items = _items(command)
    _drop(items, chosen={proceeding.id for proceeding, _ in cases})
    known = {item.case_id or item.title for item in items}
    units, case_facts = members(command), read_many([proceeding.id for proceeding, _ in cases])
    for proceeding, case in cases:
        if proceeding.id not in known:
            recused = _conflicted(command, case, case_facts[proceeding.id], units=units, item_no=_next_no(items))
            items.append(_schedule(command, proceeding, case, item_no=_next_no(items), recused=recused))
    for row in facts.get("other_items") or ():
        if row["title"] not in known:
            items.append(_add(command, _next_no(items), kind=row["kind"], case_id=None, title=row["title"], recused=[]))
    numbers = {proceeding.id: proceeding.number for proceeding, _ in cases}
    return [_context(item, numbers) for item in items if item.status == SCHEDULED]


def _pool_cases(command: "Command", numbers: Any) -> list[tuple[Proceeding, Case]]:
    rows = db.session.execute(
        select(Proceeding, Case)
        .join(Case, Case.proceeding_id == Proceeding.id)
        .join(SubscriptionRow, SubscriptionRow.proceeding_id == Proceeding.id)
        .where(
            Proceeding.number.in_(list(numbers)),
            Proceeding.county_id == command.proceeding.county_id,
            SubscriptionRow.message == POOL_MESSAGE,
        )
        .order_by(Proceeding.id)
        .with_for_update(of=Case)
    ).all()
    found = {proceeding.number for proceeding, _ in rows}
    for number in numbers:
        if number not in found:
            raise ConflictError(N_("案件%(number)s不在待议池中，请从议程中移除。"), number=number)
    taken = [p.number for p, case in rows if case.on_agenda not in (None, command.proceeding.id)]
    if taken:
        raise ConflictError(N_("案件%(number)s已列入另一次会议的议程，请从议程中移除。"), number="、".join(taken))
    order = {number: index for index, number in enumerate(numbers)}
    return sorted(((p, c) for p, c in rows), key=lambda pair: order[pair[0].number])


def _next_no(items: list[AgendaItem]) -> int:
    return max((item.item_no for item in items), default=0) + 1


def _drop(items: list[AgendaItem], *, chosen: set[str]) -> None:
    """Take undecided cases that are not chosen any more off a postponed agenda; they are in the pool still."""
    for item in [item for item in items if item.case_id and item.status == SCHEDULED and item.case_id not in chosen]:
        case = db.session.get(Case, item.case_id)
        if case is not None:
            case.on_agenda = None
        items.remove(item)
        db.session.delete(item)


def _schedule(
    command: "Command", proceeding: Proceeding, case: Case, *, item_no: int, recused: list[str]
) -> AgendaItem:
    case.on_agenda = command.proceeding.id
    payload = {"case_no": proceeding.number, "meeting_no": command.proceeding.number, "item_no": item_no}
    correlation = correlation_text({"case_no": proceeding.number})
    command.send("MESSAGE", "AgendaScheduled", payload=payload, correlation=correlation)
    title = proceeding.title or proceeding.number
    return _add(command, item_no, kind="CASE", case_id=proceeding.id, title=title, recused=recused)


def _conflicted(
    command: "Command", case: Case, facts: Mapping[str, Any], *, units: list[str], item_no: int
) -> list[str]:
    """Members that may not vote on a case: its organs, the court that judged it, units named by the office."""
    named = {row["organ"] for row in command.facts[""].get("recusals") or () if int(row["item_no"]) == item_no}
    involved = {case.nominal_entity, case.lead_organ_id, facts.get("issuing_organ"), *named}
    involved |= set(facts.get("implementing_entities") or ()) | set(facts.get("recusal_units") or ())
    return [organ for organ in units if organ in involved]


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


def _context(item: AgendaItem, numbers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "item_no": item.item_no,
        "kind": item.kind,
        "case_no": numbers.get(item.case_id or "", ""),
        "title": item.title,
        "recused": list(item.recused),
    }


@operation("meeting/check_pack", result="string")
def check_pack(command: "Command") -> str:
    """ON_TIME when every member had the pack by the last permissible day, else LATE; keeps it on the meeting."""
    meeting = command.file.meeting
    if meeting is None or meeting.meeting_date is None:
        raise ConflictError(N_("尚未确定会议时间。"))
    last = latest_delivery(meeting.meeting_date, command.register.switches)
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
