"""Where an end-to-end test comes in: a case that scenarios have brought so far, and acts as a scenario writes them."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

from app.domain.deadlines import OFFICE_ZONE
from app.scenarios import script
from app.scenarios.performance import Performance
from app.scenarios.theatre import published_in
from app.scenarios.world import World, read_yaml
from config import ROOT

SCENARIOS = ROOT / "processes" / "scenarios"


def stage_of(county: str, *, begins: str) -> Performance:
    """An empty stage on the morning of a day."""
    now = datetime.combine(datetime.fromisoformat(begins), time(9), OFFICE_ZONE)
    world = World(county=county, now=now, usual=read_yaml(ROOT / "demo" / "answers.yml"))
    return Performance(world, published=published_in(ROOT / "demo"), tables={})


def stage_after(scenario: str) -> Performance:
    """The stage on which a scenario, and whatever it continues, has been played through the services."""
    found = script.read(SCENARIOS / f"{scenario}.yml", root=SCENARIOS)
    if found.continues is not None:
        stage = stage_after(found.continues)
    else:
        stage = stage_of(found.county, begins=str(found.begins))
    _perform(stage, found.acts, name=found.name)
    return stage


def perform(stage: Performance, *acts: Mapping[str, Any]) -> None:
    """Acts as the file of a scenario has them (docs/how-to-write-a-scenario.md)."""
    _perform(stage, (script.act(data, number, name="test") for number, data in enumerate(acts, 1)), name="test")


def _perform(stage: Performance, acts: Iterable[script.Act], *, name: str) -> None:
    for act in acts:
        stage.perform(act, where=f"{name}, act {act.number} ({act.verb}: {act.what})")
