"""Whether a case may be opened today: by a regulation in force, its expiry policy, or a recorded reason."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.domain.errors import N_, ConflictError, InvalidAnswersError, Sentence
from app.domain.expiry import ExpiryPolicy, may_open
from app.law.register import Register
from app.storage.rules import frozen_for

LONGEST_REASON = 2000


class NotInForceError(ConflictError):
    """The regulation is not in force today; a recorded reason opens the case all the same."""


def opening_details(
    register: Register, *, regulation_id: str, today: date, reason: str | None, data: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What the story keeps of opening a case outside the regulation's validity; empty within it.

    Raises NotInForceError where neither the expiry policy nor a reason allows it, InvalidAnswersError for a reason
    that is too long.
    """
    reason = (reason or "").strip()
    if len(reason) > LONGEST_REASON:
        raise InvalidAnswersError({"override_reason": [N_("理由不能超过2000字。")]})
    if register.is_in_force(today):
        return {"override_reason": reason} if reason else {}
    policy = ExpiryPolicy.of({**register.switches, **frozen_for(regulation_id, organ_id=None, on=today)})
    allowed = today >= register.in_force_from and may_open(
        policy, in_force_to=register.in_force_to, effective_on=_effective_on(data)
    )
    if not allowed and not reason:
        raise _refusal(register, today)
    return {"expiry": policy.value, **({"override_reason": reason} if reason else {})}


def _effective_on(data: Mapping[str, Any] | None) -> date | None:
    try:
        return date.fromisoformat(str((data or {}).get("effective_date") or "")[:10])
    except ValueError:
        return None  # not stated, or wrong: the form's own check says so


def _refusal(register: Register, today: date) -> NotInForceError:
    if today < register.in_force_from:
        return NotInForceError(
            N_("%(title)s自%(day)s起施行，尚不能据此登记新案件；确需登记的，请写明理由。"),
            title=Sentence(register.short_title),
            day=str(register.in_force_from),
        )
    return NotInForceError(
        N_("%(title)s已于%(day)s失效，不能据此登记新案件；确需登记的，请写明理由。"),
        title=Sentence(register.short_title),
        day=str(register.in_force_to or register.in_force_from),
    )
