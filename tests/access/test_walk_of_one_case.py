"""One case of each regulation from its registration to the archive, and who sees what of it at every station.

Two people of different organs, one who steps aside on the way, a responsible person, who investigates, and the three
administrators look at the same places each time. `WALKS` says what each of them finds; everything else fails.
"""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from app.extensions import db
from app.scenarios.demo import Stage
from app.scenarios.hands import ServiceHands
from config import ROOT
from tests.access.visits import Visits
from tests.access.world import _Marker, partialmethod_of
from tests.conftest import application_on
from tests.faults import crash_world

pytestmark = pytest.mark.slow
CASE = "walked"
DECISION = re.compile(r'href="(/attachments/\w+/view)"><span class="tag tag-a">送达给我的决定')
BEFOREHAND = re.compile(r'href="(/attachments/\w+/view)"><span class="tag tag-a">送达给我的文书')
NOTICE = re.compile(r'href="(/notices/\w+)"')
Seen = Mapping[str, Mapping[str, str]]
"""Station -> who looks -> the places where he meets the case, by their letters in `LETTERS`."""
LETTERS = {
    "P": "its page",
    "A": "its page over the API",
    "L": "the list of cases",
    "S": "a search for its number",
    "D": "the diagram with the way taken",
    "E": "the ledger as a file",
    "T": "a step of it in his boxes",
    "N": "the notice that a decision was served on him",
    "O": "the decision on himself, which he can open",
    "B": "what he was told beforehand, which he can open",
    "M": "its number and step under operations",
    "J": "its lines in the journal",
}
FILE = "PALSD"


def at(**seen: str) -> dict[str, str]:
    """What is seen at a station; who is not named sees nothing. Administrators see no file at any time: one sees that
    some step of a number stands still, one that lines were written about it."""
    everybody = ("own", "other_organ", "recused", "investigator", "subject", "security_admin")
    return {**dict.fromkeys(everybody, ""), "system_admin": "M", "audit_admin": "J", **seen}


@dataclass(frozen=True)
class Walk:
    """How one regulation's case is walked, and what everybody sees."""

    county: str
    cases: str
    source: str
    begins: datetime
    people: Mapping[str, str]
    stations: Mapping[str, Callable[["Ground"], None]]
    seen: Seen


@dataclass
class Ground:
    app: Flask
    stage: Stage
    visits: Visits
    walk: Walk
    met: dict[str, dict[str, str]] = field(default_factory=dict)
    read: dict[str, frozenset[str]] = field(default_factory=dict)
    """At the end: the sides whose sentences somebody met in the submissions and papers of the case."""
    looked: frozenset[str] = frozenset()
    """At the end: whom the auditor finds to have looked at the case."""
    readers: str = ""
    """At the end: his page of who saw something of the responsible person."""

    @property
    def case(self) -> str:
        return self.stage.world.proceedings[CASE]

    def play(self, **act: Any) -> None:
        self.stage.perform({"play": CASE, **act})


def opened(ground: Ground, until: str) -> None:
    walk = ground.walk
    case = ground.stage.cases[walk.source]
    document = {**case["legal_document"], "series_id": None, "doc_no": "（2026）行初901号"}
    ground.stage.cases[CASE] = {**case, "legal_document": document}
    ground.stage.perform({"open": CASE, "until": until})


def stepped_aside(ground: Ground) -> None:
    """Asked for and granted; `recused` finds nothing any more from here on."""
    from app.services import recusals  # noqa: PLC0415  (see tests.conftest)

    world, walk = ground.stage.world, ground.walk
    who, superior = world.actor(walk.people["recused"]), world.actor(f"{walk.county}.county.leader")
    words = {"ground": "INTEREST", "reason": "其配偶是原告的股东。"}
    asked = recusals.request(ground.case, person_id=who.person_id, **words, actor=who, now=world.now)
    recusals.decide(asked, granted=True, reason="情况属实。", actor=superior, now=world.now)


def met_about(ground: Ground) -> None:
    ground.stage.perform({"meet": "meeting", "cases": [CASE]})


def until(step: str, **more: Any) -> Callable[[Ground], None]:
    return lambda ground: ground.play(until=step, **more)


def people(county: str, organ: str, *, investigator: str, stepping_aside: str) -> dict[str, str]:
    return {
        "own": f"{county}.organ.reporter.{organ}",
        "other_organ": f"{county}.organ.reporter.scj",
        "recused": f"{county}.{stepping_aside}",
        "investigator": f"{county}.{investigator}",
        "subject": f"{county}.subject.person.{organ}",
        "system_admin": "system.admin",
        "security_admin": "security.admin",
        "audit_admin": "audit.admin",
    }


