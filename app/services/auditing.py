"""What the audit administrator does leaves a trace like anything else."""

from collections.abc import Mapping
from datetime import datetime

from app.domain.actors import Actor
from app.domain.administrators import ensure_power
from app.storage import journal
from app.storage.transaction import transaction

AUDITS = "audit"
"""The chain of what was done with the journal itself."""


def tell_lookup(asked: Mapping[str, str], *, actor: Actor, now: datetime) -> None:
    """That he asked who saw somebody's data; of whom is kept as a digest. Raises NotFoundError, NotAllowedError."""
    ensure_power(actor, "journal")
    with transaction():
        journal.write_administrative(
            AUDITS, actor=actor.username, act="look up readers", object_="", payload=asked, now=now
        )
