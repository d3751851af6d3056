"""What the member units said on the items of a meeting (会签)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.storage.models import Submission, Task

SIGNATORY = "member.signatory"


def by_item(meeting_id: str) -> dict[int, dict[str, Mapping[str, Any]]]:
    """The newest ballot of each member unit (organ id) by the number of the item; a later round takes its place."""
    query = (
        select(Task.element, Submission.data)
        .join(Submission, Submission.task_id == Task.id)
        .where(Task.proceeding_id == meeting_id, Task.candidate_role == SIGNATORY)
        .order_by(Task.opened_at, Task.id)
    )
    found: dict[int, dict[str, Mapping[str, Any]]] = {}
    for element, data in db.session.execute(query):
        item = element.get("agenda_item")
        if isinstance(item, Mapping) and "item_no" in item:
            found.setdefault(int(item["item_no"]), {})[str(element.get("member"))] = data or {}
    return found
