"""Runs of the scenarios on the contents of a draft. What is tried by hand leaves no row at all."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class ScenarioRun(Base):
    """One run, done by the worker beside its other work; stale as soon as the draft's contents change."""

    __tablename__ = "scenario_runs"
    __table_args__ = (
        Index("ix_scenario_runs_draft", "draft_id", "created_at"),
        Index("ix_scenario_runs_status", "status", "created_at"),
        Index("ix_scenario_runs_digest", "county_id", "digest"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"))
    draft_id: Mapped[str] = mapped_column(ForeignKey("definition_drafts.id"))
    digest: Mapped[str]
    """Of all files that were played."""
    wanted: Mapped[str]
    """CHANGED: those that pass what the draft changes; ALL."""
    status: Mapped[str]
    """WAITING, RUNNING, DONE, FAILED (it could not be played, see `sentence`) or STOPPED."""
    total: Mapped[int]
    results: Mapped[list[Any]]
    """One for each scenario that was played: see `app.services.studio.scenario_runs.Played`."""
    missing: Mapped[list[Any]]
    """Steps, flows and rows of the changed files that no scenario of the run came to, once it ended."""
    sentence: Mapped[str] = mapped_column(default="")
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    person_name: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """When the worker last looked after it; one that nobody looks after is begun again."""
    ended_at: Mapped[datetime | None]
