"""Whatever people, clock and worker do in whatever order: the tables agree with the procedure, nothing is lost."""

import os
import random
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

from app.extensions import db
from app.scenarios.demo import answers_of
from app.scenarios.world import read_yaml
from config import ROOT
from tests.conftest import application_on
from tests.services.conftest import COUNTIES, MORNING
from tests.services.stateful_machine import Machine, Place

SEED = int(os.environ.get("WENZE_WALK_SEED") or random.SystemRandom().randrange(10**9))
LONG = os.environ.get("WENZE_FAULTS") == "long"


@pytest.fixture
def small_world(small_sqlite: Path, tmp_path: Path) -> Iterator[Callable[[], None]]:
    yield from fresh_copies(small_sqlite, tmp_path)


@pytest.fixture
def county_world(county_template: Path, tmp_path: Path) -> Iterator[Callable[[], None]]:
    yield from fresh_copies(county_template, tmp_path)


def fresh_copies(template: Path, folder: Path) -> Iterator[Callable[[], None]]:
    """Calling what this gives makes the database as it was; an application context is open."""
    file = folder / "wenze.db"
    shutil.copyfile(template, file)

    def restore() -> None:
        """Row by row into the open file: quicker than opening it anew."""
        db.session.remove()
        db.engine.dispose()
        with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(file)) as target:
            source.backup(target)

    for app in application_on(f"sqlite:///{file}", folder):
        with app.app_context():
            yield restore


def run(place: Place, restore: Callable[[], None], *, runs: int, acts: int) -> None:
    # Reading a diagram raises the limit, once and for all; Hypothesis warns where that happens in a run.
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 5_000))
    sys.stdout.write(f"\nWENZE_WALK_SEED={SEED}\n")
    chosen = settings(
        max_examples=runs * (20 if LONG else 1),
        stateful_step_count=acts,
        deadline=None,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    run_state_machine_as_test(seeded(SEED)(Machine.on(place, restore)), settings=chosen)


@pytest.mark.slow
def test_random_acts_in_the_small_procedure_leave_everything_consistent(small_world: Callable[[], None]) -> None:
    county = COUNTIES[0]
    usual: dict[str, Any] = {"register": {"handling_organ": f"{county}.zjj", "waits": ("no", "yes")}}
    place = Place(
        county=county,
        begins=MORNING,
        usual=usual,
        reporters=(f"{county}.reporter",),
        leader=f"{county}.director",
        convener=f"{county}.director",
    )

    run(place, small_world, runs=10, acts=40)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("county", "file", "case", "leader"),
    [("jinzhai", "cases.yml", "C13", "jmo.director"), ("yiyuan", "cases-yiyuan.yml", None, "registry.officer")],
)
def test_random_acts_in_the_shipped_procedures_leave_everything_consistent(
    county_world: Callable[[], None], county: str, file: str, case: str | None, leader: str
) -> None:
    published = read_yaml(ROOT / "demo" / file)["cases"]
    chosen = next(one for one in published if case in (None, one["id"]))
    said = {**answers_of(chosen), **(chosen.get("answers") or {})}
    place = Place(
        county=county,
        begins=datetime.fromisoformat(chosen.get("registered_on", "2026-02-10")).replace(hour=1, tzinfo=UTC),
        usual=read_yaml(ROOT / "demo" / "answers.yml"),
        reporters=(f"{county}.organ.reporter.{chosen['lead_organ']}",),
        leader=f"{county}.{leader}",
        convener=f"{county}.{leader}" if leader == "jmo.director" else "",
        said={step: _only_once(given) for step, given in said.items()},
    )

    run(place, county_world, runs=4, acts=40)


def _only_once(given: Any) -> Any:
    """What a case says at its first visit, where it tells several."""
    return given[0] if isinstance(given, list) else given
