"""换版: a running case, meeting or procedure goes on under another release of its definition; cases stay by default.

An explicit act of a process owner, one proceeding per transaction, told in the history with who and why, and taken
back as long as nothing has happened since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app.domain import powers
from app.domain.actors import Actor
from app.domain.advance import Advance, OpenTask
from app.domain.counted import due_at, last_day, recounted
from app.domain.errors import N_, ConflictError, InvalidAnswersError, NotFoundError, Sentence
from app.domain.history import Act
from app.domain.proceedings import ProceedingStatus
from app.engine.migrate import Migration, migrate, standing_at
from app.engine.parse import Definition
from app.engine.standing import standing_of
from app.engine.state import StateError
from app.extensions import db
from app.law.calendar import legal_calendar
from app.services import definitions, opening
from app.services.command import Command
from app.services.step_pairs import ensure_pairs
from app.storage import migrations as rows
from app.storage.models import MigrationRow, Proceeding, Release, Task
from app.storage.proceedings import ensure_not_suspended, get_file, get_for_update
from app.storage.transaction import snapshot, transaction

NAME = N_("换版")
NO_REASON = N_("请填写换版的理由。")
NO_REASON_BACK = N_("请填写撤销换版的理由。")
BAD_PAIR = N_("环节对应“%(line)s”应写作“旧环节=新环节”，每行一对。")
_DEADLINE = ("deadline", "deadlineFrom", "deadlineKind", "dayCount", "deadlineSharedWith")


@dataclass(frozen=True, slots=True)
class Plan:
    """What the change of version would do, or has done, to one proceeding."""

    proceeding_id: str
    number: str
    release_number: int
    """Number of the release that it runs on now."""
    standing: tuple[str, ...]
    """Names of the steps at which it waits."""
    obstacles: tuple[Sentence, ...]
    remarks: tuple[Sentence, ...]

    @property
    def possible(self) -> bool:
        return not self.obstacles


@dataclass(frozen=True, slots=True)
class Change:
    """A wish: to which release, by which names, why."""

    release_id: str
    number: int
    process_key: str
    regulation_id: str | None
    mapping: Mapping[str, str]
    reason: str = ""


def ensure_owner(actor: Actor) -> None:
    powers.ensure_may(actor, "definitions.migrate", N_("只有流程管理者可以给办理中的件换版。"))


def change_to(release_id: str, *, mapping: Mapping[str, str], reason: str, actor: Actor) -> Change:
    """Raises NotFoundError for a release of another county, NotAllowedError for anybody but a process owner, and
    InvalidAnswersError for a mapping that names steps which do not exist."""
    ensure_owner(actor)
    release = rows.get_release(release_id, county_id=actor.county_id)
    ensure_pairs(mapping, release)
    return Change(
        release.id, release.number, release.process_key, release.regulation_id, dict(mapping), reason.strip()[:500]
    )


def candidates(release_id: str, *, actor: Actor) -> list[tuple[str, str]]:
    """Id and number of every proceeding that could change to the release. Raises like `change_to`."""
    change = change_to(release_id, mapping={}, reason="", actor=actor)
    return list(rows.on_other_releases(change.release_id))


def find(key: str, *, actor: Actor) -> str:
    """Id of a proceeding of the owner's county by number or id. Raises NotFoundError."""
    query = select(Proceeding.id).where(
        (Proceeding.id == key) | (Proceeding.number == key), Proceeding.county_id == actor.county_id
    )
    found = db.session.scalars(query).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def number_of(proceeding_id: str) -> str:
    return db.session.scalars(select(Proceeding.number).where(Proceeding.id == proceeding_id)).one()