JINZHAI = Walk(
    county="jinzhai",
    cases="cases.yml",
    source="C13",
    begins=datetime(2026, 2, 10, 1, tzinfo=UTC),
    people=people("jinzhai", "zjj", investigator="team.leader", stepping_aside="jmo.officer2"),
    stations={
        "registered": lambda ground: opened(ground, "filing/T_check"),
        "before the meeting": lambda ground: ground.play(),
        "somebody stepped aside": stepped_aside,
        "the meeting is over": met_about,
        "investigated": until("accountability/T_prior_notice"),
        "told beforehand": until("accountability/T_hear"),
        "decided, not served": until("subject-decision/T_serve"),
        "served": until("enforcement/T_feedback"),
        "archived": lambda ground: ground.play(),
    },
    seen={
        "registered": at(own=f"{FILE}T", recused=f"{FILE}ET"),
        "before the meeting": at(own=f"{FILE}T", recused=f"{FILE}E"),
        "somebody stepped aside": at(own=f"{FILE}T"),
        "the meeting is over": at(own=f"{FILE}T"),
        "investigated": at(own=f"{FILE}T", investigator=f"{FILE}T"),
        "told beforehand": at(own=f"{FILE}T", investigator=f"{FILE}T", subject="TB"),
        "decided, not served": at(own=f"{FILE}T", investigator=f"{FILE}T", subject="TB"),
        "served": at(own=f"{FILE}T", investigator=f"{FILE}T", subject="TNO"),
        "archived": at(own=f"{FILE}T", investigator=f"{FILE}T", subject="TNO"),
    },
)
YIYUAN = Walk(
    county="yiyuan",
    cases="cases-yiyuan.yml",
    source="C11",
    begins=datetime(2024, 1, 15, 1, tzinfo=UTC),
    people=people("yiyuan", "lcz", investigator="unit.officer.lcz", stepping_aside="registry.officer2"),
    stations={
        "registered": lambda ground: opened(ground, "yiyuan-routing/T_route"),
        "somebody stepped aside": stepped_aside,
        "investigated": until("yiyuan-inquiry/T_collect"),
        "told beforehand": until("yiyuan-defence/T_hear"),
        "decided, not served": until("yiyuan-decision/T_serve"),
        "served": until("yiyuan-effects/T_execute"),
        "archived": lambda ground: ground.play(),
    },
    seen={
        "registered": at(own=f"{FILE}T", recused=f"{FILE}ET"),
        "somebody stepped aside": at(own=f"{FILE}T"),
        "investigated": at(own=f"{FILE}T", investigator=f"{FILE}T"),
        "told beforehand": at(own=f"{FILE}T", investigator=f"{FILE}T", subject="TB"),
        "decided, not served": at(own=f"{FILE}T", investigator=f"{FILE}T", subject="TB"),
        "served": at(own=f"{FILE}T", investigator=f"{FILE}T", subject="TNO"),
        "archived": at(own=f"{FILE}T", investigator=f"{FILE}T", subject="TNO"),
    },
)
READ_AT_THE_END = {
    "jinzhai": {"DECIDER", "EXECUTION", "NOTICE", "OFFICE", "ORGAN", "SUBJECT", "SUPERVISION"},
    "yiyuan": {"DECIDER", "NOTICE", "OFFICE", "ORGAN", "SUBJECT", "SUPERVISION"},
}
"""Whose sentences the investigator has met in the end; there are no others but the ballots."""
LOOKED = {"jinzhai": {"own", "investigator", "subject"}, "yiyuan": {"own", "investigator", "subject", "recused"}}
"""In the one county somebody answers from the first day on: who stepped aside later had looked by then."""


@pytest.fixture(scope="module", params=[JINZHAI, YIYUAN], ids=["jinzhai", "yiyuan"])
def walked(
    request: pytest.FixtureRequest, county_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    walk: Walk = request.param
    folder = tmp_path_factory.mktemp(walk.county)
    shutil.copyfile(county_template, folder / "wenze.db")
    for app in application_on(f"sqlite:///{folder / 'wenze.db'}", folder):
        stage = Stage(ROOT / "demo", county=walk.county, begins=walk.begins, ends=FAR, cases=walk.cases)
        stage.world.pace = timedelta(minutes=5)
        ground = Ground(app, stage, Visits(app), walk)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ServiceHands, "complete", partialmethod_of(_Marker()))
            patch.setattr("app.documents.letters.pdf.convert", lambda _content, **_: b"%PDF-")
            for edge in ("web", "api"):
                patch.setattr(f"app.{edge}.clock.now", lambda stage=stage: stage.world.now)
            with app.app_context():
                crash_world._open_doors(stage.world.now)
            for station, go in walk.stations.items():
                with app.app_context():
                    go(ground)
                    stage.world.settle()
                    everybody_is_there(stage.world.now)
                ground.met[station] = {who: looks(ground, name) for who, name in walk.people.items()}
            ground.read = {who: sides_met(ground, name) for who, name in walk.people.items()}
            ground.looked = frozenset(who for who, name in walk.people.items() if has_looked(ground, name))
            with app.app_context():
                name = stage.world.actor(walk.people["subject"]).name
            ground.readers = ground.visits.read(f"/audit/readers?name={name}", walk.people["audit_admin"]).text
            yield ground


