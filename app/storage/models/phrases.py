"""常用语: what people write again and again."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class Phrase(Base):
    """A person's own, or with an organ one that everybody of the organ is offered."""

    __tablename__ = "phrases"

    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    """Who keeps it; nobody else can take it away."""
    organ_id: Mapped[str | None] = mapped_column(ForeignKey("organs.id"), index=True)
    text: Mapped[str]
    created_at: Mapped[datetime]
