"""Who acts: a signed-in person with the roles held today."""

from dataclasses import dataclass, field

from app.domain.roles import ROLES, Reach, Role, Side


@dataclass(frozen=True, slots=True)
class Grant:
    role: str
    organ_id: str | None


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

    def roles(self) -> tuple[Role, ...]:
        """The roles held, in the order of the role list."""
        held = {grant.role for grant in self.grants}
        return tuple(role for role in ROLES.values() if role.id in held)

    def holds(self, role: str, organ_id: str | None = None) -> bool:
        """Whether the role is held, in that organ where one is named."""
        return any(grant.role == role and organ_id in (None, grant.organ_id) for grant in self.grants)

    def sides(self) -> frozenset[Side]:
        return frozenset(role.side for role in self.roles())

    def reaches_county(self) -> bool:
        return any(role.reach is Reach.COUNTY for role in self.roles())

    def organs_reached(self) -> frozenset[str]:
        """Organs whose cases the actor sees because of a role in them."""
        return frozenset(
            grant.organ_id
            for grant in self.grants
            if grant.organ_id and grant.role in ROLES and ROLES[grant.role].reach is Reach.ORGAN
        )
