"""Operations on the agenda of a joint meeting: which cases are on it, alone or as one series, and who may not vote."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import delete

from app.domain.errors import N_, ConflictError
from app.domain.history import Act
from app.extensions import db
from app.services.operations.registry import operation
from app.services.operations.remedies import submission_of
from app.storage import agendas
from app.storage.agendas import POOL_MESSAGE, SCHEDULED_MESSAGE, WITHDRAWN_MESSAGE, Place, PoolCase
from app.storage.models import AgendaItem, AgendaItemCase, Case
from app.storage.subscriptions import correlation_text

if TYPE_CHECKING:
    from app.services.command import Command

SCHEDULED, DECIDED = "SCHEDULED", "DECIDED"
ADOPTED = "ADOPTED"
OFFICE_HEAD = "jmo.director"


@dataclass(frozen=True, slots=True)
class _Group:
    """What one agenda item is about: a case, or the pool cases of a series behind the earliest of them."""

    lead: PoolCase
    followers: tuple[PoolCase, ...] = ()

    @property
    def cases(self) -> tuple[PoolCase, ...]:
        return (self.lead, *self.followers)


@operation("meeting/lock_agenda", result="list")
def lock_agenda(command: "Command") -> list[dict[str, Any]]:
    """Make the agenda items of the chosen cases and other matters, and tell each case that it is on the agenda.

    The pool cases of a chosen case's series make one item with it, unless the agenda separates them. A postponed
    meeting locks again: cases that stay are told once more, cases that are dropped are told so.

    Raises ConflictError for a case that is not in the pool or already on another open agenda.
    """
    facts = command.facts[""]
    groups = _groups(command, _chosen(command, facts.get("case_ids") or ()), own=(command.proceeding.id,))
    cases = [case for group in groups for case in group.cases]
    places = places_of(command) if not cases or any(case.scheduled for case in cases) else []
    leads = {group.lead.proceeding.id for group in groups}
    _give_back(command, places, staying={case.proceeding.id for case in cases})
    items = _drop(places, {place.item.id for place in _undecided(places) if place.item.case_id not in leads})
    known = {item.case_id or item.title: item for item in items}
    for group in groups:
        _place(command, group, known.get(group.lead.proceeding.id), items)
    _add_other_matters(command, facts.get("other_items") or (), items)
    _tell_abstentions(command, items)
    return _contexts(command, items, {case.proceeding.id: case.proceeding.number for case in cases})


@operation("meeting/add_items", result="list")
def add_items(command: "Command") -> list[dict[str, Any]]:
    """Add what all members agreed in writing to take up after the agenda was locked; returns all open items."""
    facts, places = command.facts[""], places_of(command)
    items = [place.item for place in places]
    chosen = _chosen(command, facts.get("added_case_ids") or ())
    known = {item.case_id for item in items}
    for group in _groups(command, [case for case in chosen if case.case.on_agenda is None], own=()):
        if group.lead.proceeding.id not in known:
            _place(command, group, None, items)
    _add_other_matters(command, facts.get("added_items") or (), items)
    _tell_abstentions(command, items)
    numbers = {place.item.case_id or "": place.number for place in places}
    return _contexts(command, items, numbers | {case.proceeding.id: case.proceeding.number for case in chosen})


@operation("meeting/return_to_pool", result="string", outcome="string")
def return_to_pool(command: "Command", *, outcome: str | None) -> str:
    """The meeting does not take place (now): its undecided items are gone, their cases wait again and are told so.

    With an outcome the meeting has that outcome.
    """
    places = places_of(command)
    _give_back(command, places, staying=set())
    _drop(places, {place.item.id for place in places if place.item.status == SCHEDULED})
    command.proceeding.outcome = outcome or command.proceeding.outcome
    return outcome or "POSTPONED"


@operation("meeting/adopted_items", result="list")
def adopted_items(command: "Command") -> list[dict[str, Any]]:
    """Adopted items that are no cases: each has an outcome of its own to be produced."""
    items = [place.item for place in places_of(command)]
    adopted = [item for item in items if item.case_id is None and item.resolution == ADOPTED]
    return [_context(item, {}, office=frozenset()) for item in adopted]


def places_of(command: "Command") -> list[Place]:
    return agendas.places_on(command.proceeding.id)


def tell_decided(command: "Command", numbers: Collection[str], *, lead_no: str, item_no: int, resolution: str) -> None:
    """Tell the cases of a series what was decided on the leading case; that one is told by the diagram."""
    for number in sorted(numbers):
        payload = {
            "case_no": number,
            "resolution": resolution,
            "opinion_ref": f"{command.proceeding.number}-{item_no}",
            "series_lead": lead_no,
        }
        command.send("MESSAGE", POOL_MESSAGE, payload=payload, correlation=correlation_text({"case_no": number}))


def withdraw(command: "Command", case: Case, *, resolution: str, by: str) -> None:
    """A case leaves the agenda before its item is decided: the item counts as decided, so that the meeting can go on,
    and its open step is told to end.

    A case that follows another one leaves that one's item, which goes on; the cases behind a leading one wait in the
    pool again, and are told so.
    """
    if case.on_agenda is None:
        return
    places = agendas.places_of(case.proceeding_id, meeting_id=case.on_agenda)
    own = [place for place in places if place.item.case_id == case.proceeding_id]
    followers = {id_: number for place in own for id_, number in place.followers.items()}
    if len(own) < len(places):
        db.session.execute(delete(AgendaItemCase).where(AgendaItemCase.case_id == case.proceeding_id))
    led = [place.item.id for place in own if place.followers]
    agendas.take_off([case.proceeding_id, *followers], item_ids=led)
    for place in own:
        place.item.status, place.item.resolution = DECIDED, resolution
        place.item.decided_by, place.item.decided_at = by, command.now
        if place.can_stop:
            payload = {"case_no": place.number}
            command.send("MESSAGE", WITHDRAWN_MESSAGE, payload=payload, correlation=correlation_text(payload))
    for number in followers.values():
        _tell_case(command, number, item_no=None)


# ---- which cases


def _chosen(command: "Command", numbers: Collection[str]) -> list[PoolCase]:
    """The pool cases by number, in their order; those that are to stand apart from their series are chosen too."""
    apart = command.facts[""].get("apart_case_ids") or ()
    wanted = tuple(dict.fromkeys((*numbers, *apart))) if numbers else tuple(numbers)
    found = command.pool_cases(wanted)
    for number in wanted:
        if number not in found:
            raise ConflictError(N_("案件%(number)s不在待议池中，请从议程中移除。"), number=number)
    taken = [number for number in wanted if found[number].case.on_agenda not in (None, command.proceeding.id)]
    if taken:
        raise ConflictError(N_("案件%(number)s已列入另一次会议的议程，请从议程中移除。"), number="、".join(taken))
    if standing := [number for number in wanted if found[number].stands]:
        raise ConflictError(N_("案件%(number)s已中止，恢复后才能列入议程。"), number="、".join(standing))
    return [found[number] for number in wanted]


def _groups(command: "Command", chosen: Collection[PoolCase], *, own: Collection[str]) -> list[_Group]:
    """Each chosen case with the rest of its series, in the order of choice; a series once.

    Cases on an agenda stay where they are, but those on one of the `own` meetings.
    """
    facts = command.facts[""]
    apart = set(facts.get("apart_case_ids") or ())
    together = [case for case in chosen if case.case.series_id and case.proceeding.number not in apart]
    if not together or facts.get("separate_series"):
        return [_Group(case) for case in chosen]
    members: dict[tuple[str, str | None], list[PoolCase]] = {}
    pooled = command.pool_of_series({case.case.series_id or "" for case in together})
    for case in sorted(pooled, key=lambda case: (case.proceeding.opened_at, case.proceeding.number)):
        free = case.case.on_agenda in (None, *own) and not case.stands
        if free and case.proceeding.number not in apart:
            members.setdefault(_series_of(case), []).append(case)
    groups = []
    for case in chosen:
        if case not in together:
            groups.append(_Group(case))
        elif _series_of(case) in members:
            lead, *followers = members.pop(_series_of(case))
            groups.append(_Group(lead, tuple(followers)))
    return groups


def _series_of(case: PoolCase) -> tuple[str, str | None]:
    """Cases under different regulations do not follow each other."""
    return case.case.regulation_id, case.case.series_id


# ---- on and off the agenda


def _place(command: "Command", group: _Group, item: AgendaItem | None, items: list[AgendaItem]) -> None:
    """The group's item, new or as it was, and each of its cases is told."""
    lead = group.lead.proceeding
    if item is None:
        item = _add(command, _next_no(items), kind="CASE", case_id=lead.id, title=_title(group), recused={})
        items.append(item)
    item.title, item.recused = _title(group), _conflicted(command, group, item_no=item.item_no)
    for case in group.cases:
        case.case.on_agenda = command.proceeding.id
    db.session.add_all(
        AgendaItemCase(item=item, case_id=case.proceeding.id, follows=lead.id) for case in group.followers
    )
    followers = [case.proceeding.number for case in group.followers]
    _tell_case(command, lead.number, item_no=item.item_no, followers=followers)
    for number in followers:
        _tell_case(command, number, item_no=item.item_no, series_lead=lead.number)