def plan(proceeding_id: str, change: Change, *, now: datetime) -> Plan:
    """What the change would do; nothing is written. Not inside a transaction. Raises NotFoundError."""
    with snapshot():
        file = get_file(proceeding_id)
        db.session.expunge(file.proceeding)  # it is changed below to look through the other release's eyes
        obstacles = _obstacles(file.proceeding, change, now)
        if obstacles:
            return _plan(file.proceeding, obstacles, ())
        from_release, standing = file.proceeding.release_id, _standing(file.proceeding)
        number = _number_of(from_release)
        command = Command(file, actor=None, now=now)
        migration = _migrated(command, change.release_id, change.mapping)
        remarks = list(migration.remarks)
        for task, row, record in _deadlines(command, migration, from_release):
            if record != dict(row.deadline):
                remarks.append(_moved_deadline(task.name, row.deadline, record))
        proceeding = file.proceeding
        return Plan(proceeding.id, proceeding.number, number, standing, migration.obstacles, tuple(remarks))


def refused(planned: Plan, why: ConflictError) -> Plan:
    """The plan of a proceeding that moved on between planning and changing."""
    return replace(planned, obstacles=(Sentence(why.sentence, **why.values),))


def change_one(proceeding_id: str, change: Change, *, actor: Actor, now: datetime) -> Plan:
    """Change one proceeding. Raises NotFoundError, NotAllowedError, InvalidAnswersError without a reason, and
    ConflictError where something stands against it: nothing was changed."""
    with transaction():
        return change_here(proceeding_id, change, actor=actor, now=now)


def change_here(proceeding_id: str, change: Change, *, actor: Actor, now: datetime) -> Plan:
    """The same inside of an open transaction."""
    ensure_owner(actor)
    if not change.reason:
        raise InvalidAnswersError({"reason": [NO_REASON]})
    file = get_for_update(proceeding_id)
    proceeding = file.proceeding
    if proceeding.county_id != actor.county_id:
        raise NotFoundError
    obstacles = _obstacles(proceeding, change, now)
    if obstacles:
        raise ConflictError(obstacles[0].id, **obstacles[0].values)
    before = _Before(proceeding.state, proceeding.release_id, _number_of(proceeding.release_id))
    standing, kept = _standing(proceeding), rows.kept_of(proceeding)
    command = Command(file, actor=actor, now=now)
    migration = _migrated(command, change.release_id, change.mapping)
    if migration.advance is None:
        raise ConflictError(migration.obstacles[0].id, **migration.obstacles[0].values)
    _rename(proceeding, migration.renamed)
    remarks = migration.remarks + _refresh_tasks(command, migration, before.release_id)
    details = {"reason": change.reason, "old_release": before.number, "new_release": change.number}
    command.tell(Act.MIGRATED, NAME, details=details)
    advance = command.settle(migration.advance)
    rows.rename_waiting(advance)
    command.record(
        advance,
        act="migrate",
        object_=change.release_id,
        payload={**details, "mapping": dict(change.mapping), "from_release": before.release_id},
    )
    _keep_stage(command, migration.open)
    _remember(command, before, kept, change, advance)
    return Plan(proceeding.id, proceeding.number, change.number, standing, (), remarks)


def undo(proceeding_id: str, *, reason: str, actor: Actor, now: datetime, from_release: str = "") -> Plan:
    """Take the last change of version back. Raises ConflictError once anything has happened since, where it does not
    run on `from_release` (when given), and as above."""
    with transaction():
        return undo_here(proceeding_id, reason=reason, actor=actor, now=now, from_release=from_release)


