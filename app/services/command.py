"""One command on one proceeding: what expressions may read, the operations asked for, how all of it is recorded."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import uuid4

from sqlalchemy.exc import SQLAlchemyError

from app.domain.actors import Actor, Grant
from app.domain.advance import Advance, ServiceRequest
from app.domain.deadlines import office_day
from app.domain.errors import N_, DomainError
from app.domain.history import Act
from app.engine import run
from app.engine.expressions import ORGANS
from app.engine.parse import Definition
from app.law.register import Register
from app.services import contexts, definitions, opening, stages, telling
from app.services.notifying import routing
from app.services.operations.registry import perform
from app.storage import agendas, file_orders, history, journal
from app.storage import facts as fact_rows
from app.storage import subjects as subject_rows
from app.storage import surroundings as surroundings_of
from app.storage.agendas import PoolCase
from app.storage.models import CaseSubject, JournalLine, OutboxRow, Task
from app.storage.proceedings import File, get_case_for_update, record_advance
from app.storage.subscriptions import correlation_text
from app.storage.surroundings import Surroundings
from app.storage.writing import write_alike

SYSTEM_NAME = N_("系统")


class Command:
    """The unit of work on a locked proceeding. Made inside a transaction; `record` ends it, the caller commits."""

    def __init__(
        self,
        file: File,
        *,
        actor: Actor | None,
        now: datetime,
        surroundings: Surroundings | None = None,
        within: "Command | None" = None,
    ) -> None:
        """`within`: the command on a further procedure that changes its case too, and writes for both."""
        self.file = file
        self.proceeding = file.proceeding
        self.actor = actor
        self.now = now
        self._within = within
        self.outbox: list[OutboxRow] = within.outbox if within else []
        self.opened_rows: list[Task] = []
        self.writes_opened_rows = True
        """Else its maker writes them, together with the step that is done."""
        self.changed_rows: list[Task] = []
        """Steps that lay open before and are not as they were."""
        self.file_names: dict[str, str] = {}
        """Of the attachments that were just submitted, by id."""
        self._surroundings = surroundings
        self.told_step = ""
        """The step that the command itself has told, e.g. the one that a message arrived at."""
        self.submission_id: str | None = None
        """The submission of this command, once its answers are kept."""
        self.issued: dict[str, str] = {}
        """Numbers of papers issued and not told yet, by kind."""
        self._entries: list[dict[str, Any]] = within._entries if within else []
        self._lines: list[JournalLine] = within._lines if within else []
        self._stated: dict[tuple[str, ...], dict[str, Any]] = within._stated if within else {}
        self._pool: dict[str, PoolCase] = {}
        self._subjects: list[CaseSubject] | None = None
        self._on_parent: Command | None = None
        self._parent: dict[str, Any] | None = None
        """What expressions see of the case that a further procedure is about."""

    @property
    def definition(self) -> Definition:
        return definitions.definition_of(self.proceeding.release_id, self.proceeding.process_key)

    @property
    def register(self) -> Register:
        return definitions.register_of(self.proceeding.release_id)

    @property
    def switches(self) -> Mapping[str, Any]:
        """The rule settings that this proceeding follows: frozen when it was opened."""
        return {**self.register.switches, **self.proceeding.switches}

    @property
    def today(self) -> date:
        return office_day(self.now)

    def members(self) -> list[str]:
        """Organ ids of the joint meeting's member units today."""
        return self.surroundings.members(on=self.today)

    def pool_cases(self, numbers: Iterable[str]) -> dict[str, PoolCase]:
        """Those of the numbers whose cases wait for a meeting, locked; read once however often they are asked for."""
        wanted = set(numbers)
        if unread := wanted - self._pool.keys():
            self._pool |= agendas.pool_cases(unread, county_id=self.proceeding.county_id, meeting_id=self.proceeding.id)
        return {number: self._pool[number] for number in wanted & self._pool.keys()}

    def pool_of_series(self, series: Collection[str]) -> list[PoolCase]:
        """The cases of some series that wait for a meeting, locked; they came with those read by number."""
        return [case for case in self._pool.values() if case.case.series_id in series]

    @property
    def subjects(self) -> list[CaseSubject]:
        """The responsible subjects of the proceeding by name, read once under its lock; who adds one adds it here."""
        if self._subjects is None:
            self._subjects = self._read_subjects()
        return self._subjects

    def subject(self, subject_id: str) -> CaseSubject | None:
        """One of them."""
        return next((subject for subject in self.subjects if subject.id == subject_id), None)

    def _read_subjects(self) -> list[CaseSubject]:
        if self._within is None:
            past = self.surroundings.past if self.file.case is not None else None
            return subject_rows.of_proceeding(self.proceeding.id) if past is None else list(past.subjects)
        subjects, fact_rows_of_case = subject_rows.with_facts(self.proceeding.id)
        if subjects:
            self._know(replace(self._within.surroundings, fact_rows=fact_rows_of_case))
        return subjects

    @property
    def surroundings(self) -> Surroundings:
        return self._surroundings or self._know(surroundings_of.read(self.proceeding))

    def _know(self, found: Surroundings) -> Surroundings:
        """Rows as they were read, and over them what this command has stated and not written yet."""
        for row in self._stated.values():
            if row["proceeding_id"] == self.proceeding.id:
                found.facts.setdefault(row["scope"], {})[row["name"]] = row["value"]
        self._surroundings = found
        return found

    # ---- what expressions may read

    @property
    def facts(self) -> dict[str, dict[str, Any]]:
        """Facts by scope and name, as they are now in this transaction."""
        return self.surroundings.facts

    def learn(self, answers: Mapping[str, Any], *, types: Mapping[str, str], scope: str, submission_id: str) -> None:
        """Keep answers as facts; expressions of this command see them at once."""
        self.submission_id = submission_id
        if self._surroundings is not None:
            self.facts.setdefault(scope, {}).update({name: value for name, value in answers.items() if name in types})
        rows = fact_rows.rows_of(self.file, answers, types=types, scope=scope, submission_id=submission_id)
        self._stated |= {tuple(row[key] for key in fact_rows.KEYS): row for row in rows}

    def states(self, name: str) -> bool:
        """Whether the answers that came with this command state a fact of that name."""
        return any(row["name"] == name for row in self._stated.values())

    def column_types(self, table: str) -> Mapping[str, str]:
        """FEEL types of the columns that forms have in tables of that name."""
        return definitions.column_types(self.proceeding.release_id, table)

    def context(self) -> dict[str, Any]:
        """What expressions see; see `services.contexts`."""
        if self._parent is None:
            self._parent = contexts.case_of(self.file, today=self.today)
        return contexts.context_of(self.file, self.facts[""], today=self.today, case=self._parent)

    def known(self) -> dict[str, Any]:
        """What a move of the procedure needs: that, and the organs which a step may be given to."""
        return {**self.context(), ORGANS: self.surroundings.offices.organs}

    def on_parent(self) -> "Command | None":
        """A command on the case that this procedure is about, under its lock; None where it is about none."""
        about = self.file.about
        if about and self._on_parent is None:
            as_read = about.file.proceeding.journal_digest
            case = get_case_for_update(about.file.proceeding.id)
            self._on_parent = parent = Command(case, actor=self.actor, now=self.now, within=self)
            if (past := self.surroundings.past) and case.proceeding.journal_digest == as_read:  # unchanged since
                parent._subjects = list(past.subjects)
                parent._know(replace(self.surroundings, fact_rows=about.fact_rows, past=None))
        return self._on_parent

    @property
    def changes_parent(self) -> bool:
        return self._on_parent is not None

    @property
    def parent_performers(self) -> frozenset[str]:
        """Everybody who did a step of the case that a further procedure is about, and the subject it is about."""
        about = self.file.about
        if about is None:
            return frozenset()
        by_step = about.file.proceeding.waiting.get("performers", {})
        people = {person for people in by_step.values() for person in people}
        blamed = about.subject.person_id if about.subject else None
        return frozenset({*people, blamed} if blamed else people)

    # ---- what the procedure does

    def move(self, act: Callable[..., Advance], *what: Any, **more: Any) -> Advance:
        """What the engine does (`run.complete_task`, …) with the procedure as it stands now, settled."""
        return self.settle(
            act(self.definition, self.proceeding.state, *what, context=self.known(), now=self.now, **more)
        )

    def settle(self, advance: Advance) -> Advance:
        """Answer the operations that the procedure asks for until it rests. A refusal becomes an incident."""
        while advance.requests:
            request = advance.requests[0]
            try:
                result = perform(self, request.operation, request.parameters)
            except (DomainError, KeyError, ValueError, TypeError) as error:
                advance = self._refused(advance, request, error)
            else:
                advance = run.resume(advance, {request.id: result}, context=self.known())
        return advance

    def _refused(self, advance: Advance, request: ServiceRequest, error: Exception) -> Advance:
        if isinstance(error, SQLAlchemyError):
            raise error
        sentence = error.sentence if isinstance(error, DomainError) else N_("服务操作“%(operation)s”执行失败。")
        values = error.values if isinstance(error, DomainError) else {"operation": request.operation}
        return run.fail_request(advance, request.id, sentence, values=values, detail=f"{type(error).__name__}: {error}")

    def send(self, kind: str, name: str, *, payload: Mapping[str, Any], correlation: str = "") -> None:
        """Put a message or notice into the outbox of this transaction."""
        self.outbox.append(
            OutboxRow(
                id=uuid4().hex,
                county_id=self.proceeding.county_id,
                proceeding_id=self.proceeding.id,
                kind=kind,
                name=name,
                payload=dict(payload),
                correlation=correlation,
                status="PENDING",
                created_at=self.now,
                due_at=self.now,
            )
        )

    # ---- how it is told

    def in_stead_of(self, task: Task) -> Grant | None:
        """The principal's grant by which the actor does a step as a deputy; None for his own."""
        if self.actor is None or not self.actor.principals():
            return None
        acting = self.actor.without(task.excluded_people)
        return acting.acts_for(task.candidate_role, task.candidate_organ, (task.assignee_id, task.candidate_person))

    def tell(
        self,
        act: Act,
        name: str,
        *,
        process_key: str = "",
        step_id: str = "",
        task: Task | None = None,
        submission_id: str | None = None,
        clauses: tuple[str, ...] = (),
        details: Mapping[str, Any] | None = None,
        by_system: bool = False,
    ) -> None:
        """Add a line to the story of the proceeding, with the names as they are today."""
        actor = None if by_system else self.actor
        stead = self.in_stead_of(task) if task is not None and not by_system else None
        if stead is not None:
            details = {**(details or {}), "deputy_of": stead.deputy_name}
        self.proceeding.history_length += 1
        self.proceeding.updated_at = self.now
        if actor is not None:
            self.proceeding.updated_by = actor.person_id
        self._entries.append(
            {
                "proceeding_id": self.proceeding.id,
                "position": self.proceeding.history_length,
                "at": self.now,
                "act": act.value,
                "process_key": process_key or (task.process_key if task else self.proceeding.process_key),
                "step_id": step_id or (task.step_id if task else ""),
                "name": name,
                "task_id": task.id if task else None,
                "submission_id": submission_id,
                "role": task.candidate_role if task else None,
                "organ_id": actor.organ_id if actor else None,
                "organ_name": actor.organ_name if actor else "",
                "person_id": actor.person_id if actor else None,
                "person_name": actor.name if actor else SYSTEM_NAME,
                "clauses": list(clauses),
                "details": dict(details or {}),
            }
        )

    @property
    def decisions_told(self) -> list[dict[str, Any]]:
        """Decisions of tables that this command has told, oldest first."""
        told = (entry for entry in self._entries if "decision" in entry["details"])
        return [
            {**entry["details"]["decision"], "process": entry["process_key"], "scope": entry["details"]["scope"]}
            for entry in told
        ]

    @cached_property
    def decisions_before(self) -> list[dict[str, Any]]:
        """Those that earlier commands have told, newest first."""
        return history.decisions_of(self.proceeding.id)

    # ---- the end

    def record(self, advance: Advance, *, act: str, object_: str, payload: Any) -> None:
        """Write everything that the command did. The caller's transaction commits it."""
        for step in advance.steps:
            telling.tell_step(self, step)
        for message in advance.messages:
            key = correlation_text(message.correlation)
            self.send("MESSAGE", message.message, payload=message.payload, correlation=key)
        telling.tell_incidents(self, advance)
        self.opened_rows = opening.rows_of(self, advance.opened)
        self.outbox += routing.of_new_steps(self.proceeding, self.opened_rows, actor=self.actor, now=self.now)
        stages.reach(self.proceeding, self.register, advance=advance, now=self.now)
        was_running = self.proceeding.closed_at is None
        tasks = self.opened_rows if self.writes_opened_rows else ()
        record_advance(self.proceeding, advance, tasks=tasks, outbox=self.outbox, now=self.now)
        if was_running and self.proceeding.closed_at is not None:
            self.tell(Act.CLOSED, self.proceeding.title, by_system=True)
            file_orders.order_package(self.file, now=self.now)
        self.write_evidence(act=act, object_=object_, payload=payload)

    def write_evidence(self, *, act: str, object_: str, payload: Any) -> None:
        """The facts, the told lines and the journal line, for commands that do not move the procedure too.

        A command on the case of a further procedure leaves the writing to the command on that one.
        """
        self.add_evidence(act=act, object_=object_, payload=payload)
        if self._within is None:
            self._write_out()

    def add_evidence(self, **line: Any) -> None:
        """A line in the journal (act, object_, payload) that is written with the rest of the command."""
        actor = self.actor.username if self.actor else "system"
        self._lines.append(journal.next_line(self.proceeding, actor=actor, now=self.now, **line))

    def _write_out(self) -> None:
        if self._on_parent is not None:
            write_alike(self.proceeding, self._on_parent.proceeding)
        fact_rows.keep(list(self._stated.values()))
        history.keep(self._entries)
        journal.keep(self._lines)
        for written in (self._stated, self._entries, self._lines):
            written.clear()
