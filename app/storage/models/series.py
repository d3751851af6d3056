"""What is done for many cases of a series at once: the act, and one row for each case that it reaches."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class SeriesRun(Base):
    """A table that was uploaded, or a step that was done together with the other cases of its series."""

    __tablename__ = "series_runs"

    id: Mapped[str] = mapped_column(primary_key=True)
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"))
    kind: Mapped[str]
    """IMPORT or STEP."""
    series_id: Mapped[str] = mapped_column(index=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"))
    """The sample, or the case whose step the others take over."""
    submission_id: Mapped[str] = mapped_column(ForeignKey("submissions.id"))
    """What the others take over."""
    process_key: Mapped[str]
    step_id: Mapped[str]
    step_name: Mapped[str]
    own: Mapped[list[Any]]
    """Names of fields that the person left as the case's own facts had them: every case keeps its own there."""
    username: Mapped[str] = mapped_column(ForeignKey("accounts.username"))
    """Who acts; the rows are done with the roles that the person still has."""
    created_at: Mapped[datetime]
    """When the person acted; the rows take effect as of then."""


class SeriesItem(Base):
    """One case of a run, done in a transaction of its own; `id` gives the order."""

    __tablename__ = "series_items"
    __table_args__ = (Index("ix_series_items_next", "status", "id"), Index("ix_series_items_run", "run_id", "line"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("series_runs.id"))
    line: Mapped[int]
    """Line of the table (1 is its heading), or position."""
    case_id: Mapped[str | None] = mapped_column(ForeignKey("proceedings.id"), index=True)
    """None until a line of a table is a case."""
    telling: Mapped[str]
    """What tells the case apart: the number of its document, else of the case."""
    answers: Mapped[dict[str, Any]]
    """What the line says; empty for a step."""
    status: Mapped[str]
    """WAITING, DONE, KNOWN (a case was made of the line before) or REFUSED."""
    refusal: Mapped[dict[str, Any] | None]
    """`sentence` and `values`, or `fields` with sentences by name."""
    done_at: Mapped[datetime | None]