def _title(group: _Group) -> str:
    title = group.lead.proceeding.title or group.lead.proceeding.number
    if not group.followers:
        return title
    return N_("%(title)s（系列案 %(count)s 件）") % {"title": title, "count": len(group.cases)}


def _undecided(places: list[Place]) -> list[Place]:
    return [place for place in places if place.item.case_id and place.item.status == SCHEDULED]


def _give_back(command: "Command", places: list[Place], *, staying: set[str]) -> None:
    """Cases of undecided items that do not stay are in the pool still, and told.

    Whoever follows a leading case is placed anew.
    """
    numbers: dict[str, str] = {}
    for place in _undecided(places):
        numbers |= {place.item.case_id or "": place.number, **place.followers}
    gone = {id_: number for id_, number in numbers.items() if id_ not in staying}
    agendas.take_off(gone, item_ids=[place.item.id for place in _undecided(places) if place.followers])
    for number in gone.values():
        _tell_case(command, number, item_no=None)


def _drop(places: list[Place], item_ids: set[str]) -> list[AgendaItem]:
    """The items that are left. Deleted at once: an item that is added afterwards may have the number of one of them."""
    if item_ids:
        db.session.execute(delete(AgendaItem).where(AgendaItem.id.in_(item_ids)))
    return [place.item for place in places if place.item.id not in item_ids]


