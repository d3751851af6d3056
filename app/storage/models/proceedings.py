"""Running procedures and what they wait for. Written by `storage.proceedings.record_advance` alone."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.tasks import TaskStatus
from app.extensions import Base


class Proceeding(Base):
    """A case, a meeting or a further procedure. Its row is the lock of everything that belongs to it."""

    __tablename__ = "proceedings"
    __table_args__ = (
        Index("ix_proceedings_opened_by", "opened_by", "status", "opened_at"),
        Index("ix_proceedings_moved", "county_id", "updated_at"),
        Index(
            "ix_proceedings_unsearched",
            "id",
            sqlite_where=text("searched_length < history_length"),
            postgresql_where=text("searched_length < history_length"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"))
    kind: Mapped[ProceedingKind] = mapped_column(index=True)
    number: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(default="")
    process_key: Mapped[str]
    release_id: Mapped[str] = mapped_column(ForeignKey("releases.id"), index=True)
    status: Mapped[ProceedingStatus] = mapped_column(index=True)
    stage: Mapped[str] = mapped_column(default="", index=True)
    """Key of the stage reached last, as the register names it."""
    state: Mapped[bytes] = mapped_column(LargeBinary, deferred=False)
    waiting: Mapped[dict[str, Any]]
    """What the rows of tasks, timers, subscriptions and incidents say now, so that only differences are written."""
    history_length: Mapped[int] = mapped_column(default=0)
    searched_length: Mapped[int] = mapped_column(default=0)
    """How many lines of its history the search knows; the worker catches up."""
    updated_at: Mapped[datetime] = mapped_column(default=lambda row: row.get_current_parameters()["opened_at"])
    """Time of the last line of its history."""
    updated_by: Mapped[str | None]
    """The person who acted last: from whom its open steps came."""
    journal_digest: Mapped[str] = mapped_column(default="")
    """Head of this proceeding's hash chain; the row lock makes it safe to extend."""
    switches: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Rule settings that differed from the register's defaults when it was opened: frozen for its whole run."""
    opened_at: Mapped[datetime]
    opened_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    closed_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    """Set while it is suspended (中止): no timer fires, no step is completed, no message is delivered."""
    outcome: Mapped[str | None]


_POOL = ("county_id", "candidate_role", "candidate_organ")
_BY_DEADLINE, _BY_ARRIVAL = ("due_at", "opened_at", "id"), ("opened_at", "id")


def _of_open_tasks(name: str, *columns: str, where: str = "", order: tuple[str, ...] = _BY_DEADLINE) -> Index:
    """An index of the open tasks alone, in an order in which inboxes show them: as short as the work there is."""
    open_ones = text(f"status = 'OPEN'{where}")
    return Index(name, *columns, *order, sqlite_where=open_ones, postgresql_where=open_ones)


