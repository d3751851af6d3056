"""One form as it was submitted, whole and unchangeable, for who may read it."""

from dataclasses import dataclass

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.errors import NotFoundError
from app.domain.proceedings import ProceedingKind
from app.extensions import db
from app.queries.heads import Head, head_of, is_visible
from app.queries.stories import Line, Paper, story_of
from app.queries.votes import blind_submissions
from app.storage.models import Erasure, Submission


@dataclass(frozen=True, slots=True)
class SubmissionPage:
    id: str
    head: Head
    line: Line
    papers: tuple[Paper, ...]
    form_hash: str
    """Of the form that it was checked against; empty where none was kept."""
    opens_file: bool
    erased_by: str
    """By which authority its content was erased; empty where it is there."""


def submission_page(actor: Actor, submission_id: str, *, locale: str) -> SubmissionPage:
    """Raises NotFoundError where it is missing or the actor may not read it (a vote before his own is given)."""
    row = db.session.get(Submission, submission_id)
    if row is None:
        raise NotFoundError
    visible = is_visible(actor, row.proceeding_id)
    if not visible and row.person_id != actor.person_id:
        raise NotFoundError
    head = head_of(row.proceeding_id, locale=locale).head
    blind = blind_submissions(actor, head.id) if head.kind is ProceedingKind.MEETING else frozenset()
    only = None if visible else actor.person_id
    story = story_of(actor, head.id, release_id=head.release_id, locale=locale, blind=blind, only_person=only)
    line = next((line for line in story.lines if line.submission_id == submission_id), None)
    if line is None or line.answers is None:
        raise NotFoundError
    papers = tuple(paper for paper in story.papers if paper.submission_id == submission_id)
    return SubmissionPage(row.id, head, line, papers, row.form_hash, visible, _erased_by(row))


def _erased_by(row: Submission) -> str:
    if "erased" not in row.data:  # no form has a field of that name, see app.services.retention
        return ""
    return db.session.scalars(select(Erasure.authority).where(Erasure.object_id == row.id)).one_or_none() or ""
