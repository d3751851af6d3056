"""Reading YAML from anybody: the only place that loads it.

The loader in C builds nested values recursively and takes the whole process down where they lie deep; an alias unfolds
a few lines to gigabytes; a number of a hundred thousand parts is reckoned for minutes. The parser tells its events one
by one, so all of this is refused before anything is built.
"""

from typing import Any, NoReturn

import yaml

MOST_EVENTS = 60_000
DEEPEST = 20
"""Nested lists and mappings; the deepest file of ours has eight."""
LONGEST_NUMBER = 100
"""Characters of a value that could be read as a number or a date."""
ALIAS, TOO_MUCH, NUMBER, VALUE = "alias", "too much or too deep", "number too long", "value out of range"
TWICE = "a name twice"


class RefusedError(yaml.MarkedYAMLError):
    """The text is YAML, and would do harm. `problem` is one of the words above."""


def read(text: str | bytes) -> Any:
    """What a text says, in plain values; None where it says nothing.

    Raises yaml.YAMLError (RefusedError, MarkedYAMLError with the line); never anything else.
    """
    ensure_harmless(text)
    try:
        return yaml.load(text, yaml.CSafeLoader)
    except (ValueError, OverflowError, RecursionError) as error:  # such as the 31st of February
        raise RefusedError(problem=VALUE) from error


def compose(text: str | bytes) -> yaml.Node | None:
    """The nodes, which know their lines. Raises as `read` does."""
    ensure_harmless(text)
    return yaml.compose(text, yaml.CSafeLoader)


def ensure_harmless(text: str | bytes) -> None:
    """Raises yaml.YAMLError."""
    levels = [_Level(is_mapping=False)]
    try:
        for count, event in enumerate(yaml.parse(text, yaml.CSafeLoader)):
            if isinstance(event, yaml.AliasEvent):
                _refuse(ALIAS, event)
            if isinstance(event, yaml.NodeEvent) and not levels[-1].takes(event):
                _refuse(TWICE, event)
            if isinstance(event, yaml.CollectionStartEvent):
                levels.append(_Level(is_mapping=isinstance(event, yaml.MappingStartEvent)))
            elif isinstance(event, yaml.CollectionEndEvent):
                levels.pop()
            if len(levels) > DEEPEST + 1 or count > MOST_EVENTS:
                _refuse(TOO_MUCH, event)
            if isinstance(event, yaml.ScalarEvent) and (_is_long_number(event) or _is_endless(event)):
                _refuse(NUMBER, event)
    except (ValueError, RecursionError) as error:  # half a character, an encoding that is none
        raise RefusedError(problem=VALUE) from error


class _Level:
    """A list or a mapping that is being read."""

    def __init__(self, *, is_mapping: bool) -> None:
        self._names: set[str] | None = set() if is_mapping else None
        self._is_name = True

    def takes(self, event: yaml.NodeEvent) -> bool:
        """Whether the node may stand here: of two entries of one name a program takes the last."""
        if self._names is None:
            return True
        name = event.value if self._is_name and isinstance(event, yaml.ScalarEvent) else None
        self._is_name = not self._is_name
        if name is None:
            return True
        is_new = name not in self._names
        self._names.add(name)
        return is_new


def _is_endless(event: yaml.ScalarEvent) -> bool:
    """Whether it reads as a number that is none, or has no end."""
    return event.implicit[0] and event.value.lstrip("+-").lower() in (".inf", ".nan")


def _is_long_number(event: yaml.ScalarEvent) -> bool:
    value: str = event.value
    return len(value) > LONGEST_NUMBER and value[0] in "+-.0123456789" and (event.tag is not None or event.implicit[0])


def _refuse(problem: str, event: yaml.Event) -> NoReturn:
    raise RefusedError(problem=problem, problem_mark=event.start_mark)  # type: ignore[arg-type]  # the C parser's own
