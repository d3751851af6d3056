"""The county that is measured: real people, real definitions, a published case brought to the step in question.

One case is played through the services; as many as a measurement needs are copies of its rows under new ids.
"""

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import zstandard
from flask import Flask
from sqlalchemy import Table, delete, insert, select, update

from app import create_app
from app.domain.deadlines import office_day
from app.domain.tasks import TaskStatus
from app.extensions import Base, db
from app.queries import open_steps
from app.scenarios.demo import Stage
from app.scenarios.filling import fill
from app.scenarios.player import Player
from app.services import accounts, definitions, organisation
from app.storage.models import FileOrder, HistoryEntry, JournalCheck, Proceeding, Submission, Task
from app.storage.notifications import begin_day
from app.storage.searching import behind
from app.storage.transaction import transaction
from config import ROOT, Config

COUNTY = "jinzhai"
PASSWORD = "Only-For-Bench-1"
OFFICER = f"{COUNTY}.jmo.officer"
DAYS_AGO = 5
"""When the played case began: late enough that no period has run out, whatever day it is."""
DATES = ("doc_date", "served_date", "other_party_served_date")
YARDSTICK = ("filing", "T_check")
"""S-05 of the case: the office checks what was filed."""
CASE = "C01"
_HEX = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")


@contextmanager
def application(url: str, data: Path) -> Iterator[Flask]:
    """The product in this process, as it runs in production; its connections are closed afterwards."""
    app = create_app(Config.for_tests(url, data, TESTING=False))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def settle(now: datetime) -> None:
    """Publish the definitions and let the people in."""
    for path in sorted((ROOT / "demo").glob("*.yml")):
        if "people:" in path.read_text("utf-8"):
            organisation.import_file(path, password=PASSWORD, demo=False, now=now)
    definitions.publish_seeds(ROOT / "processes", ROOT / "forms", by="bench", now=now)


def stage() -> Stage:
    """A stage whose clock begins some days ago, with the published case moved to that time."""
    begins = (moment() - timedelta(days=DAYS_AGO)).replace(hour=1, minute=0, second=0, microsecond=0)
    played = Stage(ROOT / "demo", county=COUNTY, begins=begins, ends=begins + timedelta(days=800))
    case = played.cases[CASE]
    by = begins.date() - date.fromisoformat(case["registered_on"])
    papers = case["legal_document"]
    moved = {name: (date.fromisoformat(papers[name]) + by).isoformat() for name in DATES}
    played.cases[CASE] = {**case, "legal_document": {**papers, **moved}}
    return played


def case_at(played: Stage, name: str, until: str) -> str:
    """Bring a published case to a step; returns the proceeding's id."""
    played.perform({"open": name, "until": until})
    return played.players[name].proceeding_id


def the_case() -> str:
    """Id of the published case that was played first."""
    return db.session.scalars(select(Proceeding.id).order_by(Proceeding.opened_at).limit(1)).one()


@dataclass(frozen=True)
class Original:
    """All rows of one proceeding, table by table in the order in which they may be inserted."""

    proceeding_id: str
    number: str
    rows: Mapping[Table, list[dict[str, Any]]]
    state: bytes
    own_ids: frozenset[str]


def original(proceeding_id: str) -> Original:
    """Everything that belongs to a proceeding, read from every table that knows it."""
    rows: dict[Table, list[dict[str, Any]]] = {}
    for table in Base.metadata.sorted_tables:
        column = {"proceedings": "id", "journal": "scope"}.get(table.name, "proceeding_id")
        if column in table.c:
            written = [each for each in table.c if each.computed is None]
            found = db.session.execute(select(*written).where(table.c[column] == proceeding_id)).mappings()
            rows[table] = [dict(row) for row in found]
    proceeding = next(row for table, found in rows.items() if table.name == "proceedings" for row in found)
    state = zstandard.decompress(proceeding["state"])
    ids = {row["id"] for found in rows.values() for row in found if isinstance(row.get("id"), str)}
    ids |= set(_HEX.findall(state.decode()))
    return Original(proceeding_id, proceeding["number"], rows, state, frozenset(ids) - {proceeding["release_id"]})


