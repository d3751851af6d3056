"""What may leave the journal and the record, by whose order, and what stays: digests, the order, a line about it.

The journal of a case lives as long as its file. Administrative chains may be shortened after their time, never under
half a year (the database refuses that by itself); their lines go into a file first. A content is erased only when its
procedure is over; its digest in the journal stays, so the chain verifies as before.
"""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

import orjson
from sqlalchemy import delete, func, select, update

from app.documents import store
from app.documents.letters import pdf
from app.domain.errors import N_, ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError
from app.domain.identity_numbers import ids_in
from app.domain.powers import may
from app.domain.proceedings import ProceedingStatus
from app.extensions import db
from app.services import settings
from app.storage import accounts, chains, copies, identity_numbers, journal, searching
from app.storage.evidence import LEAST_KEPT
from app.storage.models import (
    Attachment,
    CaseFact,
    Erasure,
    JournalHead,
    JournalLine,
    JournalPurge,
    Proceeding,
    Submission,
    TaskDraft,
)
from app.storage.transaction import transaction

LONGEST_AUTHORITY = 300
SUBMISSION, PAPER = "SUBMISSION", "PAPER"
COLUMNS = tuple(column.name for column in JournalLine.__table__.columns if column.name != "id")


@dataclass(frozen=True, slots=True)
class Purged:
    lines: int
    chains: int
    digest: str
    """SM3 of the file that keeps them."""


def export(target: Path, *, scope: str, by: str, now: datetime) -> tuple[int, str]:
    """Write all lines, or those of one chain, into a new file; returns how many and the SM3 of the file."""
    count = 0
    with _new(target) as file, copies.snapshot() as connection:
        lines = journal.lines_in_order(connection, scope=scope)
        kept = _Kept(file)
        for line in lines:
            kept.write(line)
            count += 1
    payload = {"scope": scope, "lines": count, "sm3": kept.digest}
    with transaction():
        journal.write_administrative("audit", actor=by, act="export", object_=scope, payload=payload, now=now)
    return count, kept.digest


class _Kept:
    """Lines as a file has them: one JSON object each, with which a chain can be verified anywhere."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._digest = file, hashlib.new("sm3")

    def write(self, line: Any) -> bytes:
        text = orjson.dumps({name: getattr(line, name) for name in COLUMNS}) + b"\n"
        self._file.write(text)
        self._digest.update(text)
        return text

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()


def _new(target: Path) -> BinaryIO:
    return os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


# ---- after its time


def purge(target: Path, *, days: int, authority: str, by: str, witness: str, now: datetime) -> Purged:
    """Take away the lines of administrative chains that are older than `days`, but for the last of each chain.

    They are in the new file `target`, on the disk, before any goes. Raises InvalidAnswersError, NotAllowedError,
    ConflictError (nothing is that old): nothing was changed.
    """
    if days < LEAST_KEPT.days:
        raise InvalidAnswersError({"days": [N_("审计日志至少保存180天，不能提前清理。")]})
    _ensure_ordered(authority, by, witness)
    with transaction():
        old = _old_prefixes(now - timedelta(days=days))
        if not old:
            raise ConflictError(N_("没有到期可以清理的日志。"))
        count = 0
        with _new(target) as file:
            whole = _Kept(file)
            for scope, until in old:
                order = _order(scope, until, whole, authority=authority, by=by, witness=witness, now=now)
                journal.write_administrative(
                    chains.RETENTION,
                    actor=by,
                    act=chains.PURGE,
                    object_=scope,
                    payload=chains.purge_order(order),
                    now=now,
                )
                count += order.lines
            file.flush()
            os.fsync(file.fileno())
        for scope, until in old:
            gone = (JournalLine.scope == scope, JournalLine.position <= until)
            db.session.execute(delete(JournalLine).where(*gone).execution_options(synchronize_session=False))
    return Purged(count, len(old), whole.digest)


def _old_prefixes(before: datetime) -> list[tuple[str, int]]:
    """Chains, and the last position up to which all their lines are older; a chain's head stays."""
    heads = db.session.scalars(
        select(JournalHead).where(JournalHead.scope != chains.RETENTION).order_by(JournalHead.scope).with_for_update()
    ).all()
    found = []
    for head in heads:
        of_chain = JournalLine.scope == head.scope
        first, young = db.session.execute(
            select(
                func.min(JournalLine.position),
                func.min(JournalLine.position).filter(JournalLine.at > before),
            ).where(of_chain)
        ).one()
        until = min(head.position - 1, (young or head.position) - 1)
        if first is not None and until >= first:
            found.append((head.scope, until))
    return found


