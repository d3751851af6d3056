"""Who the token speaks for."""

from typing import Any

from app.api.blueprint import gives, route
from app.api.permission import actor, needs_token
from app.api.schemas import Me
from app.domain.roles import ROLES


@route("GET", "/me", tag="me")
@needs_token
@gives(200, Me)
def get_me() -> dict[str, Any]:
    """The person behind the token, with the roles held today."""
    me = actor()
    held = sorted((grant for grant in me.grants if grant.role in ROLES), key=lambda g: (g.role, g.organ_id or ""))
    return {
        "username": me.username,
        "person_id": me.person_id,
        "name": me.name,
        "county_id": me.county_id,
        "county_name": me.county_name,
        "organ_id": me.organ_id,
        "organ_name": me.organ_name,
        "roles": [{"id": grant.role, "label": ROLES[grant.role].label, "organ": grant.organ_id} for grant in held],
    }
