"""Embedded copies of the database that grew by themselves come together again, all of them or none."""

from collections.abc import Iterable
from pathlib import Path

from app.storage import joining
from app.storage.copies import is_embedded
from app.storage.transaction import transaction

__all__ = ["copy_to", "is_embedded", "take_over"]
copy_to = joining.copy_to


def take_over(files: Iterable[Path], *, beginning: Path) -> int:
    """Add what each of the files holds more than the one that all are copies of; returns how many rows came.

    Raises storage.joining.ChangedError where one of them did more than add rows.
    """
    with transaction():
        return sum(joining.take_over(file, beginning=beginning) for file in files)
