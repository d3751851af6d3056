"""The cases of a series on stage: registered from a table, taken to the meeting together, decided there."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import xlsxwriter
from sqlalchemy import func, select

from app.domain.actors import Actor
from app.extensions import db
from app.queries.series_runs import offer
from app.scenarios.demo import answers_of
from app.scenarios.hands import ServiceHands
from app.scenarios.player import Player
from app.scenarios.world import World, read_yaml
from app.services import tasks
from app.services.series import open_series
from app.storage.models import Proceeding, SeriesItem, SubscriptionRow
from config import ROOT

NOW = datetime(2026, 2, 10, 1, 0, tzinfo=UTC)
REPORTER, DIRECTOR = "jinzhai.organ.reporter.zjj", "jinzhai.jmo.director"
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
    """An empty county in which as many cases are going to be a series."""
    usual = read_yaml(ROOT / "demo" / "answers.yml")
    world = World(county="jinzhai", now=NOW, usual=usual, pace=timedelta(seconds=2))
    published = next(c for c in read_yaml(ROOT / "demo" / "cases.yml")["cases"] if c["id"] == "C13")
    return Stage(world, answers_of(published), cases)


class Together(ServiceHands):
    """Does each step for the whole series where that is allowed."""

    def complete(self, actor: Actor, now: datetime, *, task_id: str, answers: Mapping[str, Any]) -> None:
        together = offer(actor, task_id) is not None
        tasks.complete(task_id, answers=answers, actor=actor, now=now, key=uuid4().hex, with_series=together)


def cases_of(run_id: str) -> list[tuple[str, str]]:
    """Number and id of the cases that a run opened."""
    query = select(Proceeding.number, Proceeding.id).join(SeriesItem, SeriesItem.case_id == Proceeding.id)
    return [tuple(row) for row in db.session.execute(query.where(SeriesItem.run_id == run_id).order_by(SeriesItem.id))]


def meet(world: Any, players: list[Any], **agenda: Any) -> Any:
    """A meeting with the series on its agenda, to be played; `agenda`: other answers about it."""
    chosen = {"case_ids": [players[-1].number]}
    answers = {
        "meeting-preparation/T_propose": chosen,
        "meeting-preparation/T_agenda": {**chosen, **agenda},
        "agenda-item/T_discuss": {"entities": ["zjj"]},
    }
    return Player(world, "M", answers=answers, names={}).open_meeting(DIRECTOR)


def waits_for(players: list[Any], message: str) -> int:
    """How many of the cases wait for the message."""
    db.session.rollback()
    ids = [player.proceeding_id for player in players]
    query = select(func.count()).where(SubscriptionRow.proceeding_id.in_(ids), SubscriptionRow.message == message)
    return db.session.scalars(query).one()


def workbook(*rows: list[Any]) -> bytes:
    """What a spreadsheet program writes."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet("清单"), book.add_format({"num_format": "yyyy/m/d"})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                else:
                    sheet.write(number, column, cell)
    return content.getvalue()
