"""Asking that somebody step aside, and deciding it. A granted recusal takes effect on the person's next request."""

from datetime import datetime
from uuid import uuid4

from app.domain.actors import Actor
from app.domain.errors import N_, ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError
from app.domain.history import Act
from app.domain.recusals import RecusalGround, RecusalStatus, deciding_posts, may_be_asked, may_decide
from app.extensions import db
from app.services.command import Command
from app.storage import recusals as rows
from app.storage.agendas import open_steps_about
from app.storage.models import Person, Recusal
from app.storage.proceedings import get_for_update
from app.storage.transaction import transaction
from app.storage.visibility import may_see

LONGEST_REASON = 2000
NOTICE = "RECUSAL"


def request(proceeding_id: str, *, person_id: str, ground: str, reason: str, actor: Actor, now: datetime) -> str:
    """Ask that a person step aside in a case or meeting, oneself included. Returns the id of the request.

    Raises NotFoundError (hidden), InvalidAnswersError by field, ConflictError (asked already): nothing was changed.
    """
    with transaction():
        file = get_for_update(proceeding_id)
        if not may_see(actor, proceeding_id):
            raise NotFoundError
        person = db.session.get(Person, person_id) if person_id else None
        problems = _problems(person, ground, reason, county_id=file.proceeding.county_id)
        if problems or person is None:
            raise InvalidAnswersError(problems)
        if rows.is_pending(proceeding_id, person_id):
            raise ConflictError(N_("%(name)s的回避申请已经提出，请等待决定。"), name=person.name)
        recusal = Recusal(
            id=uuid4().hex,
            proceeding_id=proceeding_id,
            person_id=person_id,
            ground=RecusalGround(ground),
            reason=reason.strip(),
            requested_by=actor.person_id,
            requested_at=now,
            status=RecusalStatus.REQUESTED,
        )
        db.session.add(recusal)
        command = Command(file, actor=actor, now=now)
        command.tell(Act.RECUSAL, person.name, details={"status": recusal.status.value, "ground": ground})
        for role, organ in sorted(deciding_posts(rows.posts_of(person_id)), key=str):
            command.send("NOTICE", NOTICE, payload={"role": role, "organ": organ})
        _record(command, act="request recusal", recusal=recusal)
        return recusal.id


def decide(recusal_id: str, *, granted: bool, reason: str, actor: Actor, now: datetime) -> None:
    """Decide a request. A granted one takes the person's steps away and hides the proceeding from him.

    Raises NotFoundError, NotAllowedError (not this actor's decision), ConflictError (decided), InvalidAnswersError.
    """
    with transaction():
        recusal = rows.get(recusal_id)
        file = get_for_update(recusal.proceeding_id)
        db.session.refresh(recusal)
        held = rows.posts_of(recusal.person_id)
        decides = may_decide(actor, person_id=recusal.person_id, requested_by=recusal.requested_by, held=held)
        if file.proceeding.county_id != actor.county_id or not (decides or may_see(actor, file.proceeding.id)):
            raise NotFoundError
        if not decides:
            raise NotAllowedError(N_("该回避申请由被申请人所在方面的负责人决定；本人申请的，由他人决定。"))
        if recusal.status is not RecusalStatus.REQUESTED:
            raise ConflictError(N_("该回避申请已有决定。"))
        if not reason.strip() or len(reason) > LONGEST_REASON:
            raise InvalidAnswersError({"reason": [N_("请写明决定的理由，不超过2000字。")]})
        recusal.status = RecusalStatus.GRANTED if granted else RecusalStatus.REFUSED
        recusal.decided_by, recusal.decided_at, recusal.decision_reason = actor.person_id, now, reason.strip()
        command = Command(file, actor=actor, now=now)
        person = db.session.get_one(Person, recusal.person_id)
        command.tell(Act.RECUSAL, person.name, details={"status": recusal.status.value, "ground": recusal.ground.value})
        if granted:
            _shut_out(command, recusal.person_id)
        _record(command, act="decide recusal", recusal=recusal)


def _problems(person: Person | None, ground: str, reason: str, *, county_id: str) -> dict[str, list[str]]:
    problems: dict[str, list[str]] = {}
    if (
        person is None
        or person.county_id != county_id
        or not may_be_asked({role for role, _ in rows.posts_of(person.id)})
    ):
        problems["person_id"] = [N_("请选择本县可能办理本案的人员。")]
    if ground not in set(RecusalGround):
        problems["ground"] = [N_("请选择回避的事由。")]
    if not reason.strip() or len(reason) > LONGEST_REASON:
        problems["reason"] = [N_("请写明具体情况，不超过2000字。")]
    return problems


def _shut_out(command: Command, person_id: str) -> None:
    proceeding = command.proceeding
    proceeding.waiting = {
        **proceeding.waiting,
        "recused": sorted({*proceeding.waiting.get("recused", ()), person_id}),
    }
    everywhere = (proceeding.id, *rows.procedures_about(proceeding.id))
    released = [task for proceeding_id in everywhere for task in rows.shut_out(proceeding_id, person_id)]
    released += [task for task in open_steps_about(proceeding.id) if rows.exclude(task, person_id)]
    for task in released:
        command.tell(Act.RELEASED, task.name, task=task, details={"reason": N_("回避")}, by_system=True)


def _record(command: Command, *, act: str, recusal: Recusal) -> None:
    db.session.add_all(command.outbox)
    payload = {"person": recusal.person_id, "status": recusal.status.value, "reason": recusal.reason}
    command.write_evidence(act=act, object_=recusal.id, payload=payload)
