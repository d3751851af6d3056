"""公民身份号码 (GB 11643): whether a number can be one, how it is shown, and what stands for it everywhere else.

A number as it was typed never travels: where a form takes it in it becomes an `IdentityNumber`, which reads masked
whatever is done with it, and where the answers are kept it becomes a *reference*: the masked number, a `#` and the id
of the sealed value (docs/decisions/0026).
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

_NUMBER = re.compile(r"[1-9][0-9]{16}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_REFERENCE = re.compile(r"([1-9][0-9]{5}\*{8}[0-9]{3}[0-9X])#([0-9a-f]{32})")
EARLIEST = 1900
SHOWN_AT_BEGIN, SHOWN_AT_END = 6, 4


def normalised(text: str) -> str:
    """Without blanks, with a large X."""
    return re.sub(r"[\s-]", "", text).upper()


def is_valid(number: str) -> bool:
    """Eighteen characters with a date that exists and the right check digit (ISO 7064, MOD 11-2)."""
    if not _NUMBER.fullmatch(number):
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return born.year >= EARLIEST and _CHECKS[total % 11] == number[-1]


def masked(number: str) -> str:
    """The first six and the last four characters; neither the day of birth nor anything to compute it from."""
    hidden = "*" * (len(number) - SHOWN_AT_BEGIN - SHOWN_AT_END)
    return f"{number[:SHOWN_AT_BEGIN]}{hidden}{number[-SHOWN_AT_END:]}"


class IdentityNumber(str):
    """A number that was typed just now. As text it is masked; `plain` is for the one place that seals it."""

    plain: str

    def __new__(cls, plain: str) -> "IdentityNumber":
        number = super().__new__(cls, masked(plain))
        number.plain = plain
        return number


def reference(mask: str, id_: str) -> str:
    """What stands for a sealed number in answers, facts and everywhere they go."""
    return f"{mask}#{id_}"


def id_in(value: Any) -> str | None:
    """The id of the sealed number that a value refers to; None where it is no reference."""
    found = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    return found[2] if found else None


def shown(value: Any) -> str:
    """A reference, or a number that slipped through, as a reader may see it."""
    text = str(value)
    if found := _REFERENCE.fullmatch(text):
        return found[1]
    return masked(text) if is_valid(normalised(text)) else text


def ids_in(value: Any) -> Iterator[str]:
    """Ids of all sealed numbers that answers refer to, however deep."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from ids_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from ids_in(item)
    elif (id_ := id_in(value)) is not None:
        yield id_
