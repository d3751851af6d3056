"""What submissions said that is kept as no fact: opinions, signatures, dates of the paper itself."""

from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.storage.facts import scope_of
from app.storage.models import IssuedPaper, Submission, Task

Said = dict[str, dict[str, Any]]
"""Newest answers by scope and name. What was said about a part of a scope (`subject/member`) counts for it too."""


def with_papers(speaking_id: str, issuing_id: str) -> tuple[Said, list[IssuedPaper]]:
    """What was said in the proceeding `speaking_id`, and every paper of `issuing_id`, the newest first; one statement.

    The two are the same, but for a further procedure about a case.
    """
    query = (
        select(Submission.proceeding_id, Submission.id, Task.element, Submission.data, IssuedPaper)
        .join(Task, Task.id == Submission.task_id)
        .outerjoin(IssuedPaper, IssuedPaper.submission_id == Submission.id)
        .where(Submission.proceeding_id.in_({speaking_id, issuing_id}))
        .order_by(Submission.submitted_at, Submission.id)
    )
    answers: Said = {}
    papers: list[IssuedPaper] = []
    before = ""
    for proceeding_id, submission_id, element, data, paper in db.session.execute(query):
        if proceeding_id == speaking_id and submission_id != before:
            _say(answers, scope_of(element or {}), data)
        if paper is not None and proceeding_id == issuing_id:
            papers.append(paper)
        before = submission_id
    return answers, sorted(papers, key=lambda paper: (paper.signed_at, paper.version), reverse=True)


def _say(answers: Said, scope: str, data: dict[str, Any]) -> None:
    for part in {scope, scope.split("/")[0]}:
        answers.setdefault(part, {}).update({name: value for name, value in data.items() if value is not None})
