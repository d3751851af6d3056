"""再次验证身份 (step-up): who signs, publishes or grants has proved only just now that it is he."""

from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.actors import Actor
from app.domain.errors import N_, NotAllowedError
from app.domain.security_rules import SecurityRules

FRESH = timedelta(minutes=5)


class Occasion(StrEnum):
    """Acts for which it may be asked; the values are names of the security policy."""

    SIGNING = "step_up_signing"
    PUBLISHING = "step_up_publishing"
    GRANTING = "step_up_granting"


class StepUpError(NotAllowedError):
    """The act is his to do, once he has entered his password (and code) again; nothing was changed."""

    sentence = N_("此事项需要再次验证身份：请重新输入密码。")


def is_recently_confirmed(actor: Actor, *, now: datetime) -> bool:
    """Whether it was five minutes ago at most, in this very session or with this very token."""
    return actor.confirmed_at is not None and now - actor.confirmed_at <= FRESH


def ensure_recently_confirmed(actor: Actor, occasion: Occasion, rules: SecurityRules, *, now: datetime) -> None:
    """Raises StepUpError where the policy asks for it."""
    if rules.of(occasion) and not is_recently_confirmed(actor, now=now):
        raise StepUpError
