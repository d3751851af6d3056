"""Further procedures: what each is about, beside its row in `proceedings`."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class Procedure(Base):
    __tablename__ = "procedures"

    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"), primary_key=True)
    key: Mapped[str] = mapped_column(index=True)
    """As the register of the regulation names it."""
    regulation_id: Mapped[str] = mapped_column(ForeignKey("regulations.id"))
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("proceedings.id"), index=True)
    """The case it is about; None for a procedure of its own."""
    subject_id: Mapped[str | None] = mapped_column(ForeignKey("case_subjects.id"), index=True)
