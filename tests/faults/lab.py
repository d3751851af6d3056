"""The laboratory: a world on each database, the product running on it, the books held against what was answered."""

import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
from flask import Flask

from app.domain.actors import Actor
from app.extensions import db
from app.services import cases, meetings
from app.storage.models import Account, Person, RoleAssignment
from tests.conftest import application_on
from tests.faults import lab_seeds
from tests.faults.cluster import Cluster
from tests.faults.hands import Act, Outcome
from tests.faults.product import Serve, wait_for
from tests.services.conftest import Office

SQLITE, POSTGRESQL = "sqlite", "postgresql"
MEMBERS = 7


@dataclass(frozen=True)
class Scale:
    """How much is done. `every` is seconds between two kills: a process that never comes up proves nothing."""

    rounds: int = 10
    """Meetings that seven members vote in at once."""
    races: int = 10
    """Cases that two people, or a person and the clock, reach for at once."""
    cases: int = 12
    """Cases worked on while everything, or the database, is killed."""
    meetings: int = 1
    releases: int = 20
    """Cases that one meeting releases."""
    every: float = 0.7
    kills_of_all: int = 1
    calm: float = 1.0
    """Seconds between two kills of everything."""
    stops: int = 0
    """Orderly stops under load. None in the short form, where each costs a start; `test_serve` has one."""
    kills: int = 10**9
    """Most web processes killed in one trial."""
    worker_kills: int = 2
    """Most workers killed in one trial."""


SHORT = Scale()
LONG = Scale(
    rounds=200, races=200, cases=200, meetings=12, every=0.5, kills_of_all=8, calm=5.0, stops=3, worker_kills=10
)


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    requirement: str
    trial: str
    database: str
    acts: int
    kills: int = 0
    lost: int = 0
    """Answered with success, and not there."""
    doubled: int = 0
    errors: int = 0
    """Errors and conflicts shown to a person whose task was open."""
    longest: float = 0.0
    """Seconds until the answer, over all tries."""
    remarks: str = ""
    faults: tuple[str, ...] = ()
    """What is wrong otherwise: the books do not agree, or the trial did not show what it is for."""

    @property
    def passed(self) -> bool:
        return not (self.lost or self.doubled or self.errors or self.faults)


@dataclass
class Place:
    """One database with its data folder, and how to look into it."""

    kind: str
    url: str
    data: Path
    app: Flask
    tokens: dict[str, str]
    cluster: Cluster | None = None
    office: Office = field(init=False)

    def __post_init__(self) -> None:
        self.office = Office(self.app)
        self.office.now = datetime.now(UTC)

    def afresh(self) -> None:
        """Forget connections that a killed database has broken."""
        db.session.remove()
        db.engine.dispose()

    def empty_database(self) -> str:
        """Another one on the same server; its URL."""
        if self.cluster is None:
            raise ValueError("only a server has several databases")
        name = f"e_{uuid4().hex}"
        _order(self.cluster, f'CREATE DATABASE "{name}"')
        return self.cluster.url(name)

    def act(self, proceeding_id: str, step: str, who: str, **answers: str) -> Act:
        return Act(self.office.task(proceeding_id, step), self.tokens[who], answers)

    def open_case(self, waits: str = "no") -> cases.Opened:
        """A registered case, opened when the office's clock says."""
        data = {"matter": "违法拆除", "handling_organ": "beishan.zjj", "waits": waits}
        reporter = self.office.actor("reporter")
        return cases.open_case(actor=reporter, now=self.office.now, key=uuid4().hex, data=data)

    def administrator(self, role: str) -> Actor:
        """Somebody with one of the three offices who has just entered his password; made when first asked for."""
        from app.storage import journal  # noqa: PLC0415  (see tests.conftest)
        from app.storage.accounts import actor_of  # noqa: PLC0415

        if db.session.get(Person, role) is None:
            db.session.add(Person(id=role, county_id=None, organ_id=None, name=role))
            db.session.flush()
            account = Account(username=role, person_id=role, password_hash="", created_at=self.office.now)
            account.used_at = datetime.now(UTC)
            db.session.add_all([account, RoleAssignment(person_id=role, role=role, organ_id=None)])
            said = {"actor": "tests", "act": "grant", "object_": role, "payload": {"role": role}}
            journal.write_administrative("accounts", **said, now=self.office.now)
            db.session.commit()
        actor = actor_of(role)
        if actor is None:
            raise LookupError(role)
        return replace(actor, confirmed_at=datetime.now(UTC) + timedelta(hours=1))

    def open_meeting(self, numbers: Sequence[str] = ()) -> str:
        """A meeting whose members may vote."""
        director, data = self.office.actor("director"), {"case_numbers": " ".join(numbers)} if numbers else {}
        opened = meetings.open_meeting(actor=director, now=self.office.now, key=uuid4().hex, data=data)
        return opened.proceeding_id

    def votes(self, meeting_id: str) -> list[Act]:
        """What each member is about to press."""
        from app.queries import open_steps  # noqa: PLC0415

        steps = open_steps.of_proceeding(meeting_id)
        tokens = [self.tokens[str(step.organ).removeprefix("beishan.")] for step in steps]
        return [Act(step.task_id, token, {"decision": "AGREE"}) for step, token in zip(steps, tokens, strict=True)]


