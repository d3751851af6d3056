"""One V8 isolate per process, made on first use (after a server's fork) and closed at exit.

V8 gives an expression no file, no network and no Python. Every call has a time limit and the isolate a memory limit;
an isolate that ran out of memory is thrown away, so the next call starts clean.

The limit is processor time of the isolate's own thread, not the clock on the wall: on a machine with too much to do an
honest expression waits for its turn, and must not fail for it. A call that gets no turn at all ends at `LONGEST_WAIT`.
"""

import asyncio
import atexit
import json
import os
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from py_mini_racer import JSEvalException, JSOOMException, MiniRacer

from app.feel.errors import FeelMemoryError, FeelTimeoutError, FeelUnavailableError

BUNDLE = Path(__file__).parent.parent / "static" / "dist" / "feel.js"
MEMORY_LIMIT = 128 * 1024 * 1024
LONGEST_WAIT = 20.0
"""Seconds on the wall after which a call ends whatever it has used: before the server gives up on the request."""
THREADS = Path("/proc/self/task")
_SCHEDULER_CLOCK_OF_THREAD = 6
"""Low bits of a clock id on Linux: the time for which the scheduler let one thread run."""


@dataclass(frozen=True, slots=True)
class Isolate:
    racer: MiniRacer
    loop: asyncio.AbstractEventLoop
    """V8 answers there."""
    thread: threading.Thread
    """Turns the loop."""
    answer: Callable[[str], Awaitable[Any]]
    """The bundle's one function: text in, text out."""
    spent: Callable[[], float]
    """Seconds of processor time that the isolate has used so far."""


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

    `time_limit` in seconds of processor time. Raises FeelTimeoutError, FeelMemoryError, FeelUnavailableError.
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
        answering = _within(isolate, payload, time_limit)
        return asyncio.run_coroutine_threadsafe(answering, isolate.loop).result()
    except (JSOOMException, JSEvalException) as problem:
        reached = isinstance(problem, JSOOMException) or isolate.racer.was_hard_memory_limit_reached()
        _discard()
        raise (FeelMemoryError() if reached else FeelUnavailableError(detail=str(problem)[:200])) from None


async def _within(isolate: Isolate, payload: str, time_limit: float) -> Any:
    """The answer, looked after until the isolate has used up its time. Raises FeelTimeoutError."""
    begun, ends = isolate.spent(), time.monotonic() + max(LONGEST_WAIT, time_limit)
    answering = asyncio.ensure_future(isolate.answer(payload))
    left = time_limit
    while left > 0 and time.monotonic() < ends:
        done, _ = await asyncio.wait({answering}, timeout=max(left, 0.001))
        if done:
            return answering.result()
        left = time_limit - (isolate.spent() - begun)
    answering.cancel()  # V8 stops the script; the isolate itself is sound
    await asyncio.wait({answering})
    raise FeelTimeoutError(seconds=time_limit)


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
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=_turn, args=(loop,), name="feel", daemon=True)
    thread.start()
    return asyncio.run_coroutine_threadsafe(_made(loop, thread), loop).result()


def _turn(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.close()


async def _made(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> Isolate:
    """A racer adopts the loop under which it is made."""
    before = _threads()
    racer = MiniRacer()
    spent = _clock_of(_threads() - before)
    racer.set_hard_memory_limit(MEMORY_LIMIT)
    racer.eval(BUNDLE.read_text(encoding="utf-8"))
    answer: Any = racer.eval("wenze")
    return Isolate(racer, loop, thread, answer.cancelable(), spent)


def _threads() -> set[int]:
    return {int(path.name) for path in THREADS.iterdir()} if THREADS.is_dir() else set()


def _clock_of(new: set[int]) -> Callable[[], float]:
    """The clock of the isolate's thread among those that came with it: neither one of V8's named helpers nor Python's.

    Where it cannot be told apart, the clock of the whole process stands in: it never runs slower.
    """
    python = {thread.native_id for thread in threading.enumerate()}
    found = [thread for thread in new - python if not _name_of(thread).startswith("V8 ")]
    if len(found) != 1:
        return time.process_time
    clock = (~found[0] << 3) | _SCHEDULER_CLOCK_OF_THREAD
    return lambda: time.clock_gettime(clock)


def _name_of(thread: int) -> str:
    try:
        return (THREADS / str(thread) / "comm").read_text().strip()
    except OSError:  # it has ended meanwhile
        return "V8 "


def _discard() -> None:
    isolate = _isolates.pop(os.getpid(), None)
    if isolate is not None:
        isolate.racer.close()
        isolate.loop.call_soon_threadsafe(isolate.loop.stop)
        isolate.thread.join()


atexit.register(close)
