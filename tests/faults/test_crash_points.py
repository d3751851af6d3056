"""A process dies at every point of every write: the database is as before or as after, and a second try settles it.

The addresses are those of the application, found by asking it; one without a recipe of a valid request is named by
`test_every_address_that_takes_a_form_has_a_recipe`. SQLite is tried at all addresses, PostgreSQL at some that are drawn
anew every time (`WENZE_FAULTS=long`: at all), a process of its own that really ends (os._exit) at a few.
"""

import os
import pickle
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from random import Random, SystemRandom
from uuid import uuid4

import pytest
from flask import Flask

from app.extensions import db
from config import ROOT
from tests.faults.crash_ground import Answer, Ground, Picture, shape
from tests.faults.crash_points import AFTER_COMMIT, DeathError, Watch, watched, worth_dying_at
from tests.faults.crash_recipes import RECIPES
from tests.faults.crash_recipes_of_tryouts import ELSEWHERE
from tests.faults.crash_requests import Sent, Work

ENDED = 9
"""Exit status of a child that died as it should."""
WRITING = {"POST", "PUT", "PATCH", "DELETE"}
ADDS_EACH_TIME = {
    "POST /sign-in": "a second signing in is a second session, as on another device",
    "POST /sign-in/provider": "the same, with what the identity provider said",
    **dict.fromkeys(
        (
            "POST /cases/<proceeding_id>/identity-numbers/<number_id>",
            "POST /api/v1/cases/<proceeding_id>/identity-numbers/<number_id>/reveal",
        ),
        "each time that a number is shown is told",
    ),
    "POST /api/v1/confirmation": "the journal tells of each time that a password was entered",
}
"""Routes that do it again the second time, and why that is right."""
IN_PARTS = {
    "POST /api/v1/definitions/<release_id>/migrate": "each case is moved by itself; a second try goes on",
    "POST /api/v1/definitions/<release_id>/migrate/undo": "each goes back by itself; a second try goes on",
    "POST /inbox/bulk": "each row is a transaction of its own; the second try goes on with the rest",
    "POST /cases": "the memo is kept before the case that names it",
    "POST /cases/<proceeding_id>/subjects/<subject_id>/status": "the proof is kept before the change that names it",
}
"""More than one commit, and why a death between them leaves nothing half done."""


DRAWN, REALLY = 10, 3
"""Addresses tried on PostgreSQL, and in a process that really ends."""
SEED = int(os.environ.get("WENZE_WALK_SEED") or SystemRandom().randrange(10**9))
MEANT = Random(SEED)


@dataclass(frozen=True)
class Run:
    """One that nobody disturbed."""

    address: str
    answer: Answer
    points: list[str]
    effect: Picture


def test_every_address_that_takes_a_form_has_a_recipe(app: Flask) -> None:
    addresses = {
        f"{method} {rule.rule}" for rule in app.url_map.iter_rules() for method in (rule.methods or set()) & WRITING
    }
    known = {address for address in RECIPES if not address.startswith("worker")} | ELSEWHERE

    assert sorted(addresses - known) == [], "no valid request is known for these"
    assert sorted(known - addresses) == [], "these addresses are no more"


@pytest.mark.slow
def test_a_death_at_any_point_leaves_all_or_nothing_and_a_second_try_settles_it(
    sqlite_ground: Ground, beginning: Callable[[Ground], Ground]
) -> None:
    ground = beginning(sqlite_ground)

    assert what_breaks(ground, RECIPES) == {}

    assert what_breaks_really(ground, MEANT.sample(sorted(RECIPES), REALLY)) == {}


@pytest.mark.slow
def test_the_same_on_postgresql(postgresql_ground: Ground, beginning: Callable[[Ground], Ground]) -> None:
    ground = beginning(postgresql_ground)
    drawn = RECIPES if os.environ.get("WENZE_FAULTS") == "long" else MEANT.sample(sorted(RECIPES), DRAWN)

    assert what_breaks(ground, drawn) == {}


def what_breaks(ground: Ground, addresses: Collection[str]) -> dict[str, str]:
    """What went wrong, by address."""
    found, deaths, began, sound = {}, 0, time.monotonic(), ground.unsound()
    with ground.app.app_context():
        engine = db.engine
    with watched(engine) as watch:
        for address in addresses:
            ground.method = address.partition(" ")[0]
            try:
                deaths += _dies_everywhere(ground, watch, address, sound)
            except (AssertionError, DeathError) as error:
                found[address] = str(error)
    seconds = time.monotonic() - began
    sys.stdout.write(
        f"\nWENZE_WALK_SEED={SEED} {engine.dialect.name}: {len(addresses)} writes, {deaths} deaths, {seconds:.0f} s\n"
    )
    return found


