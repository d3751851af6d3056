"""Two requests at once: one is held in the middle while the other passes. Each ends in success or with a sentence.

On PostgreSQL, where two writes really go side by side (SQLite lets one wait for the other). The addresses are those of
`test_crash_points`; some are drawn anew every time, with `WENZE_FAULTS=long` all are tried.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Collection
from uuid import uuid4

import pytest

from app.extensions import db
from tests.faults.crash_ground import Answer, Ground
from tests.faults.crash_recipes import RECIPES
from tests.faults.crash_requests import Sent
from tests.faults.held_requests import PATIENCE, PLACES, Hold, holding, waits_for_another
from tests.faults.test_crash_points import MEANT, SEED

DRAWN = 8
FAILED = 500


class _Request(threading.Thread):
    """Somebody's request, in a thread of its own."""

    def __init__(self, ground: Ground, sent: Sent, hold: Hold | None = None) -> None:
        super().__init__(daemon=True)
        self._ground, self._sent, self._hold, self._key = ground, sent, hold, uuid4().hex
        self.answer: Answer | None = None
        self.error: Exception | None = None

    def run(self) -> None:
        if self._hold is not None:
            self._hold.enter()
        try:
            self.answer = self._ground.attempt(self._sent, key=self._key)
        except Exception as error:  # noqa: BLE001  (an error page, which tests are given as the error itself)
            self.error = error

    @property
    def told(self) -> str:
        """What is wrong with its end; empty when it was answered."""
        if self.error is not None:
            return f"{type(self.error).__name__}: {str(self.error)[:300]}"
        if self.answer is None:
            return "no answer"
        return f"answer {self.answer.status}" if self.answer.status >= FAILED else ""


@pytest.mark.slow
def test_of_two_requests_at_once_none_meets_an_error_page(
    postgresql_ground: Ground, beginning: Callable[[Ground], Ground]
) -> None:
    ground, addresses = beginning(postgresql_ground), sorted(a for a in RECIPES if not a.startswith("worker"))
    drawn = addresses if os.environ.get("WENZE_FAULTS") == "long" else MEANT.sample(addresses, DRAWN)
    sys.stdout.write(f"\nWENZE_WALK_SEED={SEED}\n")

    assert what_collides(ground, drawn) == {}


def what_collides(ground: Ground, addresses: Collection[str]) -> dict[str, str]:
    """What went wrong, by address and place."""
    found, sound = {}, ground.unsound()
    for address in addresses:
        for place in PLACES:
            wrong, stood = _side_by_side(ground, address, Hold(place))
            if not wrong and stood and ground.unsound() - sound:
                wrong = f"unsound afterwards: {ground.unsound() - sound}"
            if wrong:
                found[f"{address} {place}"] = wrong
                sys.stdout.write(f"{address} {place}: {wrong}\n")
            if not stood:
                break  # it writes nothing: the later places are not met either
    return found


def _side_by_side(ground: Ground, address: str, hold: Hold) -> tuple[str, bool]:
    """The same twice, with keys of their own: the first is held until the second is through or waits for it."""
    ground.method = address.partition(" ")[0]
    ground.fresh(uuid4().hex)
    what = ground.prepared(address)
    assert isinstance(what, Sent)
    with ground.app.app_context():
        engine = db.engine
    first, second = _Request(ground, what, hold), _Request(ground, what)
    with holding(engine, hold):
        first.start()
        while first.is_alive() and not hold.stands.wait(0.02):
            pass
        if hold.stands.is_set():
            second.start()
            until = time.monotonic() + PATIENCE / 2
            while second.is_alive() and time.monotonic() < until and not waits_for_another(engine):
                second.join(0.02)
    first.join(PATIENCE)
    if not hold.stands.is_set():
        return first.told, False
    second.join(PATIENCE)
    return "; ".join(f"{name} {r.told}" for name, r in (("first:", first), ("second:", second)) if r.told), True
