"""讨论: what people who see a case say to each other about it, apart from its record.

Nothing of it goes into history, journal, ledger, export or archive; who no longer sees the case reads none of it.
"""

from datetime import datetime
from uuid import uuid4

from app.domain.actors import Actor
from app.domain.errors import N_, InvalidAnswersError, NotFoundError, Sentence
from app.domain.remarks import checked, ensure_changeable, names_after_at
from app.extensions import db
from app.storage import comments as rows
from app.storage import notices
from app.storage.models import Comment, Proceeding, Task
from app.storage.transaction import transaction
from app.storage.visibility import may_see

NOTICE = "COMMENT"


def add(proceeding_id: str, *, text: str, task_id: str | None = None, actor: Actor, now: datetime) -> str:
    """Say something on a case, meeting or procedure that the actor sees. Whom it names with @ is told (待阅).

    Raises NotFoundError (hidden), InvalidAnswersError at `text` (empty, too long, names somebody who does not see it).
    """
    with transaction():
        proceeding = _seen(proceeding_id, actor)
        task = db.session.get(Task, task_id) if task_id else None
        said = checked(text)
        mentioned = _mentioned(proceeding, said)
        comment = Comment(
            id=uuid4().hex,
            county_id=proceeding.county_id,
            proceeding_id=proceeding.id,
            task_id=task.id if task is not None and task.proceeding_id == proceeding.id else None,
            author_id=actor.person_id,
            text=said,
            mentioned=mentioned,
            created_at=now,
        )
        db.session.add(comment)
        _tell(proceeding, mentioned, said, actor=actor, now=now)
        return comment.id


def change(comment_id: str, *, text: str, actor: Actor, now: datetime) -> str:
    """Other words, within minutes and by the author alone. Returns the proceeding. Raises as `add`, ConflictError."""
    with transaction():
        comment, proceeding = _own(comment_id, actor)
        ensure_changeable(comment.created_at, comment.removed_at, now=now)
        said = checked(text)
        mentioned = _mentioned(proceeding, said)
        newly = [person for person in mentioned if person not in comment.mentioned]
        rows.keep(comment, text=said, mentioned=mentioned, at=now)
        _tell(proceeding, newly, said, actor=actor, now=now)
        return proceeding.id


def remove(comment_id: str, *, actor: Actor, now: datetime) -> str:
    """Take it away, within minutes and by the author alone: its words are gone, that there was one is told.

    Returns the proceeding. Raises NotFoundError, ConflictError.
    """
    with transaction():
        comment, proceeding = _own(comment_id, actor)
        ensure_changeable(comment.created_at, comment.removed_at, now=now)
        comment.text, comment.mentioned, comment.removed_at = "", [], now
        return proceeding.id


def _seen(proceeding_id: str, actor: Actor) -> Proceeding:
    proceeding = db.session.get(Proceeding, proceeding_id)
    if proceeding is None or not may_see(actor, proceeding_id):
        raise NotFoundError
    return proceeding


def _own(comment_id: str, actor: Actor) -> tuple[Comment, Proceeding]:
    comment = rows.lock(comment_id)
    if comment is None or comment.author_id != actor.person_id:
        raise NotFoundError
    return comment, _seen(comment.proceeding_id, actor)


def _mentioned(proceeding: Proceeding, text: str) -> list[str]:
    """Ids of the people named with @. The longest name that somebody has counts: other words may follow at once."""
    found: list[str] = []
    for word in names_after_at(text):
        beginnings = [word[:length] for length in range(len(word), 1, -1)]
        called = rows.people_called(beginnings, county_id=proceeding.county_id)
        name = next((beginning for beginning in beginnings if called[beginning]), "")
        if not name:
            raise InvalidAnswersError({"text": [Sentence(N_("没有叫“%(name)s”的同事，请在@后写全名。"), name=word)]})
        seeing = rows.who_see(proceeding, called[name])
        if not seeing:
            raise InvalidAnswersError({"text": [Sentence(N_("%(name)s看不到本件，不能提及。"), name=name)]})
        found += [person for person in seeing if person not in found]
    return found


def _tell(proceeding: Proceeding, people: list[str], text: str, *, actor: Actor, now: datetime) -> None:
    if people:
        notices.put(proceeding, kind=NOTICE, person_ids=people, text=text[:120], by=actor.person_id, now=now)
