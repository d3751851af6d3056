"""Official wording of regulations, as a county imported it: never shipped, never changed, a new import follows."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class OfficialImport(Base):
    """One import of the official text of a regulation; the highest number is in use."""

    __tablename__ = "official_imports"
    __table_args__ = (UniqueConstraint("regulation_id", "number"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    regulation_id: Mapped[str] = mapped_column(ForeignKey("regulations.id"))
    number: Mapped[int]
    file_name: Mapped[str]
    file_hash: Mapped[str]
    """SHA-256 of the file."""
    imported_at: Mapped[datetime]
    imported_by: Mapped[str]
    """Username, or empty for the command line."""
    imported_name: Mapped[str]
    findings: Mapped[list[Any]]
    """What did not fit the register then: kind, place, clause, sentence, values."""


class OfficialClause(Base):
    """The wording of one clause in one import."""

    __tablename__ = "official_clauses"

    import_id: Mapped[str] = mapped_column(ForeignKey("official_imports.id"), primary_key=True)
    clause_id: Mapped[str] = mapped_column(primary_key=True)
    wording: Mapped[str]
