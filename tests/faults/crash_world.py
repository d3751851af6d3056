"""A county in the middle of everything: there is something to do for every address that takes a form.

Built through the services once per kind of database and copied; whoever acts has a session and a token already.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.scenarios.demo import Stage, answers_of
from app.scenarios.hands import ServiceHands
from app.scenarios.player import Player
from app.scenarios.world import PAPER, World, read_yaml
from config import ROOT

COUNTY, REGULATION = "jinzhai", "jinzhai-2017-50"
BEGINS = datetime(2026, 2, 10, 1, tzinfo=UTC)
LIST = (
    "案号,作出机关,作出日期,行政机关,裁判结果\n（2026）皖1524行初{number}号,金寨县人民法院,2026-02-10,{organ},确认违法"
)
ADVICE = {
    "matter": "负责人出庭应诉",
    "advice_type": "JUDICIAL_ADVICE",
    "advice_no": "(2026)皖1524司建2号",
    "advice_issued_by": f"{COUNTY}.fy",
    "advised_organ": f"{COUNTY}.zjj",
    "received_on": "2026-03-02",
    "reply_due": "2026-03-31",
    "advice_matters": "请落实负责人出庭应诉制度并书面反馈。",
    "advice_file": ["$paper"],
}
UNTIL = {
    "reviewed": "filing-report/T_review",
    "drafted": "filing-report/T_draft",
    "checked": "filing/T_check",
    "suspended": "filing-report/T_draft",
}
"""Our names of plain cases, and the step that each has reached."""


@dataclass(frozen=True)
class Built:
    """What `build` left behind, apart from the rows."""

    now: datetime
    proceedings: Mapping[str, str]
    """Our names -> ids."""


def build(app: Flask) -> Built:
    """In a county whose people and procedures are there, and no cases."""
    with app.app_context():
        stage = Stage(ROOT / "demo", county=COUNTY, begins=BEGINS, ends=datetime(2027, 6, 1, tzinfo=UTC))
        _investigated_series(stage)
        _ignored_advice(stage.world)
        for number, (name, until) in enumerate(UNTIL.items(), 701):
            case = stage.cases["C13"]
            document = {**case["legal_document"], "series_id": None, "doc_no": f"（2026）皖1524行初{number}号"}
            stage.cases[name] = {**case, "legal_document": document}
            stage.perform({"open": name, "until": until})
        _small_acts(stage)
        _held(stage)
        _another_release(stage)
        _operators(stage.world.now)
        _remark(stage.world)
        _open_doors(stage.world.now)
        return Built(stage.world.now, dict(stage.world.proceedings))


def _investigated_series(stage: Stage) -> None:
    """A leading case whose subjects are heard, and one that follows it."""
    document = stage.cases["C13"]["legal_document"]
    document["series_id"] = "S-1"
    stage.perform({"open": "C13"})
    stage.cases["C14"] = {**stage.cases["C13"], "legal_document": {**document, "doc_no": "（2026）皖1524行初77号"}}
    stage.perform({"open": "C14"})
    stage.perform({"meet": "M1", "cases": ["C13"]})
    stage.perform({"play": "C13", "until": "accountability/T_prior_notice"})


def _ignored_advice(world: World) -> None:
    from app.services import procedures  # noqa: PLC0415  (see tests.conftest)

    actor = world.actor(f"{COUNTY}.jmo.officer")
    world.proceedings["advice"] = procedures.open_procedure(
        "advice", actor=actor, now=world.now, key=uuid4().hex
    ).proceeding_id
    said = {"T_advice_office": ADVICE, "T_advice_check": {"advice_check": "IGNORED"}}
    Player(world, "advice", answers={**said, "T_advice_lead": {"lead_proposed": True}}).play()


def _small_acts(stage: Stage) -> None:
    """A suspended case, a step that was claimed, a recusal to be decided, a list of the court."""
    from app.extensions import db  # noqa: PLC0415
    from app.queries import open_steps  # noqa: PLC0415
    from app.services import exchange, periods, recusals, tasks  # noqa: PLC0415
    from app.storage.models import Organ  # noqa: PLC0415

    world = stage.world
    director, officer = world.actor(f"{COUNTY}.jmo.director"), world.actor(f"{COUNTY}.jmo.officer")
    ids = world.proceedings
    organ = db.session.scalars(select(Organ.name).where(Organ.id == f"{COUNTY}.zjj")).one()
    exchange.import_list(LIST.format(number=801, organ=organ), actor=officer, now=world.now)
    recusals.request(
        ids["reviewed"],
        person_id=world.actor(f"{COUNTY}.organ.legal_reviewer.zjj").person_id,
        ground="INTEREST",
        reason="其配偶是原告的股东。",
        actor=world.actor(f"{COUNTY}.organ.reporter.zjj"),
        now=world.now,
    )
    task = open_steps.of_proceeding(ids["checked"])[0]
    tasks.claim(task.task_id, actor=officer, now=world.now)
    periods.suspend_case(ids["suspended"], reason="等待另案结果", basis="参照司法解释", actor=director, now=world.now)
    world.settle()


def _operators(now: datetime) -> None:
    """Two technical administrators and one of the security."""
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Account, Person, RoleAssignment  # noqa: PLC0415

    made = {"operator": "system.admin", "operator2": "system.admin", "guard": "security.admin", "keeper": "audit.admin"}
    for name, role in ((f"{COUNTY}.{short}", role) for short, role in made.items()):
        db.session.add(Person(id=name, county_id=None, organ_id=None, name=name))
        db.session.flush()
        db.session.add(Account(username=name, person_id=name, password_hash="", demo=False, created_at=now))
        db.session.add(RoleAssignment(person_id=name, role=role, organ_id=None))
    db.session.commit()


def _remark(world: World) -> None:
    """The last thing done: it may be changed for some minutes only."""
    from app.services import comments  # noqa: PLC0415

    officer = world.actor(f"{COUNTY}.jmo.officer")
    comments.add(world.proceedings["checked"], text="请核对送达日期。", actor=officer, now=world.now)


def _held(stage: Stage) -> None:
    """A case whose next automatic step failed once."""
    from app.domain.errors import ConflictError  # noqa: PLC0415
    from app.services import command  # noqa: PLC0415

    def fails(*_: Any, **__: Any) -> Any:
        raise ConflictError("服务暂时不可用。")

    world = stage.world
    player = Player(world, "held", answers=answers_of(stage.cases["drafted"]))
    player.open_case(f"{COUNTY}.organ.reporter.zjj")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "perform", fails)
        player.do(player.find(f"{COUNTY}-intake/T_register"), sound=False)


def _another_release(stage: Stage) -> None:
    """A second release of the case, with the same procedure in other bytes; one case has been moved to it by a run."""
    from app.extensions import db  # noqa: PLC0415
    from app.services import migration_runs, migrations  # noqa: PLC0415
    from app.storage.models import DefinitionFile, Proceeding, Release, ReleaseFile  # noqa: PLC0415

    world = stage.world
    moved, owner = world.proceedings["drafted"], world.actor(f"{COUNTY}.owner")
    first = db.session.get_one(Release, db.session.get_one(Proceeding, moved).release_id)
    files = db.session.scalars(select(ReleaseFile).where(ReleaseFile.release_id == first.id)).all()
    diagram = f"{first.process_key}.bpmn"
    before = next(file.hash for file in files if file.name == diagram)
    content = db.session.get_one(DefinitionFile, before).content + b"<!-- the second one -->"
    again = {name: getattr(first, name) for name in ("process_key", "county_id", "regulation_id", "published_by")}
    second = Release(id=uuid4().hex, number=first.number + 1, digest="second", published_at=world.now, **again)
    db.session.add_all([second, DefinitionFile(hash=digest_of("second"), name=diagram, content=content)])
    db.session.flush()
    for file in files:
        hash_ = digest_of("second") if file.name == diagram else file.hash
        db.session.add(ReleaseFile(release_id=second.id, name=file.name, hash=hash_))
    db.session.commit()
    change = migrations.change_to(second.id, mapping={}, reason="改正", actor=owner)
    migration_runs.begin(change, [moved], actor=owner, now=world.now)
    migration_runs.do_next(world.now)


def _open_doors(now: datetime) -> None:
    """A session and a token for everybody, known by the account's name."""
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Account, ApiToken, Session  # noqa: PLC0415

    for name in db.session.scalars(select(Account.username)).all():
        db.session.add(
            Session(digest=digest_of(cookie_of(name)), username=name, created_at=now, seen_at=now, confirmed_at=now)
        )
        db.session.add(ApiToken(digest=digest_of(token_of(name)), username=name, name="tests", created_at=now))
    db.session.commit()


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def cookie_of(username: str) -> str:
    return f"cookie-of-{username}"


