"""The worker reads what was told of a proceeding since, and puts the words into the index of the search."""

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any

import structlog
from sqlalchemy import and_, literal_column, select, union, union_all

from app.documents.store import path_of
from app.documents.words import words_of
from app.domain.errors import NotFoundError
from app.extensions import OUTAGES, db
from app.forms.parse import parse_form
from app.forms.presentation import describe, mentions
from app.services import settings
from app.storage import searching
from app.storage.models import Attachment, Case, CaseSubject, HistoryEntry, Organ, Submission, Task
from app.storage.organisation import names_of
from app.storage.releases import file_of
from app.storage.searching import Ahead, Source, Unsearched
from app.storage.transaction import transaction

log = structlog.get_logger()

LOCALE = "zh"
OPTIONS_FILE = "options.yml"
MOST_CASES = 50
"""Read in one go, unless told otherwise."""
MOST_TEXTS = 20
"""Texts read in one transaction: whoever submits meanwhile on the embedded database waits for no more than these."""


class _UnreadableError(Exception):
    """A text of this proceeding cannot be read."""

    def __init__(self, proceeding: Unsearched) -> None:
        super().__init__(proceeding.id)
        self.proceeding = proceeding


def catch_up(*, most: int = MOST_CASES) -> int:
    """Read proceedings that have moved on, each in a transaction of its own; returns how many."""
    done = 0
    while done < most and read_one():
        done += 1
    return done


def read_one() -> bool:
    """Read one proceeding, or the next part of a long one. False when the search knows all."""
    ahead = _read_ahead()
    if ahead is None:
        return False
    try:
        return _read_next(ahead)
    except _UnreadableError as failure:  # one text that cannot be read must not keep all others from being found
        of_it = failure.proceeding
        log.error("not readable for the search", action="search", proceeding_id=of_it.id, exc_info=failure.__cause__)
        with transaction():
            searching.write(_general(of_it))
            searching.tell_reached(of_it.id, of_it.history_length)
        return True


def _read_next(ahead: Ahead) -> bool:
    with transaction():
        proceeding = searching.claim_unsearched()
        if proceeding is None:
            return False
        try:
            reached = _read(proceeding, ahead)
        except OUTAGES:
            raise
        except Exception as error:
            raise _UnreadableError(proceeding) from error
        searching.tell_reached(proceeding.id, reached)
    return True


def _read(proceeding: Unsearched, ahead: Ahead) -> int:
    """Read the next part; returns the position of the history up to which the search now knows all."""
    papers = [] if proceeding.is_without_papers(ahead) else list(islice(_papers(proceeding), MOST_TEXTS + 1))
    if len(papers) > MOST_TEXTS:
        searching.write(list(chain.from_iterable(papers[:MOST_TEXTS])))
        return proceeding.searched_length
    reached, texts = _submissions(proceeding)
    searching.write([*_general(proceeding), *texts, *chain.from_iterable(papers)])
    return reached


def _general(proceeding: Unsearched) -> list[dict[str, Any]]:
    """Rows of what is said of it as a whole, where that has changed; what was said before is taken out."""
    before, found = searching.general_of(proceeding.id), _facts_of(proceeding)
    head = [proceeding.number, proceeding.title, *found["DOC_NO"], *found["ORGAN"]]
    words = {Source.HEAD: _joined(head), Source.SUBJECTS: _joined(found["SUBJECT"])}
    told = set("\n".join(before.get(Source.PEOPLE, {}).values()).split("\n"))
    if not told.issuperset(found["PERSON"]):  # only then a long past is looked through
        words[Source.PEOPLE] = _joined(_people_of(proceeding))
    rows: list[dict[str, Any]] = []
    stale: list[int] = []
    for source, text in words.items():
        new, old = list(searching.row_of(proceeding.id, source, text)), before.get(source, {})
        if [row["text"] for row in new] != list(old.values()):
            rows += new
            stale += old
    searching.drop(stale)
    return rows


