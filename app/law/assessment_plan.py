"""A register's section `assessment:` - which decision table plays which role."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.assessment import Role
from app.domain.errors import N_, InvalidFileError


@dataclass(frozen=True, slots=True)
class AssessmentTables:
    tables: Mapping[Role, str]
    """Table id by role."""
    short_ids: Mapping[str, str]
    """How the beginning of a clause id is shortened in answers."""


def assessment_tables(data: Any) -> AssessmentTables | None:
    """None for a regulation that says nothing of it. Raises InvalidFileError; ValueError for an unknown role."""
    if not data:
        return None
    tables = {Role(role): str(table) for role, table in data["tables"].items()}
    if not {Role.SCOPE, Role.CONFLICT} <= tables.keys():
        raise InvalidFileError(N_("条款登记文件的 assessment 一节至少要有 scope 和 conflict 两张决策表。"))
    return AssessmentTables(tables, {str(long): str(short) for long, short in (data.get("short_ids") or {}).items()})
