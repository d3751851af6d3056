"""`python -m bench.journal`: how long a verification of the whole journal takes, and a search of the auditor's page.

Chains as an office has them: forty lines of each case, one tenth of all lines in the chain of the accounts, an anchor
an hour. `--database postgresql` starts a server of its own.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import insert

from app.extensions import db
from app.queries.audit import PER_PAGE, Filters, lines_that_fit
from app.services import anchoring, settings
from app.storage import anchors, journal
from app.storage.models import JournalHead, JournalLine
from bench import ground
from config import ROOT
from tests import postgresql

OF_A_CASE = 40
OPEN_AT_ONCE = 200
ACTS = ("open", "complete", "claim", "complete", "message", "timer", "complete", "sign-in", "read paper", "refused")
BEGIN = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.journal", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--lines", type=int, default=1_000_000)
    wanted = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="wenze-journal-") as folder,
        _database(wanted.database, folder) as url,
        ground.application(url, Path(folder)),
    ):
        upgrade(directory=str(ROOT / "migrations"))
        fill(wanted.lines)
        measure(wanted.database)


def measure(kind: str) -> None:
    began, busy = time.perf_counter(), time.process_time()
    verdict = anchoring.verify()
    took, busy = time.perf_counter() - began, time.process_time() - busy
    assert verdict.whole, verdict.breaks[:3]
    sys.stdout.write(
        f"{kind}: {verdict.lines} lines, {verdict.chains} chains, {verdict.anchors} anchors:"
        f" {took:.1f} s on the clock, {busy:.1f} s of this process\n"
    )
    last = (BEGIN + timedelta(minutes=25), PER_PAGE)
    for name, filters, before in (
        ("newest page", Filters(), None),
        ("last page of all", Filters(), last),
        ("an account's newest", Filters(who="beishan.officer3"), None),
        ("an act's last page", Filters(act="refused"), last),
    ):
        query = lines_that_fit(filters, before=before, per_page=PER_PAGE)
        assert query is not None
        busy = time.perf_counter()
        found = len(db.session.execute(query).all())
        sys.stdout.write(f"  {name}: {found} lines in {(time.perf_counter() - busy) * 1000:.1f} ms\n")


@contextmanager
def _database(kind: str, folder: str) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/wenze.db"
        return
    with postgresql.running() as server:
        yield postgresql.make_database(server, "journal")


def fill(count: int) -> None:
    """Write that many lines, chained and signed, their heads, and an anchor for every hour of them."""
    heads: dict[str, tuple[int, str]] = {}
    rows: list[dict[str, Any]] = []
    grown: dict[str, tuple[int, str]] = {}
    last: anchors.Anchor | None = None
    hour = BEGIN
    path, digest_of, key_id = settings.anchors_file(), journal.signer(), next(reversed(journal.keys()))
    for number in range(count):
        at = BEGIN + timedelta(seconds=number * 30, microseconds=number % 1000)
        if at - hour > timedelta(hours=1):
            hour = at
            last = anchors.append(path, last, heads, why=anchoring.HOUR, grown=grown, digest="", now=at)
            grown = {}
        scope = _scope(number)
        position, previous = heads.get(scope, (0, ""))
        line = JournalLine(
            scope=scope,
            position=position + 1,
            at=at,
            actor=f"beishan.officer{number % 37}",
            act=ACTS[number % 10],
            object=sha256(str(number).encode()).hexdigest()[:32],
            payload_digest=sha256(str(number).encode()).hexdigest(),
            previous=previous,
            key_id=key_id,
        )
        line.digest = digest_of(line)
        heads[scope] = grown[scope] = (position + 1, line.digest)
        rows.append({name: getattr(line, name) for name in _COLUMNS})
        if len(rows) == 20_000 or number == count - 1:
            db.session.execute(insert(JournalLine.__table__), rows)  # type: ignore[arg-type]
            rows.clear()
    kept = [{"scope": scope, "position": position, "digest": digest} for scope, (position, digest) in heads.items()]
    db.session.execute(insert(JournalHead.__table__), kept)  # type: ignore[arg-type]
    anchors.append(path, last, heads, why=anchoring.STOP, grown=grown, digest="", now=hour)
    db.session.commit()


_COLUMNS = [column.name for column in JournalLine.__table__.columns if column.name != "id"]


def _scope(number: int) -> str:
    """One line in ten is of the accounts; the others go round the cases that are open together."""
    if number % 10 == 7:
        return "accounts"
    group, place = divmod(number, OPEN_AT_ONCE * OF_A_CASE)
    return sha256(f"{group}/{place % OPEN_AT_ONCE}".encode()).hexdigest()[:32]


if __name__ == "__main__":
    main()
