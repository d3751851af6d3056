"""撤并: an organ ends, and another one goes on with what it left."""

from datetime import datetime, timedelta

from app.domain.actors import Actor
from app.domain.administrators import ensure_power
from app.domain.deadlines import office_day
from app.domain.errors import N_, AlreadyDoneError, ConflictError, InvalidAnswersError, NotFoundError
from app.extensions import db
from app.storage import journal
from app.storage import organs as rows
from app.storage.models import Organ
from app.storage.transaction import transaction


def dissolve(organ_id: str, *, successor_id: str, basis: str, actor: Actor, now: datetime) -> int:
    """End an organ today; returns how many open steps went to who goes on with what it left.

    The organ keeps its row and its name: what was done stays what it is. Its seat in the joint meeting ends, later
    steps for it open for the successor, and who holds a role there reaches the cases it led. People and roles stay as
    they are until the security administrator decides on them: nobody comes to a role by this.

    Raises NotFoundError, NotAllowedError, InvalidAnswersError by field, AlreadyDoneError where it went to the same
    successor before, ConflictError where it went to another one: nothing was changed.
    """
    ensure_power(actor, "accounts.make")
    with transaction():
        found = rows.lock({organ_id, successor_id})
        organ = found.get(organ_id)
        if organ is None:
            raise NotFoundError
        if organ.successor_id is not None:
            _refuse(organ, successor_id)
        _ensure_can_go_on(organ, found.get(successor_id), basis)
        last_day = office_day(now) - timedelta(days=1)
        organ.successor_id, organ.valid_to, organ.dissolution_basis = successor_id, last_day, basis.strip()
        db.session.flush()
        seats, steps = rows.end_seat(organ_id, last_day=last_day), rows.pass_steps(organ_id, heir=successor_id)
        journal.write_administrative(
            "accounts",
            actor=actor.username,
            act="dissolve organ",
            object_=organ_id,
            payload={"successor": successor_id, "basis": basis.strip(), "steps": steps, "seats": seats},
            now=now,
        )
    return steps


def _refuse(organ: Organ, successor_id: str) -> None:
    if organ.successor_id == successor_id:
        raise AlreadyDoneError(N_("%(organ)s此前已经撤并，未重复办理。"), organ=organ.name)
    heir = db.session.get(Organ, organ.successor_id)
    raise ConflictError(
        N_("%(organ)s此前已经撤并，由%(heir)s承接。"), organ=organ.name, heir=heir.name if heir is not None else ""
    )


def _ensure_can_go_on(organ: Organ, heir: Organ | None, basis: str) -> None:
    problems = {}
    if heir is None or heir.county_id != organ.county_id or heir.id == organ.id:
        problems["successor_id"] = [N_("请选择本县的另一个机关承接。")]
    elif heir.successor_id is not None:
        problems["successor_id"] = [N_("该机关已经撤并，请选择承接机关。")]
    if not 0 < len(basis.strip()) <= 200:
        problems["basis"] = [N_("请填写撤并的依据（文号），不超过200字。")]
    if problems:
        raise InvalidAnswersError(problems)
