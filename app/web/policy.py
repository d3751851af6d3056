"""权限一览: what `app/domain/policy.yml` says, for who grants, who audits and who draws the procedures."""

from flask import Blueprint, render_template, request

from app.domain import policy
from app.domain.access import may_read_policy
from app.domain.errors import NotFoundError
from app.domain.policy import DATA_NAMES, LEVEL_NAMES, RELATION_NAMES, SIDE_NAMES, STAGE_NAMES, Level
from app.domain.powers import may
from app.domain.roles import ROLES
from app.web.permission import actor, needs_sign_in

screen = Blueprint("policy", __name__)
screen.add_app_template_global(may_read_policy)
screen.add_app_template_global(may, "has_power")


@screen.get("/policy")
@needs_sign_in
def show() -> str:
    """With `role` only the rules that count for it."""
    if not may_read_policy(actor()):
        raise NotFoundError
    role = request.args.get("role", "")
    rules = [rule for rule in policy.POLICY.rules if role not in ROLES or rule.is_for(role)]
    return render_template(
        "policy.html",
        never=[rule for rule in rules if rule.level is Level.NONE],
        allowed=[rule for rule in rules if rule.level is not Level.NONE],
        chosen=role if role in ROLES else "",
        roles=ROLES,
        names={**{side.value: name for side, name in SIDE_NAMES.items()}, **{r.id: r.label for r in ROLES.values()}},
        relations=RELATION_NAMES,
        stages=STAGE_NAMES,
        data=DATA_NAMES,
        levels=LEVEL_NAMES,
    )
