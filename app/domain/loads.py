"""How much lies with each person and organ: who is told, and how exactly."""

from enum import StrEnum

from app.domain.access import post_allows
from app.domain.actors import Actor
from app.domain.policy import Level

FEWEST_TOLD = 5
"""Figures about people that are smaller are not told to who only supervises."""


class LoadSeen(StrEnum):
    """How far somebody sees who has how much to do."""

    NOTHING = "NOTHING"
    SUPPRESSED = "SUPPRESSED"
    """Figures below `FEWEST_TOLD` are held back."""
    EXACT = "EXACT"


def load_seen(actor: Actor) -> LoadSeen:
    """Who sees how much lies with each person and organ: who leads the office exactly, who supervises in groups."""
    if actor.county_id is None:
        return LoadSeen.NOTHING
    if post_allows(actor, "load", Level.READ):
        return LoadSeen.EXACT
    return LoadSeen.SUPPRESSED if post_allows(actor, "load", Level.STATUS) else LoadSeen.NOTHING


def told(number: int, seen: LoadSeen) -> int | None:
    """A figure about a person or organ as far as it may be told; None where it is held back."""
    if seen is LoadSeen.EXACT or (seen is LoadSeen.SUPPRESSED and not 0 < number < FEWEST_TOLD):
        return number
    return None