def _facts_of(proceeding: Unsearched) -> Mapping[str, list[str]]:
    """Names that belong to it, in one statement; of those who acted only who did so since it was read."""
    of_case, kind = Case.proceeding_id == proceeding.id, literal_column
    organs: Any = union(select(Case.lead_organ_id).where(of_case), select(Case.nominal_entity).where(of_case))
    acted = and_(HistoryEntry.person_id.is_not(None), HistoryEntry.position > proceeding.searched_length)
    of_it = HistoryEntry.proceeding_id == proceeding.id
    query: Any = union_all(
        select(kind("'DOC_NO'"), kind("''"), Case.doc_no).where(of_case),
        select(kind("'ORGAN'"), Organ.id, Organ.name).where(Organ.id.in_(organs)),
        select(kind("'PERSON'"), kind("''"), HistoryEntry.person_name).where(of_it, acted),
        select(kind("'SUBJECT'"), CaseSubject.id, CaseSubject.name).where(CaseSubject.proceeding_id == proceeding.id),
    )
    found: dict[str, list[str]] = {"DOC_NO": [], "ORGAN": [], "PERSON": [], "SUBJECT": []}
    for what, _, name in sorted(db.session.execute(query), key=lambda row: (row[0], row[1])):
        if name:
            found[what].append(name)
    return found


def _people_of(proceeding: Unsearched) -> list[str]:
    acted = (HistoryEntry.proceeding_id == proceeding.id, HistoryEntry.person_id.is_not(None))
    return sorted(filter(None, db.session.scalars(select(HistoryEntry.person_name).where(*acted).distinct())))


def _submissions(proceeding: Unsearched) -> tuple[int, list[dict[str, Any]]]:
    """The position that the next part of the history reaches, and rows for the words submitted in it.

    Lines that were read are not looked at again, so a long past costs a new step nothing.
    """
    query = (
        select(HistoryEntry.position, Submission, Task.candidate_role)
        .join(Submission, Submission.id == HistoryEntry.submission_id)
        .join(Task, Task.id == Submission.task_id)
        .where(
            HistoryEntry.proceeding_id == proceeding.id,
            HistoryEntry.position > proceeding.searched_length,
            searching.unknown(Source.SUBMISSION, proceeding.id, Submission.id),
        )
        .order_by(HistoryEntry.position)
        .limit(MOST_TEXTS + 1)
    )
    found = db.session.execute(query).all()
    written: dict[str, list[dict[str, Any]]] = {}
    for _, submission, role in found[:MOST_TEXTS]:
        if submission.id not in written:
            words = _words(proceeding.release_id, submission)
            by = {"source_id": submission.id, "role": role, "person_id": submission.person_id}
            written[submission.id] = list(searching.row_of(proceeding.id, Source.SUBMISSION, words, **by))
    reached = found[MOST_TEXTS - 1].position if len(found) > MOST_TEXTS else proceeding.history_length
    return reached, list(chain.from_iterable(written.values()))


def _papers(proceeding: Unsearched) -> Iterator[list[dict[str, Any]]]:
    """Rows of each paper that is not known yet; its name at least has words."""
    query = (
        select(Attachment, Task.candidate_role, Submission.person_id)
        .outerjoin(Submission, Submission.id == Attachment.submission_id)
        .outerjoin(Task, Task.id == Submission.task_id)
        .where(
            Attachment.proceeding_id == proceeding.id,
            searching.unknown(Source.PAPER, proceeding.id, Attachment.id),
        )
        .order_by(Attachment.id)
        .limit(MOST_TEXTS + 1)
    )
    for paper, role, person in db.session.execute(query):
        by = {"source_id": paper.id, "role": role, "person_id": person}
        if rows := list(searching.row_of(proceeding.id, Source.PAPER, _text_of(paper), **by)):
            yield rows


def _read_ahead() -> Ahead | None:
    """Read the papers whose turn is next before anything is locked: a PDF may take seconds, and nobody may wait."""
    ahead = searching.look_ahead(most=MOST_TEXTS)
    db.session.rollback()  # nothing stays open meanwhile
    for sha256, media_type in ahead.papers if ahead else ():
        words_of(path_of(settings.data_folder(), sha256), media_type)
    return ahead


def _text_of(paper: Attachment) -> str:
    return _joined([paper.file_name, words_of(path_of(settings.data_folder(), paper.sha256), paper.media_type)])


def _words(release_id: str, submission: Submission) -> str:
    """The answers as people read them; none where the form is gone."""
    try:
        form = parse_form(file_of(release_id, f"{submission.form_key}.form"))
        options = file_of(release_id, OPTIONS_FILE)
    except NotFoundError:
        return ""
    picked = mentions(form, submission.data)
    ids = [id_ for found in picked.values() for id_ in found]
    rows = describe(form, submission.data, options=options, locale=LOCALE, names=names_of(ids))
    return _joined(row.text for row in rows if not row.attachments)


def _joined(parts: Any) -> str:
    return "\n".join(part for part in parts if part)
