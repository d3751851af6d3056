"""People who press 提交: at the same moment, again when no answer came, always with the key of the form."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

UNAVAILABLE = 503


@dataclass(frozen=True)
class Act:
    """One press of the button: the key is made before the first try, as the form's is."""

    task_id: str
    token: str
    answers: dict[str, str]
    key: str = field(default_factory=lambda: uuid4().hex)
    path: str = ""
    """Where it is sent; empty: where a step is submitted."""
    body: Any = None
    """Instead of the answers of a form."""

    @property
    def submits(self) -> bool:
        return not self.path


@dataclass
class Outcome:
    act: Act
    status: int = 0
    """Of the last answer; 0 when none came."""
    body: Any = None
    tries: int = 0
    away: int = 0
    """Answers that said that the database is away (503)."""
    broken: int = 0
    """Connections that were refused or ended without an answer."""
    failed: int = 0
    """Answers that a person would call an error: every other 5xx."""
    at: float = 0.0
    """Unix time of the first try."""
    wait: float = 0.0
    """Seconds between the first try and the answer."""


def press(port: int, act: Act, *, patience: float = 60, once: bool = False) -> Outcome:
    """Send an act until an answer comes that is none of the server's fault, for at most `patience` seconds."""
    outcome, began = Outcome(act, at=time.time()), time.monotonic()
    while not outcome.tries or time.monotonic() - began < patience:
        outcome.tries += 1
        try:
            outcome.status, outcome.body = sent(port, act)
        except (OSError, http.client.HTTPException) as error:
            outcome.status = 0
            outcome.broken += isinstance(error, ConnectionError)
        outcome.away += outcome.status == UNAVAILABLE
        outcome.failed += outcome.status >= 500 and outcome.status != UNAVAILABLE
        if 0 < outcome.status < 500 or once:
            break
        time.sleep(0.05)
    outcome.wait = time.monotonic() - began
    return outcome


def sent(port: int, act: Act) -> tuple[int, Any]:
    """One try: the status and the document. Raises OSError or HTTPException when the connection breaks."""
    headers = {
        "Authorization": f"Bearer {act.token}",
        "Idempotency-Key": act.key,
        "Content-Type": "application/json",
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        path = act.path or f"/api/v1/tasks/{act.task_id}/complete"
        body = {"data": act.answers} if act.body is None else act.body
        connection.request("POST", path, json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text and "json" in answer.headers.get(
            "Content-Type", ""
        ) else text.decode()
    finally:
        connection.close()


def press_all(port: int, acts: Iterable[Act], *, hands: int, patience: float = 180) -> list[Outcome]:
    """All acts by that many people, one after the other each."""
    with ThreadPoolExecutor(hands) as people:
        return list(people.map(lambda act: press(port, act, patience=patience), acts))


def press_together(port: int, groups: Sequence[Sequence[Act]], *, at_a_time: int) -> list[list[Outcome]]:
    """The acts of each group at the same moment, that many groups at a time."""
    with ThreadPoolExecutor(at_a_time) as rooms:
        return list(rooms.map(lambda group: _at_once(port, group), groups))


def _at_once(port: int, group: Sequence[Act]) -> list[Outcome]:
    ready = threading.Barrier(len(group))

    def one(act: Act) -> Outcome:
        ready.wait()
        return press(port, act, patience=180)

    with ThreadPoolExecutor(len(group)) as people:
        return list(people.map(one, group))


class Until:
    """Does something again and again in a thread of its own until the block ends; `count` is how often."""

    def __init__(self, deed: Callable[[], int], *, every: float, first: float | None = None, most: int = 10**9) -> None:
        self._deed, self._every, self._most = deed, every, most
        self._first = every if first is None else first
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on)
        self.count = 0
        self.error: Exception | None = None

    def _go_on(self) -> None:
        pause = self._first
        while self.count < self._most and not self._over.wait(pause):
            pause = self._every
            try:
                self.count += self._deed()
            except Exception as error:  # noqa: BLE001  (told by the block's end)
                self.error = error
                return

    def wait(self) -> None:
        """For a moment."""
        self._over.wait(0.05)

    def __enter__(self) -> "Until":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if self.error is not None:
            raise self.error