def copies(of: Original, number: int) -> list[tuple[str, dict[str, str]]]:
    """Insert copies of a proceeding; returns its id and the ids that its own became, for each."""
    made: list[tuple[str, dict[str, str]]] = []
    written: dict[Table, list[dict[str, Any]]] = {table: [] for table in of.rows}
    for _ in range(number):
        ids = {own: uuid4().hex for own in of.own_ids}
        name = f"{of.number}-{secrets.token_hex(4)}"
        for table, rows in of.rows.items():
            keyless = table.name in ("history", "journal")
            for row in rows:
                changed = {key: _renamed(value, ids, of.number, name) for key, value in row.items()}
                if keyless:
                    del changed["id"]
                if table.name == "proceedings":
                    text = _renamed(of.state.decode(), ids, of.number, name)
                    changed["state"] = zstandard.compress(text.encode(), 3)
                written[table].append(changed)
        made.append((ids[of.proceeding_id], ids))
    for table, rows in written.items():
        for start in range(0, len(rows), 2000):
            db.session.execute(insert(table), rows[start : start + 2000])
    db.session.commit()
    return made


def leave_nothing_to_do() -> None:
    """Leave the worker nothing of yesterday: what it does while we measure comes of what we measure.

    Thousands of cases were not opened in one minute. Their papers' PDFs and packages are made, the search has read
    them, the journal was verified and deadlines were looked through today.
    """
    now = moment()
    with transaction():
        db.session.execute(delete(FileOrder))
        db.session.execute(update(Proceeding).where(behind()).values(searched_length=Proceeding.history_length))
        db.session.add(JournalCheck(id=uuid4().hex, asked_by="bench", asked_at=now, done_at=now, breaks=[]))
        begin_day(office_day(now), now=now)


def _renamed(value: Any, ids: Mapping[str, str], number: str, name: str) -> Any:
    if isinstance(value, str):
        return _HEX.sub(lambda found: ids.get(found[0], found[0]), value).replace(number, name)
    if isinstance(value, dict | list) and value:
        return orjson.loads(_renamed(orjson.dumps(value).decode(), ids, number, name))
    return value


def open_step(proceeding_id: str, step_id: str) -> Task:
    """The open task of a step. Raises LookupError."""
    query = select(Task).where(Task.proceeding_id == proceeding_id, Task.step_id == step_id, Task.status == "OPEN")
    found = db.session.scalars(query).first()
    if found is None:
        raise LookupError(step_id)
    return found


def token_of(username: str, now: datetime) -> str:
    return accounts.create_token(username, "bench", now=now)


def cookie_of(username: str, now: datetime) -> str:
    """The session cookie of somebody who has just signed in."""
    return accounts.sign_in(username, password=PASSWORD, address="127.0.0.1", now=now).cookie


def moment() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Act:
    """One step that somebody may complete over HTTP."""

    task: str
    token: str
    answers: dict[str, Any]


@dataclass
class Ground:
    """What was prepared in one database."""

    officer_token: str
    reporter_token: str
    officer_cookie: str
    few_cookie: str
    steps: list[str]
    """Open tasks of the yardstick step, each of its own case."""
    long_steps: list[str]
    """The same in cases that have a long past."""
    long_past: int
    cases: list[str]
    """Ids of cases to look at."""
    reporter_count: int
    meeting: str = ""
    meeting_items: int = 0
    discussions: list[Act] = field(default_factory=list)
    races: list[list[Act]] = field(default_factory=list)
    """Seven countersignatures of one agenda item, several times."""


REPORTER = f"{COUNTY}.organ.reporter.scj"
FEW = f"{COUNTY}.organ.reporter.zjj"
"""Whoever has few tasks where others have many."""
CHECKED = {"check_result": "ACCEPTED", "accepted_on": datetime.now(UTC).date().isoformat(), "reviewer": OFFICER}


