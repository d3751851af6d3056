"""常用语: keeping and dropping phrases of one's own, or ones that the whole organ is offered."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select

from app.domain.actors import Actor
from app.domain.errors import N_, ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError
from app.extensions import db
from app.storage.models import Phrase
from app.storage.transaction import transaction

LONGEST, MOST = 300, 60
"""Characters of a phrase; phrases of one person."""


def add(text: str, *, shared: bool, actor: Actor, now: datetime) -> str:
    """Keep a phrase; returns its id. `shared`: everybody of the actor's organ is offered it.

    Raises InvalidAnswersError (empty or too long), NotAllowedError (shared without an organ), ConflictError (too many).
    """
    text = " ".join(text.split())
    if not text:
        raise InvalidAnswersError({"text": [N_("请填写常用语。")]})
    if len(text) > LONGEST:
        raise InvalidAnswersError({"text": [N_("常用语不能超过300字。")]})
    if shared and actor.organ_id is None:
        raise NotAllowedError(N_("您不属于任何单位，只能保存个人常用语。"))
    organ_id = actor.organ_id if shared else None
    with transaction():
        own = select(Phrase).where(Phrase.person_id == actor.person_id)
        same = db.session.scalars(own.where(Phrase.text == text, Phrase.organ_id == organ_id)).first()
        if same is not None:
            return same.id
        if (db.session.scalar(select(func.count()).select_from(own.subquery())) or 0) >= MOST:
            raise ConflictError(N_("常用语已满60条，请先删除不用的。"))
        phrase = Phrase(id=uuid4().hex, person_id=actor.person_id, organ_id=organ_id, text=text, created_at=now)
        db.session.add(phrase)
        return phrase.id


def remove(phrase_id: str, *, actor: Actor) -> None:
    """Drop one of one's own. Raises NotFoundError for anybody else's."""
    with transaction():
        phrase = db.session.get(Phrase, phrase_id)
        if phrase is None or phrase.person_id != actor.person_id:
            raise NotFoundError
        db.session.delete(phrase)
