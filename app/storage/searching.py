"""The index of what can be searched: SQLite's FTS5, PostgreSQL's tsvector, both over pairs of characters."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any
from typing import cast as cast_to

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    false,
    func,
    insert,
    literal_column,
    not_,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from app.domain.access import may_add_subjects, may_record_status, may_see_votes, reads_own_texts, sides_read
from app.domain.actors import Actor
from app.domain.grams import Phrase, grams_of, pieces
from app.domain.proceedings import ProceedingStatus
from app.domain.roles import ROLES, Side
from app.extensions import db
from app.storage.models import Attachment, Proceeding, SearchText
from app.storage.visibility import known_proceedings, visible_proceedings
from app.storage.withheld import met_by

MOST_PIECES = 2_000
"""Of more pieces with a word only the newest are looked at."""
INDEX = "search_index"
BLIND = "member.signatory"
"""A vote is found by others only when the meeting is over: see `app.queries.votes`."""


class Source(StrEnum):
    HEAD = "HEAD"
    """Number, court number, matter, organs."""
    PEOPLE = "PEOPLE"
    """Who acted."""
    SUBJECTS = "SUBJECTS"
    """Responsible subjects."""
    SUBMISSION = "SUBMISSION"
    PAPER = "PAPER"


def install(connection: Connection) -> None:
    """Make the database's index of the pairs; runs after every migration."""
    for statement in _ON_POSTGRESQL if connection.dialect.name == "postgresql" else _ON_SQLITE:
        connection.exec_driver_sql(statement)


_ON_POSTGRESQL = (
    "CREATE INDEX IF NOT EXISTS search_index ON search_texts USING gin (to_tsvector('simple'::regconfig, grams))",
)
_PAIRS = "fts5(grams, content='search_texts', content_rowid='id', tokenize='unicode61')"
_ON_SQLITE = (f"CREATE VIRTUAL TABLE IF NOT EXISTS search_index USING {_PAIRS}",)


