"""What a command must know besides its proceeding, read in one statement: facts, who holds which role, the members.

Each comes as one JSON column beside the row that is read anyway. A statement of its own for each would cost more than
the few kilobytes. Roles, members, names and the security policy are kept by each process as long as nothing about
people changes (`storage.marks`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, func, literal, select, type_coerce

from app.domain.organs import last_heir
from app.domain.security_rules import SecurityRules
from app.extensions import db
from app.storage import marks, organisation, security_rules
from app.storage.loading import columns_of, from_json
from app.storage.models import (
    Account,
    CaseFact,
    CaseSubject,
    IssuedPaper,
    MemberUnit,
    Organ,
    Person,
    Proceeding,
    RoleAssignment,
    SecurityRule,
)
from app.storage.organisation import Holder


@dataclass(frozen=True)
class Offices:
    """Who holds which role in a county, who is a member of its joint meeting, and what all of them are called."""

    mark: str | None
    """That of the time when they were so."""
    holders: Mapping[str, Sequence[Holder]]
    """Enabled people by role, one entry per role held."""
    member_rows: Sequence[Any]
    organs: Mapping[str, str]
    """Names of all organs of the county by id."""
    successors: Mapping[str, str]
    """Of those that were dissolved: who goes on."""
    people: Mapping[str, str]
    """Names of all its people, whether or not they have an account."""
    rules: SecurityRules
    """The security policy, which is one for all counties."""


@dataclass(frozen=True)
class Past:
    """What a step that makes papers wants to know besides."""

    papers: Sequence[IssuedPaper]
    """Those that the proceeding issued before, the newest first."""
    subjects: Sequence[CaseSubject]
    """The responsible subjects of the case by name; those of the case that a further procedure is about."""


@dataclass(frozen=True)
class Surroundings:
    """The facts as they came, and the offices of the county."""

    fact_rows: Sequence[Any]
    offices: Offices
    past: Past | None = None
    """Where it was asked for."""

    @cached_property
    def facts(self) -> dict[str, dict[str, Any]]:
        """Every fact by scope and name."""
        return facts_by_scope(self.fact_rows)

    @property
    def holders(self) -> list[Holder]:
        """Enabled people of the county, one entry per role held."""
        return self.holders_in(self.offices.holders)

    def holders_in(self, roles: Iterable[str]) -> list[Holder]:
        """Those who hold one of the roles."""
        return [holder for role in sorted(set(roles)) for holder in self.offices.holders.get(role, ())]

    def organ_names(self, ids: Iterable[str | None]) -> dict[str, str]:
        """Names of organs, those of other counties in a statement of their own."""
        return _named(ids, self.offices.organs, organisation.organ_names)

    def heir_of(self, organ_id: str | None) -> str | None:
        """The organ itself, or who goes on with what it left."""
        return None if organ_id is None else last_heir(organ_id, self.offices.successors)

    def people_names(self, ids: Iterable[str | None]) -> dict[str, str]:
        """The same of people."""
        return _named(ids, self.offices.people, organisation.people_names)

    def members(self, *, on: date) -> list[str]:
        """Organ ids of the joint meeting's members on a day, in list order."""
        day = on.isoformat()
        return [
            organ
            for _, organ, since, until in sorted(self.offices.member_rows)
            if (since is None or since <= day) and (until is None or day <= until)
        ]


def _named(
    ids: Iterable[str | None], known: Mapping[str, str], read: Callable[[Iterable[str]], Mapping[str, str]]
) -> dict[str, str]:
    wanted = {id_ for id_ in ids if id_}
    return {**{id_: known[id_] for id_ in wanted & known.keys()}, **read(wanted - known.keys())}


def kept_offices(county_id: str) -> Offices | None:
    """The offices as this process knows them, to be used only if the mark read beside them is still the same."""
    found: Offices | None = marks.latest()[1].get((Offices, county_id))
    return found


def columns(
    proceeding_id: ColumnElement[str], county_id: ColumnElement[str], *, with_offices: bool = True
) -> tuple[ColumnElement[Any], ...]:
    """The columns that `of` reads, for a statement that has these two."""
    known = (facts_column(proceeding_id), marks.column())
    return (*known, *_office_columns(county_id)) if with_offices else known


def _office_columns(county_id: Any) -> tuple[ColumnElement[Any], ...]:
    people = (RoleAssignment.person_id == Person.id) & (Account.person_id == Person.id) & Account.enabled
    return (
        _rows_of(
            (RoleAssignment.person_id, RoleAssignment.role, RoleAssignment.organ_id, _organ_name()),
            people & (Person.county_id == county_id),
        ),
        _rows_of(
            (MemberUnit.position, MemberUnit.organ_id, MemberUnit.valid_from, MemberUnit.valid_to),
            MemberUnit.county_id == county_id,
        ),
        _rows_of((Organ.id, Organ.name, Organ.successor_id), Organ.county_id == county_id),
        _rows_of((Person.id, Person.name), Person.county_id == county_id),
        _rows_of((SecurityRule.name, SecurityRule.value), SecurityRule.name.is_not(None)),
    )