def _order(
    scope: str, until: int, whole: _Kept, *, authority: str, by: str, witness: str, now: datetime
) -> JournalPurge:
    """Write the lines down, and the order that lets them go."""
    digest, count, last = hashlib.new("sm3"), 0, ""
    query = select(*JournalLine.__table__.c).where(JournalLine.scope == scope, JournalLine.position <= until)
    for line in db.session.execute(query.order_by(JournalLine.position)):
        digest.update(whole.write(line))
        count, last = count + 1, line.digest
    order = JournalPurge(
        scope=scope,
        until_position=until,
        last_digest=last,
        lines=count,
        removed=digest.hexdigest(),
        authority=authority,
        by=by,
        witness=witness,
        purged_at=now,
    )
    db.session.add(order)
    db.session.flush()
    return order


def _ensure_ordered(authority: str, by: str, witness: str) -> None:
    """An order, an audit administrator who carries it out, and another administrator who looks on."""
    if not 0 < len(authority.strip()) <= LONGEST_AUTHORITY:
        raise InvalidAnswersError({"authority": [N_("请写明批准的机关和文号，不超过300字。")]})
    one, other = accounts.actor_of(by), accounts.actor_of(witness)
    if one is None or not may(one, "journal.erase"):
        raise NotAllowedError(N_("须由审计管理员办理。"))
    if other is None or not may(other, "journal.witness"):
        raise NotAllowedError(N_("须由系统管理员或安全管理员监督。"))


# ---- by order of an authority


def erase(kind: str, object_id: str, *, authority: str, by: str, witness: str, now: datetime) -> str:
    """Erase what a submission or paper says; returns the digest that stays.

    Raises NotFoundError, ConflictError (the procedure is not over, or it was erased before), InvalidAnswersError,
    NotAllowedError: nothing was changed.
    """
    _ensure_ordered(authority, by, witness)
    with transaction():
        row = _content(kind, object_id)
        if row is None or row.proceeding_id is None:
            raise NotFoundError
        proceeding = db.session.get_one(Proceeding, row.proceeding_id, with_for_update=True)
        if proceeding.status == ProceedingStatus.RUNNING:
            raise ConflictError(N_("案件尚未办结，其内容还要据以办理，不能删除。"))
        if db.session.scalars(select(Erasure.id).where(Erasure.kind == kind, Erasure.object_id == object_id)).first():
            raise ConflictError(N_("该内容此前已经依法删除。"))
        order = Erasure(
            id=uuid4().hex,
            kind=kind,
            object_id=object_id,
            proceeding_id=proceeding.id,
            content_digest=row.sha256 if isinstance(row, Attachment) else journal.digest_of(row.data),
            authority=authority,
            by=by,
            witness=witness,
            erased_at=now,
        )
        db.session.add(order)
        line = journal.next_line(
            proceeding, actor=by, act=chains.ERASE, object_=object_id, payload=chains.erasure_order(order), now=now
        )
        journal.keep([line])
        db.session.flush()
        shared = isinstance(row, Attachment) and _is_shared(row)
        if isinstance(row, Submission):
            _empty(row, order.id)
        searching.forget(proceeding.id, kind, object_id)
    if isinstance(row, Attachment) and not shared:
        store.remove(store.path_of(settings.data_folder(), order.content_digest))
        store.remove(pdf.kept_at(settings.data_folder(), order.content_digest))
    return order.content_digest


def _content(kind: str, object_id: str) -> Submission | Attachment | None:
    return db.session.get(Submission, object_id) if kind == SUBMISSION else db.session.get(Attachment, object_id)


def _empty(row: Submission, order_id: str) -> None:
    """Without its answers, the facts that it stated, what was typed on the way, and the numbers that it refers to."""
    identity_numbers.drop({*identity_numbers.named_by(row.id), *ids_in(row.data)})
    changed = update(Submission).where(Submission.id == row.id).values(data={"erased": order_id})
    stated = delete(CaseFact).where(CaseFact.submission_id == row.id)
    typed = delete(TaskDraft).where(TaskDraft.task_id == row.task_id)
    for statement in (changed, stated, typed):
        db.session.execute(statement.execution_options(synchronize_session=False))


def _is_shared(row: Attachment) -> bool:
    """Whether the same bytes are a paper elsewhere that nobody ordered to be erased."""
    erased = select(Erasure.object_id).where(Erasure.kind == PAPER)
    others = select(Attachment.id).where(Attachment.sha256 == row.sha256, Attachment.id.not_in(erased))
    return db.session.scalars(others.limit(1)).first() is not None