def behind() -> Any:
    """Criterion on Proceeding: the search does not know all of it. Written as its index is."""
    return text("searched_length < history_length")


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the search will read next, as it stood when it was asked. Nothing is locked."""

    proceeding_id: str
    history_length: int
    papers: tuple[tuple[str, str], ...]
    """Hash and media type of those that are not known yet."""


@dataclass(frozen=True, slots=True)
class Unsearched:
    """A proceeding that the search does not know fully."""

    id: str
    release_id: str
    number: str
    title: str
    history_length: int
    searched_length: int

    def is_without_papers(self, ahead: Ahead) -> bool:
        """Whether none was unread when it was looked at, and nothing was told of it since."""
        seen = (ahead.proceeding_id, ahead.history_length) == (self.id, self.history_length)
        return seen and not ahead.papers


def claim_unsearched() -> Unsearched | None:
    """A proceeding that the search does not know fully, locked until the commit."""
    columns = [getattr(Proceeding, each.name) for each in fields(Unsearched)]
    query: Any = select(*columns).where(behind()).order_by(Proceeding.id).limit(1)
    found = db.session.execute(query.with_for_update(skip_locked=True)).one_or_none()
    return Unsearched(*found) if found else None


def look_ahead(*, most: int) -> Ahead | None:
    """What `claim_unsearched` gives next, with so many of its unread papers; None when the search knows all."""
    of_it = select(Proceeding.id, Proceeding.history_length).where(behind()).order_by(Proceeding.id).limit(1).subquery()
    unread = and_(Attachment.proceeding_id == of_it.c.id, unknown(Source.PAPER, of_it.c.id, Attachment.id))
    columns = (of_it.c.id, of_it.c.history_length, Attachment.sha256, Attachment.media_type)
    query = select(*columns).outerjoin_from(of_it, Attachment, unread)
    found = db.session.execute(query.order_by(Attachment.id).limit(most)).all()
    if not found:
        return None
    papers = tuple((sha256, media_type) for _, _, sha256, media_type in found if sha256 is not None)
    return Ahead(found[0][0], found[0][1], papers)


def tell_reached(proceeding_id: str, reached: int) -> None:
    """The search knows the history up to this position. Plain: the row is the commands', who must not find it
    changed."""
    told = update(Proceeding).where(Proceeding.id == proceeding_id, Proceeding.searched_length < reached)
    db.session.execute(told.values(searched_length=reached).execution_options(synchronize_session=False))


def is_behind() -> bool:
    return db.session.scalars(select(Proceeding.id).where(behind()).limit(1)).first() is not None


def unknown(source: Source, proceeding_id: Any, source_id: Any) -> ColumnElement[bool]:
    """Criterion: the text of this submission or paper is not there yet; it never changes."""
    same = (SearchText.proceeding_id == proceeding_id, SearchText.source == source, SearchText.source_id == source_id)
    return ~exists().where(*same)


def general_of(proceeding_id: str) -> dict[str, dict[int, str]]:
    """Texts by id, by source, of what may change: all but submissions and papers."""
    general = SearchText.source.in_((Source.HEAD, Source.PEOPLE, Source.SUBJECTS))
    query = select(SearchText.source, SearchText.id, SearchText.text).order_by(SearchText.id)
    found: dict[str, dict[int, str]] = {}
    for source, id_, words in db.session.execute(query.where(SearchText.proceeding_id == proceeding_id, general)):
        found.setdefault(source, {})[id_] = words
    return found


def drop(ids: Sequence[int]) -> None:
    """Take out texts that are no longer right."""
    if not ids:
        return
    if _is_sqlite():
        _index("INSERT INTO search_index (search_index, rowid, grams) SELECT 'delete', id, grams", ids)
    gone = delete(SearchText).where(SearchText.id.in_(ids))
    db.session.execute(gone.execution_options(synchronize_session=False))


def forget(proceeding_id: str, source: str, source_id: str) -> None:
    """Empty the pieces of a submission or paper; that it was read stays known."""
    pieces_of = and_(
        SearchText.proceeding_id == proceeding_id, SearchText.source == source, SearchText.source_id == source_id
    )
    if _is_sqlite():
        ids = list(db.session.scalars(select(SearchText.id).where(pieces_of)))
        _index("INSERT INTO search_index (search_index, rowid, grams) SELECT 'delete', id, grams", ids)
    emptied = update(SearchText).where(pieces_of).values(text="", grams="")
    db.session.execute(emptied.execution_options(synchronize_session=False))


def row_of(
    proceeding_id: str,
    source: Source,
    words: str,
    *,
    source_id: str = "",
    role: str | None = None,
    person_id: str | None = None,
) -> Iterable[dict[str, Any]]:
    """Rows for a text, one for each piece."""
    for piece in pieces(words):
        yield {
            "proceeding_id": proceeding_id,
            "source": source.value,
            "source_id": source_id,
            "role": role,
            "person_id": person_id,
            "text": piece,
            "grams": grams_of(piece),
        }


def write(rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    table = cast_to(Table, SearchText.__table__)  # the table's own insert takes rows with and without a role together
    ids = db.session.scalars(insert(table).returning(table.c.id), list(rows)).all()
    if _is_sqlite():
        _index("INSERT INTO search_index (rowid, grams) SELECT id, grams", ids)


def _index(statement: str, ids: Sequence[int]) -> None:
    """Tell the index of rows that come or go. No trigger does it: SQLite lets none touch a virtual table while the
    schema is not trusted (`storage.transaction`)."""
    chosen = text(f"{statement} FROM search_texts WHERE id IN :ids").bindparams(bindparam("ids", expanding=True))
    if ids:
        db.session.execute(chosen, {"ids": list(ids)})


def _is_sqlite() -> bool:
    return db.session.get_bind().dialect.name == "sqlite"


def has(phrase: Phrase) -> ColumnElement[bool]:
    """Criterion on SearchText: the newest pieces with the phrase."""
    if not _is_sqlite():
        sought = " <-> ".join(f"'{gram}'" for gram in phrase.grams) + (":*" if phrase.open_ended else "")
        column = func.to_tsvector(literal_column("'simple'::regconfig"), SearchText.grams)
        found = select(SearchText.id).where(column.op("@@")(cast(sought, TSQUERY)))
        newest = found.order_by(SearchText.id.desc()).limit(MOST_PIECES).correlate(None).subquery()
        return SearchText.id.in_(select(newest.c.id))
    quoted = f'"{" ".join(phrase.grams)}"{" *" if phrase.open_ended else ""}'
    rows = text(f"SELECT rowid FROM search_index WHERE search_index MATCH :q ORDER BY rowid DESC LIMIT {MOST_PIECES}")
    return SearchText.id.in_(rows.bindparams(bindparam("q", quoted, unique=True)).columns(SearchText.id))


def readable(actor: Actor) -> ColumnElement[bool]:
    """Criterion on SearchText and its Proceeding: what `access.can_read_submission` lets the actor read."""
    sides = sides_read(actor)
    roles = sorted(role.id for role in ROLES.values() if role.side in sides)
    own = SearchText.person_id == actor.person_id if reads_own_texts() else false()
    ended = Proceeding.status != ProceedingStatus.RUNNING if may_see_votes(closed=True, voted=False) else false()
    given = or_(SearchText.role != BLIND, own, ended)
    submitted = or_(own, and_(SearchText.role.in_(roles), given))
    of_case = [
        and_(
            SearchText.source.in_((Source.SUBMISSION, Source.PAPER)),
            or_(SearchText.role.is_(None), submitted),
            not_(met_by(actor.person_id, Proceeding.id)),
        )
    ]
    of_case.append(SearchText.source == Source.PEOPLE)
    if Side.DECIDER in sides or may_record_status(actor) or may_add_subjects(actor):
        of_case.append(SearchText.source == Source.SUBJECTS)
    return or_(
        and_(SearchText.source == Source.HEAD, known_proceedings(actor)),
        and_(or_(*of_case), visible_proceedings(actor)),
    )
