"""The life of an intervention: asked for, then carried out or turned down by somebody else, or taken back."""

from enum import StrEnum

from app.domain.actors import Actor
from app.domain.errors import N_, ConflictError, NotAllowedError, NotFoundError
from app.domain.powers import may_by_himself


class InterventionKind(StrEnum):
    MOVE = "MOVE"
    """A token goes on at another step."""
    CANCEL = "CANCEL"
    """The procedure ends where it stands."""


class InterventionStatus(StrEnum):
    ASKED = "ASKED"
    DONE = "DONE"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"


def may_operate(actor: Actor) -> bool:
    """Technical administrators, who see numbers and steps of every county and nothing of the business."""
    return may_by_himself(actor, "operations")


def ensure_may_operate(actor: Actor) -> None:
    """Raises NotFoundError for everybody but technical administrators."""
    if not may_operate(actor):
        raise NotFoundError


def ensure_may_decide(actor: Actor, *, asked_by: str, status: InterventionStatus) -> None:
    """Four eyes: nobody carries out what he asked for himself."""
    ensure_may_operate(actor)
    ensure_still_asked(status)
    if actor.person_id == asked_by:
        raise NotAllowedError(N_("须由另一名系统管理员复核，不能批准自己提出的处置。"))


def ensure_still_asked(status: InterventionStatus) -> None:
    """Raises ConflictError where it has been decided or taken back."""
    if status is not InterventionStatus.ASKED:
        raise ConflictError(N_("该处置已经决定或撤回，请刷新后查看。"))
