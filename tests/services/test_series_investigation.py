"""系列案 from the table to the end: one meeting decides all, one case is investigated, the others follow its result."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from app.domain.actors import Actor
from app.domain.errors import ConflictError, InvalidAnswersError, NotAllowedError
from app.scenarios.hands import ServiceHands
from app.services import tasks

NOW = datetime(2026, 2, 10, 1, 0, tzinfo=UTC)
REPORTER, DIRECTOR = "jinzhai.organ.reporter.zjj", "jinzhai.jmo.director"
CASES = int(os.environ.get("WENZE_SERIES_CASES", "6"))
"""How many the series has; 200 is measured in docs/measurements.md."""


BEFORE_MEETING = (
    "jinzhai-intake/T_scope",
    "filing-report/T_draft",
    "filing-report/T_review",
    "filing-report/T_sign",
    "filing-report/T_file",
    "filing/T_check",
    "screening/T_collate",
)


@dataclass
class Stage:
    """A county, and the answers of a published case."""

    world: Any
    answers: Mapping[str, Any]
    cases: int

    def registered(self) -> list[Any]:
        """The sample and the cases that a table made like it, as players; each step is done for all of them."""
        from app.scenarios.player import Player  # noqa: PLC0415  (see tests.conftest)
        from app.services.series import open_series  # noqa: PLC0415

        world = self.world
        sample = Player(world, "0", answers=self.answers).open_case(REPORTER).do_step("jinzhai-intake/T_register")
        table = "案号/文号\n" + "\n".join(f"（2026）皖1524行初{500 + n}号" for n in range(1, self.cases)) + "\n"
        run_id = open_series(sample.proceeding_id, table=table.encode(), actor=world.actor(REPORTER), now=world.now)
        world.rest()
        players = [sample]
        for number, (case_no, case_id) in enumerate(cases_of(run_id), 1):
            player = Player(world, str(number), answers=self.answers, names={"case_no": case_no})
            world.proceedings[player.name] = case_id
            players.append(player)
        world.hands = Together()
        return players


def stage_of(cases: int) -> Stage:
    from app.scenarios.demo import answers_of  # noqa: PLC0415
    from app.scenarios.world import World, read_yaml  # noqa: PLC0415
    from config import ROOT  # noqa: PLC0415

    usual = read_yaml(ROOT / "demo" / "answers.yml")
    world = World(county="jinzhai", now=NOW, usual=usual, pace=timedelta(seconds=2))
    published = next(c for c in read_yaml(ROOT / "demo" / "cases.yml")["cases"] if c["id"] == "C13")
    return Stage(world, answers_of(published), cases)


@pytest.fixture
def series(county: Flask) -> Iterator[SimpleNamespace]:
    """The cases of a series, registered from a table, all waiting for a meeting; the first is the sample."""
    with county.app_context():
        stage = stage_of(CASES)
        players = stage.registered()
        for step in BEFORE_MEETING:
            players[0].do_step(step)
        yield SimpleNamespace(
            world=stage.world, players=players, meeting=lambda **said: meet(stage.world, players, **said)
        )


class Together(ServiceHands):
    """Does each step for the whole series where that is allowed."""

    def complete(self, actor: Actor, now: datetime, *, task_id: str, answers: Mapping[str, Any]) -> None:
        from app.queries.series_runs import offer  # noqa: PLC0415

        together = offer(actor, task_id) is not None
        tasks.complete(task_id, answers=answers, actor=actor, now=now, key=uuid4().hex, with_series=together)


def cases_of(run_id: str) -> list[tuple[str, str]]:
    """Number and id of the cases that a run opened."""
    from sqlalchemy import select  # noqa: PLC0415

    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Proceeding, SeriesItem  # noqa: PLC0415

    query = select(Proceeding.number, Proceeding.id).join(SeriesItem, SeriesItem.case_id == Proceeding.id)
    return [tuple(row) for row in db.session.execute(query.where(SeriesItem.run_id == run_id).order_by(SeriesItem.id))]


def meet(world: Any, players: list[Any], **agenda: Any) -> Any:
    from app.scenarios.player import Player  # noqa: PLC0415

    chosen = {"case_ids": [players[-1].number]}
    answers = {
        "meeting-preparation/T_propose": chosen,
        "meeting-preparation/T_agenda": {**chosen, **agenda},
        "agenda-item/T_discuss": {"entities": ["zjj"]},
    }
    return Player(world, "M", answers=answers, names={}).open_meeting(DIRECTOR)


def waits_for(players: list[Any], message: str) -> int:
    from sqlalchemy import func, select  # noqa: PLC0415

    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import SubscriptionRow  # noqa: PLC0415

    db.session.rollback()
    ids = [player.proceeding_id for player in players]
    query = select(func.count()).where(SubscriptionRow.proceeding_id.in_(ids), SubscriptionRow.message == message)
    return db.session.scalars(query).one()


def standing_of(player: Any) -> tuple[str, str | None]:
    from app.queries import open_steps  # noqa: PLC0415

    found = open_steps.proceeding_of(player.proceeding_id)
    return found.status.value, found.outcome


@pytest.mark.slow
def test_one_meeting_decides_the_series_and_all_follow_the_one_that_is_investigated(series: SimpleNamespace) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import AgendaItem, AgendaItemCase  # noqa: PLC0415

    lead, *followers = series.players

    series.meeting().play()

    item = db.session.query(AgendaItem).one()
    assert item.case_id == lead.proceeding_id
    assert f"系列案 {CASES} 件" in item.title
    assert db.session.query(AgendaItemCase).count() == len(followers)
    assert waits_for(series.players, "AgendaDecided") == 0
    assert waits_for(followers, "LeadDecided") == len(followers)

    lead.play(until="enforcement/T_feedback").do_step("enforcement/T_feedback")
    assert waits_for(followers, "LeadDecided") == 0
    for player in series.players:
        player.play()

    assert standing_of(lead) == ("CLOSED", "CONCLUDED")
    assert {standing_of(player) for player in followers} == {("CLOSED", "FOLLOWED")}


@pytest.mark.slow
def test_a_meeting_put_off_gives_the_series_back_and_a_case_with_other_facts_leaves_it(series: SimpleNamespace) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.services.series import separate  # noqa: PLC0415
    from app.storage.models import AgendaItem, AgendaItemCase, Case  # noqa: PLC0415

    lead, *followers = series.players
    meeting = series.meeting().play(until="joint-meeting/T_hold")
    on_agenda = db.session.query(Case).filter(Case.on_agenda == meeting.proceeding_id)
    assert on_agenda.count() == CASES

    meeting.do_step("joint-meeting/T_hold", held="POSTPONED", not_held_reason="主持人公务冲突")
    assert (on_agenda.count(), db.session.query(AgendaItem).count(), db.session.query(AgendaItemCase).count()) == (
        0,
        0,
        0,
    )

    meeting.play()
    director, apart = series.world.actor(DIRECTOR), followers[0]
    with pytest.raises(NotAllowedError):
        separate(apart.proceeding_id, reason="程序不同", actor=series.world.actor("jinzhai.jmo.officer"), now=NOW)
    with pytest.raises(InvalidAnswersError):
        separate(apart.proceeding_id, reason="", actor=director, now=series.world.now)
    with pytest.raises(ConflictError):
        separate(lead.proceeding_id, reason="程序不同", actor=director, now=series.world.now)
    separate(apart.proceeding_id, reason="程序不同，须另行查明", actor=director, now=series.world.now)
    series.world.rest()

    assert waits_for(followers, "LeadDecided") == len(followers) - 1
    assert "docketing/T_transfer" in apart.standing()