def what_breaks_really(ground: Ground, addresses: Collection[str]) -> dict[str, str]:
    """The same, with a process of its own that ends in the middle; one point for each address."""
    found = {}
    with ground.app.app_context():
        engine = db.engine
    for address in addresses:
        ground.method = address.partition(" ")[0]
        ground.fresh(uuid4().hex)
        what = ground.prepared(address)
        with watched(engine) as watch:
            first = ground.attempt(what)
        run = Run(address, first, watch.points, effect=ground.picture())
        ground.fresh(uuid4().hex)
        what, untouched = ground.prepared(address), ground.print()
        if not run.points:
            continue
        place = MEANT.randrange(len(run.points))
        sys.stdout.write(f"{address} ends at {run.points[place]} ({place})\n")
        try:
            assert _ends(ground, what, place) == ENDED
            if AFTER_COMMIT not in run.points[: place + 1]:
                assert ground.print() == untouched
            if isinstance(what, Sent) or AFTER_COMMIT not in run.points[: place + 1]:
                _repeats(ground, what, run, exactly=False)
        except AssertionError as error:
            found[address] = str(error)
    return found


def _ends(ground: Ground, what: Sent | Work, place: int) -> int:
    """Exit status of a process that dies at a point of this write."""
    ground.close()
    settings = ground.app.config
    order = (settings["SQLALCHEMY_DATABASE_URI"], settings["WENZE_DATA"], ground.built, ground.method, ground.key)
    child = [sys.executable, "-P", "-m", "tests.faults.crash_child"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(child, input=pickle.dumps((*order, what, place)), env=environment, check=False).returncode


def _dies_everywhere(ground: Ground, watch: Watch, address: str, sound: set[tuple[str, str]]) -> int:
    """Once undisturbed and repeated, then dying at each point; returns how often it died."""
    ground.fresh(uuid4().hex)
    what = ground.prepared(address)
    watch.start()
    first = ground.attempt(what)
    points = watch.points
    run = Run(address, first, points, effect=ground.picture())
    assert first.status < 400, f"not a valid request: {first}"
    assert points.count(AFTER_COMMIT) <= 1 or address in IN_PARTS, f"several commits: {points}"
    watch.start()
    if isinstance(what, Sent):  # the worker's second time is the next thing that waits
        _repeats(ground, what, run, exactly=True)
    chosen = worth_dying_at(points)
    early = [place for place in chosen if AFTER_COMMIT not in points[: place + 1]]
    _dies_before_anything(ground, watch, run, early)
    for place in chosen[len(early) :]:
        _dies_after_a_commit(ground, watch, run, place)
    if points:
        assert ground.unsound() <= sound, f"unsound afterwards: {ground.unsound() - sound}"
    return len(chosen)


def _dies_before_anything(ground: Ground, watch: Watch, run: Run, places: list[int]) -> None:
    """One death after the other, without a new beginning: nothing may be left of any."""
    ground.fresh(uuid4().hex)
    what = ground.prepared(run.address)
    untouched = ground.print()
    for place in places:
        watch.start(place)
        with pytest.raises(DeathError):
            ground.attempt(what)
        watch.start()
    assert ground.print() == untouched, f"something is left of {[run.points[place] for place in places]}"
    _repeats(ground, what, run, exactly=False)


def _dies_after_a_commit(ground: Ground, watch: Watch, run: Run, place: int) -> None:
    ground.fresh(uuid4().hex)
    watch.start()
    what = ground.prepared(run.address)
    watch.start(place)
    with pytest.raises(DeathError):
        ground.attempt(what)
    watch.start()
    if isinstance(what, Sent):
        _repeats(ground, what, run, exactly=False)
    else:
        _has_effect(ground, run)


def _repeats(ground: Ground, what: Sent | Work, run: Run, *, exactly: bool) -> None:
    """The same again: the answer of the first one, and nothing more than its effect."""
    again = ground.attempt(what)
    if isinstance(what, Sent):
        said = (again, run.answer) if exactly else (shape(again), shape(run.answer))
        assert said[0] == said[1], f"the second answer differs: {again} after {run.answer}"
    if run.address in ADDS_EACH_TIME:
        return
    _has_effect(ground, run)


def _has_effect(ground: Ground, run: Run) -> None:
    now = ground.picture()
    less = {name: list(run.effect[name] - now[name]) for name in now if run.effect[name] - now[name]}
    more = {name: list(now[name] - run.effect[name]) for name in now if now[name] - run.effect[name]}
    assert (less, more) == ({}, {}), f"not the effect of one: missing {less}, too many {more}"