def past_columns(proceeding_id: ColumnElement[str], case_id: ColumnElement[str]) -> tuple[ColumnElement[Any], ...]:
    """The columns that `past_of` reads."""
    return _whole_rows(IssuedPaper, of=proceeding_id), _whole_rows(CaseSubject, of=case_id)


def _whole_rows(table: type[IssuedPaper | CaseSubject], *, of: ColumnElement[str]) -> ColumnElement[Any]:
    rows = table.__table__.alias()  # the statement around it may read the same table for something else
    cells = [rows.c[column.name] for column in columns_of(table)]
    return _rows_of(
        [_nested(cell) if isinstance(cell.type, JSON) else cell for cell in cells], rows.c.proceeding_id == of
    )


def past_of(papers: Sequence[Any] | None, subjects: Sequence[Any] | None) -> Past:
    """From the values of the columns."""
    issued, named = from_json(IssuedPaper, papers or ()), from_json(CaseSubject, subjects or ())
    return Past(
        papers=sorted(issued, key=lambda paper: (paper.signed_at, paper.version), reverse=True),
        subjects=sorted(named, key=lambda subject: subject.name),
    )


def facts_column(proceeding_id: ColumnElement[str]) -> ColumnElement[Any]:
    """Scope, name and value of every fact of a proceeding."""
    return _rows_of((CaseFact.scope, CaseFact.name, _nested(CaseFact.value)), CaseFact.proceeding_id == proceeding_id)


def facts_by_scope(rows: Sequence[Any] | None) -> dict[str, dict[str, Any]]:
    """From the value of the facts column."""
    found: dict[str, dict[str, Any]] = {"": {}}
    for scope, name, value in rows or ():
        found.setdefault(scope, {})[name] = value
    return found


def of(
    proceeding: Proceeding, found: Sequence[Any], *, kept: Offices | None = None, past: Past | None = None
) -> Surroundings:
    """From the values of the columns. `kept` is what `kept_offices` gave before; where it is of another time than the
    rows, the offices are read again."""
    facts, mark, *rows = found
    if kept is None or rows:
        offices = _keep(proceeding.county_id, mark, rows)
    elif kept.mark == mark:
        offices = kept
    else:
        offices = _keep(proceeding.county_id, mark, db.session.execute(_offices(proceeding.county_id)).one())
    return Surroundings(facts or (), offices, past)


def _offices(county_id: str) -> Select[Any]:
    return select(*_office_columns(literal(county_id)))


def _keep(county_id: str, mark: str | None, rows: Sequence[Any]) -> Offices:
    holders: dict[str, list[Holder]] = {}
    for row in rows[0] or ():
        holders.setdefault(row[1], []).append(Holder(*row))
    kept = marks.under(mark)
    rules = security_rules.keep(kept, rows[4] or ())
    organs = {organ: name for organ, name, _ in rows[2] or ()}
    successors = {organ: heir for organ, _, heir in rows[2] or () if heir}
    offices = Offices(
        mark, holders, rows[1] or (), organs=organs, successors=successors, people=dict(rows[3] or ()), rules=rules
    )
    kept[Offices, county_id] = offices
    return offices


def read(proceeding: Proceeding) -> Surroundings:
    """For commands whose proceeding was fetched without them."""
    kept = kept_offices(proceeding.county_id)
    wanted = columns(Proceeding.__table__.c.id, Proceeding.__table__.c.county_id, with_offices=kept is None)
    return of(proceeding, db.session.execute(select(*wanted).where(Proceeding.id == proceeding.id)).one(), kept=kept)


def _organ_name() -> ColumnElement[Any]:
    return select(Organ.name).where(Organ.id == RoleAssignment.organ_id).correlate(RoleAssignment).scalar_subquery()


def _rows_of(cells: Sequence[Any], where: ColumnElement[bool]) -> ColumnElement[Any]:
    """Rows of other tables as one JSON list of lists; null or empty where there are none."""
    aggregate, row = (
        (func.json_agg, func.json_build_array) if _is_postgresql() else (func.json_group_array, func.json_array)
    )
    return type_coerce(select(aggregate(row(*cells))).where(where).scalar_subquery(), JSON)


def _nested(value: Any) -> Any:
    """A JSON column as a part of other JSON: SQLite keeps it as text."""
    return value if _is_postgresql() else func.json(value)


def _is_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"
