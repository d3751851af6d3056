"""三员: the system, security and audit administrators, whom nobody is two of, and who do no business."""

from collections.abc import Collection

from app.domain.actors import Actor
from app.domain.errors import N_, ConflictError, NotAllowedError, NotFoundError
from app.domain.powers import may

ADMINISTRATORS = ("system.admin", "security.admin", "audit.admin")

APART = N_("三员分立：系统管理员、安全管理员、审计管理员不得由一人兼任，也不得兼任任何业务岗位。")


def is_administrator(actor: Actor) -> bool:
    """Whether he is there to administer: who sees people and posts at all is one of the three."""
    return may(actor, "accounts.read")


def ensure_apart(held: Collection[str], role: str) -> None:
    """Raises ConflictError where the role may not come to those held. The database refuses the same by itself."""
    others = set(held) - {role}
    if others and (role in ADMINISTRATORS or others & set(ADMINISTRATORS)):
        raise ConflictError(APART)


def ensure_power(actor: Actor, datum: str) -> None:
    """Raises NotFoundError for who is none of the three administrators, NotAllowedError for another of them.

    What each of them may do the policy says.
    """
    if not is_administrator(actor):
        raise NotFoundError
    if not may(actor, datum):
        raise NotAllowedError(N_("此事项由另一名管理员办理：三员各管一段，互相监督。"))


def ensure_not_himself(actor: Actor, person_id: str) -> None:
    """Raises NotAllowedError: nobody grants himself anything, and nobody confirms what he asked for."""
    if actor.person_id == person_id:
        raise NotAllowedError(N_("不能办理本人的账号和授权，请由另一名管理员办理。"))
