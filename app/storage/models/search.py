"""What can be searched: the words of proceedings, submissions and papers, cut into pairs of characters."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class SearchText(Base):
    """A piece of text of a proceeding. Written by the worker (`app.services.searching`), never by a command.

    The database's own index of `grams` is made beside the migrations, see `app.storage.searching.install`.
    """

    __tablename__ = "search_texts"
    __table_args__ = (Index("ix_search_texts_source", "proceeding_id", "source", "source_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proceeding_id: Mapped[str] = mapped_column(ForeignKey("proceedings.id"))
    source: Mapped[str]
    """See `app.storage.searching.Source`."""
    source_id: Mapped[str]
    """Id of the submission or paper; empty for what belongs to the proceeding as a whole."""
    role: Mapped[str | None]
    """Role in which it was submitted, which says who may read it; None: whoever may see the proceeding."""
    person_id: Mapped[str | None]
    """Who submitted it."""
    text: Mapped[str]
    grams: Mapped[str]
