"""Recusal (回避): who may be asked to step aside, on what ground, and whose decision it is.

Higher law fixes the grounds (监察法 67, 公务员法 76, 政务处分法 47): a near relative, a witness, an interest, or
another relation that may touch fairness. The head of the person's side decides; a head's own recusal goes one level up.
"""

from enum import StrEnum

from app.domain.actors import Actor
from app.domain.errors import N_
from app.domain.roles import ROLES, Side


class RecusalGround(StrEnum):
    NEAR_RELATIVE = "NEAR_RELATIVE"
    WITNESS = "WITNESS"
    INTEREST = "INTEREST"
    OTHER = "OTHER"


class RecusalStatus(StrEnum):
    REQUESTED = "REQUESTED"
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"


GROUND_NAMES = {
    RecusalGround.NEAR_RELATIVE: N_("是当事人或者有关人员的近亲属"),
    RecusalGround.WITNESS: N_("担任过本案的证人"),
    RecusalGround.INTEREST: N_("本人或者近亲属与本案有利害关系"),
    RecusalGround.OTHER: N_("有其他可能影响公正处理的关系"),
}

HEADS: dict[Side, tuple[str, ...]] = {
    Side.ORGAN: ("organ.head",),
    Side.OFFICE: ("jmo.director",),
    Side.MEMBER: ("jmo.director",),
    Side.SUPERVISION: ("sup.head", "discipline.head"),
    Side.DECIDER: ("decider.head", "hr.head", "unit.head"),
    Side.EXECUTION: ("decider.head", "hr.head"),
    Side.OVERSIGHT: (),
    Side.SUBJECT: (),
    Side.ADMINISTRATION: (),
}
"""Who decides on a recusal on that side."""

SUPERIOR = "county.leader"
"""Decides on a head's own recusal, and where a side has no head in the county."""


def may_be_asked(held: frozenset[str]) -> bool:
    """Whether somebody with these roles can come to act in a case: only then is there anything to step aside from.

    A conflict may be known before the person's step opens, so that nobody has to have acted yet.
    """
    acting = (ROLES[role].side for role in held if role in ROLES)
    return any(side not in (Side.SUBJECT, Side.ADMINISTRATION) for side in acting)


def deciding_roles(held: frozenset[str]) -> frozenset[str]:
    """Roles that decide on the recusal of a person who holds these roles: never one that the person holds too."""
    heads = {head for role in held if role in ROLES for head in HEADS[ROLES[role].side]}
    return frozenset({*heads, SUPERIOR} - held)


def may_decide(actor: Actor, *, person_id: str, requested_by: str, held: frozenset[str]) -> bool:
    """Whether the actor decides on this request; nobody decides on his own or on what he has asked for himself."""
    if actor.person_id in (person_id, requested_by):
        return False
    return any(actor.holds(role) for role in deciding_roles(held))
