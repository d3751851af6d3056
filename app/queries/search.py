"""Search over everything that the actor may read: cases, meetings, procedures, what was submitted, papers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from app.domain.actors import Actor
from app.domain.grams import Phrase, excerpt, phrases
from app.domain.proceedings import ProceedingKind
from app.extensions import db
from app.queries.inbox import LIGHT
from app.storage import searching
from app.storage.models import Attachment, Case, Organ, Proceeding, SearchText, Submission, Task
from app.storage.searching import Source
from app.storage.visibility import known_proceedings

PER_PAGE = 20
HITS = 3
"""Excerpts shown of a proceeding."""
JUMPS = 8


@dataclass(frozen=True, slots=True)
class Hit:
    source: Source
    name: str
    """The step that it was submitted at, or the file name of the paper; empty for what belongs to the whole."""
    paper_id: str | None
    stretches: tuple[tuple[str, bool], ...]
    """Text, and whether it is what was asked for."""


@dataclass(frozen=True, slots=True)
class Result:
    id: str
    kind: ProceedingKind
    number: str
    title: str
    organ: str
    status: str
    at: datetime
    """When something happened last."""
    hits: tuple[Hit, ...]
    number_stretches: tuple[tuple[str, bool], ...]
    title_stretches: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Results:
    rows: tuple[Result, ...]
    total: int
    page: int
    pages: int
    incomplete: bool
    """The worker has not read the latest acts yet."""


@dataclass(frozen=True, slots=True)
class Jump:
    id: str
    kind: ProceedingKind
    number: str
    title: str
    organ: str


def search(actor: Actor, question: str, *, kind: str = "", page: int = 1, per_page: int = PER_PAGE) -> Results:
    """Proceedings in which every word of the question is found by itself, those moved last on top."""
    asked = phrases(question)
    if not asked:
        return Results((), 0, 1, 1, incomplete=False)
    query = (
        select(Proceeding, Organ.name, func.count().over())
        .outerjoin(Case, Case.proceeding_id == Proceeding.id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .where(Proceeding.county_id == actor.county_id, *(Proceeding.id.in_(_with(actor, phrase)) for phrase in asked))
        .order_by(_moved().desc(), Proceeding.id)
        .limit(per_page)
        .offset((page - 1) * per_page)
        .options(*LIGHT)
    )
    if kind in set(ProceedingKind):
        query = query.where(Proceeding.kind == ProceedingKind(kind))
    found = db.session.execute(query).all()
    hits = _hits(actor, [row[0].id for row in found], asked)
    total = found[0][2] if found else 0
    return Results(
        rows=tuple(_result(proceeding, organ, hits.get(proceeding.id, ()), asked) for proceeding, organ, _ in found),
        total=total,
        page=page,
        pages=max(1, -(-total // per_page)),
        incomplete=searching.is_behind(),
    )


def jumps(actor: Actor, question: str) -> tuple[Jump, ...]:
    """案号直达: proceedings whose number, court number, matter or organ has the words; the exact number on top."""
    asked = phrases(question)
    if not asked:
        return ()
    head = [_heads(phrase) for phrase in asked]
    query = (
        select(Proceeding, Organ.name)
        .outerjoin(Case, Case.proceeding_id == Proceeding.id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .where(or_(Proceeding.number == question.strip(), *[_all(head)]), known_proceedings(actor))
        .order_by(Proceeding.number != question.strip(), _moved().desc(), Proceeding.id)
        .limit(JUMPS)
        .options(*LIGHT)
    )
    return tuple(Jump(row.id, row.kind, row.number, row.title, organ or "") for row, organ in db.session.execute(query))


def _moved() -> ColumnElement[Any]:
    return func.coalesce(Proceeding.updated_at, Proceeding.opened_at)


def _all(criteria: Sequence[ColumnElement[bool]]) -> ColumnElement[bool]:
    together = criteria[0]
    for criterion in criteria[1:]:
        together = together & criterion
    return together


def _heads(phrase: Phrase) -> ColumnElement[bool]:
    found = select(SearchText.proceeding_id).where(searching.has(phrase), SearchText.source == Source.HEAD)
    return Proceeding.id.in_(found.correlate(None))


def _with(actor: Actor, phrase: Phrase) -> Any:
    """Ids of the proceedings in which the actor can read the phrase."""
    query = select(SearchText.proceeding_id).join(Proceeding, Proceeding.id == SearchText.proceeding_id)
    return query.where(searching.has(phrase), searching.readable(actor)).correlate(None)


def _hits(actor: Actor, ids: Sequence[str], asked: tuple[Phrase, ...]) -> Mapping[str, tuple[Hit, ...]]:
    """A few excerpts of each shown proceeding; its head is shown anyway."""
    if not ids:
        return {}
    query = (
        select(SearchText, Task.name, Attachment.file_name)
        .join(Proceeding, Proceeding.id == SearchText.proceeding_id)
        .outerjoin(Submission, Submission.id == SearchText.source_id)
        .outerjoin(Task, Task.id == Submission.task_id)
        .outerjoin(Attachment, Attachment.id == SearchText.source_id)
        .where(
            SearchText.proceeding_id.in_(ids),
            or_(*(searching.has(phrase) for phrase in asked)),
            searching.readable(actor),
        )
        .order_by(SearchText.proceeding_id, SearchText.id)
    )
    found: dict[str, list[Hit]] = {}
    seen = set()
    for piece, step, file_name in db.session.execute(query):
        hits = found.setdefault(piece.proceeding_id, [])
        place = (piece.source, piece.source_id, piece.proceeding_id)
        if len(hits) >= HITS or place in seen:
            continue
        if stretches := excerpt(piece.text.replace("\n", "　"), asked):
            seen.add(place)
            paper = piece.source_id if piece.source == Source.PAPER else None
            hits.append(Hit(Source(piece.source), step or file_name or "", paper, stretches))
    return {id_: tuple(hits) for id_, hits in found.items()}


def _result(proceeding: Proceeding, organ: str | None, hits: tuple[Hit, ...], asked: tuple[Phrase, ...]) -> Result:
    return Result(
        id=proceeding.id,
        kind=proceeding.kind,
        number=proceeding.number,
        title=proceeding.title,
        organ=organ or "",
        status=proceeding.status.value,
        at=proceeding.updated_at or proceeding.opened_at,
        hits=tuple(hit for hit in hits if hit.source is not Source.HEAD or not _is_shown(hit, proceeding)),
        number_stretches=_marked(proceeding.number, asked),
        title_stretches=_marked(proceeding.title, asked),
    )


def _is_shown(hit: Hit, proceeding: Proceeding) -> bool:
    """Whether the head's hit stands in the number or title, which the row shows itself."""
    marked = [text for text, is_hit in hit.stretches if is_hit]
    return all(text in proceeding.number or text in proceeding.title for text in marked)


def _marked(text: str, asked: tuple[Phrase, ...]) -> tuple[tuple[str, bool], ...]:
    return excerpt(text, asked, around=10_000, longest=10_000) or ((text, False),)