class Task(Base):
    """A human step of a proceeding. The id is the engine's task id.

    Triggers count every row into `tallies` (see `app.storage.tallies`).
    """

    __tablename__ = "tasks"
    __table_args__ = (
        *(
            _of_open_tasks(name, *_POOL, where=" AND assignee_id IS NULL", order=order)
            for name, order in (("ix_tasks_pool", _BY_DEADLINE), ("ix_tasks_pool_arrival", _BY_ARRIVAL))
        ),
        _of_open_tasks("ix_tasks_person", "candidate_person", where=" AND candidate_person IS NOT NULL"),
        *(
            _of_open_tasks(name, "assignee_id", where=" AND assignee_id IS NOT NULL", order=order)
            for name, order in (("ix_tasks_assignee", _BY_DEADLINE), ("ix_tasks_assignee_arrival", _BY_ARRIVAL))
        ),
        _of_open_tasks("ix_tasks_standing", "county_id", "process_key", "step_id"),
        Index(
            "ix_tasks_took",
            *("county_id", "completed_at", "process_key", "step_id", "opened_at", "proceeding_id"),
            sqlite_where=text("status = 'COMPLETED'"),
            postgresql_where=text("status = 'COMPLETED'"),
        ),
        Index("ix_tasks_proceeding", "proceeding_id", "status", "assignee_id"),
        Index(
            "ix_tasks_due_at",
            "due_at",
            sqlite_where=text("status = 'OPEN' AND due_at IS NOT NULL"),
            postgresql_where=text("status = 'OPEN' AND due_at IS NOT NULL"),
        ),
        *(
            Index(
                name,
                *("completed_by", *more),
                sqlite_where=text("completed_by IS NOT NULL"),
                postgresql_where=text("completed_by IS NOT NULL"),
            )
            for name, more in (
                ("ix_tasks_completed_by", ("completed_at", "id")),
                ("ix_tasks_took_part", ("proceeding_id", "status")),
            )
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"))
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"))
    process_key: Mapped[str]
    step_id: Mapped[str]
    name: Mapped[str]
    lane: Mapped[str | None]
    form_key: Mapped[str]
    status: Mapped[TaskStatus]
    candidate_role: Mapped[str]
    candidate_organ: Mapped[str | None]
    candidate_person: Mapped[str | None]
    excluded_people: Mapped[list[Any]]
    """Performers of the steps named by `excludes`: four eyes."""
    element: Mapped[dict[str, Any]]
    clauses: Mapped[list[Any]]
    source: Mapped[str] = mapped_column(default="regulation")
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    claimed_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    """When its holder opened it first: until then the step before can be taken back (取回)."""
    seen_by: Mapped[str | None]
    owner_id: Mapped[str | None]
    """Who gets it back from the one who holds it now (委派)."""
    urged_at: Mapped[datetime | None]
    countersigns: Mapped[int] = mapped_column(default=0)
    """So many people must still give their opinion before it can be submitted (加签)."""
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    deadline: Mapped[dict[str, Any]]
    """Kind, day count, anchor and how it was counted; empty without a deadline."""
    proposals: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What decision tables proposed for fields of the form: by field value, table and rows."""
    completed_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    completed_at: Mapped[datetime | None]
    completion_key: Mapped[str | None]
    """The key of the form that completed it: the same key of the same person gets the same answer again."""
    completion_answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    lead_organ_id: Mapped[str | None] = mapped_column(ForeignKey("organs.id"))
    """Lead organ of the case that the proceeding is, for the filters of inboxes; None for any other proceeding."""
    proceeding: Mapped[Proceeding] = relationship(lazy="raise_on_sql")


class Tally(Base):
    """So many tasks more, or fewer, in somebody's box; the sum over the rows is exact. Written by triggers alone.

    Rows are only ever added, so that nobody waits for another's count; the worker sums them up now and then. A trigger
    writes one row for a task and a box, with its step, deadline and organ; a sum is of one of the three, the others
    are empty: there are as many sums as steps, deadlines and organs in a box, not as many as combinations of them.
    """

    __tablename__ = "tallies"
    __table_args__ = (Index("ix_tallies_holder", "holder", "step", "due", "organ", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    holder: Mapped[str]
    """Whose box: see `app.storage.tallies`."""
    step: Mapped[str | None]
    due: Mapped[str | None]
    organ: Mapped[str | None]
    number: Mapped[int]


class TaskDraft(Base):
    """Answers saved without validation; gone when the task is completed."""

    __tablename__ = "task_drafts"

    task_id: Mapped[str] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    data: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    window: Mapped[str] = mapped_column(default="")
    """Which page of which browser wrote it last; empty for another program."""


class TimerRow(Base):
    __tablename__ = "timers"

    engine_task_id: Mapped[str] = mapped_column(primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), index=True)
    step_id: Mapped[str]
    due_at: Mapped[datetime] = mapped_column(index=True)
    failures: Mapped[int] = mapped_column(default=0)


class SubscriptionRow(Base):
    """A message that a proceeding waits for. The open `AgendaDecided` rows are the pool."""

    __tablename__ = "subscriptions"
    __table_args__ = (Index("ix_subscriptions_message", "message", "correlation"),)

    engine_task_id: Mapped[str] = mapped_column(primary_key=True)
    message: Mapped[str] = mapped_column(primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), index=True)
    step_id: Mapped[str]
    correlation: Mapped[str]
    since: Mapped[datetime]


class IncidentRow(Base):
    """A step held by a failure; a person sees it, mends the cause and retries."""

    __tablename__ = "incidents"

    engine_task_id: Mapped[str] = mapped_column(primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), index=True)
    process_key: Mapped[str]
    step_id: Mapped[str]
    name: Mapped[str]
    sentence: Mapped[str]
    values: Mapped[dict[str, Any]]
    detail: Mapped[str]
    since: Mapped[datetime]
