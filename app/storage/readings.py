"""Who has looked at what is kept of a person: pages of cases in which somebody answers, or that are investigated."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select

from app.domain.readings import Shown
from app.domain.roles import ROLES, Side
from app.extensions import db
from app.storage.models import CaseSubject, JournalLine, Procedure, Proceeding, Submission, Task

READ_PAGE = "read page"
ONE_READING = timedelta(hours=1)
"""Looks of one person at the same thing within this time are one."""
_INVESTIGATING = sorted(role.id for role in ROLES.values() if role.side is Side.SUPERVISION)


def place_of(shown: Shown, key: str) -> tuple[str, str] | None:
    """County and address of a sensitive thing, as the journal names it; None for all others and what is not there.

    Sensitive is a case, and a procedure about it, in which a person or organ answers or that somebody investigates.
    """
    named, case = _NAMED[shown](key), func.coalesce(Procedure.parent_id, Proceeding.id)
    answers = exists(select(CaseSubject.id).where(CaseSubject.proceeding_id == case).correlate(Proceeding, Procedure))
    investigated = exists(
        select(Task.id)
        .where(Task.proceeding_id == case, Task.candidate_role.in_(_INVESTIGATING))
        .correlate(Proceeding, Procedure)
    )
    query = (
        select(Proceeding.id, Proceeding.county_id, Procedure.proceeding_id)
        .outerjoin(Procedure, Procedure.proceeding_id == Proceeding.id)
        .where(named, or_(answers, investigated))
    )
    found = db.session.execute(query.limit(1)).one_or_none()
    if found is None:
        return None
    file = f"/{'procedures' if found[2] else 'cases'}/{found[0]}"
    return found[1], f"{file}/{shown.value}/{key}" if shown.value else file


_NAMED = {
    Shown.FILE: lambda key: or_(Proceeding.id == key, Proceeding.number == key),
    Shown.STEP: lambda key: Proceeding.id == _of(Task, key),
    Shown.SUBMISSION: lambda key: Proceeding.id == _of(Submission, key),
    Shown.SUBJECT: lambda key: Proceeding.id == _of(CaseSubject, key),
}


def _of(table: type[Task | Submission | CaseSubject], key: str) -> ColumnElement[str]:
    found: ColumnElement[str] = select(table.proceeding_id).where(table.id == key).scalar_subquery()
    return found


def is_known(place: str, username: str, *, now: datetime) -> bool:
    """Whether it is told already that this person has looked at it just now."""
    of_person = (JournalLine.object == place, JournalLine.actor == username, JournalLine.act == READ_PAGE)
    query = select(JournalLine.id).where(*of_person, JournalLine.at > now - ONE_READING).limit(1)
    return db.session.scalars(query).one_or_none() is not None