def undo_here(proceeding_id: str, *, reason: str, actor: Actor, now: datetime, from_release: str = "") -> Plan:
    """The same inside of an open transaction."""
    ensure_owner(actor)
    if not reason.strip():
        raise InvalidAnswersError({"reason": [NO_REASON_BACK]})
    file = get_for_update(proceeding_id)
    proceeding = file.proceeding
    if proceeding.county_id != actor.county_id:
        raise NotFoundError
    ensure_not_suspended(proceeding)
    row = rows.last_of(proceeding_id)
    if row is None or (from_release and proceeding.release_id != from_release):
        raise ConflictError(N_("本件没有可以撤销的换版。"))
    stands_still = not row.moved_on and rows.digest_of(proceeding.state) == row.digest_after
    if not (stands_still and rows.restore(proceeding, row)):
        raise ConflictError(N_("换版以后本件已经继续办理，不能撤销；可以再换回原版本。"))
    release = db.session.get_one(Release, row.from_release)
    command = Command(file, actor=actor, now=now)
    details = {
        "reason": reason.strip()[:500],
        "old_release": _number_of(row.to_release),
        "new_release": release.number,
    }
    command.tell(Act.MIGRATED, NAME, details={**details, "undone": True})
    stands = standing_of(command.definition, row.state_before)
    advance = Advance(
        state=row.state_before,
        timers=stands.timers,
        subscriptions=stands.subscriptions,
        incidents=stands.incidents,
    )
    rows.rename_waiting(advance)
    command.record(advance, act="migrate_back", object_=row.to_release, payload=details)
    row.undone_at, row.undone_by, row.undone_by_name = now, actor.person_id, actor.name
    return Plan(proceeding.id, proceeding.number, release.number, _standing(proceeding), (), ())


# ---- inside


@dataclass(frozen=True, slots=True)
class _Before:
    state: bytes
    release_id: str
    number: int


def _obstacles(proceeding: Proceeding, change: Change, now: datetime) -> tuple[Sentence, ...]:
    """What stands against a change before the procedure is looked at."""
    if proceeding.status is not ProceedingStatus.RUNNING:
        return (Sentence(N_("本件已经办结。")),)
    if proceeding.release_id == change.release_id:
        return (Sentence(N_("本件已经在该版本上。")),)
    if proceeding.process_key != change.process_key:
        return (Sentence(N_("该版本属于另一流程。")),)
    if _regulation_of(proceeding.release_id) != change.regulation_id:
        return (Sentence(N_("该版本属于另一制度，办理中的件不能换制度。")),)
    if proceeding.suspended_at is not None:
        return (Sentence(N_("本件已中止，恢复后才能换版。")),)
    dues = proceeding.waiting.get("timers", {}).values()
    if any(datetime.fromisoformat(due) <= now for due in dues):
        return (Sentence(N_("有到期的定时尚未触发，请稍候再换版。")),)
    return ()


def _regulation_of(release_id: str) -> str | None:
    return db.session.scalars(select(Release.regulation_id).where(Release.id == release_id)).one_or_none()


def _number_of(release_id: str) -> int:
    return db.session.scalars(select(Release.number).where(Release.id == release_id)).one()


def _definition(proceeding: Proceeding, release_id: str) -> Definition:
    return definitions.definition_of(release_id, proceeding.process_key)


def _standing(proceeding: Proceeding) -> tuple[str, ...]:
    return standing_at(_definition(proceeding, proceeding.release_id), proceeding.state)


def _plan(proceeding: Proceeding, obstacles: Sequence[Sentence], remarks: Sequence[Sentence]) -> Plan:
    number = _number_of(proceeding.release_id)
    return Plan(proceeding.id, proceeding.number, number, _standing(proceeding), tuple(obstacles), tuple(remarks))


def _migrated(command: Command, release_id: str, mapping: Mapping[str, str]) -> Migration:
    """The proceeding is given the other release, and the rule settings that it has so far under it."""
    proceeding = command.proceeding
    old = command.definition
    effective = {**command.register.switches, **proceeding.switches}
    proceeding.release_id = release_id
    defaults = command.register.switches
    proceeding.switches = {
        name: value
        for name, value in effective.items()
        if (name in defaults and defaults[name] != value) or name in proceeding.switches
    }
    try:
        return migrate(
            old, command.definition, proceeding.state, context=command.known(), now=command.now, mapping=mapping
        )
    except StateError as problem:
        return Migration(None, obstacles=(Sentence(problem.sentence),))


