"""Diagrams, tables, forms and registers: immutable files by content hash, bound together in releases."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class DefinitionFile(Base):
    """One content of one file, for ever. The primary key is the SHA-256 of kind, name and content."""

    __tablename__ = "definition_files"

    hash: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    """File name relative to its root, e.g. `filing.bpmn` or `filing/analysis_report.form`."""
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Release(Base):
    """The immutable set of files that a proceeding runs on."""

    __tablename__ = "releases"
    __table_args__ = (UniqueConstraint("process_key", "county_id", "number"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    process_key: Mapped[str] = mapped_column(index=True)
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"))
    regulation_id: Mapped[str | None]
    number: Mapped[int]
    digest: Mapped[str]
    published_at: Mapped[datetime]
    published_by: Mapped[str]


class ReleaseFile(Base):
    __tablename__ = "release_files"

    release_id: Mapped[str] = mapped_column(ForeignKey("releases.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(ForeignKey("definition_files.hash"))


class Regulation(Base):
    """A regulation in force in a county; its clauses are in the register file."""

    __tablename__ = "regulations"

    id: Mapped[str] = mapped_column(primary_key=True)
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"), index=True)
    title: Mapped[str]
    document_no: Mapped[str]
    status: Mapped[str]
    in_force_from: Mapped[date]
    in_force_to: Mapped[date | None]
    case_process: Mapped[str | None]
    meeting_process: Mapped[str | None]
    register_hash: Mapped[str] = mapped_column(ForeignKey("definition_files.hash"))
    tables: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Decision tables of an assessment: table id -> hash of its file."""
