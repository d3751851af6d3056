"""One V8 isolate per process, made on first use (after a server's fork) and closed at exit.

V8 gives an expression no file, no network and no Python. Every call has a time limit and the isolate a memory limit;
an isolate that ran out of memory is thrown away, so the next call starts clean.
"""

import atexit
import json
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from py_mini_racer import JSEvalException, JSOOMException, JSTimeoutException, MiniRacer

from app.feel.errors import FeelMemoryError, FeelTimeoutError, FeelUnavailableError

BUNDLE = Path(__file__).parent.parent / "static" / "dist" / "feel.js"
MEMORY_LIMIT = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Isolate:
    racer: MiniRacer
    answer: Any
    """The bundle's one function: text in, text out."""


_lock = threading.RLock()
_isolates: dict[int, Isolate] = {}
"""By process id: a forked child must neither use nor close the isolate of its parent."""


def _renew_lock() -> None:
    """A lock held by another thread at the moment of a fork would never be released in the child."""
    global _lock
    _lock = threading.RLock()


os.register_at_fork(after_in_child=_renew_lock)


def call(request: dict[str, Any], *, time_limit: float) -> Any:
    """Send one request to the interpreter and return its answer: `{"value": ...}` or `{"error": ...}`.

    `time_limit` in seconds. Raises FeelTimeoutError, FeelMemoryError, FeelUnavailableError.
    """
    payload = json.dumps(request, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    with _lock:
        is_fresh = os.getpid() not in _isolates
        try:
            answer = _ask(payload, time_limit)
        except FeelMemoryError:  # perhaps of what others have left behind: only a fresh isolate proves it
            if is_fresh:
                raise
            answer = _ask(payload, time_limit)
    assert isinstance(answer, str)
    return json.loads(answer)


def _ask(payload: str, time_limit: float) -> Any:
    """Call the function itself: text to be compiled would stay in V8's caches, call after call."""
    isolate = _isolate()
    try:
        return isolate.answer(payload, timeout_sec=time_limit)
    except JSTimeoutException:  # V8 stopped the script; the isolate itself is sound
        raise FeelTimeoutError(seconds=time_limit) from None
    except (JSOOMException, JSEvalException) as problem:
        reached = isinstance(problem, JSOOMException) or isolate.racer.was_hard_memory_limit_reached()
        _discard()
        raise (FeelMemoryError() if reached else FeelUnavailableError(detail=str(problem)[:200])) from None


def close() -> None:
    """Release the isolate of this process; a process that exits without it hangs."""
    with _lock:
        _discard()


def _isolate() -> Isolate:
    found = _isolates.get(os.getpid())
    if found is None:
        found = _isolates[os.getpid()] = _new()
    return found


def _new() -> Isolate:
    if not BUNDLE.is_file():
        raise FeelUnavailableError(detail=f"{BUNDLE.name} is missing: build the front end first")
    # In a thread of its own: made under a running event loop, it would adopt that loop and refuse to wait on it.
    with ThreadPoolExecutor(max_workers=1) as thread:
        racer = thread.submit(MiniRacer).result()
    racer.set_hard_memory_limit(MEMORY_LIMIT)
    racer.eval(BUNDLE.read_text(encoding="utf-8"))
    return Isolate(racer, racer.eval("wenze"))


def _discard() -> None:
    isolate = _isolates.pop(os.getpid(), None)
    if isolate is not None:
        isolate.racer.close()


atexit.register(close)
