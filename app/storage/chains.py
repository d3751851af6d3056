"""Chains of the journal, their heads, and the whole of it held against heads, anchors and orders."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from app.domain.chains import Break, Flaw, Verdict
from app.storage import anchors, journal
from app.storage.models import Erasure, JournalHead, JournalPurge, Proceeding, Submission

Heads = dict[str, tuple[int, str]]
"""Scope -> position and digest of the last line."""


def heads_of(connection: Connection) -> Heads:
    """What the database says is the last line of every chain."""
    proceedings, own = Proceeding.__table__.c, JournalHead.__table__.c
    of_proceedings = select(proceedings.id, proceedings.waiting["journal"].as_integer(), proceedings.journal_digest)
    heads = {scope: (position, digest) for scope, position, digest in connection.execute(of_proceedings) if position}
    rows = connection.execute(select(own.scope, own.position, own.digest).where(own.position > 0))
    return heads | {scope: (position, digest) for scope, position, digest in rows}


def digest_of_heads(heads: Iterable[tuple[str, int, str]]) -> str:
    """SM3 over the last line of every chain, in the order of their scopes: a chain that lost its end differs."""
    found = hashlib.new("sm3")
    for scope, position, digest in sorted(heads):
        found.update(f"{scope} {position} {digest}\n".encode())
    return found.hexdigest()


PURGE, ERASE = "purge", "erase"
"""Acts of the journal that take something away."""
RETENTION = "retention"
"""The chain that tells what was taken away after its time; it is itself never shortened."""

Claims = dict[str, dict[int, tuple[str, int]]]
"""Scope -> position -> the digest that an anchor saw there, and the number of the anchor."""


def verify(connection: Connection, anchored: Iterable[anchors.Anchor | anchors.Unfit], *, contents: bool) -> Verdict:
    """Hold the whole journal against its keys, heads, orders and anchors. `connection` reads one moment.

    `contents`: every submission too against what the journal signed.
    """
    verdict = Verdict()
    claims = _claims(anchored, verdict)
    begins = journal.purged_until(connection)
    passing = _Passing(heads_of(connection), claims, begins, verdict)
    for found in journal.walk(journal.lines_in_order(connection), begins, seen=passing.seen, ended=passing.ended):
        verdict.note(found)
    passing.left_over()
    _hold_orders(connection, passing.orders, verdict)
    if contents:
        _hold_contents(connection, passing.submitted, verdict)
    return verdict


def _claims(anchored: Iterable[anchors.Anchor | anchors.Unfit], verdict: Verdict) -> Claims:
    claims: Claims = {}
    for one in anchored:
        if isinstance(one, anchors.Unfit):
            verdict.note(Break(Flaw.ANCHORS, "", one.line, one.why))
            continue
        verdict.anchors += 1
        for scope, (position, digest) in one.heads.items():
            claims.setdefault(scope, {})[position] = (digest, one.number)
    return claims


class _Passing:
    """What is held against each line while all of them go by, and what is remembered of them."""

    def __init__(self, heads: Heads, claims: Claims, begins: Mapping[str, tuple[int, str]], verdict: Verdict) -> None:
        self.heads, self.claims, self.begins, self.verdict = heads, claims, begins, verdict
        self.orders: set[str] = set()
        """Digests of the orders by which something was taken away."""
        self.submitted: dict[str, tuple[str, int, str]] = {}
        """Step -> chain, position and digest of what was submitted."""
        self._scope: str | None = None
        self._open: dict[int, tuple[str, int]] = {}
        """What anchors saw in this chain and was not met yet."""

    def seen(self, line: Any) -> None:
        self.verdict.lines += 1
        if line.scope != self._scope:
            self._scope, self._open = line.scope, self.claims.pop(line.scope, {})
        if self._open:
            claim = self._open.pop(line.position, None)
            if claim is not None and claim[0] != line.digest:
                self.verdict.note(Break(Flaw.ANCHOR, line.scope, line.position, str(claim[1])))
        if line.act == "complete":
            self.submitted[line.object] = (line.scope, line.position, line.payload_digest)
        elif line.act in (PURGE, ERASE):
            self.orders.add(line.payload_digest)

    def ended(self, scope: str, position: int, digest: str) -> None:
        self.verdict.chains += 1
        self._unmet(scope, self._open)
        at, last = self.heads.pop(scope, (0, ""))
        if at > position:
            self.verdict.note(Break(Flaw.CUT, scope, position + 1, str(at)))
        elif (at, last) != (position, digest):
            self.verdict.note(Break(Flaw.HEAD, scope, position))

    def left_over(self) -> None:
        """Chains of which no line is there."""
        for scope, (at, digest) in self.heads.items():
            if self.begins.get(scope) != (at, digest):
                self.verdict.note(Break(Flaw.CUT, scope, 1, str(at)))
        for scope, claims in self.claims.items():
            self._unmet(scope, claims)

    def _unmet(self, scope: str, claims: Mapping[int, tuple[str, int]]) -> None:
        """The first line of a chain that an anchor saw and that is not there."""
        gone = self.begins.get(scope, (0, ""))[0]
        if lost := [position for position in claims if position > gone]:
            self.verdict.note(Break(Flaw.ANCHOR, scope, min(lost), str(claims[min(lost)][1])))


def purge_order(row: Any) -> dict[str, Any]:
    """What the journal signs of a purge."""
    names = ("scope", "until_position", "last_digest", "lines", "removed", "authority", "by", "witness")
    return {name: getattr(row, name) for name in names}


def erasure_order(row: Any) -> dict[str, Any]:
    """What the journal signs of an erasure."""
    names = ("id", "kind", "object_id", "content_digest", "authority", "by", "witness")
    return {name: getattr(row, name) for name in names}


def _hold_orders(connection: Connection, orders: set[str], verdict: Verdict) -> None:
    """Nothing was taken away without an order that stands in the journal."""
    for row in connection.execute(select(*JournalPurge.__table__.c).order_by(JournalPurge.purged_at)):
        if journal.digest_of(purge_order(row)) not in orders:
            verdict.note(Break(Flaw.PURGE, row.scope, row.until_position))
        verdict.purged.append((row.scope, row.until_position, row.authority))
    for row in connection.execute(select(*Erasure.__table__.c).order_by(Erasure.erased_at)):
        if journal.digest_of(erasure_order(row)) not in orders:
            verdict.note(Break(Flaw.ERASURE, row.proceeding_id, 0, row.object_id))
        verdict.erased.append((row.kind, row.object_id, row.authority))


def _hold_contents(connection: Connection, submitted: Mapping[str, tuple[str, int, str]], verdict: Verdict) -> None:
    """Every submission is what was signed, or was erased by an order over just that."""
    erased = Erasure.__table__.c
    rows = connection.execute(select(erased.object_id, erased.content_digest).where(erased.kind == "SUBMISSION"))
    gone = {row.object_id: row.content_digest for row in rows}
    table = Submission.__table__.c
    for row in connection.execution_options(yield_per=1_000).execute(select(table.id, table.task_id, table.data)):
        signed = submitted.get(row.task_id)
        if signed is not None and signed[2] not in (gone.get(row.id), journal.digest_of(row.data)):
            verdict.note(Break(Flaw.CONTENT, signed[0], signed[1], row.task_id))
