"""审计日志: the journal as the audit administrator searches it, what it was verified to be, and who saw whose data.

Nothing of a case but its number is shown, no title, paper or answer. Pages are turned by the moment and number of the
last line shown, so the thousandth costs what the first does.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_

from app.domain.actors import Actor
from app.domain.administrators import ensure_power
from app.domain.chains import SENTENCES, Flaw
from app.domain.journal_acts import READING, REFUSED
from app.extensions import db
from app.storage.models import (
    Account,
    Attachment,
    CaseSubject,
    DefinitionDraft,
    Erasure,
    IdentityNumberReading,
    Intervention,
    JournalCheck,
    JournalLine,
    JournalPurge,
    OutboxRow,
    PaperReading,
    Person,
    Procedure,
    Proceeding,
    Task,
)

PER_PAGE = 50
MOST_EXPORTED = 20_000
MOST_NAMESAKES = 20
MOST_CASES = 200
MOST_READINGS = 500
MOST_TOLD = 20

Place = tuple[datetime, int]
"""Moment and number of the last line that was shown."""


@dataclass(frozen=True, slots=True)
class Filters:
    since: datetime | None = None
    until: datetime | None = None
    """Not included."""
    who: str = ""
    """Account, or the name of a person."""
    act: str = ""
    object: str = ""
    number: str = ""
    """Of a case or another proceeding; what was done in its further procedures too."""
    kind: str = ""
    """REFUSED or READING: one of these acts."""


KINDS = {"REFUSED": REFUSED, "READING": READING}


@dataclass(frozen=True, slots=True)
class Line:
    id: int
    at: datetime
    username: str
    name: str
    act: str
    object: str
    about: str
    """What the object is to a reader: a step (message id), a draft, the number of what somebody technical acted on;
    empty where it is nothing of these."""
    chain: str
    """Number of the proceeding, else the name of the chain."""
    is_case: bool
    position: int


@dataclass(frozen=True, slots=True)
class JournalPage:
    lines: tuple[Line, ...]
    next: Place | None
    """Where the next page begins; None on the last."""


def journal_page(actor: Actor, filters: Filters, *, before: Place | None, per_page: int = PER_PAGE) -> JournalPage:
    """The newest lines that fit, from `before` on. Raises NotFoundError, NotAllowedError."""
    ensure_power(actor, "journal")
    query = lines_that_fit(filters, before=before, per_page=per_page)
    rows = db.session.execute(query).all() if query is not None else []
    shown = rows[:per_page]
    more = (shown[-1].at, shown[-1].id) if len(rows) > per_page else None
    return JournalPage(tuple(_told(shown)), more)


def lines_that_fit(filters: Filters, *, before: Place | None, per_page: int) -> Select[Any] | None:
    """One more than a page of them. None where a name or number is nobody's."""
    table = JournalLine.__table__.c
    criteria: list[ColumnElement[bool]] = []
    if filters.who:
        criteria.append(_one_of(table.actor, _accounts_of(filters.who)))
    if filters.number:
        scopes = _proceedings_of(filters.number)
        if not scopes:
            return None
        criteria.append(_one_of(table.scope, scopes))
    if filters.object:
        criteria.append(table.object == filters.object)
    if filters.act:
        criteria.append(table.act == filters.act)
    elif filters.kind in KINDS:
        criteria.append(table.act.in_(KINDS[filters.kind]))
    if filters.since is not None:
        criteria.append(table.at >= filters.since)
    if filters.until is not None:
        criteria.append(table.at < filters.until)
    if before is not None:
        # the moment alone is what an index is searched by; the number parts lines of one moment
        criteria += [table.at <= before[0], tuple_(table.at, table.id) < tuple_(*before)]
    return select(*table).where(*criteria).order_by(table.at.desc(), table.id.desc()).limit(per_page + 1)


def _one_of(column: Any, values: Sequence[str]) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column == values[0] if len(values) == 1 else column.in_(values)
    return found


def _accounts_of(who: str) -> list[str]:
    """Accounts of people of that name, else the word itself: also an address, or an account that is gone."""
    query = select(Account.username).join(Person, Person.id == Account.person_id).where(Person.name == who)
    return list(db.session.scalars(query.limit(MOST_NAMESAKES))) or [who]


