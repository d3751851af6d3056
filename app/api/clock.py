"""The wall clock, read at the edge and handed down."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
