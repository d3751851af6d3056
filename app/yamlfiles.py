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
    depth = 0
    try:
        for count, event in enumerate(yaml.parse(text, yaml.CSafeLoader)):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent):
                _refuse(ALIAS, event)
            if depth > DEEPEST or count > MOST_EVENTS:
                _refuse(TOO_MUCH, event)
            if isinstance(event, yaml.ScalarEvent) and _is_long_number(event):
                _refuse(NUMBER, event)
    except (ValueError, RecursionError) as error:  # half a character, an encoding that is none
        raise RefusedError(problem=VALUE) from error


def _is_long_number(event: yaml.ScalarEvent) -> bool:
    value: str = event.value
    return len(value) > LONGEST_NUMBER and value[0] in "+-.0123456789" and (event.tag is not None or event.implicit[0])


def _refuse(problem: str, event: yaml.Event) -> NoReturn:
    raise RefusedError(problem=problem, problem_mark=event.start_mark)  # type: ignore[arg-type]  # the C parser's own
