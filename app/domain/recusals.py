"""Recusal (回避): who may be asked to step aside, on what ground, and whose decision it is.

Higher law fixes the grounds (监察法 67, 公务员法 76, 政务处分法 47): a near relative, a witness, an interest, or
another relation that may touch fairness. The head of the person's side decides; a head's own recusal goes one level up.
"""

from collections.abc import Collection
from enum import StrEnum

from app.domain.actors import Actor
from app.domain.errors import N_
from app.domain.policy import DATA_NAMES, Relation
from app.domain.powers import posts_with
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

Post = tuple[str, str | None]
"""A role, and the organ in which it is held."""


def may_be_asked(roles: Collection[str]) -> bool:
    """Whether somebody with these roles can come to act in a case: only then is there anything to step aside from.

    A conflict may be known before the person's step opens, so that nobody has to have acted yet.
    """
    acting = (ROLES[role].side for role in roles if role in ROLES)
    return any(side not in (Side.SUBJECT, Side.ADMINISTRATION) for side in acting)


def deciding_posts(held: Collection[Post]) -> frozenset[Post]:
    """Posts that decide on the recusal of a person who holds these: never a role that the person holds too.

    A head of an organ decides on its own people only; the organ is None where it does not matter.
    """
    found: set[Post] = {(role, None) for role in posts_with("recusal.superior")}
    for role, organ in held:
        datum = _datum(role)
        if datum:
            found |= {(head, None) for head in posts_with(datum)}
            found |= {(head, organ) for head in posts_with(datum, relation=Relation.UNIT) if organ}
    roles = {role for role, _ in held}
    return frozenset(post for post in found if post[0] not in roles)


def _datum(role: str) -> str:
    """What the policy calls deciding on somebody with this role; empty where nobody of his side does."""
    datum = f"recusal.{ROLES[role].side}" if role in ROLES else ""
    return datum if datum in DATA_NAMES else ""


def may_decide(actor: Actor, *, person_id: str, requested_by: str, held: Collection[Post]) -> bool:
    """Whether the actor decides on this request; nobody decides on his own or on what he has asked for himself, and
    nobody in the stead of one who may not."""
    concerned = (person_id, requested_by)
    if actor.person_id in concerned:
        return False
    return any(actor.without(concerned).holds(role, organ) for role, organ in deciding_posts(held))
