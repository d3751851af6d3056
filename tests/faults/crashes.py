"""`wenze serve` on a database with cases, people who press 提交 at the same time, and a hand that kills processes."""

import http.client
import json
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import uuid4


@dataclass(frozen=True)
class Act:
    """One press of the button: the key is made before the first try, as the form's is."""

    task_id: str
    token: str
    answers: dict[str, str]
    key: str = field(default_factory=lambda: uuid4().hex)


@dataclass
class Outcome:
    act: Act
    status: int = 0
    """Of the last answer; 0 when none came."""
    tries: int = 0
    longest_wait: float = 0.0
    """Seconds between the first try and the answer."""


def press(port: int, act: Act, *, patience: float) -> Outcome:
    """Send an act until an answer comes, always with the same key, for at most `patience` seconds."""
    outcome, began = Outcome(act), time.monotonic()
    body = json.dumps({"data": act.answers})
    headers = {
        "Authorization": f"Bearer {act.token}",
        "Idempotency-Key": act.key,
        "Content-Type": "application/json",
    }
    while time.monotonic() - began < patience:
        outcome.tries += 1
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        try:
            connection.request("POST", f"/api/v1/tasks/{act.task_id}/complete", body, headers)
            outcome.status = connection.getresponse().status
        except (OSError, http.client.HTTPException):
            time.sleep(0.05)
            continue
        finally:
            connection.close()
        if outcome.status < 500:
            break
        time.sleep(0.05)
    outcome.longest_wait = time.monotonic() - began
    return outcome


def press_all(port: int, acts: Iterable[Act], *, hands: int, patience: float = 60) -> list[Outcome]:
    """All acts by that many people at once."""
    with ThreadPoolExecutor(hands) as people:
        return list(people.map(lambda act: press(port, act, patience=patience), acts))
