"""Who the token speaks for, and the proof that it is he who sends it."""

from datetime import datetime
from typing import Any

from app.api import clock, schemas
from app.api.blueprint import gives, route, takes
from app.api.permission import actor, needs_token, token
from app.api.schemas import Me
from app.domain.confirmation import FRESH
from app.domain.roles import ROLES
from app.services import confirmation


@route("POST", "/confirmation", tag="me")
@needs_token
@takes(schemas.Confirming)
@gives(200, schemas.Confirmed)
def confirm(body: dict[str, str]) -> dict[str, datetime]:
    """Answer a 403 `step-up-required`: for five minutes, with this very token, its holder has just proved who he is."""
    now = clock.now()
    confirmation.confirm(token(), password=body["password"], code=body["code"], actor=actor(), now=now)
    return {"confirmed_until": now + FRESH}


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
