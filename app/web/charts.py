"""Pictures of figures, drawn on the server: places in a drawing of fixed size, set by classes. Beside each stands its
table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

WIDTH, HEIGHT = 560, 190
LEFT, RIGHT, TOP, BOTTOM = 34, 20, 16, 30
LINES = 4
BAR = 200
"""Width of a bar that is full, in its own drawing."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A line across the drawing and what it stands for."""

    y: float
    value: int


@dataclass(frozen=True, slots=True)
class Trend:
    """Two lines over the same steps of time."""

    scales: tuple[Scale, ...]
    xs: tuple[float, ...]
    first: tuple[float, ...]
    """Heights of the points of the first line; the second likewise."""
    second: tuple[float, ...]

    def points(self, ys: Sequence[float]) -> str:
        return " ".join(f"{x:g},{y:g}" for x, y in zip(self.xs, ys, strict=True))

    @property
    def floor(self) -> int:
        return HEIGHT - BOTTOM


def trend_of(first: Sequence[int], second: Sequence[int]) -> Trend:
    """The upper end is a number that the lines across divide evenly, so that every one is whole."""
    step = max(1, ceil(max([*first, *second, 1]) / LINES))
    top = step * LINES
    high = HEIGHT - TOP - BOTTOM
    apart = (WIDTH - LEFT - RIGHT) / max(1, len(first) - 1)

    def y(value: int) -> float:
        return round(HEIGHT - BOTTOM - high * value / top, 1)

    return Trend(
        scales=tuple(Scale(y(value), value) for value in range(0, top + 1, step)),
        xs=tuple(round(LEFT + apart * position, 1) for position in range(len(first))),
        first=tuple(map(y, first)),
        second=tuple(map(y, second)),
    )


def bar_of(number: float, most: float) -> float:
    """Width of a bar among bars of which the longest is full; what is there at all can be seen."""
    return 0 if not number or not most else round(max(3.0, BAR * number / most), 1)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of time in a drawing that is `SPAN` wide."""

    x: float
    width: float


SPAN = 1000
TICKS = 8


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Instants as places; what has no length can still be seen."""

    begins: datetime
    ends: datetime

    def at(self, moment: datetime) -> float:
        whole = max(1.0, (self.ends - self.begins).total_seconds())
        return round(min(1.0, max(0.0, (moment - self.begins).total_seconds() / whole)) * SPAN, 1)

    def piece(self, since: datetime, until: datetime | None) -> Piece:
        first, last = self.at(since), self.at(until or self.ends)
        width = max(4.0, last - first)
        return Piece(min(first, SPAN - width), width)

    def ticks(self) -> list[tuple[float, datetime]]:
        """Evenly spread; the first and last are a little inside, so that their days can be read."""
        step = (self.ends - self.begins) / TICKS
        return [(self.at(moment), moment) for moment in (self.begins + step * n for n in range(1, TICKS))]