def prepare(*, steps: int, long_past: int, items: int, races: int) -> Ground:
    """The county with everything that will be measured. Inside an application context."""
    _tokens.clear()  # those of another database
    played = stage()
    settle(played.world.now - timedelta(days=1))
    case_id = case_at(played, CASE, "/".join(YARDSTICK))
    sample, step = original(case_id), open_step(case_id, YARDSTICK[1]).id
    made = copies(sample, steps)
    aged = copies(sample, max(6, steps // 10))
    for proceeding_id, ids in aged:
        grow_old(proceeding_id, ids[step], long_past)
    now = moment()
    ground = Ground(
        officer_token=token_of(OFFICER, now),
        reporter_token=token_of(REPORTER, now),
        officer_cookie=cookie_of(OFFICER, now),
        few_cookie=cookie_of(FEW, now),
        steps=[ids[step] for _, ids in made],
        long_steps=[ids[step] for _, ids in aged],
        long_past=long_past,
        cases=[case_id],
        reporter_count=steps,
    )
    if items:
        hold_meeting(played, ground, items=items, races=races)
    leave_nothing_to_do()
    return ground


def hold_meeting(played: Stage, ground: Ground, *, items: int, races: int) -> None:
    """A meeting with so many cases, all of them open for discussion, some with seven signatures to be given."""
    first = played.players[CASE].play()
    made = copies(original(first.proceeding_id), items - 1)
    names = [CASE]
    for number, (proceeding_id, _) in enumerate(made):
        name = f"copy {number}"
        played.world.proceedings[name] = proceeding_id
        player = Player(played.world, name, answers={})
        player.names["case_no"] = player.number
        played.players[name], played.cases[name] = player, played.cases[CASE]
        names.append(name)
    played.perform({"meet": "M", "cases": names, "until": "agenda-item/T_discuss"})
    meeting = played.players["M"]
    ground.meeting, ground.meeting_items = meeting.proceeding_id, items
    discussions = [s for s in open_steps.of_proceeding(meeting.proceeding_id) if s.key == "agenda-item/T_discuss"]
    for step in discussions[:races]:
        meeting.do(step)
        signing = [s for s in open_steps.of_proceeding(meeting.proceeding_id) if s.key == "agenda-item/T_countersign"]
        known = {act.task for race in ground.races for act in race}
        ground.races.append([_act(meeting, s) for s in signing if s.task_id not in known][:7])
    ground.discussions = [_act(meeting, step) for step in discussions[races:]]


_tokens: dict[str, str] = {}


def _act(player: Player, step: open_steps.OpenStep) -> Act:
    """The step with whoever may do it and the answers that he would give."""
    world = player.world
    actor = open_steps.performer_of(step)
    if actor is None:
        raise LookupError(step.key)
    given = {**world.usual.get(step.form_key, {}), **player._said(step)}
    answers = fill(open_steps.form_of(step), given, world.scene(actor, step=step, names=player.names))
    if actor.username not in _tokens:
        _tokens[actor.username] = token_of(actor.username, world.now)
    return Act(step.task_id, _tokens[actor.username], answers)


def grow_old(proceeding_id: str, task_id: str, number: int) -> None:
    """Give a proceeding so many steps that were completed before, each with its submission and its line."""
    columns = [each for each in Task.__table__.c if each.computed is None]
    sample = dict(db.session.execute(select(*columns).where(Task.id == task_id)).mappings().one())
    line = dict(
        db.session.execute(select(HistoryEntry.__table__).where(HistoryEntry.proceeding_id == proceeding_id).limit(1))
        .mappings()
        .one()
    )
    form = db.session.execute(select(Submission.__table__).limit(1)).mappings().one()
    done = {"status": TaskStatus.COMPLETED, "completed_by": OFFICER, "completed_at": moment(), "assignee_id": OFFICER}
    tasks, forms, lines = [], [], []
    for position in range(number):
        id_ = uuid4().hex
        tasks.append({**sample, **done, "id": id_})
        forms.append({**form, "id": uuid4().hex, "task_id": id_, "proceeding_id": proceeding_id})
        lines.append({**line, "position": 1000 + position, "task_id": id_, "submission_id": forms[-1]["id"]})
        del lines[-1]["id"]
    for table, rows in ((Task, tasks), (Submission, forms), (HistoryEntry, lines)):
        if rows:
            db.session.execute(insert(table.__table__), rows)
    told = {"history_length": 1000 + number, "searched_length": 1000 + number}
    db.session.execute(update(Proceeding).where(Proceeding.id == proceeding_id).values(told))
    db.session.commit()