def _tell_case(command: "Command", case_no: str, *, item_no: int | None, **series: Any) -> None:
    """Tell a case that it is on the agenda, or (without an item) no longer; of a series also with whom."""
    meeting = command.file.meeting
    meets_at = meeting.meeting_date.isoformat() if meeting and meeting.meeting_date else None
    meeting_no = command.proceeding.number if meeting else None
    payload = {"case_no": case_no, "meeting_no": meeting_no, "item_no": item_no, "meets_at": meets_at}
    payload |= {name: value for name, value in series.items() if value}
    command.send("MESSAGE", SCHEDULED_MESSAGE, payload=payload, correlation=correlation_text({"case_no": case_no}))


INVOLVED = {
    "lead_organ": N_("涉案行政机关"),
    "nominal_entity": N_("名义主体"),
    "implementing_entities": N_("实施主体"),
    "issuing_organ": N_("作出裁判文书的机关"),
    "handling_bodies": N_("办理过本案"),
    "litigation_agents": N_("代理过本案诉讼"),
    "recusal_units": N_("汇总材料时提出回避"),
}
"""What a case says of organs that may not vote on it, and why."""


def _conflicted(command: "Command", group: _Group, *, item_no: int) -> dict[str, list[str]]:
    """Members that may not vote on an item, each with the reasons: the organs of its cases, the bodies that judged or
    handled them, those that pleaded in them, units named by the office."""
    reasons: dict[str, list[str]] = {}
    for row in command.facts[""].get("recusals") or ():
        if int(row["item_no"]) == item_no:
            reasons.setdefault(row["organ"], []).append(str(row["reason"]))
    for pooled in group.cases:
        case = pooled.case
        stated = {**pooled.facts, "lead_organ": case.lead_organ_id, "nominal_entity": case.nominal_entity}
        for name, why in INVOLVED.items():
            for organ in _listed(stated.get(name)):
                if why not in reasons.setdefault(organ, []):
                    reasons[organ].append(why)
    return {organ: reasons[organ] for organ in command.members() if organ in reasons}


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


ABSTAINS = N_("第%(item)s项：%(organ)s（%(reasons)s）")


def _tell_abstentions(command: "Command", items: list[AgendaItem]) -> None:
    """The meeting's history and its minutes say who steps aside from which item, and why."""
    open_ = [item for item in items if item.status == SCHEDULED and item.recused]
    members = {organ for item in open_ for organ in item.recused}
    names = command.surroundings.organ_names(members)
    told = []
    for item in sorted(open_, key=lambda item: item.item_no):
        why = [{"organ": names.get(organ, organ), "reasons": reasons} for organ, reasons in item.recused.items()]
        command.tell(Act.RECUSAL, item.title, details={"item_no": item.item_no, "abstaining": why}, by_system=True)
        told += [ABSTAINS % {**one, "item": item.item_no, "reasons": "、".join(one["reasons"])} for one in why]
    command.learn(
        {"abstentions": "；".join(told)},
        types={"abstentions": "string"},
        scope="",
        submission_id=submission_of(command),
    )


# ---- items


def _add_other_matters(command: "Command", rows: Collection[Mapping[str, Any]], items: list[AgendaItem]) -> None:
    known = {item.title for item in items if item.case_id is None}
    for row in rows:
        if row["title"] not in known:
            items.append(_add(command, _next_no(items), kind=row["kind"], case_id=None, title=row["title"], recused={}))


def _next_no(items: list[AgendaItem]) -> int:
    return max((item.item_no for item in items), default=0) + 1


def _add(
    command: "Command", item_no: int, *, kind: str, case_id: str | None, title: str, recused: dict[str, list[str]]
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


def _contexts(command: "Command", items: list[AgendaItem], numbers: Mapping[str, str]) -> list[dict[str, Any]]:
    office = frozenset(holder.organ_id or "" for holder in command.surroundings.holders_in({OFFICE_HEAD}))
    return [_context(item, numbers, office=office) for item in items if item.status == SCHEDULED]


def _context(item: AgendaItem, numbers: Mapping[str, str], *, office: frozenset[str]) -> dict[str, Any]:
    return {
        "item_no": item.item_no,
        "kind": item.kind,
        "case_no": numbers.get(item.case_id or "", ""),
        "title": item.title,
        "recused": list(item.recused),
        "office_conflicted": bool(office.intersection(item.recused)),
    }
