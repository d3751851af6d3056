"""What leaves a trace in the journal though nothing was done: refusals, and what was taken along as a file."""

from collections.abc import Mapping
from datetime import UTC, datetime

from app.domain.errors import TooManyError
from app.domain.readings import Shown
from app.services.rates import Rate, count
from app.storage import journal, readings
from app.storage.transaction import transaction

REFUSALS = "refusals"
"""The chain of the refusals."""
EACH = Rate("refusal", 20, 60)
"""Refusals of one person that are told one by one; who goes on is told once a minute, so that nobody fills the disk."""
REST = Rate("refusals", 1, 60)
LONGEST = 200


def refused(who: str, *, status: int, what: str, now: datetime) -> bool:
    """Tell that somebody met a refusal; in a transaction of its own, after whatever was refused was undone.

    False where this minute of his is told already.
    """
    moment = datetime.now(UTC)  # of the machine, as for every other rate
    try:
        count(EACH, who, now=moment)
        act = "refused"
    except TooManyError:
        try:
            count(REST, who, now=moment)
        except TooManyError:
            return False
        act = "refused often"
    with transaction():
        journal.write_administrative(
            REFUSALS,
            actor=who[:LONGEST],
            act=act,
            object_=f"{status} {what}"[:LONGEST],
            payload={"status": status},
            now=now,
        )
    return True


def exported(who: str, county_id: str | None, *, what: str, asked: Mapping[str, object], now: datetime) -> None:
    """Tell that a file was made of what somebody may see. What he asked for is kept as a digest only: it may name
    people."""
    with transaction():
        journal.write_administrative(
            f"exports/{county_id}" if county_id else "exports",
            actor=who,
            act="export",
            object_=what[:LONGEST],
            payload=asked,
            now=now,
        )


def looked(who: str, shown: Shown, key: str, *, now: datetime) -> bool:
    """Tell that somebody has looked at a file in which a person answers, or at a part of it; once an hour for each.

    False where there is nothing to tell: most pages cost the one statement that finds it out.
    """
    found = readings.place_of(shown, key)
    if found is None or readings.is_known(found[1], who, now=now):
        return False
    county_id, place = found
    with transaction():
        journal.write_administrative(
            f"readings/{county_id}", actor=who, act=readings.READ_PAGE, object_=place, payload={}, now=now
        )
    return True