def _deadlines(
    command: Command, migration: Migration, from_release: str
) -> list[tuple[OpenTask, Task, dict[str, Any]]]:
    """Each open step with its row and the record of its deadline: counted again where the step defines it otherwise."""
    old = _definition(command.proceeding, from_release)
    found = []
    for task in migration.open:
        row = db.session.get(Task, task.id)
        if row is None:
            continue
        was = old.steps_by_process[row.process_key, row.step_id].properties
        record = dict(row.deadline)
        if any(was.get(name, "") != task.properties.get(name, "") for name in _DEADLINE):
            properties = opening.by_own_rules(command, task)
            record = opening.deadline_of(command, task, properties, arrival=row.opened_at)
            if record:
                record = recounted({**record, "changes": list(row.deadline.get("changes", ()))}, legal_calendar())
        found.append((task, row, record))
    return found


def _moved_deadline(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Sentence:
    then, now = (last_day(record).isoformat() if record else "—" for record in (before, after))
    return Sentence(N_("“%(step)s”的期限按新版本重算：%(old)s → %(new)s。"), step=name, old=then, new=now)


def _refresh_tasks(command: Command, migration: Migration, from_release: str) -> tuple[Sentence, ...]:
    """Rows of the steps that stay open say what the new version says; whoever holds one and still may, keeps it."""
    told = []
    for task, row, record in _deadlines(command, migration, from_release):
        if record != dict(row.deadline):
            told.append(_moved_deadline(task.name, row.deadline, record))
            row.deadline, row.due_at = record, due_at(record) if record else None
        (fresh,) = opening.rows_of(command, [task])
        if row.assignee_id is not None and _may_not_hold(row, fresh):
            row.assignee_id, row.claimed_at = fresh.assignee_id, fresh.claimed_at
        for name in rows.KEPT:
            if getattr(row, name) != getattr(fresh, name):
                setattr(row, name, getattr(fresh, name))
    return tuple(told)


def _may_not_hold(row: Task, fresh: Task) -> bool:
    differs = any(
        getattr(row, name) != getattr(fresh, name) for name in ("candidate_role", "candidate_organ", "candidate_person")
    )
    return differs or row.assignee_id in fresh.excluded_people


def _rename(proceeding: Proceeding, renamed: Mapping[str, str]) -> None:
    """Who did a step did the one that took over: four eyes go on seeing."""
    performers = proceeding.waiting.get("performers", {})
    if not renamed or renamed.keys().isdisjoint(performers):
        return
    merged: dict[str, list[str]] = {}
    for step, people in performers.items():
        known = merged.setdefault(renamed.get(step, step), [])
        known.extend(person for person in people if person not in known)
    proceeding.waiting = {**proceeding.waiting, "performers": merged}


def _keep_stage(command: Command, open_tasks: Sequence[OpenTask]) -> None:
    """The stage reached is one that the other register knows."""
    known = {stage.key for stage in command.register.stages}
    if command.proceeding.stage in known:
        return
    stages = (command.register.stage_of(task.process_key, task.step_id) for task in open_tasks)
    command.proceeding.stage = next((stage for stage in stages if stage), "") or ""


def _remember(command: Command, before: _Before, kept: dict[str, Any], change: Change, advance: Advance) -> None:
    actor = command.actor
    assert actor is not None
    db.session.add(
        MigrationRow(
            id=uuid4().hex,
            proceeding_id=command.proceeding.id,
            from_release=before.release_id,
            to_release=command.proceeding.release_id,
            mapping=dict(change.mapping),
            reason=change.reason,
            made_at=command.now,
            made_by=actor.person_id,
            made_by_name=actor.name,
            state_before=before.state,
            kept={**kept, "left": rows.columns_of_open(command.proceeding)},
            digest_after=rows.digest_of(advance.state),
            moved_on=bool(advance.opened or advance.closed or advance.steps or advance.messages),
        )
    )
