"""Where scenarios are played: a database of its own with the people and one set of definitions, and no cases.

A scenario that continues another begins where that one ended. On the embedded database the end of each play is kept,
so that what many scenarios share is played once; on any other database the earlier scenario is played again.
"""

import copy
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from time import perf_counter
from typing import Any

from app.domain.deadlines import OFFICE_ZONE
from app.domain.errors import N_
from app.extensions import db
from app.scenarios.demo import answers_of
from app.scenarios.hands import Hands, ServiceHands
from app.scenarios.performance import Performance
from app.scenarios.player import Player
from app.scenarios.script import Scenario, ScenarioError, read
from app.scenarios.world import World, read_yaml
from app.services import definitions, organisation, rehearsal

Passages = frozenset[rehearsal.Passage]


@dataclass(frozen=True, slots=True)
class Report:
    """How a scenario went. What it continues is told in that scenario's own report."""

    scenario: str
    title: str
    acts: int
    """Acts performed, the failing one included."""
    seconds: float
    passed: Passages
    error: ScenarioError | None = None
    """Why it failed: place, expectation, what was found; None when all went well."""

    @property
    def went_well(self) -> bool:
        return self.error is None

    @property
    def failure(self) -> str:
        """For a console; empty when all went well."""
        return str(self.error or "")


def broken(error: Exception, *, where: str = "") -> ScenarioError:
    """What nobody foresaw, as the failure of the scenario that met it."""
    return ScenarioError(
        N_("程序出错：%(kind)s：%(problem)s"), where=where, kind=type(error).__name__, problem=str(error)
    )


@dataclass(frozen=True, slots=True)
class End:
    """How a play ended: the database, and the players' memory."""

    database: sqlite3.Connection | None
    memory: Mapping[str, Any]


@dataclass
class Theatre:
    """Plays scenarios in the database of the open application context. `scenarios` is the folder of their files."""

    scenarios: Path
    demo: Path
    keep_ends: bool = True
    """False: everything is played from the beginning, for changed definitions that no earlier play has seen."""
    hands: Hands = field(default_factory=ServiceHands)
    """How the people of the plays act."""
    outlines: Mapping[str, rehearsal.Outline] = field(default_factory=dict)
    """What there is to reach in the definitions that were settled."""
    _ends: dict[str, End] = field(default_factory=dict)
    _tables: Mapping[str, bytes] = field(default_factory=dict)
    _usual: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    _published: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def settle(self, *, processes: Path, forms: Path, now: datetime, password: str) -> None:
        """Publish the definitions in two folders and let the people in. Raises InvalidDefinitionError."""
        for path in sorted(self.demo.glob("*.yml")):
            if "people:" in path.read_text("utf-8"):
                organisation.import_file(path, password=password, demo=True, now=now)
        definitions.publish_seeds(processes, forms, by="scenarios", now=now)
        self._furnish(definitions.read_seeds(processes, forms))

    def settle_for_play(self, files: Mapping[str, bytes], *, county_id: str, now: datetime) -> None:
        """The same with files whose findings are known, where the people are in already. Raises DomainError."""
        rehearsal.install(files, county_id=county_id, now=now)
        self._furnish(files)

    def _furnish(self, files: Mapping[str, bytes]) -> None:
        self.outlines = rehearsal.outlines_of(files)
        self._tables = {name.removesuffix(".dmn"): data for name, data in files.items() if name.endswith(".dmn")}
        self._usual = usual_answers(self.demo, self.scenarios)
        self._published = published_in(self.demo)
        self._ends[""] = End(_copy_of_database(), {})

    def names(self) -> list[str]:
        """All scenarios by name, in the order of their folders."""
        return sorted(
            path.relative_to(self.scenarios).with_suffix("").as_posix() for path in self.scenarios.glob("*/*.yml")
        )

    def name_of(self, file: Path) -> str:
        """The name of a scenario, from it or from the path of its file."""
        if file.suffix != ".yml":
            return file.as_posix()
        return file.resolve().relative_to(self.scenarios.resolve()).with_suffix("").as_posix()

    def read(self, name: str) -> Scenario:
        path = self.scenarios / f"{name}.yml"
        if ".." in name or not path.is_file():
            raise ScenarioError(N_("没有情景%(name)s"), name=name)
        return read(path, root=self.scenarios)

    def play(self, name: str) -> Report:
        """Play one scenario; what it continues is played first where that has not happened yet."""
        title = name
        try:
            scenario = self.read(name)
            title = scenario.title
            performance = self._beginning(scenario)
        except ScenarioError as error:
            return Report(name, title, 0, 0.0, frozenset(), error)
        return self._perform(scenario, performance)

    def _perform(self, scenario: Scenario, performance: Performance) -> Report:
        passed: set[rehearsal.Passage] = set()
        began, number = perf_counter(), 0
        failed: ScenarioError | None = None
        with rehearsal.watched(passed.add):
            for act in scenario.acts:
                number, where = act.number, f"{scenario.name}，第{act.number}个动作（{act.verb}: {act.what}）"
                try:
                    performance.perform(act, where=where)
                except ScenarioError as error:
                    failed = error
                except Exception as error:  # noqa: BLE001  (what a wrong file makes of an act is this scenario's failure)
                    failed = broken(error, where=where)
                if failed:
                    break
        if failed is None and self.keep_ends:
            self._ends[scenario.name] = End(_copy_of_database(), _memory_of(performance))
        return Report(scenario.name, scenario.title, number, perf_counter() - began, frozenset(passed), failed)

    @property
    def examples(self) -> Mapping[str, Mapping[str, Any]]:
        """Ready-made answers of published cases, by their ids."""
        return self._published

    def begin(self, scenario: Scenario) -> Performance:
        """The world in which the first act of a scenario happens, for somebody who acts himself.

        Raises ScenarioError.
        """
        return self._beginning(scenario)

    def keep(self, performance: Performance) -> End:
        """How a play stands, to return to."""
        return End(_copy_of_database(), _memory_of(performance))

    def return_to(self, end: End) -> Performance:
        """Only on the embedded database."""
        self._go_back_to(end)
        return self._remembered(end.memory)

    def _beginning(self, scenario: Scenario) -> Performance:
        """The world in which the first act happens. Raises ScenarioError."""
        if scenario.continues is None:
            self._go_back_to(self._ends[""])
            return self._new_performance(scenario)
        end = self._ends.get(scenario.continues)
        if end is not None and end.database is not None:
            self._go_back_to(end)
            return self._remembered(end.memory)
        earlier = self.read(scenario.continues)
        performance = self._beginning(earlier)
        report = self._perform(earlier, performance)
        if report.error is not None:
            before = N_("它接着演练的情景%(name)s没有通过：%(why)s")
            raise ScenarioError(before, name=earlier.name, why=report.error.in_words())
        return performance

    def _new_performance(self, scenario: Scenario) -> Performance:
        assert scenario.begins is not None
        now = datetime.combine(scenario.begins, time(9), OFFICE_ZONE)
        world = World(county=scenario.county, now=now, usual=self._usual, hands=self.hands)
        return Performance(world, published=self._published, tables=self._tables)

    def _remembered(self, memory: Mapping[str, Any]) -> Performance:
        kept = copy.deepcopy(memory["world"]), copy.deepcopy(memory["players"])
        world = World(usual=self._usual, hands=self.hands, **kept[0])
        performance = Performance(world, published=self._published, tables=self._tables)
        performance.current = memory["current"]
        for name, player in kept[1].items():
            performance.players[name] = _player(world, name, player)
        return performance

    def _go_back_to(self, end: End) -> None:
        db.session.remove()
        if end.database is not None:
            with db.engine.connect() as connection:
                end.database.backup(_driver(connection))


