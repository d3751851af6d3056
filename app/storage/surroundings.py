"""What a command must know besides its proceeding, read in one statement: facts, who holds which role, the members.

Each comes as one JSON column beside the row that is read anyway. A statement of its own for each would cost more than
the few kilobytes. Roles and members are kept by each process as long as nothing about people changes (`storage.marks`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, func, literal, select, type_coerce

from app.extensions import db
from app.storage import marks
from app.storage.models import Account, CaseFact, MemberUnit, Organ, Person, Proceeding, RoleAssignment
from app.storage.organisation import Holder


@dataclass(frozen=True)
class Offices:
    """Who holds which role in a county, and who is a member of its joint meeting."""

    mark: str | None
    """That of the time when they were so."""
    holders: Mapping[str, Sequence[Holder]]
    """Enabled people by role, one entry per role held."""
    member_rows: Sequence[Any]


@dataclass(frozen=True)
class Surroundings:
    """The facts as they came, and the offices of the county."""

    fact_rows: Sequence[Any]
    offices: Offices

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

    def members(self, *, on: date) -> list[str]:
        """Organ ids of the joint meeting's members on a day, in list order."""
        day = on.isoformat()
        return [
            organ
            for _, organ, since, until in sorted(self.offices.member_rows)
            if (since is None or since <= day) and (until is None or day <= until)
        ]


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


def of(proceeding: Proceeding, found: Sequence[Any], *, kept: Offices | None = None) -> Surroundings:
    """From the values of the columns. `kept` is what `kept_offices` gave before; where it is of another time than the
    rows, the offices are read again."""
    facts, mark, *rows = found
    if kept is None or rows:
        offices = _keep(proceeding.county_id, mark, rows)
    elif kept.mark == mark:
        offices = kept
    else:
        offices = _keep(proceeding.county_id, mark, db.session.execute(_offices(proceeding.county_id)).one())
    return Surroundings(facts or (), offices)


def _offices(county_id: str) -> Select[Any]:
    return select(*_office_columns(literal(county_id)))


def _keep(county_id: str, mark: str | None, rows: Sequence[Any]) -> Offices:
    holders: dict[str, list[Holder]] = {}
    for row in rows[0] or ():
        holders.setdefault(row[1], []).append(Holder(*row))
    offices = Offices(mark, holders, rows[1] or ())
    marks.under(mark)[Offices, county_id] = offices
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
