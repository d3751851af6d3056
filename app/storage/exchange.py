"""Lines of imported lists, and the organs and cases that they are about."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_, select

from app.domain.exchange import normal_number
from app.domain.proceedings import ProceedingKind
from app.extensions import db
from app.storage.facts import read_many
from app.storage.models import Case, County, CourtListEntry, Organ, Person, Proceeding, Task, TaskDraft

LEAD_PROPOSED = "LEAD_PROPOSED"
"""Outcome of a further procedure that the office should open a case on."""


def organs_by_name(county_id: str, names: Iterable[str]) -> dict[str, str]:
    """Name or short name -> organ id, of those that exist in the county."""
    wanted = sorted(set(names))
    query = select(Organ.id, Organ.name, Organ.short_name).where(
        Organ.county_id == county_id, or_(Organ.name.in_(wanted), Organ.short_name.in_(wanted))
    )
    found: dict[str, str] = {}
    for row in db.session.execute(query):
        found |= {row.name: row.id, row.short_name: row.id}
    return found


def known_numbers(county_id: str) -> set[str]:
    """Document numbers that an earlier list named."""
    return set(db.session.scalars(select(CourtListEntry.doc_no).where(CourtListEntry.county_id == county_id)))


def hold_documents(county_id: str) -> None:
    """Who opens a case for a document of the county waits for who does so now, whichever list it stands in."""
    db.session.execute(select(County.id).where(County.id == county_id).with_for_update(key_share=True))


def cases_by_document(county_id: str) -> dict[str, tuple[str, str]]:
    """Document number as it is compared -> id and number of the case that was registered with it, or that the office
    opened for it and has not registered yet."""
    opened = (
        select(TaskDraft.data, Proceeding.id, Proceeding.number)
        .join(Task, Task.id == TaskDraft.task_id)
        .join(Proceeding, Proceeding.id == Task.proceeding_id)
        .join(Case, Case.proceeding_id == Proceeding.id)
        .join(Person, Person.id == Proceeding.opened_by)
        .where(Proceeding.county_id == county_id, Case.doc_no.is_(None), TaskDraft.person_id == Person.id)
        .where(Person.organ_id.is_distinct_from(Case.lead_organ_id))
    )
    numbers = {
        normal_number(str(data["doc_no"])): (id_, number)
        for data, id_, number in db.session.execute(opened)
        if data.get("doc_no")
    }
    query = (
        select(Case.doc_no, Proceeding.id, Proceeding.number)
        .join(Proceeding, Proceeding.id == Case.proceeding_id)
        .where(Proceeding.county_id == county_id, Case.doc_no.is_not(None))
    )
    registered = ((normal_number(doc_no or ""), id_, number) for doc_no, id_, number in db.session.execute(query))
    return numbers | {doc_no: (id_, number) for doc_no, id_, number in registered if doc_no}


def proposed_leads(county_id: str) -> list[tuple[Proceeding, dict[str, Any]]]:
    """Further procedures that ended with a lead, newest first, each with the facts that its forms stated."""
    query = select(Proceeding).where(
        Proceeding.county_id == county_id,
        Proceeding.kind == ProceedingKind.PROCEDURE,
        Proceeding.outcome == LEAD_PROPOSED,
    )
    found = list(db.session.scalars(query.order_by(Proceeding.closed_at.desc())))
    facts = read_many([proceeding.id for proceeding in found])
    return [(proceeding, facts[proceeding.id]) for proceeding in found]


def entries_of(county_id: str) -> list[CourtListEntry]:
    query = select(CourtListEntry).where(CourtListEntry.county_id == county_id)
    return list(db.session.scalars(query.order_by(CourtListEntry.doc_date.desc(), CourtListEntry.doc_no)))
