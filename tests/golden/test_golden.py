"""What every released version has saved is loaded by this one, found sound, and finished through the services."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.examination import Code, Gravity
from app.domain.proceedings import ProceedingStatus
from config import ROOT
from tests.golden.chosen import CHOSEN, HELD
from tests.golden.stage import digest_of_migration, index_of, opened, schema_of, versions

ROUNDS = 300
"""Most things that happen until a proceeding is finished."""


def instances() -> list[tuple[str, str]]:
    return [(version, name) for version in versions() for name in index_of(version)]


@pytest.mark.parametrize("version", versions())
def test_the_schema_of_a_version_is_what_it_was(version: str) -> None:
    changed = [name for name, digest in schema_of(version).items() if digest_of_migration(name) != digest]

    assert changed == [], "before the release run `python -m tests.golden.make --again`; after it, never change these"


def test_every_kind_of_waiting_is_kept() -> None:
    assert versions()
    assert {*CHOSEN, HELD} <= set(index_of(versions()[-1]))


@pytest.mark.slow
@pytest.mark.parametrize(("version", "name"), [pair for pair in instances() if pair[1] != HELD])
def test_a_saved_instance_is_sound_and_is_finished(version: str, name: str, tmp_path: Path) -> None:
    entry = index_of(version)[name]

    with opened(version, entry, name=name, folder=tmp_path):
        finisher = Finisher(entry)

        assert finisher.complaints() == []
        finisher.finish()
        assert finisher.running() == []
        assert finisher.complaints() == []


@pytest.mark.parametrize("version", versions())
def test_a_held_step_goes_on_once_its_cause_is_gone(version: str, tmp_path: Path) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.services import examination, incidents  # noqa: PLC0415
    from app.storage.models import IncidentRow  # noqa: PLC0415
    from tests.services.conftest import Office  # noqa: PLC0415

    entry = index_of(version)[HELD]
    with opened(version, entry, name=HELD, folder=tmp_path) as app:
        office, case = Office(app), entry["proceedings"]["A"]
        office.now = entry["now"]

        assert {finding.code for finding in examination.examine(case, now=office.now)} == {Code.HELD}
        office.complete(office.task(case, "T_check"), "officer1", {"opinion": "齐", "handling_organ": "beishan.zjj"})
        incident = db.session.query(IncidentRow).filter_by(proceeding_id=case).one()
        incidents.retry(case, engine_task_id=incident.engine_task_id, actor=office.actor("director"), now=office.now)

        office.complete(office.task(case, "T_handle"), "head", {})
        office.complete(office.task(case, "T_review"), "officer2", {})
        assert office.open_steps(case) == []
        assert examination.examine(case, now=office.now) == []


class Finisher:
    """Does what waits until every proceeding is closed: steps, messages from outside, then time."""

    def __init__(self, entry: Mapping[str, Any]) -> None:
        from app.scenarios.player import Player  # noqa: PLC0415
        from app.scenarios.world import World, read_yaml  # noqa: PLC0415

        usual = read_yaml(ROOT / "demo" / "answers.yml")
        self.world = World(county=entry["county"], now=entry["now"], usual=usual)
        self.world.proceedings = dict(entry["proceedings"])
        self.messages = entry["messages"]
        self.players = {}
        for name, kept in entry["players"].items():
            player = Player(self.world, name, answers=kept["answers"], names=kept["names"])
            player.visits = dict(kept["visits"])
            self.players[self.world.proceedings[name]] = player

    def running(self) -> list[str]:
        from app.extensions import db  # noqa: PLC0415
        from app.storage.models import Proceeding  # noqa: PLC0415

        db.session.rollback()
        query = select(Proceeding.id).where(Proceeding.status == ProceedingStatus.RUNNING)
        return list(db.session.scalars(query.order_by(Proceeding.number)))

    def complaints(self) -> list[str]:
        from app.services import examination  # noqa: PLC0415

        found = examination.examine_many(now=self.world.now)
        # the collection keeps rows, not the files of papers
        wrong = (finding for finding in found if finding.code is not Code.PAPER_MISSING)
        return [str(finding) for finding in wrong if finding.gravity is Gravity.ERROR]

    def finish(self) -> None:
        for _ in range(ROUNDS):
            running = self.running()
            if not running:
                return
            moved = [self._go_on(id_) for id_ in running]
            if not any(moved):
                self._let_time_pass()

    def _go_on(self, proceeding_id: str) -> bool:
        """Whether anything could be done for it."""
        return self._resume(proceeding_id) or self._work(proceeding_id) or self._tell(proceeding_id)

    def _resume(self, proceeding_id: str) -> bool:
        from app.queries import open_steps  # noqa: PLC0415
        from app.services import periods  # noqa: PLC0415

        proceeding = open_steps.proceeding_of(proceeding_id)
        if getattr(proceeding, "suspended_at", None) is None:
            return False
        leader = self.world.actor(f"{self.world.county}.jmo.director")
        periods.resume_case(proceeding.number, reason="继续", actor=leader, now=self.world.now)
        return True

    def _work(self, proceeding_id: str) -> bool:
        from app.queries import open_steps  # noqa: PLC0415
        from app.scenarios.player import Player  # noqa: PLC0415

        steps = open_steps.of_proceeding(proceeding_id)
        if not steps:
            return False
        if proceeding_id not in self.players:
            self.world.proceedings[proceeding_id] = proceeding_id
            names = {"case_no": open_steps.proceeding_of(proceeding_id).number}
            self.players[proceeding_id] = Player(self.world, proceeding_id, answers={}, names=names)
        self.players[proceeding_id].do(steps[0])
        return True

    def _tell(self, proceeding_id: str) -> bool:
        from app.extensions import db  # noqa: PLC0415
        from app.services import rehearsal  # noqa: PLC0415
        from app.storage.models import SubscriptionRow  # noqa: PLC0415

        query = select(SubscriptionRow).where(
            SubscriptionRow.proceeding_id == proceeding_id, SubscriptionRow.message.in_(self.messages)
        )
        waiting = db.session.scalars(query.limit(1)).one_or_none()
        if waiting is None:
            return False
        key = dict(pair.split("=", 1) for pair in waiting.correlation.split("&"))
        rehearsal.tell(
            waiting.message,
            proceeding_id=proceeding_id,
            key=key,
            payload=self.messages[waiting.message],
            now=self.world.now,
        )
        self.world.settle()
        return True

    def _let_time_pass(self) -> None:
        from app.queries import evidence  # noqa: PLC0415

        due: datetime = evidence.next_event(self.world.now) or self.world.now + timedelta(days=30)
        self.world.move_to(due + timedelta(minutes=1))
