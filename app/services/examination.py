"""The examination of running proceedings: the tables held against what the stored procedure says. Only reads.

`mending` mends what can be mended without deciding anything.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.documents import store
from app.documents.archive import package as packages
from app.domain.deadlines import OFFICE_ZONE
from app.domain.errors import N_, DomainError
from app.domain.examination import LATE, PATIENCE, Code, Finding
from app.domain.proceedings import ProceedingStatus
from app.domain.tasks import TaskStatus
from app.engine.standing import Fault, Standing, standing_of
from app.seals import sealed
from app.seals.provider import DamagedSealError, MissingKeyError
from app.services import definitions, examined_answers, examined_numbers, examined_roles, settings
from app.storage import archives, identity_numbers
from app.storage import examination as rows
from app.storage.examination import Record
from app.storage.facts import scope_of
from app.storage.subscriptions import NOTHING, correlation_text
from app.storage.transaction import snapshot

_FAULTS = {
    Fault.DAMAGED: Code.STATE_UNREADABLE,
    Fault.FORMAT: Code.STATE_FORMAT,
    Fault.FOREIGN: Code.STATE_FOREIGN,
}

_DISPENSABLE = frozenset({"timers", "subscriptions", "incidents", "task_drafts", "outbox"})
"""Tables whose rows say nothing of their own."""
BATCH = 500
"""Identity numbers read together."""
READ_THROUGH = 1_000
"""Files of the store that one examination reads to their end; a smaller store is read whole."""
UPLOADING = timedelta(days=1)
"""A file of the store this young may belong to an upload that has not committed yet."""


def examine(proceeding_id: str, *, now: datetime) -> list[Finding]:
    """Everything that is wrong with one proceeding; empty when nothing is. Not inside a transaction."""
    with snapshot():
        return [finding for record in rows.read([proceeding_id]).values() for finding in findings_in(record, now=now)]


def examine_many(ids: Sequence[str] = (), *, now: datetime) -> Iterator[Finding]:
    """The same for the named proceedings (id or number), or all that run; read batch by batch."""
    batches = rows.ids_to_examine(ids)
    while True:
        with snapshot():
            batch = next(batches, None)
            if batch is None:
                return
            found = [finding for record in rows.read(batch).values() for finding in findings_in(record, now=now)]
        yield from found


def examine_surroundings(*, now: datetime) -> Iterator[Finding]:
    """What belongs to no proceeding: rows of what does not exist, papers, files without a paper, counters, roles."""
    with snapshot():
        found = [
            Finding(Code.ROW_ORPHANED, "", "", table, {"table": table, "count": count}, _obstacle(table))
            for table, count in rows.orphaned_rows().items()
        ]
        found += papers(rows.unbound_papers())
        found += examined_numbers.findings()
        found += examined_roles.findings()
    yield from found
    folder = settings.data_folder()
    for batch in store.batches(folder, before=now - UPLOADING):
        with snapshot():
            known = rows.claimed([path.name for path in batch])
        yield from (Finding(Code.FILE_UNCLAIMED, "", "", str(path)) for path in batch if path.name not in known)
    for batch in packages.batches(folder, before=now - UPLOADING):
        with snapshot():
            known = archives.claimed([path.stem for path in batch])
        yield from (Finding(Code.PACKAGE_UNCLAIMED, "", "", str(path)) for path in batch if path.stem not in known)
    with snapshot():
        damaged = list(_numbers_that_do_not_open())
    yield from damaged
    yield from _files_that_do_not_open(now)


def _numbers_that_do_not_open() -> Iterator[Finding]:
    for batch in identity_numbers.in_batches(BATCH):
        for row in batch:
            try:
                identity_numbers.opened(row)
            except (MissingKeyError, DamagedSealError) as problem:
                values = {"masked": row.masked, "problem": problem}
                yield Finding(Code.NUMBER_UNOPENABLE, row.proceeding_id, "", row.id, values)


def _files_that_do_not_open(now: datetime) -> Iterator[Finding]:
    """Each day the next `READ_THROUGH` files of the store, in the order of their names, so that all have their turn."""
    kept = sorted(store.kept_files(settings.data_folder()))
    begin = now.toordinal() * READ_THROUGH % len(kept) if kept else 0
    for path in (kept[begin:] + kept[:begin])[:READ_THROUGH]:
        try:
            sealed.verify(path)
        except (OSError, MissingKeyError, DamagedSealError) as problem:
            yield Finding(Code.FILE_UNOPENABLE, "", "", str(path), {"name": path.name, "problem": problem})


def _obstacle(table: str) -> str:
    return "" if table in _DISPENSABLE else N_("该表的行是办理材料，不能自动删除。")


def standing(record: Record) -> Standing | None:
    """What the procedure of a record says; None when its release cannot be read."""
    proceeding = record.proceeding
    try:
        definition = definitions.definition_of(proceeding.release_id, proceeding.process_key)
        definitions.register_of(proceeding.release_id)
    except (DomainError, StopIteration):
        return None
    return standing_of(definition, proceeding.state)


def findings_in(record: Record, *, now: datetime) -> Iterator[Finding]:
    """What is wrong with a proceeding whose rows were read."""
    yield from _evidence(record)
    yield from _answers(record)
    yield from examined_answers.findings(record)
    yield from _facts(record)
    yield from _letters(record, now)
    yield from _agendas(record)
    yield from _drafts(record)
    yield from papers(record.papers, record)
    if not record.searchable:
        yield _finding(record, Code.SEARCH_LOST)
    stands = standing(record)
    if stands is None:
        yield _finding(record, Code.RELEASE_MISSING)
    elif stands.fault is not None:
        yield _finding(record, _FAULTS[stands.fault])
    elif record.proceeding.status is ProceedingStatus.RUNNING:
        yield from _running(record, stands, now)
    else:
        yield from _closed(record, stands)


def _finding(record: Record, code: Code, place: str = "", **values: Any) -> Finding:
    return Finding(code, record.proceeding.id, record.proceeding.number, place, values)


def _running(record: Record, stands: Standing, now: datetime) -> Iterator[Finding]:
    if stands.completed:
        yield _finding(record, Code.NOT_CLOSED)
    elif not stands.waits:
        yield _finding(record, Code.STUCK)
    for step in stands.unsettled:
        yield _finding(record, Code.UNSETTLED, _place(step), step=step.name)
    yield from _tasks(record, stands)
    yield from _timers(record, stands, now)
    yield from _subscriptions(record, stands)
    yield from _incidents(record, stands)
    yield from _mirror(record)


def _closed(record: Record, stands: Standing) -> Iterator[Finding]:
    if not stands.completed:
        yield _finding(record, Code.CLOSED_EARLY)
    for what, left in (
        ("待办", [row for row in record.tasks if row.status is TaskStatus.OPEN]),
        (N_("定时"), record.timers),
        (N_("等待的消息"), record.subscriptions),
        (N_("受阻环节"), record.incidents),
    ):
        for row in left:
            name = getattr(row, "name", "") or row.step_id
            yield _finding(record, Code.LEFT_OPEN, row.step_id, what=what, step=name)


def _place(step: Any) -> str:
    return f"{step.process_key}/{step.step_id}"


# ---- what the procedure waits for, and what is registered


def _tasks(record: Record, stands: Standing) -> Iterator[Finding]:
    wanted = {task.id: task for task in stands.open}
    known = {row.id: row for row in record.tasks}
    for row in record.tasks:
        if row.status is TaskStatus.OPEN and row.id not in wanted:
            yield _finding(record, Code.TASK_ORPHANED, _place(row), step=row.name)
    for task in stands.open:
        status = known[task.id].status if task.id in known else TaskStatus.WITHDRAWN
        if status is TaskStatus.COMPLETED:
            yield _finding(record, Code.TASK_CONTRADICTED, _place(task), step=task.name)
        elif status is not TaskStatus.OPEN:
            yield _finding(record, Code.TASK_MISSING, _place(task), step=task.name)


def _timers(record: Record, stands: Standing, now: datetime) -> Iterator[Finding]:
    wanted = {timer.task_id: timer for timer in stands.timers}
    registered = {row.engine_task_id: row for row in record.timers}
    for row in record.timers:
        if row.engine_task_id not in wanted:
            yield _finding(record, Code.TIMER_ORPHANED, row.step_id, step=row.step_id)
    for timer in stands.timers:
        row = registered.get(timer.task_id)
        if row is None:
            yield _finding(record, Code.TIMER_MISSING, _place(timer), step=timer.step_id, due=_told(timer.due_at))
        elif row.due_at != timer.due_at and not row.failures:  # after a failure the row is put off
            told = {"row": _told(row.due_at), "due": _told(timer.due_at)}
            yield _finding(record, Code.TIMER_DIFFERS, _place(timer), step=timer.step_id, **told)
        if timer.due_at < now - LATE and record.proceeding.suspended_at is None:
            yield _finding(record, Code.TIMER_LATE, _place(timer), step=timer.step_id, due=_told(timer.due_at))


def _subscriptions(record: Record, stands: Standing) -> Iterator[Finding]:
    wanted = {(row.task_id, row.message, correlation_text(row.correlation)): row for row in stands.subscriptions}
    rows = (row for row in record.subscriptions if row.message != NOTHING)
    registered = {(row.engine_task_id, row.message, row.correlation): row for row in rows}
    for key in registered.keys() - wanted.keys():
        yield _finding(record, Code.SUBSCRIPTION_ORPHANED, registered[key].step_id, name=key[1])
    for key in wanted.keys() - registered.keys():
        yield _finding(record, Code.SUBSCRIPTION_MISSING, _place(wanted[key]), name=key[1])


def _incidents(record: Record, stands: Standing) -> Iterator[Finding]:
    wanted = {incident.task_id: incident for incident in stands.incidents}
    registered = {row.engine_task_id: row for row in record.incidents}
    for row in record.incidents:
        if row.engine_task_id not in wanted:
            yield _finding(record, Code.INCIDENT_ORPHANED, _place(row), step=row.name)
    for incident in stands.incidents:
        if incident.task_id not in registered:
            yield _finding(record, Code.INCIDENT_MISSING, _place(incident), step=incident.name)
        reason = incident.sentence % dict(incident.values) if incident.values else incident.sentence
        yield _finding(record, Code.HELD, _place(incident), step=incident.name, reason=reason)


def _mirror(record: Record) -> Iterator[Finding]:
    """What the row of the proceeding says of its other rows: the next command writes only the difference."""
    waiting = record.proceeding.waiting
    pairs = (
        (N_("定时"), set(waiting.get("timers", ())), {row.engine_task_id for row in record.timers}),
        (
            N_("等待的消息"),
            set(waiting.get("subscriptions", ())),
            {f"{row.engine_task_id}/{row.message}" for row in record.subscriptions},
        ),
        (N_("受阻环节"), set(waiting.get("incidents", ())), {row.engine_task_id for row in record.incidents}),
    )
    for what, remembered, registered in pairs:
        if remembered != registered:
            yield _finding(record, Code.MIRROR_DIFFERS, what=what)


# ---- letters, evidence, what was said


def _letters(record: Record, now: datetime) -> Iterator[Finding]:
    for row in record.letters:
        told: dict[str, Any] = {"name": row.name, "correlation": row.correlation}
        awaited = row.kind != "MESSAGE" or bool(row.awaited)
        if row.status == "DEAD":
            finding = _finding(record, Code.LETTER_DEAD, row.id, **told, error=row.last_error or "")
            yield finding if awaited else _unmendable(finding, N_("现在没有环节在等待这条消息。"))
        elif not awaited and row.attempts >= PATIENCE:
            yield _finding(record, Code.LETTER_UNAWAITED, row.id, **told, attempts=row.attempts)
        elif awaited and not row.suspended and row.due_at < now - LATE:
            yield _finding(record, Code.LETTER_LATE, row.id, **told, due=_told(row.due_at))


def _unmendable(finding: Finding, obstacle: str) -> Finding:
    return Finding(finding.code, finding.proceeding_id, finding.number, finding.place, finding.values, obstacle)


def _evidence(record: Record) -> Iterator[Finding]:
    count, _, last = record.lines
    if count != last:
        yield _finding(record, Code.HISTORY_GAP, position=rows.first_gap(record.proceeding.id))
    if record.proceeding.history_length != last:
        yield _finding(record, Code.HISTORY_LENGTH, lines=last, length=record.proceeding.history_length)
    if (position := rows.first_bad_link(record)) is not None:
        yield _finding(record, Code.CHAIN_BROKEN, position=position)


def _answers(record: Record) -> Iterator[Finding]:
    for row in record.tasks:
        given = record.submissions.get(row.id, 0)
        expected = 1 if row.status is TaskStatus.COMPLETED else 0
        if given < expected:
            yield _finding(record, Code.ANSWER_MISSING, _place(row), step=row.name)
        elif given > expected:
            yield _finding(record, Code.ANSWER_DOUBLE, _place(row), step=row.name, count=given, expected=expected)


def _facts(record: Record) -> Iterator[Finding]:
    for row in record.facts:
        if row.stated_about == record.proceeding.id:
            continue  # a procedure about the case tells it what came of it
        if row.stated_in != record.proceeding.id:
            yield _finding(record, Code.FACT_FOREIGN, row.scope, name=row.name)
        elif not (
            row.name == "implementing_entity" or _is_from_table(row) or _same_scope(row.scope, scope_of(row.element))
        ):
            yield _finding(record, Code.FACT_SCOPE, row.scope, name=row.name, scope=row.scope)


def _is_from_table(row: Any) -> bool:
    """A step of the whole case filled in the table of subjects, whose columns are kept for each of them."""
    return row.of_subject and not scope_of(row.element)


def _same_scope(scope: str, of_task: str) -> bool:
    """A database may have sorted the names of a step's elements; their ids are the same."""
    return sorted(scope.split("/")) == sorted(of_task.split("/"))


