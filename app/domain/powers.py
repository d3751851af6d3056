"""Powers that go with a post, however its holder is related to a case: `policy.yml` says which post has which."""

from app.domain import policy
from app.domain.actors import Actor
from app.domain.errors import N_, NotAllowedError
from app.domain.policy import Level, Relation
from app.domain.roles import ROLES


def may(actor: Actor, datum: str) -> bool:
    """Whether one of the actor's posts has the power, those that he holds as a deputy among them."""
    return any(_has(role.id, {Relation.ANYBODY}, datum) for role in actor.roles())


def may_by_himself(actor: Actor, datum: str) -> bool:
    """The same without what he holds as a deputy."""
    return any(_has(grant.role, {Relation.ANYBODY}, datum) for grant in actor.own_grants())


def may_in(actor: Actor, datum: str, organ_id: str | None) -> bool:
    """Whether one of his posts has the power there: a power of an organ is held in that very organ,
    or in the one that goes on with it."""
    return any(
        _has(grant.role, {Relation.ANYBODY, Relation.UNIT} if organ_id in grant.organs else {Relation.ANYBODY}, datum)
        for grant in actor.grants
        if organ_id is not None
    )


def ensure_may(actor: Actor, datum: str, reason: str = N_("您的岗位不能办理此事项。")) -> None:
    """Raises NotAllowedError with the reason (message id)."""
    if not may(actor, datum):
        raise NotAllowedError(reason)


def is_post_with(role: str, datum: str) -> bool:
    """Whether a role has the power, whoever it is about."""
    return role in ROLES and _has(role, {Relation.ANYBODY}, datum)


def posts_with(datum: str, *, relation: Relation = Relation.ANYBODY) -> frozenset[str]:
    """Every role that has the power, in that relation."""
    return frozenset(role for role in ROLES if _has(role, {relation}, datum))


def judges(role: str) -> bool:
    """Whether the role investigates, deliberates or decides: nobody does so in a case in which he answers himself."""
    return policy.POLICY.bars(role, Relation.ANSWERS, "judging")


def is_apart_from_remedies(role: str) -> bool:
    """Whether who handled a remedy in a case is kept out of the steps that this role does there."""
    return policy.POLICY.bars(role, Relation.REMEDIED, "judging")


def _has(role: str, relations: set[Relation], datum: str) -> bool:
    return policy.POLICY.level(role, relations, datum) > Level.NONE
