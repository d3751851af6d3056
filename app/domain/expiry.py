"""What becomes of a new case under a regulation that is not in force today (the switch `expiryPolicy`)."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any


class LegalState(StrEnum):
    """Where a regulation stands on a day."""

    PENDING = "PENDING"
    """Issued, not in force yet."""
    TRIAL = "TRIAL"
    IN_FORCE = "IN_FORCE"
    EXPIRED = "EXPIRED"
    REPEALED = "REPEALED"


def state_on(day: date, stated: str, *, in_force_from: date, in_force_to: date | None) -> LegalState:
    """From its dates, first and last day included: nobody has to edit a register when a regulation expires.

    What is `stated` says only what dates do not: that it is on trial, or was repealed.
    """
    if stated == LegalState.REPEALED:
        return LegalState.REPEALED
    if day < in_force_from:
        return LegalState.PENDING
    if in_force_to is not None and day > in_force_to:
        return LegalState.EXPIRED
    return LegalState.TRIAL if stated == LegalState.TRIAL else LegalState.IN_FORCE


class ExpiryPolicy(StrEnum):
    BLOCK = "BLOCK"
    """Refused, save with a recorded reason."""
    WARN = "WARN"
    """Opened with a warning that stays on the case."""
    ALLOW_PENDING = "ALLOW_PENDING"
    """Opened where the loss took effect while the regulation was in force; checked once the date is stated."""

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "ExpiryPolicy":
        """The policy that rule settings state; the strictest where they state none."""
        stated = settings.get("expiryPolicy")
        return cls(stated) if stated in set(cls) else cls.BLOCK


def may_open(policy: ExpiryPolicy, *, in_force_to: date | None, effective_on: date | None) -> bool:
    """Whether a case may be opened without a reason after the regulation's last day.

    `effective_on` is the day the loss took effect, None while nobody has stated it.
    """
    if policy is ExpiryPolicy.WARN:
        return True
    if policy is ExpiryPolicy.BLOCK or in_force_to is None:
        return False
    return effective_on is None or effective_on <= in_force_to