def token_of(username: str) -> str:
    return f"wz_token-of-{username}"


class _AnswersKnownError(BaseException):
    """The form is filled in; it is not to be submitted here."""

    def __init__(self, username: str, answers: Mapping[str, Any]) -> None:
        super().__init__(username)
        self.username, self.answers = username, answers


class _Copyist(ServiceHands):
    def complete(self, actor: Any, now: datetime, *, task_id: str, answers: Mapping[str, Any]) -> None:
        raise _AnswersKnownError(actor.username, answers)


def _of_demo(name: str) -> Any:
    """What a file of the demonstration says, to write in."""
    return deepcopy(_read_once(name))


@cache
def _read_once(name: str) -> Any:
    return read_yaml(ROOT / "demo" / name)


class Desk:
    """The built world seen from a recipe: who and what there is. Inside an application context."""

    def __init__(self, built: Built) -> None:
        self.now, self.ids = built.now, dict(built.proceedings)
        usual = _of_demo("answers.yml")
        self.world = World(county=COUNTY, now=self.now, usual=usual, pace=timedelta(0), hands=_Copyist())
        self.world.proceedings = dict(built.proceedings)
        self.cases = {case["id"]: case for case in _of_demo("cases.yml")["cases"]}

    def actor(self, name: str) -> Any:
        return self.world.actor(f"{COUNTY}.{name}")

    def step(self, name: str) -> Any:
        """The oldest open step of one of our proceedings."""
        from app.queries import open_steps  # noqa: PLC0415

        return open_steps.of_proceeding(self.ids[name])[0]

    def filled(self, name: str) -> tuple[str, str, dict[str, Any]]:
        """An open step of ours with who may submit it and valid answers: task id, user name, answers."""
        return self._filled(name, self.step(name))

    def registration(self, proceeding_id: str) -> dict[str, Any]:
        """Valid answers for the first form of a case that was just opened."""
        self.world.proceedings["new"] = self.ids["new"] = proceeding_id
        return self.filled("new")[2]

    def _filled(self, name: str, step: Any) -> tuple[str, str, dict[str, Any]]:
        player = Player(self.world, name, answers=answers_of(self.cases.get(name, self.cases["C13"])), names={})
        player.names["case_no"] = player.number
        try:
            player.do(step)
        except _AnswersKnownError as known:
            return step.task_id, known.username, dict(known.answers)
        raise AssertionError("the step was submitted")

    def row(self, model: Any, *criteria: Any) -> Any:
        """The first row that fits, by its key."""
        from app.extensions import db  # noqa: PLC0415

        return db.session.scalars(select(model).where(*criteria).order_by(*model.__table__.primary_key)).first()

    def paper(self, who: str) -> str:
        """An uploaded paper that no form names yet."""
        from app.services import attachments  # noqa: PLC0415

        return attachments.upload(PAPER, name="证明.pdf", actor=self.actor(who), now=self.now).id


Recipe = Callable[[Desk], Any]