def _proceedings_of(number: str) -> list[str]:
    ids = list(db.session.scalars(select(Proceeding.id).where(Proceeding.number == number)))
    return ids + list(db.session.scalars(select(Procedure.proceeding_id).where(Procedure.parent_id.in_(ids))))


def _told(rows: Sequence[Any]) -> Iterable[Line]:
    names = names_of({row.actor for row in rows})
    named = select(Proceeding.id, Proceeding.number).where(Proceeding.id.in_({row.scope for row in rows}))
    numbers = {row.id: row.number for row in db.session.execute(named)}
    about = _about({row.object for row in rows if row.object})
    for row in rows:
        number = numbers.get(row.scope)
        yield Line(
            id=row.id,
            at=row.at,
            username=row.actor,
            name=names.get(row.actor, ""),
            act=row.act,
            object=row.object,
            about=about.get(row.object, ""),
            chain=number or row.scope,
            is_case=number is not None,
            position=row.position,
        )


def _about(ids: Collection[str]) -> dict[str, str]:
    """Names of the steps and drafts among the ids, numbers of what interventions and messages are about."""
    by_number = (
        select(table.id, Proceeding.number).join(Proceeding, Proceeding.id == table.proceeding_id)
        for table in (Intervention, OutboxRow)
    )
    found: dict[str, str] = {}
    for query in (select(Task.id, Task.name), select(DefinitionDraft.id, DefinitionDraft.title), *by_number):
        column = query.selected_columns[0]
        found |= {row[0]: row[1] for row in db.session.execute(query.where(column.in_(ids)))}
    return found


def names_of(usernames: Iterable[str]) -> dict[str, str]:
    query = select(Account.username, Person.name).join(Person, Person.id == Account.person_id)
    return {row.username: row.name for row in db.session.execute(query.where(Account.username.in_(usernames)))}


# ---- what it was verified to be


@dataclass(frozen=True, slots=True)
class Check:
    asked_by: str
    asked_at: datetime
    done_at: datetime | None
    lines: int
    seconds: float
    found: int
    anchors: int
    breaks: tuple[tuple[str, dict[str, object]], ...]
    """Sentences (message ids) and what they name."""


@dataclass(frozen=True, slots=True)
class StatePage:
    last: Check | None
    """The last that is done."""
    is_asked: bool
    oldest: datetime | None
    """The oldest line that is kept."""
    purges: tuple[JournalPurge, ...]
    erasures: tuple[Erasure, ...]


def state_page(actor: Actor) -> StatePage:
    """Raises NotFoundError, NotAllowedError."""
    ensure_power(actor, "journal")
    newest = JournalCheck.done_at.desc()
    last = db.session.scalars(select(JournalCheck).where(JournalCheck.done_at.is_not(None)).order_by(newest)).first()
    asked = select(JournalCheck.id).where(JournalCheck.done_at.is_(None))
    purges = select(JournalPurge).order_by(JournalPurge.purged_at.desc(), JournalPurge.scope).limit(MOST_TOLD)
    erasures = select(Erasure).order_by(Erasure.erased_at.desc(), Erasure.id).limit(MOST_TOLD)
    return StatePage(
        last=_check(last) if last else None,
        is_asked=db.session.scalars(asked).first() is not None,
        oldest=db.session.scalars(select(JournalLine.at).order_by(JournalLine.at).limit(1)).first(),
        purges=tuple(db.session.scalars(purges)),
        erasures=tuple(db.session.scalars(erasures)),
    )


def _check(row: JournalCheck) -> Check:
    breaks = tuple(
        (SENTENCES[Flaw(flaw)], {"scope": scope, "position": position, "detail": detail})
        for flaw, scope, position, detail in row.breaks
    )
    return Check(
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        done_at=row.done_at,
        lines=row.lines,
        seconds=row.milliseconds / 1000,
        found=row.found,
        anchors=row.anchors,
        breaks=breaks,
    )


# ---- who saw this person's data


@dataclass(frozen=True, slots=True)
class Reading:
    at: datetime
    name: str
    username: str
    """Account, or empty."""
    what: str
    """PAPER, or an act of the journal."""
    object: str
    number: str


