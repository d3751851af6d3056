"""Operations on a joint meeting: members, the three-day rule, resolutions."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, update

from app.domain.deadlines import DayCount, DeadlineKind, count, office_day
from app.domain.errors import N_, ConflictError
from app.domain.roles import ROLES
from app.extensions import db
from app.law.calendar import legal_calendar
from app.services.operations import agendas
from app.services.operations.agendas import DECIDED
from app.services.operations.registry import operation
from app.storage import agendas as agenda_rows
from app.storage.models import AgendaItem, Submission, Task

if TYPE_CHECKING:
    from app.services.command import Command

PACK_PERIOD = "-P3D"
"""Used only where the register gives no period of its own (switch `packPeriod`)."""
SIGNATORY, SILENT = "member.signatory", "NONE"


@operation("meeting/members", result="list", repeatable=True)
def members(command: "Command") -> list[str]:
    """Organ ids of the member units today."""
    return command.members()


@operation("meeting/member_roles", result="list", repeatable=True)
def member_roles(command: "Command") -> list[dict[str, Any]]:
    """Each member unit today with the roles that its people hold."""
    units = members(command)
    held: dict[str, set[str]] = {unit: set() for unit in units}
    for holder in command.surroundings.holders_in(ROLES):
        if holder.organ_id in held:
            held[holder.organ_id].add(holder.role)
    return [{"organ": unit, "roles": sorted(roles)} for unit, roles in held.items()]


@operation("meeting/check_pack", result="string", repeatable=True)
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


@operation("meeting/votes", result="list", repeatable=True, item_no="number", electors="list")
def votes(command: "Command", *, item_no: int, electors: list[str] | None) -> list[str]:
    """What each elector has said on an item in the round that is ending: the decision, or NONE of who kept silent.

    A round that its time limit ends gives the procedure no votes; the ballots are still there.
    """
    # the latest step of a member is the one of this round; one still open has no submission
    cast = (
        select(Task.element, Submission.data)
        .outerjoin(Submission, Submission.task_id == Task.id)
        .where(Task.proceeding_id == command.proceeding.id, Task.candidate_role == SIGNATORY)
        .order_by(Task.opened_at, Task.id)
    )
    said: dict[str, str] = {}
    for element, data in db.session.execute(cast):
        if element.get("agenda_item", {}).get("item_no") == int(item_no):
            said[str(element.get("member"))] = str((data or {}).get("decision") or SILENT)
    return [said.get(elector, SILENT) for elector in electors or ()]


@operation("meeting/record_resolution", result="string", item_no="number", resolution="string", by="string")
def record_resolution(command: "Command", *, item_no: int, resolution: str, by: str | None) -> str:
    """One agenda item is decided, whatever the others do. Its case, or the cases of its series, leave the agenda."""
    decided = (
        update(AgendaItem)
        .where(AgendaItem.meeting_id == command.proceeding.id, AgendaItem.item_no == int(item_no))
        .values(status=DECIDED, resolution=resolution, decided_by=by or "CONSENT", decided_at=command.now)
        .returning(AgendaItem.id, AgendaItem.case_id)
    )
    rows = db.session.execute(decided).all()
    if not rows:
        raise ConflictError(N_("会议没有第%(item_no)s项议题。"), item_no=item_no)
    if rows[0].case_id:
        _leave_agenda(command, rows[0].id, rows[0].case_id, item_no=int(item_no), resolution=resolution)
    return resolution


def _leave_agenda(command: "Command", item_id: str, lead_id: str, *, item_no: int, resolution: str) -> None:
    """The item's cases wait for no vote any more; the followers of a series are told the resolution like the lead."""
    left = agenda_rows.leave_agenda(item_id, lead_id, meeting_id=command.proceeding.id)
    lead_no = left.pop(lead_id, "")
    if left:
        agendas.tell_decided(command, left.values(), lead_no=lead_no, item_no=item_no, resolution=resolution)


@operation("meeting/close", result="string")
def close(command: "Command") -> str:
    """Raises ConflictError while an item is undecided."""
    items = [place.item for place in agendas.places_of(command)]
    open_items = [str(item.item_no) for item in items if item.status != DECIDED]
    if open_items:
        raise ConflictError(N_("第%(items)s项议题尚未决定，会议不能办结。"), items="、".join(open_items))
    command.proceeding.outcome = "CLOSED"
    return "CLOSED"
