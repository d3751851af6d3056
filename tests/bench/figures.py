"""Timing many of the same and telling it in one line."""

import statistics
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any


def times(acts: Iterable[Callable[[], Any]]) -> list[float]:
    """Milliseconds of each act, one after the other."""
    found = []
    for act in acts:
        began = time.perf_counter()
        act()
        found.append((time.perf_counter() - began) * 1000)
    return found


def middle(found: list[float]) -> float:
    return statistics.median(found)


def tell(what: str, found: list[float], note: str = "") -> None:
    """p50 and p95 in milliseconds."""
    ranked = sorted(found)
    p95 = ranked[int(len(ranked) * 0.95)]
    sys.stdout.write(f"{what:<52} n={len(ranked):<4} p50 {middle(ranked):7.1f} ms  p95 {p95:7.1f} ms  {note}\n")
    sys.stdout.flush()
