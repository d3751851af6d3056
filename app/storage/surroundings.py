"""What a command must know besides its proceeding, read in one statement: facts, who holds which role, the members.

Each comes as one JSON column beside the row that is read anyway. A statement of its own for each would cost more than
the few kilobytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import JSON, ColumnElement, func, select, type_coerce

from app.extensions import db
from app.storage.models import Account, CaseFact, MemberUnit, Organ, Person, Proceeding, RoleAssignment
from app.storage.organisation import Holder


@dataclass(frozen=True)
class Surroundings:
    """Rows as they came."""

    fact_rows: Sequence[Any]
    holder_rows: Sequence[Any]
    member_rows: Sequence[Any]

    @cached_property
    def facts(self) -> dict[str, dict[str, Any]]:
        """Every fact by scope and name."""
        return facts_by_scope(self.fact_rows)

    @cached_property
    def holders(self) -> list[Holder]:
        """Enabled people of the county, one entry per role held."""
        return [Holder(*row) for row in self.holder_rows]

    def members(self, *, on: date) -> list[str]:
        """Organ ids of the joint meeting's members on a day, in list order."""
        day = on.isoformat()
        return [
            organ
            for _, organ, since, until in sorted(self.member_rows)
            if (since is None or since <= day) and (until is None or day <= until)
        ]


def columns(proceeding_id: ColumnElement[str], county_id: ColumnElement[str]) -> tuple[ColumnElement[Any], ...]:
    """The three columns, for a statement that has these two."""
    people = (RoleAssignment.person_id == Person.id) & (Account.person_id == Person.id) & Account.enabled
    return (
        facts_column(proceeding_id),
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


def of(*found: Sequence[Any] | None) -> Surroundings:
    """From the values of the three columns."""
    return Surroundings(*(rows or () for rows in found))


def read(proceeding: Proceeding) -> Surroundings:
    """For commands whose proceeding was fetched without them."""
    wanted = columns(Proceeding.__table__.c.id, Proceeding.__table__.c.county_id)
    return of(*db.session.execute(select(*wanted).where(Proceeding.id == proceeding.id)).one())


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