class Laboratory:
    """Templates and servers, made when first asked for and shared by all trials."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="wenze-faults-"))
        self._sqlite: tuple[Path, dict[str, str]] | None = None
        self._cluster: Cluster | None = None
        self._tokens: dict[str, str] = {}

    def close(self) -> None:
        if self._cluster is not None:
            self._cluster.stop()
            shutil.rmtree(self._cluster.folder, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def place(self, kind: str, folder: Path | None = None) -> Iterator[Place]:
        """A world of its own, without cases; on `folder`'s disk where one is given (SQLite)."""
        data = folder or Path(tempfile.mkdtemp(dir=self.folder))
        if kind == SQLITE:
            url, tokens, cluster = self._sqlite_copy(data), self._sqlite[1] if self._sqlite else {}, None
        else:
            cluster = self.cluster
            url, tokens = self._postgresql_copy(cluster), self._tokens
        seeds = self.folder / kind / "seeds"
        shutil.copytree(seeds, data / "seeds")
        for app in application_on(url, data):
            with app.app_context():
                yield Place(kind, url, data, app, tokens, cluster)

    def _sqlite_copy(self, data: Path) -> str:
        if self._sqlite is None:
            folder = self.folder / SQLITE
            folder.mkdir()
            file = folder / "wenze.db"
            self._sqlite = file, lab_seeds.settle(f"sqlite:///{file}", folder)
        shutil.copyfile(self._sqlite[0], data / "wenze.db")
        return f"sqlite:///{data / 'wenze.db'}"

    @property
    def cluster(self) -> Cluster:
        """The durable PostgreSQL that most trials share."""
        if self._cluster is None:
            self._cluster = Cluster()
            folder = self.folder / POSTGRESQL
            folder.mkdir()
            self._tokens = settle_in(self._cluster, folder)
        return self._cluster

    def _postgresql_copy(self, cluster: Cluster) -> str:
        name = f"p_{uuid4().hex}"
        _order(cluster, f'CREATE DATABASE "{name}" TEMPLATE "template_lab"')
        return cluster.url(name)


def settle_in(cluster: Cluster, folder: Path) -> dict[str, str]:
    """Make the template of a server."""
    _order(cluster, 'CREATE DATABASE "template_lab"')
    return lab_seeds.settle(cluster.url("template_lab"), folder)


def _order(cluster: Cluster, statement: str) -> None:
    with psycopg.connect(host=str(cluster.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]


@contextmanager
def serving(place: Place, *, log: Path | None = None, words: tuple[str, ...] = ()) -> Iterator[Serve]:
    """The product on a place, until the block ends."""
    db.session.remove()
    began = time.monotonic()
    running = Serve(place.data, place.url, log=log, words=words)
    try:
        if not wait_for(True, running.port):
            raise RuntimeError(running.log.read_text())
        running.started_in = time.monotonic() - began
        yield running
    finally:
        running.stop()


def shown(outcomes: Sequence[Outcome], *, expected: frozenset[int] = frozenset({200})) -> int:
    """Errors that people saw: a last answer that was not expected, and every failure on the way (not 503)."""
    return sum(outcome.status not in expected for outcome in outcomes) + sum(outcome.failed for outcome in outcomes)


def told_of(outcomes: Sequence[Outcome]) -> str:
    """What kinds of answers came last, where not all are successes; and how often the database was said to be away."""
    kinds = Counter(outcome.status for outcome in outcomes if outcome.status != 200)
    again = sum(outcome.tries > 1 for outcome in outcomes)
    parts = [f"{number} x {status}" for status, number in sorted(kinds.items())]
    parts += [f"sent again {again}"] if again else []
    away = sum(outcome.away for outcome in outcomes)
    return ", ".join([*parts, *([f"503 on the way {away}"] if away else [])])


def longest(outcomes: Sequence[Outcome]) -> float:
    return max((outcome.wait for outcome in outcomes), default=0.0)
