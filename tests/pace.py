"""How long an act keeps the processor, told so that a slow or busy machine does not decide a test.

A bound of seconds in a test means seconds of a machine on which `_SIZE` additions into a table take `_NOMINAL`: what
seems slow is measured against what this machine needs for them just afterwards. The collector of garbage rests
meanwhile, for what it would look through belongs to all the tests before; and what may be done again is asked three
times at most.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import process_time

_SIZE, _NOMINAL = 60_000, 0.007
_TRIES = 3
_NOTICEABLE = 0.3
"""Seconds; what took less is quick on any machine."""


class Watch:
    """`seconds`: the processor's time, of all threads, on a machine of ordinary pace; known at the end."""

    seconds = 0.0


@contextmanager
def watched() -> Iterator[Watch]:
    watch, collects = Watch(), gc.isenabled()
    gc.disable()
    began = process_time()
    try:
        yield watch
    finally:
        spent = process_time() - began
        watch.seconds = spent / max(1.0, _slowness()) if spent > _NOTICEABLE else spent
        if collects:
            gc.enable()


def is_quick(act: Callable[[], object], within: float) -> bool:
    """Whether one of three tries keeps the processor for less than so many seconds. `act` may be done repeatedly."""
    return any(_seconds(act) < within for _ in range(_TRIES))


def _seconds(act: Callable[[], object]) -> float:
    with watched() as watch:
        act()
    return watch.seconds


def _slowness() -> float:
    table, began = dict[int, int](), process_time()
    for number in range(_SIZE):
        table[number % 997] = table.get(number % 997, 0) + number
    return (process_time() - began) / _NOMINAL
