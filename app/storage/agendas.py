"""Cases that wait for a joint meeting, as the meeting that wants them on its agenda sees them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, literal, or_, select, update
from sqlalchemy.orm import aliased

from app.extensions import db
from app.storage.models import AgendaItem, AgendaItemCase, Case, Proceeding, SubscriptionRow, Task
from app.storage.subscriptions import correlation_text
from app.storage.surroundings import facts_column
from app.storage.tasks import open_tasks_of

POOL_MESSAGE = "AgendaDecided"
"""A case that waits for this message is in the pool (待议池)."""
SCHEDULED_MESSAGE = "AgendaScheduled"
"""Sent to every case that is put on an agenda."""
WITHDRAWN_MESSAGE = "AgendaWithdrawn"
"""The open step of an agenda item waits for this message: its case is no longer to be decided."""
LEAD_MESSAGE = "LeadDecided"
"""A case that waits for this message follows the leading case of its series."""


@dataclass(frozen=True, slots=True)
class PoolCase:
    proceeding: Proceeding
    case: Case
    facts: dict[str, Any]
    """Those without scope."""
    scheduled: int
    """How many items the asking meeting has on its agenda already."""

    @property
    def stands(self) -> bool:
        """Whether it is suspended and on no agenda: nobody may handle it, so no meeting takes it up either."""
        return self.proceeding.suspended_at is not None and self.case.on_agenda is None


def pool_cases(numbers: Collection[str], *, county_id: str, meeting_id: str) -> dict[str, PoolCase]:
    """Those of the case numbers, and the cases of their series, that are in the county's pool.

    They are locked, so that one meeting alone takes each.
    """
    chosen = Proceeding.number.in_(list(numbers))
    series = (
        select(Case.series_id)
        .join(Proceeding, Proceeding.id == Case.proceeding_id)
        .where(chosen, Proceeding.county_id == county_id, Case.series_id.is_not(None))
        .correlate(None)
    )
    scheduled = select(func.count()).where(AgendaItem.meeting_id == meeting_id).scalar_subquery()
    rows = db.session.execute(
        select(Proceeding, Case, facts_column(Proceeding.__table__.c.id), scheduled)
        .join(Case, Case.proceeding_id == Proceeding.id)
        .join(SubscriptionRow, SubscriptionRow.proceeding_id == Proceeding.id)
        .where(
            or_(chosen, Case.series_id.in_(series)),
            Proceeding.county_id == county_id,
            SubscriptionRow.message == POOL_MESSAGE,
        )
        .order_by(Proceeding.id)
        .with_for_update(of=Case)
    )
    return {
        proceeding.number: PoolCase(
            proceeding, case, {name: value for scope, name, value in facts or () if not scope}, items
        )
        for proceeding, case, facts, items in rows
    }


@dataclass(frozen=True, slots=True)
class Place:
    """An agenda item with the numbers of its cases."""

    item: AgendaItem
    number: str
    """Of the case that it is about, the leading one of a series; empty where it is about none."""
    followers: dict[str, str]
    """Id -> number of the cases of the series that go with the leading one."""
    can_stop: bool
    """Whether its open step waits to be told that the case is withdrawn."""


def places_on(meeting_id: str) -> list[Place]:
    """The items of a meeting's agenda in their order."""
    return _places(AgendaItem.meeting_id == meeting_id)


def places_of(case_id: str, *, meeting_id: str) -> list[Place]:
    """The items of one meeting that a case is on, as the leading one or behind another."""
    return _places(AgendaItem.meeting_id == meeting_id, _is_about(literal(case_id)))


def _places(*criteria: ColumnElement[bool]) -> list[Place]:
    lead, follower = aliased(Proceeding), aliased(Proceeding)
    of_lead = SubscriptionRow.correlation == literal(correlation_text({"case_no": ""})) + lead.number
    can_stop = exists().where(SubscriptionRow.message == WITHDRAWN_MESSAGE, of_lead)
    rows = db.session.execute(
        select(AgendaItem, lead.number, follower.id, follower.number, can_stop)
        .outerjoin(lead, lead.id == AgendaItem.case_id)
        .outerjoin(AgendaItemCase, AgendaItemCase.item_id == AgendaItem.id)
        .outerjoin(follower, follower.id == AgendaItemCase.case_id)
        .where(*criteria)
        .order_by(AgendaItem.item_no)
    )
    found: dict[str, Place] = {}
    for item, number, follower_id, follower_no, stops in rows:
        place = found.setdefault(item.id, Place(item, number or "", {}, stops))
        if follower_id is not None:
            place.followers[follower_id] = follower_no
    return list(found.values())


