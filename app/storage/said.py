"""What submissions said that is kept as no fact: opinions, signatures, dates of the paper itself."""

from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.storage.facts import scope_of
from app.storage.models import Submission, Task

Said = dict[str, dict[str, Any]]
"""Newest answers by scope and name. What was said about a part of a scope (`subject/member`) counts for it too."""


def answers_of(proceeding_id: str) -> Said:
    """What was said in a proceeding, in one statement."""
    query = (
        select(Task.element, Submission.data)
        .select_from(Submission)
        .join(Task, Task.id == Submission.task_id)
        .where(Submission.proceeding_id == proceeding_id)
        .order_by(Submission.submitted_at, Submission.id)
    )
    answers: Said = {}
    for element, data in db.session.execute(query):
        _say(answers, scope_of(element or {}), data)
    return answers


def _say(answers: Said, scope: str, data: dict[str, Any]) -> None:
    for part in {scope, scope.split("/")[0]}:
        answers.setdefault(part, {}).update({name: value for name, value in data.items() if value is not None})
