"""Who acts: a signed-in person with the roles held today, his own and those of whom he stands in for."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.domain.roles import ROLES, Reach, Role, Side


@dataclass(frozen=True, slots=True)
class Grant:
    role: str
    organ_id: str | None
    deputy_of: str | None = None
    """Id of the person whose role it is (代理); None for one's own."""
    deputy_name: str = ""
    before: frozenset[str] = frozenset()
    """Organs that were dissolved and that its organ goes on with (撤并)."""

    @property
    def organs(self) -> frozenset[str]:
        """Its organ, and those that this one goes on with."""
        return self.before if self.organ_id is None else self.before | {self.organ_id}


@dataclass(frozen=True, slots=True)
class Actor:
    username: str
    person_id: str
    name: str
    county_id: str | None
    county_name: str = ""
    county_meets: bool = False
    """Whether a regulation of the county has a joint meeting."""
    organ_id: str | None = None
    organ_name: str = ""
    grants: frozenset[Grant] = field(default_factory=frozenset)
    locale: str = "zh_Hans_CN"
    must_change: bool = False
    """His password was chosen by somebody else."""
    password_set_at: datetime | None = None
    """None for a password that does not age."""
    has_second_factor: bool = False
    has_identity: bool = False
    """His account is bound to an identity of the provider."""
    confirmed_at: datetime | None = None
    """When he last proved in this session, or for this token, that it is he."""
    by_provider: bool = False
    """He came in with what the identity provider said of him, not with a password."""

    def roles(self) -> tuple[Role, ...]:
        """The roles held, in the order of the role list."""
        held = {grant.role for grant in self.grants}
        return tuple(role for role in ROLES.values() if role.id in held)

    def holds(self, role: str, organ_id: str | None = None) -> bool:
        """Whether the role is held, in that organ where one is named, or in the one that goes on with it."""
        return any(grant.role == role and (organ_id is None or organ_id in grant.organs) for grant in self.grants)

    def own_grants(self) -> tuple[Grant, ...]:
        """Without those held as a deputy."""
        return tuple(grant for grant in self.grants if grant.deputy_of is None)

    def without(self, principals: Collection[str]) -> "Actor":
        """The same person without the roles held as a deputy of these: what shuts them out shuts out who stands in."""
        kept = frozenset(grant for grant in self.grants if grant.deputy_of is None or grant.deputy_of not in principals)
        return self if len(kept) == len(self.grants) else replace(self, grants=kept)

    def only(self, roles: Iterable[str]) -> "Actor":
        """The same person with no other roles than these."""
        kept = frozenset(roles)
        return replace(self, grants=frozenset(grant for grant in self.grants if grant.role in kept))

    def principals(self, role: str | None = None) -> frozenset[str]:
        """Ids of the people whom he stands in for, in this role where one is named."""
        return frozenset(g.deputy_of for g in self.grants if g.deputy_of is not None and role in (None, g.role))

    def hats(self) -> tuple[tuple["Actor", str | None], ...]:
        """Himself with his own roles, then with those of each principal alone, and whose they are."""
        principals = self.principals()
        if not principals:
            return ((self, None),)
        own = replace(self, grants=frozenset(self.own_grants()))
        others = (
            (replace(self, grants=frozenset(g for g in self.grants if g.deputy_of == principal)), principal)
            for principal in sorted(principals)
        )
        return ((own, None), *others)

    def acts_for(self, role: str, organ_id: str | None, people: Collection[str | None]) -> Grant | None:
        """The principal's grant by which he does a step addressed so, or held by one of `people`; None: his own."""
        fitting = [g for g in self.grants if g.role == role and (organ_id is None or organ_id in g.organs)]
        held = next((g for g in fitting if g.deputy_of is not None and g.deputy_of in people), None)
        if held is not None or any(g.deputy_of is None for g in fitting):
            return held
        return min(fitting, key=lambda g: g.deputy_of or "", default=None)

    def sides(self) -> frozenset[Side]:
        return frozenset(role.side for role in self.roles())

    def reaches_county(self) -> bool:
        return any(role.reach is Reach.COUNTY for role in self.roles())
