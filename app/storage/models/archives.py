"""Files that the worker makes after an act, and the packages in which closed cases are kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class FileOrder(Base):
    """A file that is to be made: written in the transaction of the act that calls for it, as the outbox is.

    The file is made outside of every transaction, so an order is leased, and done in a transaction of its own.
    """

    __tablename__ = "file_orders"
    __table_args__ = (
        Index("ix_file_orders_due", "status", "due_at"),
        Index("ix_file_orders_proceeding", "proceeding_id", "kind"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"))
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"))
    kind: Mapped[str]
    """PDF or ARCHIVE."""
    sha256: Mapped[str] = mapped_column(default="")
    """Of the stored .docx that is to be drawn."""
    reason: Mapped[str] = mapped_column(default="")
    """Why a package is made anew."""
    status: Mapped[str]
    """PENDING, DONE or DEAD."""
    ordered_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """Not before; while somebody makes it, the end of his lease."""
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]


class ArchivePackage(Base):
    """One version of the package of a closed case (归档包). Never changed; what comes later is another version."""

    __tablename__ = "archive_packages"
    __table_args__ = (UniqueConstraint("proceeding_id", "version"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    """Of the order that it was made for."""
    county_id: Mapped[str] = mapped_column(ForeignKey("counties.id"))
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"))
    version: Mapped[int]
    reason: Mapped[str]
    sha256: Mapped[str]
    sm3: Mapped[str]
    size: Mapped[int]
    """Bytes."""
    items: Mapped[int]
    """Lines of its catalogue."""
    pages: Mapped[int]
    chain: Mapped[str]
    """Head of the open chain over its journal extract."""
    sides: Mapped[list[Any]]
    """Whose submissions are in it: who may not read one of them does not get the package."""
    made_at: Mapped[datetime]
