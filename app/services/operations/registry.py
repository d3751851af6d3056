"""The registry of service operations."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from app.services.command import Command

Perform = Callable[..., Any]
Function = TypeVar("Function", bound=Perform)


@dataclass(frozen=True, slots=True)
class Entry:
    """An operation: what it is called with (FEEL types by parameter), what it gives back, and the function."""

    id: str
    parameters: Mapping[str, str]
    result: str
    perform: Perform
    repeatable: bool = False
    """Only reads, or writes the same again: a way back (退回) may lead over it."""


OPERATIONS: dict[str, Entry] = {}


def operation(id_: str, *, result: str, repeatable: bool = False, **parameters: str) -> Callable[[Function], Function]:
    """Register `perform(command, **parameters)` under an id that diagrams may name."""

    def register(perform: Function) -> Function:
        OPERATIONS[id_] = Entry(id_, parameters, result, perform, repeatable)
        return perform

    return register


def repeatable_operations() -> frozenset[str]:
    """Ids of those that a step gone back over may run again."""
    return frozenset(id_ for id_, entry in OPERATIONS.items() if entry.repeatable)


def perform(command: "Command", id_: str, parameters: Mapping[str, Any]) -> Any:
    """Run an operation with the parameters that it declares. Raises KeyError for an unknown id."""
    entry = OPERATIONS[id_]
    return entry.perform(command, **{name: parameters.get(name) for name in entry.parameters})
