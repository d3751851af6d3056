"""What can be done with a step besides submitting it: kinds, states, and the rules that need no database."""

from datetime import datetime
from enum import StrEnum

from app.domain.deadlines import office_day
from app.domain.errors import N_, ConflictError, InvalidAnswersError, Sentence

LONGEST_TEXT = 500


class SideKind(StrEnum):
    """What somebody is asked beside a step, without a change of the diagram."""

    COUNTERSIGN = "COUNTERSIGN"
    """加签: the step cannot be submitted before it is answered."""
    OPINION = "OPINION"
    """征求意见: the step waits for nobody."""
    DELEGATION = "DELEGATION"
    """委派: the step itself lies with the delegate and comes back with the opinion."""


class SideStatus(StrEnum):
    OPEN = "OPEN"
    ANSWERED = "ANSWERED"
    WITHDRAWN = "WITHDRAWN"


class SheetColour(StrEnum):
    """How urgent a 督办单 is: yellow reminds, red demands."""

    YELLOW = "YELLOW"
    RED = "RED"


class SheetStatus(StrEnum):
    ISSUED = "ISSUED"
    ANSWERED = "ANSWERED"
    CLOSED = "CLOSED"
    """销号."""


class RequestStatus(StrEnum):
    REQUESTED = "REQUESTED"
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"


def given(text: str, missing: str = N_("请填写事由。"), *, at: str = "reason") -> str:
    """What somebody has written, as it is kept. Raises InvalidAnswersError at the field: nothing there, or too much.

    Where `missing` is empty, nothing may be there. A line break is one character, as the browser counts it.
    """
    written = text.replace("\r\n", "\n").strip()
    if not written and missing:
        raise InvalidAnswersError({at: [missing]})
    if len(written) > LONGEST_TEXT:
        too_long = Sentence(N_("最多%(most)s个字，现有%(count)s个字，请删减。"), most=LONGEST_TEXT, count=len(written))
        raise InvalidAnswersError({at: [too_long]})
    return written


def ensure_not_urged_today(urged_at: datetime | None, *, now: datetime) -> None:
    """催办 at most once on a day of the offices. Raises ConflictError."""
    if urged_at is not None and office_day(urged_at) == office_day(now):
        raise ConflictError(N_("本环节今天已经催办过，请明天再催。"))