FAR = datetime(2030, 1, 1, tzinfo=UTC)


def everybody_is_there(now: datetime) -> None:
    """Months pass between two stations: nobody's session or account has run out meanwhile."""
    from app.services import searching  # noqa: PLC0415  (see tests.conftest)
    from app.storage.models import Account, Session  # noqa: PLC0415

    db.session.execute(update(Session).values(created_at=now, seen_at=now))
    db.session.execute(update(Account).values(used_at=now, password_set_at=now))
    db.session.commit()
    while searching.catch_up():
        pass


def looks(ground: Ground, who: str) -> str:
    """The letters of the places where somebody meets the case."""
    with ground.app.app_context():
        number = ground.stage.players[CASE].number
    key, asks = ground.case, Asks(ground.visits, who)
    linked = f"/cases/{key}"
    decision, beforehand = (link.search(asks.text("/inbox/todo")) for link in (DECISION, BEFOREHAND))
    found = {
        "P": asks.lets_in(linked),
        "A": asks.lets_in(f"/api/v1/cases/{key}"),
        "L": number in asks.text("/cases?status=all"),
        "S": linked in asks.text(f"/search?q={number}"),
        "D": asks.lets_in(f"/proceedings/{key}/diagram.json"),
        "E": number in asks.text("/ledger.csv"),
        "T": any(number in asks.text(f"/inbox/{box}") for box in ("todo", "pool", "done")),
        "N": bool(NOTICE.search(asks.text("/inbox/notices"))) and "决定书" in asks.text("/inbox/notices"),
        "O": decision is not None and asks.lets_in(decision[1]),
        "B": beforehand is not None and asks.lets_in(beforehand[1]) and beforehand[1] in asks.text("/procedures"),
        "M": asks.lets_in(f"/operations/proceedings/{key}"),
        "J": asks.text(f"/audit.csv?number={number}").count(number) > 0,
    }
    return "".join(letter for letter, there in found.items() if there)


@dataclass(frozen=True)
class Asks:
    visits: Visits
    who: str

    def lets_in(self, path: str) -> bool:
        return not self.visits.read(path, self.who).refused

    def text(self, path: str) -> str:
        met = self.visits.read(path, self.who)
        return "" if met.refused else met.text


def has_looked(ground: Ground, who: str) -> bool:
    """Whether the auditor finds that somebody looked at a page or a paper."""
    auditor = Asks(ground.visits, ground.walk.people["audit_admin"])
    acts = ("read page", "read paper")
    return any(who in auditor.text(f"/audit.csv?act={act}&who={who}").partition("\n")[2] for act in acts)


def sides_met(ground: Ground, who: str) -> frozenset[str]:
    """Whose sentences somebody meets who opens every submission and every paper of the case."""
    from sqlalchemy import select  # noqa: PLC0415

    from app.storage.models import Attachment, Submission  # noqa: PLC0415  (see tests.conftest)

    with ground.app.app_context():
        own = Submission.proceeding_id == ground.case
        paths = [f"/submissions/{id_}" for id_ in db.session.scalars(select(Submission.id).where(own))]
        papers = select(Attachment.id).where(Attachment.proceeding_id == ground.case)
        paths += [f"/attachments/{id_}" for id_ in db.session.scalars(papers)]
    met = (ground.visits.read(path, who).canaries for path in paths)
    return frozenset(canary.split(".")[2] for canaries in met for canary in canaries)


def test_everybody_meets_the_case_where_he_should_at_every_station(walked: Ground) -> None:
    assert walked.met == walked.walk.seen


def test_everybody_reads_at_the_end_what_his_side_may_and_no_more(walked: Ground) -> None:
    nothing = dict.fromkeys(walked.walk.people, frozenset[str]())
    assert walked.read == {
        **nothing,
        "own": {"ORGAN"},
        "investigator": READ_AT_THE_END[walked.walk.county],
        "subject": {"DECIDER", "NOTICE", "SUBJECT"},
    }


def test_the_auditor_finds_who_looked_and_only_those(walked: Ground) -> None:
    assert walked.looked == LOOKED[walked.walk.county]


def test_who_saw_this_persons_data_is_answered_with_looks_and_papers_and_refusals(walked: Ground) -> None:
    rows = re.findall(r"<tr>.*?</tr>", walked.readers, re.DOTALL)
    username = walked.walk.people["investigator"]

    looks = [row for row in rows if "查看页面" in row]
    assert any(username in row and f"/cases/{walked.case}" in row for row in looks)
    assert any("查阅材料" in row for row in rows)
    assert any("越权被拒" in row and walked.walk.people["other_organ"] in row for row in rows)
    assert not any(walked.walk.people["system_admin"] in row for row in looks)
