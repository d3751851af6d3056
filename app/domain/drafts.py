"""Answers that are not submitted yet, as values."""

from collections.abc import Mapping
from typing import Any

_NOTHING: tuple[Any, ...] = (None, "", [], {})


def given(data: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that somebody answered. A box that is not ticked was not."""
    return {name: value for name, value in data.items() if value not in _NOTHING and value is not False}


def taken_over(own: Mapping[str, Any], left: Mapping[str, Any]) -> dict[str, Any]:
    """A draft that goes on where another one stopped: what one has answered oneself stays as it is."""
    return {**own, **{name: value for name, value in given(left).items() if name not in given(own)}}