def files_by_item(meeting_id: str, item_nos: Collection[int]) -> dict[int, list[dict[str, Any]]]:
    """What the cases of these items keep beside their procedures (`waiting`): who has stepped aside, who answers
    and who has handled a remedy."""
    query = select(AgendaItem.item_no, Proceeding.waiting).join(Proceeding, _is_about(Proceeding.id))
    found: dict[int, list[dict[str, Any]]] = {}
    for item_no, waiting in db.session.execute(
        query.where(AgendaItem.meeting_id == meeting_id, AgendaItem.item_no.in_(list(item_nos)))
    ):
        found.setdefault(item_no, []).append(waiting)
    return found


def open_steps_about(case_id: str) -> list[Task]:
    """Open steps of meetings on an item that is about the case, as the leading one or behind another."""
    query = select(AgendaItem.meeting_id, AgendaItem.item_no).where(_is_about(literal(case_id)))
    items = {(meeting_id, item_no) for meeting_id, item_no in db.session.execute(query)}
    tasks = open_tasks_of({meeting_id for meeting_id, _ in items}) if items else ()
    return [task for task in tasks if (task.proceeding_id, item_no_of(task.element)) in items]


def _is_about(case_id: Any) -> ColumnElement[bool]:
    """Criterion on AgendaItem: the case is the leading one of the item, or goes behind it."""
    behind = select(AgendaItemCase.item_id).where(AgendaItemCase.case_id == case_id).correlate_except(AgendaItemCase)
    return or_(AgendaItem.case_id == case_id, AgendaItem.id.in_(behind))


def item_no_of(element: Mapping[str, Any]) -> int:
    """The item of a meeting that a step is done for; 0 where it is done for none."""
    item = element.get("agenda_item")
    return int(item.get("item_no") or 0) if isinstance(item, Mapping) else 0


def take_off(case_ids: Collection[str], *, item_ids: Collection[str]) -> None:
    """The cases are on no agenda any more, and nobody goes with the leading cases of the items."""
    if item_ids:
        db.session.execute(delete(AgendaItemCase).where(AgendaItemCase.item_id.in_(list(item_ids))))
    if case_ids:
        db.session.execute(update(Case).where(Case.proceeding_id.in_(list(case_ids))).values(on_agenda=None))


def leave_agenda(item_id: str, lead_id: str, *, meeting_id: str) -> dict[str, str]:
    """The cases of an item are on the meeting's agenda no longer: id -> number of each that was."""
    number = select(Proceeding.number).where(Proceeding.id == Case.proceeding_id).correlate(Case).scalar_subquery()
    followers = select(AgendaItemCase.case_id).where(AgendaItemCase.item_id == item_id)
    left = (
        update(Case)
        .where(or_(Case.proceeding_id == lead_id, Case.proceeding_id.in_(followers)), Case.on_agenda == meeting_id)
        .values(on_agenda=None)
        .returning(Case.proceeding_id, number)
        .execution_options(synchronize_session=False)
    )
    rows: Any = db.session.execute(left).all()
    return dict(rows)


def waiting_followers(lead_id: str) -> list[Proceeding]:
    """Cases of a series that wait for the result of the leading case, the oldest first."""
    query = (
        select(Proceeding)
        .join(AgendaItemCase, AgendaItemCase.case_id == Proceeding.id)
        .join(SubscriptionRow, SubscriptionRow.proceeding_id == Proceeding.id)
        .where(AgendaItemCase.follows == lead_id, SubscriptionRow.message == LEAD_MESSAGE)
        .order_by(Proceeding.opened_at, Proceeding.number)
        .distinct()
    )
    return list(db.session.scalars(query))


def follow(case_ids: Collection[str], lead_id: str | None) -> None:
    """Let cases of a series follow another leading case, or none."""
    mine = update(AgendaItemCase).where(AgendaItemCase.case_id.in_(list(case_ids)))
    db.session.execute(mine.values(follows=lead_id))
