"""Diagrams, tables, forms and registers as versioned files, and what the linter says of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a definition, at the element that its author must mend."""

    file: str
    element_id: str | None
    rule: str
    sentence: str
    """Chinese message id with %(name)s placeholders."""
    values: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        said = self.sentence % self.values if self.values else self.sentence
        place = f"{self.file}#{self.element_id}" if self.element_id else self.file
        return f"{place} {self.rule}: {said}"


@dataclass(frozen=True, slots=True)
class Loss:
    """What an element of a file lost that nobody edited: a tool deletes in passing what it does not know."""

    element_id: str
    lost: tuple[str, ...]
    """Names of what is gone, such as `deadline`, `serviceTaskOperator` or `label_en`."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A registered service operation, as diagrams may call it. Parameters have FEEL types."""

    id: str
    parameters: Mapping[str, Any]
    result: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a diagram may refer to. None means "not checked" (a diagram looked at alone)."""

    forms: Mapping[str, Mapping[str, Any]] | None = None
    """Form key -> field name -> FEEL type (`feel.FeelType`)."""
    roles: frozenset[str] | None = None
    clauses: frozenset[str] | None = None
    operations: Mapping[str, Operation] | None = None
    case_facts: Mapping[str, Any] | None = None
    """Names and FEEL types that expressions may read as `case.NAME`."""
    meeting_facts: Mapping[str, Any] | None = None
    procedure_facts: Mapping[str, Any] | None = None
    codes: frozenset[str] = frozenset()
    """Values of all option lists."""
    nearby: frozenset[str] = frozenset()
    """Names of all files of the county: what a misspelt form, process or table may have meant."""
