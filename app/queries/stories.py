"""The story of a proceeding, in order, with every submission that the reader may open."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.domain.access import can_read_submission
from app.domain.actors import Actor
from app.domain.history import Act
from app.domain.opinions import OpinionKind, kind_of
from app.domain.roles import ROLES
from app.extensions import db
from app.forms.presentation import Row
from app.law.clauses import Clause
from app.queries.answers import Opinion, answers_of, ids_in, opinion_of, verdict_of
from app.queries.names import Names, names_for
from app.queries.proposals import DepartureView, departures_of
from app.queries.stages import register_of
from app.storage import withheld
from app.storage.agendas import item_no_of
from app.storage.models import Attachment, HistoryEntry, Submission, Task


@dataclass(frozen=True, slots=True)
class Paper:
    id: str
    file_name: str
    size: int
    """Bytes."""
    uploaded_at: datetime
    step: str
    submission_id: str = ""
    version: int = 1
    """The newest one; the page of the paper has those before."""
    pages: int | None = None
    first_id: str = ""
    """Of the first version, which is what the submission names."""


@dataclass(frozen=True, slots=True)
class Line:
    position: int
    at: datetime
    act: Act
    name: str
    process_key: str
    step_id: str
    task_id: str | None
    person: str
    organ: str
    role: str
    """Label of the role (message id)."""
    clauses: tuple[Clause, ...]
    details: Mapping[str, Any]
    submission_id: str | None
    answers: tuple[Row, ...] | None
    """None where nothing was submitted or the reader may not open it."""
    verdict: str
    """What was decided, in words; empty where nothing was, or the reader may not know."""
    opinion: Opinion | None
    opinion_kind: OpinionKind
    item_no: int
    """The agenda item that the step was done for; 0 where it was done for none."""
    departures: tuple[DepartureView, ...]
    """Where the answers are not what a table proposed; empty where the reader may not open them."""
    withheld: bool
    """Something was submitted that the reader may not open."""


@dataclass(frozen=True, slots=True)
class Story:
    lines: tuple[Line, ...]
    papers: tuple[Paper, ...]

    @property
    def by_people(self) -> tuple[Line, ...]:
        """Without what the system did by itself, save what people must know of."""
        return tuple(line for line in self.lines if line.act not in (Act.STEP, Act.DECISION, Act.MESSAGE_SENT))


@dataclass(frozen=True, slots=True)
class StoryFilters:
    """Which lines a reader wants to see, as they stand in the address."""

    text: str = ""
    act: str = ""
    person: str = ""
    newest_first: bool = False

    @property
    def narrowed(self) -> bool:
        return bool(self.text or self.act or self.person)


def chosen(lines: Iterable[Line], filters: StoryFilters) -> tuple[Line, ...]:
    """The lines that fit. The text is looked for in what the reader may read: steps, names, answers, reasons."""
    wanted = filters.text.casefold()
    found = [
        line
        for line in lines
        if (not filters.act or line.act == filters.act)
        and (not filters.person or line.person == filters.person)
        and (not wanted or any(wanted in words.casefold() for words in _words_of(line)))
    ]
    return tuple(reversed(found)) if filters.newest_first else tuple(found)


def _words_of(line: Line) -> Iterator[str]:
    yield from (line.name, line.person, line.organ, line.verdict)
    yield from (str(line.details.get(name) or "") for name in ("reason", "basis", "to", "text"))
    for answer in line.answers or ():
        yield from (answer.label, answer.text)


def story_of(
    actor: Actor,
    proceeding_id: str,
    *,
    release_id: str,
    locale: str,
    blind: frozenset[str] = frozenset(),
    only_person: str | None = None,
) -> Story:
    """All lines, oldest first; or those of one person. `blind` holds submissions that are not open yet."""
    query = (
        select(HistoryEntry, Task.element, withheld.met_by(actor.person_id, HistoryEntry.proceeding_id))
        .outerjoin(Task, Task.id == HistoryEntry.task_id)
        .where(HistoryEntry.proceeding_id == proceeding_id)
        .order_by(HistoryEntry.position)
    )
    if only_person is not None:
        query = query.where(HistoryEntry.person_id == only_person)
    found = db.session.execute(query).all()
    meets = any(met for _, _, met in found)
    kept_back = withheld.of_meeting(proceeding_id, actor.person_id) if meets else withheld.NOTHING
    rows = [(entry, element) for entry, element, _ in found if not kept_back.hides(element, "")]
    entries = [entry for entry, _ in rows]
    readable = {
        entry.submission_id
        for entry in entries
        if entry.submission_id
        and entry.submission_id not in blind
        and can_read_submission(actor, performer_id=entry.person_id, role=entry.role)
    }
    submissions = {id_: row for id_, row in _submissions(readable).items() if not kept_back.hides(None, row.data)}
    names = names_for(actor.county_id, (value for row in submissions.values() for value in ids_in(row.data)))
    register = register_of(release_id)
    lines = tuple(
        _line(
            entry,
            submissions,
            names,
            release_id=release_id,
            locale=locale,
            clauses=register.clauses_of(entry.clauses),
            item_no=item_no_of(element or {}),
        )
        for entry, element in rows
    )
    elements = {entry.submission_id: element for entry, element in rows}
    shown = {id_ for id_ in readable if not kept_back.hides_paper(elements.get(id_))}
    return Story(lines, _papers(shown, entries))


def _submissions(ids: Iterable[str]) -> dict[str, Submission]:
    wanted = sorted(ids)
    if not wanted:
        return {}
    return {row.id: row for row in db.session.scalars(select(Submission).where(Submission.id.in_(wanted)))}


def _papers(readable: set[str], entries: Iterable[HistoryEntry]) -> tuple[Paper, ...]:
    if not readable:
        return ()
    steps = {entry.submission_id: entry.name for entry in entries}
    rows = db.session.scalars(
        select(Attachment)
        .where(Attachment.submission_id.in_(sorted(readable)))
        .order_by(Attachment.uploaded_at, Attachment.version)
    ).all()
    newest = {row.first_id or row.id: row for row in sorted(rows, key=lambda row: row.version)}
    return tuple(_paper(newest[row.id], row, steps) for row in rows if row.first_id is None)


def _paper(row: Attachment, first: Attachment, steps: Mapping[str | None, str]) -> Paper:
    """The newest version in the place of the first."""
    return Paper(
        id=row.id,
        file_name=row.file_name,
        size=row.size,
        uploaded_at=row.uploaded_at,
        step=steps.get(row.submission_id, ""),
        submission_id=row.submission_id or "",
        version=row.version,
        pages=row.pages,
        first_id=first.id,
    )


def _line(
    entry: HistoryEntry,
    submissions: Mapping[str, Submission],
    names: Names,
    *,
    release_id: str,
    locale: str,
    clauses: tuple[Clause, ...],
    item_no: int,
) -> Line:
    submission = submissions.get(entry.submission_id or "")
    answers, verdict, opinion = None, "", None
    departed: tuple[DepartureView, ...] = ()
    if submission is not None:
        answers = answers_of(release_id, submission.form_key, submission.data, names=names, locale=locale)
        verdict = verdict_of(release_id, submission.form_key, submission.data, answers)
        opinion = opinion_of(release_id, submission.form_key, submission.data, answers)
        told = entry.details.get("departures", ())
        departed = departures_of(release_id, submission.form_key, told, answers, names=names, locale=locale)
    return Line(
        position=entry.position,
        at=entry.at,
        act=Act(entry.act),
        name=entry.name,
        process_key=entry.process_key,
        step_id=entry.step_id,
        task_id=entry.task_id,
        person=entry.person_name,
        organ=entry.organ_name,
        role=ROLES[entry.role].label if entry.role in ROLES else "",
        clauses=clauses,
        details=entry.details,
        submission_id=entry.submission_id,
        answers=answers,
        verdict=verdict,
        opinion=opinion,
        opinion_kind=kind_of(opinion.kind if opinion else "", entry.role),
        item_no=item_no,
        departures=departed,
        withheld=entry.submission_id is not None and submission is None,
    )
