"""What an address asks for. A value that nobody knows is refused with what is allowed; an empty list would be a lie."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask import request

from app.domain.days import read_day
from app.domain.errors import UnknownChoiceError

Chosen = TypeVar("Chosen", bound=StrEnum)
LONGEST = 100
FIRST_YEAR, LAST_YEAR = 1990, 2999


def said(name: str) -> str:
    """The words under a name; empty for none."""
    return request.values.get(name, "").strip()[:LONGEST]


def only(*names: str) -> None:
    """Refuses a name that the page does not know: the page would show more than was asked for. Raises
    UnknownChoiceError."""
    for name in request.args:
        if name not in names:
            raise UnknownChoiceError(name[:LONGEST], said(name), names)


def one_of(name: str, allowed: Iterable[str]) -> str:
    """The word under a name, one of these; empty for none. Raises UnknownChoiceError."""
    word, known = said(name), list(allowed)
    if word and word not in known:
        raise UnknownChoiceError(name, word, known)
    return word


def chosen(kind: type[Chosen], name: str, usual: Chosen) -> Chosen:
    """The member of a closed set under a name. Raises UnknownChoiceError."""
    return kind(word) if (word := one_of(name, kind)) else usual


def year(first: int, last: int) -> int | None:
    """The year under its name, both ends included; None for no year. Raises UnknownChoiceError."""
    word = said("year")
    if not word:
        return None
    if not (word.isdecimal() and word.isascii() and len(word) == 4 and first <= int(word) <= last):
        raise UnknownChoiceError("year", word, [f"{first}–{last}"])
    return int(word)


def day(name: str) -> date | None:
    """The day under a name, as clerks write it; None for no day. Raises UnknownChoiceError."""
    word = said(name)
    found = read_day(word)
    if word and not (found and FIRST_YEAR <= found.year <= LAST_YEAR):
        raise UnknownChoiceError(name, word, ["2026-03-05"])
    return found
