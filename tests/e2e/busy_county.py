"""A county in the middle of its work: 2,000 open items, a few of them real cases where somebody has to act."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from app.extensions import db
from app.scenarios.demo import answers_of
from app.scenarios.hands import Hands
from app.scenarios.performance import Performance
from app.scenarios.world import World, read_yaml
from app.scenarios.year_plans import moved_to
from app.services import searching
from app.storage.models import Case, Organ, Proceeding, Task
from bench import crowds
from config import ROOT
from tests.conftest import application_on
from tests.e2e.scenes import perform, stage_of

COUNTY, BEGINS = "jinzhai", "2026-03-02"
OPEN_ITEMS, DONE_ITEMS, PAST = 2_000, 200, 5_000
STEP_NAMES = ("完整性审查", "补正材料", "汇总并提出意见", "撰写败诉案件分析报告", "制作移送函并移送")
INCOMPLETE = {"check_result": "SUPPLEMENT", "missing_items": ["CASE_FILE"]}


@dataclass
class Busy:
    """Where everything stands, for as many tests as want to go on from there."""

    folder: Path
    now: datetime
    proceedings: dict[str, str] = field(default_factory=dict)
    """inform: the team leader informs the organ; vote: seven members sign; again: the director decides on a second
    return; draft: the organ writes its report; check: the office checks; meeting: the one that is held."""


def build(template: Path, folder: Path) -> Busy:
    """Play the cases through the services, and put the crowd around them."""
    shutil.copyfile(template, folder / "wenze.db")
    for app in application_on(f"sqlite:///{folder / 'wenze.db'}", folder):
        with app.app_context():
            stage = stage_of(COUNTY, begins=BEGINS)
            open_case(stage, "inform", copy=1)
            perform(stage, {"play": "inform", "until": "filing/T_check"})
            _crowd(stage.world.now)
            _play_all(stage)
            searching.catch_up(most=OPEN_ITEMS)
            return Busy(folder, stage.world.now, dict(stage.world.proceedings))
    raise AssertionError


def _crowd(now: datetime) -> None:
    """Copies of the one step that is open: half of them in the officer's hands, half in his pool."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crowds, "moment", lambda: now)
        crowds.grow_to(OPEN_ITEMS, history=PAST, done=DONE_ITEMS)
    _dress(now)


def _dress(now: datetime) -> None:
    """Give the copies what lists show: a number, an organ of their own, a step that has a name."""
    sample = db.session.scalars(select(Case).limit(1)).one()
    known = {column.name: getattr(sample, column.name) for column in Case.__table__.columns if column.computed is None}
    organs = list(db.session.scalars(select(Organ.id).where(Organ.county_id == COUNTY).order_by(Organ.id)))
    copies = db.session.scalars(select(Proceeding.id).where(Proceeding.number.startswith("件")).order_by(Proceeding.id))
    for place, id_ in enumerate(copies.all(), 1):
        organ = organs[place % len(organs)]
        number = f"金败责〔{now.year - 1}〕{place:04d}号"
        db.session.execute(update(Proceeding).where(Proceeding.id == id_).values(number=number))
        db.session.execute(insert(Case.__table__).values({**known, "proceeding_id": id_, "lead_organ_id": organ}))
        db.session.execute(update(Task).where(Task.proceeding_id == id_).values(lead_organ_id=organ))
    for step in db.session.scalars(select(Task.name).where(Task.name.startswith("环节")).distinct()).all():
        name = STEP_NAMES[int(step.removeprefix("环节")) % len(STEP_NAMES)]
        db.session.execute(update(Task).where(Task.name == step).values(name=name))
    db.session.commit()


def _play_all(stage: Performance) -> None:
    perform(stage, {"play": "inform"}, {"meeting": "first", "cases": ["inform"]}, {"play": "first"})
    perform(stage, {"play": "inform", "until": "investigation/T_inform"})
    open_case(stage, "vote", copy=2)
    perform(stage, {"play": "vote"}, {"meeting": "meeting", "cases": ["vote"]})
    perform(stage, {"play": "meeting", "until": "agenda-item/T_countersign"})
    open_case(stage, "again", copy=3)
    returned = {"filing/T_check": INCOMPLETE}
    perform(stage, {"play": "again", "until": "filing/T_check_director", "answers": returned})
    open_case(stage, "draft", copy=4)
    perform(stage, {"play": "draft", "until": "filing-report/T_draft"})
    open_case(stage, "check", copy=5)
    perform(stage, {"play": "check", "until": "filing/T_check"})


def open_case(stage: Performance, name: str, *, copy: int) -> None:
    """A case like a published one, of the day."""
    cases = read_yaml(ROOT / "demo" / "cases.yml")["cases"]
    original = next(case for case in cases if case["id"] == "C13")
    moved = moved_to(original, stage.world.now.date(), copy=copy)
    stage.published = {name: {"lead_organ": moved["lead_organ"], "answers": answers_of(moved)}}
    perform(stage, {"open": name, "published": name})


@contextmanager
def copied(busy: Busy, folder: Path) -> Iterator[Flask]:
    """The application on a copy of its own."""
    shutil.copytree(busy.folder, folder, dirs_exist_ok=True)
    yield from application_on(f"sqlite:///{folder / 'wenze.db'}", folder)


def stage_in(busy: Busy, hands: Hands) -> Performance:
    """A stage on which the county goes on, by these hands. Inside an application context."""
    usual = read_yaml(ROOT / "demo" / "answers.yml")
    world = World(county=COUNTY, now=busy.now, usual=usual, hands=hands, proceedings=dict(busy.proceedings))
    stage = Performance(world, published={}, tables={})
    for name, proceeding_id in busy.proceedings.items():
        stage.know(name, proceeding_id)
    return stage
