"""Changes of a running proceeding to another release of its definition, each with what is needed to take it back."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary
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
    """Rule settings, performers and columns of the open tasks as they were."""
    digest_after: Mapped[str]
    """SHA-256 of the state that the migration left: while it stands, the migration can be taken back."""
    moved_on: Mapped[bool]
    """Whether the procedure went on by itself at once; then nothing can be taken back."""
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    undone_by_name: Mapped[str] = mapped_column(default="")
