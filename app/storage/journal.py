"""The append-only journal: every act in a keyed hash chain (HMAC-SM3), written in the act's own transaction.

The keys lie outside the database, so who can write to it cannot chain anew what he has changed.
"""

import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection, insert, select

from app.domain.chains import Break, Flaw
from app.extensions import Base, db
from app.storage.loading import new_row
from app.storage.models import JournalHead, JournalLine, JournalPurge, Proceeding
from app.storage.prepared import Prepared
from app.storage.upsert import insert_into

READ_AT_ONCE = 10_000
"""Lines read from the database at a time."""
WENT_BACK = timedelta(minutes=5)
"""A clock that shows this much less than the time of the last act is not believed."""
_keys: dict[str, bytes] = {}


def use(keys: Mapping[str, bytes]) -> None:
    """The keys of the chain by id, the one in use last."""
    _keys.clear()
    _keys.update(keys)


def digest_of(payload: Any) -> str:
    """Digest of an act's content; the content itself may lawfully be erased without breaking the chain."""
    return sha256(content_of(payload)).hexdigest()


def content_of(payload: Any) -> bytes:
    """The very bytes that are digested."""
    return orjson.dumps(payload, option=orjson.OPT_SORT_KEYS, default=str)


def chain(line: Any) -> str:
    """Digest of one line, by the key that it names; it covers the line before. Empty where that key is not here."""
    key = _keys.get(line.key_id)
    return hmac.digest(key, text_of(line), "sm3").hex() if key is not None else ""


def text_of(line: Any) -> bytes:
    """What of a line is signed: everything but its number in the table and the signature itself."""
    at = line.at.astimezone(UTC).isoformat(timespec="microseconds")
    parts = (line.scope, str(line.position), at, line.actor, line.act, line.object, line.payload_digest, line.previous)
    return "\n".join((*parts, line.key_id)).encode()


def keys() -> Mapping[str, bytes]:
    """The keys by id, the one in use last."""
    return _keys


def next_line(
    proceeding: Proceeding, *, actor: str, act: str, object_: str, payload: Any, now: datetime
) -> JournalLine:
    """One act in the chain of a locked proceeding, whose head moves on; the line is to be kept."""
    position = int(proceeding.waiting.get("journal", 0)) + 1
    line = _line(proceeding.id, position, proceeding.journal_digest, actor, act, object_, payload, now)
    proceeding.journal_digest = line.digest
    proceeding.waiting = {**proceeding.waiting, "journal": position}
    return line


def keep(lines: Sequence[JournalLine]) -> None:
    """Write lines of one or more chains in one statement."""
    _LINES.run([{name: getattr(line, name) for name in _COLUMNS} for line in lines])


_COLUMNS = tuple(column.name for column in JournalLine.__table__.columns if column.name != "id")
_LINES = Prepared(lambda _dialect: insert(Base.metadata.tables[JournalLine.__tablename__]), _COLUMNS)


def write_administrative(scope: str, *, actor: str, act: str, object_: str, payload: Any, now: datetime) -> None:
    """One act in a chain that belongs to no proceeding, such as `accounts`."""
    query = select(JournalHead).where(JournalHead.scope == scope).with_for_update()
    head = db.session.scalars(query).one_or_none()
    if head is None:  # two first acts at once: one row is made, both then wait for its lock
        first = insert_into(JournalHead).values(scope=scope, position=0, digest="")
        db.session.execute(first.on_conflict_do_nothing())
        head = db.session.scalars(query).one()
    line = _line(scope, head.position + 1, head.digest, actor, act, object_, payload, now)
    db.session.add(line)
    head.position, head.digest = line.position, line.digest


def last_object(scope: str) -> str | None:
    """What the last act of an administrative chain was about."""
    query = select(JournalLine.object).where(JournalLine.scope == scope).order_by(JournalLine.position.desc()).limit(1)
    return db.session.scalars(query).one_or_none()


def behind(now: datetime) -> timedelta:
    """Time between `now` and the last act of all, if that is later: the clock is wrong now, or was then."""
    last = db.session.scalars(select(JournalLine.at).order_by(JournalLine.id.desc()).limit(1)).one_or_none()
    return max(last - now, timedelta()) if last is not None else timedelta()


def _line(
    scope: str, position: int, previous: str, actor: str, act: str, object_: str, payload: Any, now: datetime
) -> JournalLine:
    line = new_row(
        JournalLine,
        scope=scope,
        position=position,
        at=now,
        actor=actor,
        act=act,
        object=object_,
        payload_digest=digest_of(payload),
        previous=previous,
        key_id=next(reversed(_keys)),
    )
    line.digest = chain(line)
    return line


# ---- read from end to end


def lines_in_order(connection: Connection, *, scope: str = "") -> Iterable[Any]:
    """Every line (of one chain, where it is named), chain by chain. None is kept longer than it is looked at."""
    in_order = select(*JournalLine.__table__.c).order_by(JournalLine.scope, JournalLine.position)
    if scope:
        in_order = in_order.where(JournalLine.scope == scope)
    return connection.execution_options(yield_per=READ_AT_ONCE).execute(in_order)


def purged_until(connection: Connection) -> dict[str, tuple[int, str]]:
    """Where chains begin whose first lines were lawfully taken away: the last of those."""
    table = JournalPurge.__table__.c
    rows = connection.execute(select(table.scope, table.until_position, table.last_digest).order_by(table.purged_at))
    return {scope: (position, digest) for scope, position, digest in rows}


def walk(
    lines: Iterable[Any],
    begins: Mapping[str, tuple[int, str]],
    *,
    seen: Callable[[Any], None] | None = None,
    ended: Callable[[str, int, str], None] | None = None,
) -> Iterator[Break]:
    """Go along the lines of all chains in their order; yields what does not fit.

    `begins` says behind which line a chain may begin; `seen` is given every line, `ended` the last of each chain.
    """
    scope, position, previous = None, 0, ""
    digest_of = signer()
    for line in lines:
        if line.scope != scope:
            if scope is not None and ended is not None:
                ended(scope, position, previous)
            scope, (position, previous) = line.scope, begins.get(line.scope, (0, ""))
        position += 1
        if line.position != position:
            last = line.position - 1
            yield Break(Flaw.MISSING, line.scope, position, f"{position}–{last}" if last > position else f"{position}")
            position = line.position
        elif line.previous != previous:
            yield Break(Flaw.UNLINKED, line.scope, position)
        if (digest := digest_of(line)) != line.digest:
            yield Break(Flaw.CHANGED if digest else Flaw.KEY, line.scope, position, line.key_id)
        previous = line.digest
        if seen is not None:
            seen(line)
    if scope is not None and ended is not None:
        ended(scope, position, previous)


def signer() -> Callable[[Any], str]:
    """`journal.chain` for many lines: the keys are made ready once."""
    ready = {id_: hmac.new(key, digestmod="sm3") for id_, key in _keys.items()}

    def digest_of(line: Any) -> str:
        made = ready.get(line.key_id)
        if made is None:
            return ""
        signed = made.copy()
        signed.update(text_of(line))
        return signed.hexdigest()

    return digest_of


def broken_links() -> list[str]:
    """Scopes whose chain does not verify, each with the position of the bad line; of this session's transaction."""
    connection = db.session.connection()
    return list(dict.fromkeys(found.place for found in walk(lines_in_order(connection), purged_until(connection))))
