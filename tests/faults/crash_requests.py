"""What can be sent: one request of one person, or one thing that the worker does. Recipes by method and rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.scenarios.world import PAPER
from tests.faults.crash_world import Recipe

FILE = (PAPER, "证明.pdf")


@dataclass(frozen=True)
class Sent:
    """One request of one person."""

    path: str
    who: str = ""
    """Account without its county; empty: nobody is signed in."""
    form: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)
    body: Any = None
    """JSON, instead of a form."""


@dataclass(frozen=True)
class Work:
    """Something that the worker does, once: a function of the services, called with the time."""

    name: str
    days: int = 0
    """So much later."""


RECIPES: dict[str, Recipe] = {}


def recipe(address: str) -> Any:
    def register(function: Recipe) -> Recipe:
        RECIPES[address] = function
        return function

    return register