def _agendas(record: Record) -> Iterator[Finding]:
    if record.left_meeting is not None:
        yield _finding(record, Code.AGENDA_LEFT, meeting=record.left_meeting)
    for item in record.undecided:
        yield _finding(record, Code.AGENDA_UNDECIDED, item=item.item_no, title=item.title)


def _drafts(record: Record) -> Iterator[Finding]:
    for row in record.drafts:
        yield _finding(record, Code.DRAFT_LEFT, _place(row), step=row.name)


def papers(attached: Iterable[Any], record: Record | None = None) -> Iterator[Finding]:
    """Papers whose file is missing or has another size. The content itself is not read."""
    id_, number = (record.proceeding.id, record.proceeding.number) if record else ("", "")
    for row in attached:
        path = store.path_of(settings.data_folder(), row.sha256)
        size = sealed.size_of(path) if path.is_file() else None
        if size is None:
            yield Finding(Code.PAPER_MISSING, id_, number, row.id, {"name": row.file_name})
        elif size != row.size or not sealed.is_whole(path):
            values = {"name": row.file_name, "size": row.size, "found": path.stat().st_size}
            yield Finding(Code.PAPER_DAMAGED, id_, number, row.id, values)


def _told(instant: datetime) -> str:
    return instant.astimezone(OFFICE_ZONE).strftime("%Y-%m-%d %H:%M")