@dataclass(frozen=True, slots=True)
class ReadersPage:
    name: str
    numbers: tuple[str, ...]
    """Cases in which a responsible person bears the name."""
    readings: tuple[Reading, ...]
    more: bool
    """There are more readings than are shown."""


def readers_page(actor: Actor, name: str) -> ReadersPage:
    """Who opened, took along or tried to open what is kept of the responsible people of a name. The newest first.

    Raises NotFoundError, NotAllowedError.
    """
    ensure_power(actor, "journal")
    cases = _cases_about(name) if name else {}
    if not cases:
        return ReadersPage(name, (), (), False)
    found = [*_opened(cases), *_shown(cases), *_taken_along(cases)]
    found.sort(key=lambda one: one.at, reverse=True)
    return ReadersPage(
        name, tuple(sorted(set(cases.values()))), tuple(found[:MOST_READINGS]), len(found) > MOST_READINGS
    )


def _cases_about(name: str) -> dict[str, str]:
    """Proceeding -> number of its case, for cases and their further procedures."""
    query = select(Proceeding.id, Proceeding.number).join(CaseSubject, CaseSubject.proceeding_id == Proceeding.id)
    query = query.where(CaseSubject.kind == "PERSON", CaseSubject.name == name).distinct().limit(MOST_CASES)
    numbers = {row.id: row.number for row in db.session.execute(query)}
    further = select(Procedure.proceeding_id, Procedure.parent_id).where(Procedure.parent_id.in_(numbers))
    return numbers | {id_: numbers[str(parent)] for id_, parent in db.session.execute(further)}


def _opened(cases: dict[str, str]) -> Iterable[Reading]:
    query = (
        select(PaperReading.read_at, Person.name, Attachment.id, Attachment.proceeding_id)
        .join(Attachment, Attachment.id == PaperReading.attachment_id)
        .join(Person, Person.id == PaperReading.person_id)
        .where(Attachment.proceeding_id.in_(cases))
        .order_by(PaperReading.read_at.desc())
        .limit(MOST_READINGS + 1)
    )
    for at, name, paper, proceeding_id in db.session.execute(query):
        yield Reading(at, name, "", "PAPER", paper, cases[str(proceeding_id)])


def _shown(cases: dict[str, str]) -> Iterable[Reading]:
    """Identity numbers that were shown."""
    table = IdentityNumberReading
    query = (
        select(table.read_at, Person.name, table.number_id, table.proceeding_id)
        .join(Person, Person.id == table.person_id)
        .where(table.proceeding_id.in_(cases))
        .order_by(table.read_at.desc())
        .limit(MOST_READINGS + 1)
    )
    for at, name, number_id, proceeding_id in db.session.execute(query):
        yield Reading(at, name, "", "reveal identity number", number_id, cases[proceeding_id])


ADDRESSES = (
    "/cases/",
    "/proceedings/",
    "/procedures/",
    "/api/v1/cases/",
    "/api/v1/proceedings/",
    "/api/v1/procedures/",
)
STATUSES = ("403", "404")
TAKEN = ("export", "open archive", "read page", "refused")


def _taken_along(cases: dict[str, str]) -> Iterable[Reading]:
    """Looks, exports and refusals whose address names one of the cases, by number or id."""
    table = JournalLine.__table__.c
    for id_, number in cases.items():
        places = [f"{address}{key}" for address in ADDRESSES for key in dict.fromkeys((id_, number))]
        begins = [*places, *(f"{status} GET {place}" for status in STATUSES for place in places)]
        query = (
            select(*table)
            .where(table.act.in_(TAKEN), or_(*map(_begins, begins)))
            .order_by(table.at.desc())
            .limit(MOST_READINGS)
        )
        rows = db.session.execute(query).all()
        names = names_of({row.actor for row in rows})
        for row in rows:
            yield Reading(row.at, names.get(row.actor, ""), row.actor, row.act, row.object, number)


def _begins(place: str) -> ColumnElement[bool]:
    """The address itself, or one below it; an index can answer either."""
    column = JournalLine.__table__.c.object
    return or_(column == place, and_(column >= f"{place}/", column < f"{place}0"))
