"""The worker reads what was told of a proceeding since, and puts the words into the index of the search."""

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any

import structlog
from sqlalchemy import select, update

from app.documents.store import path_of
from app.documents.words import words_of
from app.domain.errors import NotFoundError
from app.extensions import OUTAGES, db
from app.forms.parse import parse_form
from app.forms.presentation import describe, mentions
from app.services import settings
from app.storage import searching
from app.storage.models import Attachment, Case, CaseSubject, HistoryEntry, Organ, Proceeding, Submission, Task
from app.storage.organisation import organ_names, people_names
from app.storage.releases import file_of
from app.storage.searching import Source
from app.storage.transaction import savepoint, transaction

log = structlog.get_logger()

LOCALE = "zh"
OPTIONS_FILE = "options.yml"
MOST_TEXTS = 20
"""Texts read in one transaction: whoever submits meanwhile on the embedded database waits for no more than these."""


def catch_up(*, most: int = 50) -> int:
    """Read proceedings that have moved on, each in a transaction of its own; returns how many."""
    done = 0
    while done < most and read_one():
        done += 1
    return done


def read_one() -> bool:
    """Read one proceeding, or the next part of a long one. False when the search knows all."""
    _read_ahead()
    with transaction():
        proceeding = searching.claim_unsearched()
        if proceeding is None:
            return False
        reached = proceeding.history_length
        try:
            with savepoint():
                reached = _read(proceeding)
        except OUTAGES:
            raise
        except Exception:  # one text that cannot be read must not keep all others from being found
            log.exception("not readable for the search", action="search", proceeding_id=proceeding.id)
        if reached > proceeding.searched_length:
            # plain: the row is the commands', who must not find it changed
            known = {"searched_length": reached}
            db.session.execute(update(Proceeding).where(Proceeding.id == proceeding.id).values(known))
    return True


def _read(proceeding: Proceeding) -> int:
    """Read the next part; returns the position of the history up to which the search now knows all."""
    papers = list(islice(_papers(proceeding), MOST_TEXTS + 1))
    if len(papers) > MOST_TEXTS:
        searching.write(list(chain.from_iterable(papers[:MOST_TEXTS])))
        return proceeding.searched_length
    reached, texts = _submissions(proceeding)
    if reached == proceeding.history_length:
        searching.drop_general(proceeding.id)
        texts = [*_general(proceeding), *texts]
    searching.write([*texts, *chain.from_iterable(papers)])
    return reached


def _general(proceeding: Proceeding) -> Iterator[dict[str, Any]]:
    case = db.session.get(Case, proceeding.id)
    organs = [case.lead_organ_id, case.nominal_entity] if case else []
    query = select(Organ.name).where(Organ.id.in_([id_ for id_ in organs if id_]))
    head = [proceeding.number, proceeding.title, (case.doc_no or "") if case else "", *db.session.scalars(query)]
    yield from searching.row_of(proceeding.id, Source.HEAD, _joined(head))
    of_it = HistoryEntry.proceeding_id == proceeding.id
    acted = select(HistoryEntry.person_name).where(of_it, HistoryEntry.person_id.is_not(None)).distinct()
    yield from searching.row_of(proceeding.id, Source.PEOPLE, _joined(db.session.scalars(acted)))
    subjects = select(CaseSubject.name).where(CaseSubject.proceeding_id == proceeding.id).order_by(CaseSubject.id)
    yield from searching.row_of(proceeding.id, Source.SUBJECTS, _joined(db.session.scalars(subjects)))


def _submissions(proceeding: Proceeding) -> tuple[int, list[dict[str, Any]]]:
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
            Submission.id.not_in(searching.known(proceeding.id, Source.SUBMISSION)),
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


def _papers(proceeding: Proceeding) -> Iterator[list[dict[str, Any]]]:
    """Rows of each paper that is not known yet; its name at least has words."""
    query = (
        select(Attachment, Task.candidate_role, Submission.person_id)
        .outerjoin(Submission, Submission.id == Attachment.submission_id)
        .outerjoin(Task, Task.id == Submission.task_id)
        .where(
            Attachment.proceeding_id == proceeding.id,
            Attachment.id.not_in(searching.known(proceeding.id, Source.PAPER)),
        )
        .order_by(Attachment.id)
        .limit(MOST_TEXTS + 1)
    )
    for paper, role, person in db.session.execute(query):
        by = {"source_id": paper.id, "role": role, "person_id": person}
        if rows := list(searching.row_of(proceeding.id, Source.PAPER, _text_of(paper), **by)):
            yield rows


def _read_ahead() -> None:
    """Read the papers whose turn is next before anything is locked: a PDF may take seconds, and nobody may wait."""
    ahead = searching.papers_ahead(most=MOST_TEXTS)
    db.session.rollback()  # nothing stays open meanwhile
    for sha256, media_type in ahead:
        words_of(path_of(settings.data_folder(), sha256), media_type)


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
    names: Mapping[str, str] = {**organ_names(ids), **people_names(ids)}
    rows = describe(form, submission.data, options=options, locale=LOCALE, names=names)
    return _joined(row.text for row in rows if not row.attachments)


def _joined(parts: Any) -> str:
    return "\n".join(part for part in parts if part)
