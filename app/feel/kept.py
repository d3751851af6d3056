"""Values of expressions that were computed before. FEEL is pure: the same text over the same names gives the same.

Only what an expression can read takes part: of the context the names that its text contains, and of `case.status` just
that entry. So the condition of a gateway or of a form's field is computed once for each of its few cases, not for
every click; the interpreter stays the only one who computes. What asks for today's date is computed once a day of the
offices, what asks for the time at every moment. Refusals are not kept: they are told with their place.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import orjson

from app.domain.deadlines import office_day

MOST = 20_000
"""Values kept by one process; then it begins anew."""
LONGEST = 2_000
"""Bytes of what is read, and of the value: longer ones hardly come a second time."""

_WORD = re.compile(r"[^\W\d]\w*")
_ENTRY = re.compile(r"\s*\.\s*([^\W\d]\w*)")
_PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
_MOMENT = "now"
_CLOCKS = frozenset((_MOMENT, "today"))

_values: dict[tuple[str, bytes], bytes] = {}


def value_of(
    text: str, context: Mapping[str, Any], now: datetime | None, compute: Callable[[Mapping[str, Any]], Any]
) -> Any:
    """The value kept for an expression over a context, else that which `compute` gives for what of it can be read.

    `text` may hold several expressions, as long as all of them are meant by it.
    """
    found = _looked_up(text, context)
    if found is not None:
        return found
    narrowed = read_by(text, context)
    if narrowed is None:
        return compute(context)
    try:
        key = (text, orjson.dumps((narrowed, _clock(text, now)), option=orjson.OPT_PASSTHROUGH_DATETIME))
    except TypeError:  # the interpreter's own reader of values refuses it in words
        return compute(narrowed)
    before = _values.get(key)
    if before is not None:
        return orjson.loads(before)
    value = compute(narrowed)
    _keep(key, value)
    return value


def _clock(text: str, now: datetime | None) -> str | None:
    """What of the time an expression can read: the moment, the day, or nothing."""
    asked = _CLOCKS & _words(text).keys()
    if now is None or not asked:
        return None
    return (now if _MOMENT in asked else office_day(now)).isoformat()


def forget() -> None:
    """Drop everything kept (tests)."""
    _values.clear()


def _looked_up(text: str, context: Mapping[str, Any]) -> str | int | bool | None:
    """The text, whole number or truth that a plain name (`case.number`) stands for; None where it is anything else."""
    names = _path(text)
    if not names:
        return None
    found: Any = context
    for name in names:
        if not isinstance(found, Mapping):
            return None
        found = found.get(name)
    return found if isinstance(found, str | int) else None


@lru_cache(maxsize=8192)
def _path(text: str) -> tuple[str, ...]:
    """The names of a path such as `case.number`; none where the text is anything else."""
    names = tuple(text.split(".")) if _PATH.fullmatch(text) else ()
    return () if _CLOCKS & set(names) else names


def _keep(key: tuple[str, bytes], value: Any) -> None:
    written = orjson.dumps(value)
    if len(key[1]) > LONGEST or len(written) > LONGEST:
        return
    if len(_values) >= MOST:
        _values.clear()
    _values[key] = written


def read_by(text: str, context: Mapping[str, Any]) -> dict[str, Any] | None:
    """The part of a context that an expression can read; None where a name of it could be written in other ways.

    More than it reads may be left in (a word inside a text in quotes), never less.
    """
    if "`" in text or not all(map(str.isidentifier, context)):
        return None
    found: dict[str, Any] = {}
    for name, entries in _words(text).items():
        if name in context:
            whole = context[name]
            if entries is not None and isinstance(whole, Mapping):
                found[name] = {entry: whole[entry] for entry in entries if entry in whole}
            else:
                found[name] = whole
    return found


@lru_cache(maxsize=8192)
def _words(text: str) -> dict[str, tuple[str, ...] | None]:
    """Every word of a text with the entries that are read of it; None where it also stands alone."""
    found: dict[str, set[str] | None] = {}
    for word in _WORD.finditer(text):
        entry, known = _ENTRY.match(text, word.end()), found.setdefault(word[0], set())
        if entry is None:
            found[word[0]] = None
        elif known is not None:
            known.add(entry[1])
    return {name: None if entries is None else tuple(sorted(entries)) for name, entries in found.items()}
