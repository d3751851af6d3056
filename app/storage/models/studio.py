"""What process owners change: drafts of a county's definition files, their revisions, and what was published."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class CountyFile(Base):
    """The content that a definition file of a county has today, whether a release holds it or not."""

    __tablename__ = "county_files"

    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[str | None] = mapped_column(ForeignKey("definition_files.hash"))
    """None: the studio removed the file, and seeds do not bring it back."""
    by_studio: Mapped[bool]
    """Whether the studio published it; seeds never replace it then."""


class DefinitionDraft(Base):
    """改动稿: changed files over the county's current ones, with their way to publication."""

    __tablename__ = "definition_drafts"
    __table_args__ = (Index("ix_definition_drafts_county", "county_id", "status"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"))
    title: Mapped[str]
    status: Mapped[str]
    base: Mapped[dict[str, Any]]
    """The county's files as the draft found them: name -> hash."""
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    created_by_name: Mapped[str]
    changed_at: Mapped[datetime]
    submitted_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    notes: Mapped[str] = mapped_column(default="")
    """What was changed and why, in the words of who submitted it."""
    acts: Mapped[list[Any]]
    """Opened, submitted, sent back, withdrawn, published: each with `at` (UTC), `name`, `act`, `note`."""


class DraftFile(Base):
    """The newest revision of a file that the draft changes."""

    __tablename__ = "draft_files"

    draft_id: Mapped[str] = mapped_column(ForeignKey("definition_drafts.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    base_hash: Mapped[str | None]
    """The county's content that the change is meant for; None where the file is new."""
    revision: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    """None: the draft removes the file."""
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    changed_by_name: Mapped[str]


class DraftRevision(Base):
    """What a file was in a draft. What a person's editor saved by itself within some minutes is one revision."""

    __tablename__ = "draft_revisions"
    __table_args__ = (UniqueConstraint("draft_id", "name", "revision"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    draft_id: Mapped[str] = mapped_column(ForeignKey("definition_drafts.id"))
    name: Mapped[str]
    revision: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    automatic: Mapped[bool]
    began_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    changed_by_name: Mapped[str]


class OpenedFile(Base):
    """Who has a file of a draft open in an editor, and what he chose when another's version was there before his."""

    __tablename__ = "opened_files"

    draft_id: Mapped[str] = mapped_column(ForeignKey("definition_drafts.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    person_name: Mapped[str]
    seen_at: Mapped[datetime]
    choice: Mapped[str | None]
    """Of domain.definition_drafts.Choice; None: he met no version of another."""
    chosen_at: Mapped[datetime | None]
    chosen_from: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    """Whose version was there before his."""


class Publication(Base):
    """One publication of a county: immutable, numbered, with all files as they were from then on."""

    __tablename__ = "publications"
    __table_args__ = (UniqueConstraint("county_id", "number"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"))
    number: Mapped[int]
    draft_id: Mapped[str | None] = mapped_column(ForeignKey("definition_drafts.id"))
    """None: what came with the program."""
    title: Mapped[str]
    notes: Mapped[str]
    files: Mapped[dict[str, Any]]
    """Every file of the county: name -> hash."""
    changed: Mapped[list[Any]]
    """Each `name`, `before`, `after` (hashes, None where there was or is none)."""
    releases: Mapped[list[Any]]
    """New releases: each `process`, `number`, `id`."""
    editors: Mapped[list[Any]]
    """Names of who edited."""
    scenarios: Mapped[str]
    """What the scenarios said, or why it was published without a green run."""
    published_at: Mapped[datetime]
    published_by: Mapped[str]
    """Username, as in `releases`."""
    published_by_name: Mapped[str]
