"""The journal watched from outside: anchors every hour, a verification every day and when the auditor asks."""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import structlog
from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.administrators import ensure_power
from app.domain.chains import Verdict
from app.extensions import db
from app.services import settings
from app.storage import anchors, chains, copies, journal
from app.storage.models import JournalCheck
from app.storage.transaction import snapshot, transaction

HOUR, STOP, BACKUP, ASKED = "HOUR", "STOP", "BACKUP", "ASKED"
EVERY = timedelta(hours=1)
CHECK_EVERY = timedelta(days=1)
SHOWN = 100
"""Breaks of a check that are kept for the page; `wenze audit verify` names them all."""

log = structlog.get_logger()
_last: dict[Path, datetime] = {}
"""When the file was last seen to have an anchor: read once by each process."""


def anchor(*, why: str, now: datetime) -> anchors.Anchor | None:
    """Write down where every chain ends, in the file of the anchors. Returns what the file ends with.

    The hourly one only where the last is an hour old, whoever wrote it. Nothing is written to the database.
    """
    path = settings.anchors_file()
    if why == HOUR and (last := _last.get(path)) is not None and now - last < EVERY:
        return None
    with anchors.held(path):
        found = anchors.standing(path)
        if why != HOUR or found.last is None or now - found.last.at >= EVERY:
            found.last = _append(path, found, why=why, now=now)
    if found.last is not None:
        _last[path] = found.last.at
    return found.last


def last_anchor() -> anchors.Anchor | None:
    """What the file of the anchors ends with, for the auditor's page: the rest of the file is not looked at."""
    return anchors.last(settings.anchors_file())


def _append(path: Path, found: anchors.Standing, *, why: str, now: datetime) -> anchors.Anchor:
    with copies.snapshot() as connection:
        heads = chains.heads_of(connection)
    shorter = [scope for scope, (position, _) in found.heads.items() if heads.get(scope, (0, ""))[0] < position]
    if shorter or found.unfit:
        log.error("the journal is not what was anchored: run `wenze audit verify`", chains=shorter[:5])
    grown = {scope: head for scope, head in heads.items() if found.heads.get(scope) != head}
    digest = chains.digest_of_heads((scope, *head) for scope, head in heads.items())
    return anchors.append(path, found.last, heads, why=why, grown=grown, digest=digest, now=now)


def verify(*, anchored: Path | None = None, contents: bool = False) -> Verdict:
    """The whole journal against keys, heads, orders and the anchors of a file (of this deployment's own, else)."""
    with copies.snapshot() as connection:
        return chains.verify(connection, anchors.read(anchored or settings.anchors_file()), contents=contents)


# ---- on the auditor's page


def ask_check(*, actor: Actor, now: datetime) -> None:
    """Have the worker verify the journal soon; one that waits already is enough. Raises NotFoundError,
    NotAllowedError."""
    ensure_power(actor, "journal")
    with transaction():
        if db.session.scalars(select(JournalCheck.id).where(JournalCheck.done_at.is_(None))).first() is None:
            _ask(actor.username, now)
            payload: Mapping[str, object] = {}
            journal.write_administrative(
                "audit", actor=actor.username, act="ask verification", object_="", payload=payload, now=now
            )


def _ask(by: str, now: datetime) -> None:
    db.session.add(JournalCheck(id=uuid4().hex, asked_by=by, asked_at=now, breaks=[]))


def is_check_due(now: datetime) -> bool:
    """Whether somebody asked, or the last one is a day old."""
    query = select(JournalCheck.asked_at, JournalCheck.done_at).order_by(JournalCheck.asked_at.desc()).limit(1)
    with snapshot():  # nothing stays open behind it: the worker waits for a long time after this
        last = db.session.execute(query).first()
    return last is None or last.done_at is None or now - last.asked_at >= CHECK_EVERY


def check(*, now: datetime) -> Verdict:
    """Verify, submissions too, and keep what was found: of what was asked for, else as the daily one."""
    began = time.monotonic()
    verdict = verify(contents=True)
    took = round((time.monotonic() - began) * 1000)
    with transaction():
        waiting = db.session.scalars(select(JournalCheck).where(JournalCheck.done_at.is_(None))).all()
        if not waiting:
            _ask("system", now)
            db.session.flush()
            waiting = db.session.scalars(select(JournalCheck).where(JournalCheck.done_at.is_(None))).all()
        for row in waiting:
            row.done_at, row.lines, row.milliseconds = now, verdict.lines, took
            row.found, row.anchors = verdict.found, verdict.anchors
            row.breaks = [[one.flaw, one.scope, one.position, one.detail] for one in verdict.breaks[:SHOWN]]
    if not verdict.whole:
        log.error("the journal is broken", breaks=verdict.found, first=verdict.breaks[0].place)
    return verdict
