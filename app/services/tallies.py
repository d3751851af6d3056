"""Keeping the counts of the boxes short, and making them anew."""

from app.extensions import db
from app.storage import tallies
from app.storage.transaction import transaction

MOST = 1_000
"""So many rows more than needed are read without haste."""


def sum_up(*, most: int = MOST) -> int:
    """Put the rows of each box together where there are many; returns how many. The sums stay what they were."""
    if tallies.to_sum_up() <= most:
        return 0
    with transaction():
        return tallies.sum_up()


def recount() -> None:
    """Make all counts anew from the tasks."""
    with transaction():
        tallies.recount(db.session.connection())
