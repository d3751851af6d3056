"""What submissions said that is kept as no fact: opinions, signatures, dates of the paper itself."""

from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.storage.facts import scope_of
from app.storage.models import Submission, Task


def of_proceeding(proceeding_id: str) -> dict[str, dict[str, Any]]:
    """Newest answers by scope and name. What was said about a part of a scope (`subject/member`) counts for it too."""
    query = (
        select(Task.element, Submission.data)
        .join(Submission, Submission.task_id == Task.id)
        .where(Submission.proceeding_id == proceeding_id)
        .order_by(Submission.submitted_at, Submission.id)
    )
    found: dict[str, dict[str, Any]] = {}
    for element, data in db.session.execute(query):
        scope = scope_of(element or {})
        for part in {scope, scope.split("/")[0]}:
            found.setdefault(part, {}).update({name: value for name, value in data.items() if value is not None})
    return found
