"""A process that does one write and ends in the middle of it, without a word: `os._exit` at a point.

Told on standard input by the test: database, data folder, built world, method, key, what to do, at which point to end.
"""

import os
import pickle
import sys
from typing import Any

from app import create_app
from app.api import clock as api_clock
from app.extensions import db
from app.web import clock as web_clock
from config import Config
from tests.faults.crash_ground import Ground
from tests.faults.crash_points import Watch, watched

ENDED = 9


class _Fuse(Watch):
    def pass_(self, point: str) -> None:
        if self._deadly == len(self.points):
            os._exit(ENDED)
        self.points.append(point)


def main(order: tuple[Any, ...]) -> None:
    url, data, built, method, key, what, place = order
    app = create_app(Config.for_tests(url, data))
    app.config["WTF_CSRF_ENABLED"] = False
    for clock in (web_clock, api_clock):
        clock.now = lambda: built.now
    ground = Ground(app, built, restore=lambda: None)
    ground.method, ground.key = method, key
    fuse = _Fuse()
    fuse.start(place)
    with app.app_context():
        engine = db.engine
    with watched(engine, fuse):
        ground.attempt(what)


if __name__ == "__main__":
    main(pickle.load(sys.stdin.buffer))
