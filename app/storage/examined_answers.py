"""What was submitted in some proceedings, held against the facts and lines that came of it. Read in small parts."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select

from app.domain.history import Act
from app.extensions import db
from app.storage import journal
from app.storage.models import Account, CaseFact, Erasure, HistoryEntry, Submission

READ_AT_ONCE = 200
"""Submissions read from the database at a time: some megabytes at most."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One submission, without its content."""

    proceeding_id: str
    task_id: str
    digest: str
    """Of the content, or of what it was before it was erased by order."""
    person_id: str
    at: datetime
    altered: tuple[tuple[str, str], ...]
    """Scope and name of facts that say something else than the content which stated them."""
    told: tuple[tuple[str | None, datetime], ...]
    """Person and moment in the lines of the history that tell of it."""


def of_proceedings(ids: Collection[str]) -> Iterator[Answer]:
    """All submissions of some proceedings."""
    facts, told = _facts(ids), _told(ids)
    erased = and_(Erasure.kind == "SUBMISSION", Erasure.object_id == Submission.id)
    columns = (Submission.id, Submission.proceeding_id, Submission.task_id, Submission.data)
    query = (
        select(*columns, Submission.person_id, Submission.submitted_at, Erasure.content_digest)
        .outerjoin(Erasure, erased)
        .where(Submission.proceeding_id.in_(ids))
    )
    for row in db.session.execute(query.execution_options(yield_per=READ_AT_ONCE)):
        stated = () if row.content_digest else facts.get(row.id, ())
        yield Answer(
            row.proceeding_id,
            row.task_id,
            row.content_digest or journal.digest_of(row.data),
            row.person_id,
            row.submitted_at,
            tuple((scope, name) for scope, name, value in stated if row.data.get(name, value) != value),
            tuple(told.get(row.id, ())),
        )


def _facts(ids: Collection[str]) -> dict[str, list[tuple[str, str, Any]]]:
    """Submission -> scope, name and value of what it stated."""
    found: dict[str, list[tuple[str, str, Any]]] = defaultdict(list)
    columns = (CaseFact.submission_id, CaseFact.scope, CaseFact.name, CaseFact.value)
    for submission_id, *fact in db.session.execute(select(*columns).where(CaseFact.proceeding_id.in_(ids))):
        found[submission_id].append((fact[0], fact[1], fact[2]))
    return found


def _told(ids: Collection[str]) -> dict[str, list[tuple[str | None, datetime]]]:
    found: dict[str, list[tuple[str | None, datetime]]] = defaultdict(list)
    columns = (HistoryEntry.submission_id, HistoryEntry.person_id, HistoryEntry.at)
    told = (HistoryEntry.proceeding_id.in_(ids), HistoryEntry.act == Act.SUBMITTED)
    for submission_id, person_id, at in db.session.execute(select(*columns).where(*told)):
        found[submission_id or ""].append((person_id, at))
    return found


def people_of(usernames: Collection[str]) -> dict[str, str]:
    """Account -> its person."""
    query = select(Account.username, Account.person_id).where(Account.username.in_(usernames))
    return {row.username: row.person_id for row in db.session.execute(query)}
