"""Changes of a running proceeding to another release of its definition, each with what is needed to take it back."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class MigrationRow(Base):
    __tablename__ = "migrations"

    id: Mapped[str] = mapped_column(primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), index=True)
    from_release: Mapped[str] = mapped_column(ForeignKey("releases.id"))
    to_release: Mapped[str] = mapped_column(ForeignKey("releases.id"), index=True)
    mapping: Mapped[dict[str, Any]]
    """Old -> new id of the steps that took over."""
    reason: Mapped[str]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    made_by_name: Mapped[str]
    state_before: Mapped[bytes] = mapped_column(LargeBinary)
    kept: Mapped[dict[str, Any]]
    """Rule settings, performers and columns of the open tasks as they were, and these columns as they were left."""
    digest_after: Mapped[str]
    """SHA-256 of the state that the migration left: while it stands, the migration can be taken back."""
    moved_on: Mapped[bool]
    """Whether the procedure went on by itself at once; then nothing can be taken back."""
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    undone_by_name: Mapped[str] = mapped_column(default="")


class MigrationRun(Base):
    """Many proceedings that change their version with one act, or go back; the worker does them one by one."""

    __tablename__ = "migration_runs"

    id: Mapped[str] = mapped_column(primary_key=True)
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"))
    release_id: Mapped[str] = mapped_column(ForeignKey("releases.id"), index=True)
    """To which they go, or from which they go back."""
    mapping: Mapped[dict[str, Any]]
    reason: Mapped[str]
    back_of: Mapped[str | None] = mapped_column(ForeignKey("migration_runs.id"))
    """The run that this one takes back; None for one that changes versions."""
    username: Mapped[str] = mapped_column(ForeignKey("accounts.username"))
    """Who acts; each row is done with the roles that the person still has."""
    created_at: Mapped[datetime]


class MigrationItem(Base):
    """One proceeding of a run, done in a transaction of its own; `id` gives the order."""

    __tablename__ = "migration_items"
    __table_args__ = (Index("ix_migration_items_next", "status", "id"), Index("ix_migration_items_run", "run_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("migration_runs.id"))
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"))
    status: Mapped[str]
    """WAITING, DONE or REFUSED."""
    refusal: Mapped[dict[str, Any] | None]
    """`sentence` and `values`."""
    done_at: Mapped[datetime | None]
