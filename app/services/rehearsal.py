"""What a rehearsal may do that no office can: watch the engine's steps, look into variables, send a message itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from app.domain.errors import NotFoundError
from app.engine.decisions import Decision, read_table
from app.engine.explaining import Explanation, explained
from app.engine.sources import read_source
from app.engine.standing import standing_of
from app.engine.watching import Outline, Passage, outlines_of, tell_watcher, watched
from app.extensions import db
from app.services import linting, publishing
from app.services.definitions import definition_of
from app.storage.models import Attachment, OutboxRow, Proceeding
from app.storage.subscriptions import correlation_text
from app.storage.transaction import transaction

__all__ = [
    "Explanation",
    "Inside",
    "Outline",
    "Passage",
    "decide",
    "explained",
    "inside_of",
    "install",
    "is_paper",
    "outlines_of",
    "tell",
    "watched",
]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A timer or message that the proceeding waits for."""

    process_key: str
    step_id: str
    name: str
    due_at: datetime | None
    """None for a message."""
    message: str
    """Empty for a timer."""
    correlation: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Inside:
    """What the stored state of a proceeding holds; nothing of it was moved."""

    variables: tuple[tuple[str, str, Mapping[str, Any]], ...]
    """Process, open step and declared variables in its scope."""
    waiting: tuple[Waiting, ...]


def install(files: Mapping[str, bytes], *, county_id: str, now: datetime) -> None:
    """Publish a county's files in a throw-away database. What the linter says of them is known and not asked again.

    Raises InvalidFileError, ConflictError.
    """
    with transaction():
        registers = linting.registers_in(files)
        closures = (
            linting.closure_of(process, register, name, files)
            for name, register in registers.items()
            for process in register.processes
        )
        changed = tuple((one, sha256("".join(one.hashes).encode()).hexdigest()) for one in closures)
        plan = publishing.Plan(county_id, files, registers, changed)
        publishing.make_releases(plan, by="play", now=now)


def inside_of(proceeding_id: str) -> Inside:
    """Variables, timers and messages of one proceeding. Raises NotFoundError."""
    proceeding = db.session.get(Proceeding, proceeding_id)
    if proceeding is None:
        raise NotFoundError
    definition = definition_of(proceeding.release_id, proceeding.process_key)
    standing = standing_of(definition, proceeding.state)

    def name_of(process_key: str, step_id: str) -> str:
        step = definition.steps_by_process.get((process_key, step_id))
        return step.name if step is not None and step.name else step_id

    timers = (
        Waiting(t.process_key, t.step_id, name_of(t.process_key, t.step_id), t.due_at, "", {}) for t in standing.timers
    )
    messages = (
        Waiting(s.process_key, s.step_id, name_of(s.process_key, s.step_id), None, s.message, s.correlation)
        for s in standing.subscriptions
    )
    return Inside(
        variables=tuple((task.process_key, task.step_id, task.variables) for task in standing.open),
        waiting=(*timers, *messages),
    )


def is_paper(value: str) -> bool:
    """Whether an answer is a paper that was uploaded in the play."""
    return db.session.get(Attachment, value) is not None


def decide(table: bytes, facts: Mapping[str, Any], *, now: datetime) -> Decision:
    """What a decision table proposes for facts; those that nobody states are null. Watchers are told the rows.

    Raises SourceError, StepError.
    """
    read = read_table(read_source(table))
    unstated = {column.expression: None for column in read.inputs if column.expression.isidentifier()}
    decision = read.decide({**unstated, **facts}, now=now)
    tell_watcher(Passage("", "", None, table=read.id, rows=decision.hits))
    return decision


def tell(
    message: str, *, proceeding_id: str, key: Mapping[str, str], payload: Mapping[str, Any], now: datetime
) -> None:
    """Put a message for whoever waits for it under `key` into the outbox, as if another system had sent it.

    Raises NotFoundError.
    """
    with transaction():
        proceeding = db.session.get(Proceeding, proceeding_id)
        if proceeding is None:
            raise NotFoundError
        db.session.add(
            OutboxRow(
                id=uuid4().hex,
                county_id=proceeding.county_id,
                proceeding_id=proceeding.id,
                kind="MESSAGE",
                name=message,
                payload={**key, **payload},
                correlation=correlation_text(key),
                status="PENDING",
                created_at=now,
                due_at=now,
            )
        )
