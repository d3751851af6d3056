"""Versions and numbers under fire: published twice, published while opened, cases moved, eight registrars at once."""

import os
import signal
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select

from app.extensions import db
from app.storage.models import HistoryEntry, Proceeding, Release
from tests.faults import books
from tests.faults.hands import Act, Outcome, Until, press_all
from tests.faults.lab import Place, Row, Scale
from tests.faults.lab_seeds import publish_another
from tests.faults.product import WEB, Serve
from tests.faults.trials_kills import HANDS, work_of
from tests.faults.trials_people import kill_a_web_process
from tests.faults.trials_races import REASON, done, in_app, kills, race, races, row_of, state_of, statuses


def migrated_or_done(place: Place, serve: Serve, scale: Scale) -> Row:
    """换版: each case is moved to another version while one of its steps is submitted; both happen, in some order."""
    opened = [place.open_case().proceeding_id for _ in range(races(scale))]
    publish_another(place.app, place.data, ('name="T_handle"', 'name="交办"'))
    release = newest(place)
    path, owner = f"/api/v1/definitions/{release}/migrate", place.tokens["owner1"]
    pairs = [
        [
            Act("", owner, {}, path=path, body={"proceedings": [case], "reason": REASON}),
            place.act(case, "T_check", "officer1", opinion="齐全"),
        ]
        for case in opened
    ]

    def judge(pair: Sequence[Outcome]) -> str:
        move, submit = pair
        case = db.session.get_one(Proceeding, state_of(submit.act.task_id).proceeding_id)
        if not (done(move) and done(submit)) or case.release_id != release:
            return f"answers {statuses(pair)} {move.body}, on {case.release_id}"
        return ""

    row = race("RC-9", "moved to a version", place, serve, scale, pairs, judge)
    stuck = [f"T_review met {times} times" for times in books.tasks_of("T_review", opened) if times != 1]
    return replace(row, faults=(*row.faults, *stuck))


def registered(place: Place, serve: Serve, scale: Scale, *, hands: int = 8) -> list[Outcome]:
    """Cases opened by that many registrars at once."""
    data = {"matter": "违法拆除", "handling_organ": "beishan.zjj", "waits": "no"}
    token = place.tokens["reporter"]
    acts = [Act("", token, {}, path="/api/v1/cases", body={"data": data}) for _ in range(races(scale) * 4)]
    db.session.remove()
    return press_all(serve.port, acts, hands=hands)


def eight_registrars(place: Place, serve: Serve, scale: Scale) -> Row:
    """Eight people register cases, web processes killed: each has one number, no number is given twice."""
    before = books.proceedings()
    with Until(lambda: kill_a_web_process(serve), every=scale.every, first=0.1, most=kills(scale)) as killer:
        outcomes = registered(place, serve, scale)
    numbers = [outcome.body["number"] for outcome in outcomes if done(outcome)]
    db.session.rollback()
    faults = [] if len(set(numbers)) == len(numbers) else ["a number was given twice"]
    if (more := books.proceedings() - before) != len(outcomes):
        faults.append(f"{more} cases of {len(outcomes)}")
    return row_of("RC-1 RC-4", "eight registrars", place, outcomes, kills=killer.count, faults=faults, told=())


def newest(place: Place) -> str:
    """The release by which the next case is opened."""
    db.session.rollback()
    query = select(Release.id).where(Release.process_key == "small").order_by(Release.number.desc())
    return db.session.scalars(query.limit(1)).one()


def releases() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(Release.id).where(Release.process_key == "small")).all())


def published_twice(place: Place, serve: Serve, scale: Scale) -> Row:
    """The same files are published by two at once: one version comes of it."""
    from app.services import definitions  # noqa: PLC0415  (see tests.conftest)

    before, change = releases(), ('name="T_file"', 'name="归档"')
    seeds = place.data / "seeds"
    path = seeds / "processes" / "small.bpmn"
    path.write_text(path.read_text("utf-8").replace(*change), "utf-8")

    def publish() -> None:
        definitions.publish_seeds(seeds / "processes", seeds / "forms", by="tests", now=datetime.now(UTC))

    db.session.remove()
    with ThreadPoolExecutor(2) as people:
        list(people.map(lambda _: in_app(place, publish), range(2)))
    made = releases() - before
    return row_of("RC-9", "published twice", place, [], faults=[] if made == 1 else [f"{made} versions were made"])


def published_while_opened(place: Place, serve: Serve, scale: Scale) -> Row:
    """Another version while cases are opened: each runs by one of the two, wholly."""
    old = newest(place)
    change = ('name="T_escalate"', 'name="上报"')
    publishing = Until(lambda: 1 + int(publish_another(place.app, place.data, change) is not None), every=0.2, most=1)
    with publishing:
        outcomes = registered(place, serve, scale)
        while not publishing.count and publishing.error is None:
            publishing.wait()
    ids = [outcome.body["id"] for outcome in outcomes if done(outcome)]
    db.session.rollback()
    used = set(db.session.scalars(select(Proceeding.release_id).where(Proceeding.id.in_(ids)).distinct()))
    faults = [f"a case runs by {id_}" for id_ in used - {old, newest(place)}]
    lines = select(HistoryEntry.proceeding_id).where(HistoryEntry.proceeding_id.in_(ids)).distinct()
    if len(db.session.scalars(lines).all()) != len(ids):
        faults.append("a case has no story")
    return row_of("RC-9", "published while opened", place, outcomes, faults=faults, told=())


def loaded_anew(place: Place, serve: Serve, scale: Scale) -> Row:
    """The web server is told to load itself anew (HUP) under load: nobody is refused or cut off."""
    opened = [place.open_case().proceeding_id for _ in range(races(scale) * 2)]
    acts = work_of(place, opened)
    db.session.remove()

    def load_anew() -> int:
        os.kill(serve.child(WEB), signal.SIGHUP)
        return 1

    with Until(load_anew, every=scale.calm * 2, first=0.1, most=3) as told:
        outcomes = press_all(serve.port, acts, hands=HANDS)
    broken = sum(outcome.broken for outcome in outcomes)
    faults = [f"{broken} connections broken"] if broken else []
    row = row_of("RC-7", "loaded anew (HUP)", place, outcomes, faults=faults, told=())
    return replace(row, remarks=f"{told.count} times")