def _player(world: World, name: str, kept: Mapping[str, Any]) -> Player:
    player = Player(world, name, answers=kept["answers"], names=kept["names"])
    player.visits = dict(kept["visits"])
    return player


def _memory_of(performance: Performance) -> dict[str, Any]:
    world = performance.world
    return copy.deepcopy(
        {
            "world": {
                "county": world.county,
                "now": world.now,
                "pace": world.pace,
                "proceedings": world.proceedings,
            },
            "current": performance.current,
            "players": {
                name: {"answers": player.answers, "names": player.names, "visits": player.visits}
                for name, player in performance.players.items()
            },
        }
    )


def _copy_of_database() -> sqlite3.Connection | None:
    """A copy in memory; None on a database that is not embedded."""
    if db.engine.dialect.name != "sqlite":
        return None
    db.session.remove()
    kept = sqlite3.connect(":memory:", check_same_thread=False)
    with db.engine.connect() as connection:
        _driver(connection).backup(kept)
    return kept


def _driver(connection: Any) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def usual_answers(*folders: Path) -> dict[str, Mapping[str, Any]]:
    """By form; a later folder says it better."""
    found: dict[str, Mapping[str, Any]] = {}
    for path in (folder / "answers.yml" for folder in folders):
        found |= read_yaml(path) if path.is_file() else {}
    return found


def published_in(demo: Path) -> dict[str, dict[str, Any]]:
    """Ready-made answers of the published cases in the folder of the demonstration, by their ids."""
    return {
        case["id"]: {"lead_organ": case["lead_organ"], "answers": _whoever_registers(answers_of(case))}
        for path in sorted(demo.glob("*cases*.yml"))
        for case in read_yaml(path)["cases"]
    }


def _whoever_registers(answers: dict[str, Any]) -> dict[str, Any]:
    """The document says the same whether the organ registers it or the office does."""
    return {**answers, "T_register_office": answers["T_register"]}
