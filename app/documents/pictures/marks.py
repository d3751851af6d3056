"""What is said on a picture beside the diagram itself: who stands where, and the words around it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Tone(StrEnum):
    """How something stands; each has colours, and always words beside them."""

    DONE = "DONE"
    NEXT = "NEXT"
    NOW = "NOW"
    LATE = "LATE"
    HELD = "HELD"


@dataclass(frozen=True, slots=True)
class Colours:
    line: str
    ground: str
    width: float
    """Of the line, in the diagram's pixels."""


PLAIN = Colours("#22252c", "#ffffff", 2)
COLOURS = {
    Tone.DONE: Colours("#1f6346", "#e6f2ec", 2),
    Tone.NEXT: Colours("#0d4a63", "#ffffff", 2),
    Tone.NOW: Colours("#0d4a63", "#e3eef3", 4),
    Tone.LATE: Colours("#b02a1a", "#fbebe7", 4),
    Tone.HELD: Colours("#45525f", "#edf1f3", 4),
}
"""The colours of the viewer."""
DASHES = {Tone.NEXT: "4 4", Tone.HELD: "6 4"}
"""Of the line, where it is broken."""


@dataclass(frozen=True, slots=True)
class Badge:
    """A word at the corner of a step."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Marks:
    """By id of an element of the diagram; what the diagram lacks is passed over."""

    tones: Mapping[str, Tone] = field(default_factory=dict)
    badges: Mapping[str, Badge] = field(default_factory=dict)
    way: frozenset[str] = frozenset()
    """Sequence flows that were taken."""
    beside: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Boxes below a step."""


NONE = Marks()


@dataclass(frozen=True, slots=True)
class Frame:
    """Words around the drawing, in the reader's language."""

    title: str
    lines: tuple[str, ...] = ()
    """Below the title: number, organ, moment."""
    legend: tuple[tuple[Tone | None, str], ...] = ()
    """None explains the way that was taken."""
