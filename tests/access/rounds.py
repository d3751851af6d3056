"""One writing address asked by everybody, and what became of it; nothing of it stays."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from app.extensions import db
from tests.access.conftest import SETTLED, Ground
from tests.access.visits import Met
from tests.access.world import COUNTY, EVERYBODY
from tests.faults.crash_recipes import RECIPES
from tests.faults.crash_recipes_of_tryouts import ELSEWHERE
from tests.faults.crash_requests import Sent
from tests.faults.crash_world import Desk

WRITING = {"POST", "PUT", "PATCH", "DELETE"}
PLAYS = ELSEWHERE | {"POST /studio/tryouts/<play_id>/scenario"}
"""What is done there touches a process of its own; here it is asked of a play that is none."""
VALID = "valid"
"""Who the recipe says may do it."""
DID, TOLD = "did", "told"
"""It would have changed rows; nothing was changed, and the answer is none of 401, 403 and 404."""


@dataclass(frozen=True)
class Round:
    """What all met at one address, and whether a row is other than before."""

    met: Mapping[str, Met]
    changed: bool


def round_of(ground: Ground, address: str) -> Round:
    """Everybody sends the same request; nothing of it stays."""
    ground.restore(SETTLED)
    ground.visits.forget()
    with ground.app.app_context():
        sent = prepared(ground, address)
        db.session.rollback()
    people = [*EVERYBODY, VALID] if sent.who and address not in PLAYS else list(EVERYBODY)
    with closing(sqlite3.connect(ground.file)) as witness, ground.visits.undone():
        before = commits_seen_by(witness)
        met = {who: send(ground, sent, who, method=address.partition(" ")[0]) for who in people}
        return Round(met, changed=commits_seen_by(witness) != before)


def commits_seen_by(witness: sqlite3.Connection) -> int:
    """A number that another connection's commit changes, whatever it wrote: cheaper than a digest of every row."""
    return int(witness.execute("PRAGMA data_version").fetchone()[0])


def prepared(ground: Ground, address: str) -> Sent:
    if address in PLAYS:
        path = address.partition(" ")[2]
        for name in ("play_id", "task_id", "draft_id"):
            path = path.replace(f"<{name}>", "no-such-play")
        return Sent(path, "owner")
    sent: Sent = RECIPES[address](Desk(ground.settled.built))
    return sent


def send(ground: Ground, sent: Sent, who: str, *, method: str) -> Met:
    more: dict[str, Any] = {"json": sent.body}
    if sent.body is None:
        files = {name: (BytesIO(content), called) for name, (content, called) in sent.files.items()}
        more = {"data": {"key": "the-same-key-every-time", **sent.form, **files}}
    return ground.visits.send(sent.path, f"{COUNTY}.{sent.who}" if who == VALID else who, method=method, **more)


def outcome(met: Met) -> str | None:
    if met.written:
        return DID
    return None if met.refused else TOLD
