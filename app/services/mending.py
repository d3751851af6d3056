"""Mends what an examination found, as far as nobody has to decide anything. Each proceeding in its own transaction.

What is registered follows the stored procedure, never the other way round. Every mending is told in the history and
stands in the journal; where the evidence itself is damaged nothing is touched.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from app.documents import store
from app.documents.archive import package as packages
from app.domain.advance import Advance, ClosedTask, OpenTask
from app.domain.errors import N_, ConflictError
from app.domain.examination import Code, Finding
from app.domain.history import Act
from app.domain.proceedings import ProceedingStatus
from app.domain.tasks import TaskStatus
from app.engine import run
from app.engine.standing import Standing
from app.services import examined_numbers, settings
from app.services.command import Command
from app.services.examination import UPLOADING, findings_in, standing
from app.storage import archives, numbers
from app.storage import examination as rows
from app.storage import mending as amend
from app.storage.examination import Record
from app.storage.proceedings import get_for_update
from app.storage.subscriptions import correlation_text
from app.storage.transaction import snapshot, transaction

NAME = N_("核查与修复")

_BARS = frozenset(
    {
        Code.STATE_UNREADABLE,
        Code.STATE_FORMAT,
        Code.STATE_FOREIGN,
        Code.RELEASE_MISSING,
        Code.TASK_CONTRADICTED,
        Code.CLOSED_EARLY,
        Code.HISTORY_GAP,
        Code.CHAIN_BROKEN,
        Code.ANSWER_ALTERED,
        Code.SIGNER_ALTERED,
        Code.FACT_ALTERED,
    }
)
"""Where one of these is found, a person must look first: anything written now would cover the traces."""

_REGISTERED = frozenset(
    {
        Code.UNSETTLED,
        Code.TIMER_LATE,
        Code.TASK_ORPHANED,
        Code.TASK_MISSING,
        Code.TIMER_ORPHANED,
        Code.TIMER_MISSING,
        Code.TIMER_DIFFERS,
        Code.SUBSCRIPTION_ORPHANED,
        Code.SUBSCRIPTION_MISSING,
        Code.INCIDENT_ORPHANED,
        Code.INCIDENT_MISSING,
        Code.MIRROR_DIFFERS,
        Code.LEFT_OPEN,
        Code.NOT_CLOSED,
    }
)
"""What goes away when the procedure is settled and registered anew."""


def mend(proceeding_id: str, *, by: str, now: datetime) -> tuple[Code, ...]:
    """Mend one proceeding; returns what was mended, nothing when there was nothing to mend. `by`: who asked for it.

    Raises NotFoundError; ConflictError where the evidence is damaged, or the proceeding is suspended and would have to
    move: nothing was changed.
    """
    with transaction():
        file = get_for_update(proceeding_id)
        record = rows.read([proceeding_id])[proceeding_id]
        found = list(findings_in(record, now=now))
        codes = tuple(dict.fromkeys(finding.code for finding in found if finding.mendable))
        if not codes:
            return ()
        _ensure_mendable(file.proceeding.suspended_at, found, codes)
        if Code.HISTORY_LENGTH in codes:
            file.proceeding.history_length = record.lines[2]
        command = Command(file, actor=None, now=now)
        command.tell(Act.MENDED, NAME, details={"codes": [str(code) for code in codes], "by": by}, by_system=True)
        _mend_letters(found, now)
        if Code.DRAFT_LEFT in codes:
            amend.drop_drafts([row.task_id for row in record.drafts])
        if Code.AGENDA_LEFT in codes and file.case is not None:
            file.case.on_agenda = None
        if Code.SEARCH_LOST in codes:
            file.proceeding.searched_length = 0  # the worker reads it from its beginning
        payload = {"codes": [str(code) for code in codes], "by": by}
        if not _REGISTERED.isdisjoint(codes):
            command.record(_registered_anew(command, record), act="mend", object_="", payload=payload)
        else:
            command.write_evidence(act="mend", object_="", payload=payload)
        return codes


def mend_surroundings(findings: Sequence[Finding], *, by: str, now: datetime) -> tuple[Finding, ...]:
    """Mend what belongs to no proceeding, in one transaction; returns what was mended."""
    mended = tuple(finding for finding in findings if finding.mendable and not finding.proceeding_id)
    if not mended:
        return ()
    with transaction():
        if any(finding.code is Code.ROW_ORPHANED for finding in mended):
            amend.drop_orphaned_rows(now=now)
        if any(finding.code is Code.NUMBERS_BEHIND for finding in mended):
            numbers.raise_to(examined_numbers.behind())
        amend.tell_surroundings([[str(finding.code), finding.place] for finding in mended], by=by, now=now)
        files = {Path(f.place).name: Path(f.place) for f in mended if f.code is Code.FILE_UNCLAIMED}
        for name in rows.claimed(list(files)):  # since the examination
            del files[name]
        store.drop_unclaimed(files.values(), before=now - UPLOADING)
        _drop_packages([Path(f.place) for f in mended if f.code is Code.PACKAGE_UNCLAIMED], now)
    return mended


def sweep_packages(now: datetime) -> int:
    """Remove packages that no row names, as a maker leaves that dies before it can tell; how many."""
    removed = 0
    for batch in packages.batches(settings.data_folder(), before=now - UPLOADING):
        with snapshot():
            removed += _drop_packages(batch, now)
    return removed


def _drop_packages(paths: Sequence[Path], now: datetime) -> int:
    known = archives.claimed([path.stem for path in paths])
    left = [path for path in paths if path.stem not in known]
    packages.drop(left, before=now - UPLOADING)
    return len(left)


def _ensure_mendable(suspended_at: datetime | None, found: Sequence[Finding], codes: Sequence[Code]) -> None:
    barred = [finding for finding in found if finding.code in _BARS]
    if barred:
        raise ConflictError(N_("先由技术人员处理“%(finding)s”，再修复其余问题。"), finding=barred[0].sentence)
    if suspended_at is not None and not _REGISTERED.isdisjoint(codes):
        raise ConflictError(N_("本件已中止，恢复后才能修复。"))


def _mend_letters(found: Sequence[Finding], now: datetime) -> None:
    dead = [finding.place for finding in found if finding.code is Code.LETTER_DEAD and finding.mendable]
    if dead:
        amend.send_again(dead, now=now)


def _registered_anew(command: Command, record: Record) -> Advance:
    """The advance that lets `record_advance` write everything that the tables lack and take away what they have over.

    The procedure is settled first: what was due fires.
    """
    proceeding = command.proceeding
    proceeding.waiting = {**proceeding.waiting, **_registered(record)}
    if proceeding.status is not ProceedingStatus.RUNNING:
        left = [row for row in record.tasks if row.status is TaskStatus.OPEN]
        return _without(Advance(state=proceeding.state, completed=True), command, record, left)
    advance = command.move(run.fire_due)
    wanted = {task.id: task for task in run.open_tasks(command.definition, advance.state)}
    known = {row.id: row.status for row in record.tasks}
    amend.reopen([id_ for id_ in wanted if known.get(id_) is TaskStatus.WITHDRAWN])
    over = [row for row in record.tasks if row.status is TaskStatus.OPEN and row.id not in wanted]
    lacking = _lacking(advance, wanted.values(), known)
    return _without(replace(advance, opened=(*advance.opened, *lacking)), command, record, over)


def _lacking(advance: Advance, wanted: Any, known: Any) -> Iterator[OpenTask]:
    opened = {task.id for task in advance.opened}
    return (task for task in wanted if task.id not in known and task.id not in opened)


def _without(advance: Advance, command: Command, record: Record, over: Sequence[Any]) -> Advance:
    """Steps that the procedure no longer has are withdrawn; those that were submitted are done."""
    submitted = [row.id for row in over if record.submissions.get(row.id)]
    amend.done_as_submitted(submitted)
    gone = (ClosedTask(row.id, completed=False) for row in over if row.id not in submitted)
    known = {task.id for task in advance.closed}
    return replace(advance, closed=(*advance.closed, *(task for task in gone if task.id not in known)))


def _registered(record: Record) -> dict[str, Any]:
    """What the rows say now, as the proceeding remembers it. A subscription under a wrong key is dropped first."""
    stands = standing(record) or Standing()
    wanted = {(row.task_id, row.message, correlation_text(row.correlation)) for row in stands.subscriptions}
    wrong = amend.drop_misaddressed(record, wanted)
    return {
        "timers": {row.engine_task_id: row.due_at.isoformat() for row in record.timers},
        "subscriptions": sorted(
            f"{row.engine_task_id}/{row.message}"
            for row in record.subscriptions
            if (row.engine_task_id, row.message) not in wrong
        ),
        "incidents": sorted(row.engine_task_id for row in record.incidents),
    }
