"""Deliveries go out: taken with a lease, sent outside every transaction, marked in one of its own.

A worker that dies between sending and marking leaves a lease that passes, and the next one sends the same again under
the same id. Nothing can be sent exactly once over a wire; it is marked exactly once, and a repeat can be recognised.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from app.domain.actors import Actor
from app.domain.notifications import Channel, Quiet, Topic
from app.extensions import OUTAGES, db
from app.services import settings
from app.services.notifying import adapters, letters
from app.services.notifying.adapters import Message, SendingError
from app.services.notifying.outlets import outlets
from app.storage import accounts
from app.storage import notifications as rows
from app.storage.models import Delivery, NotificationSettings
from app.storage.transaction import transaction

log = structlog.get_logger()

LEASE = timedelta(minutes=5)
"""Longer than any sending takes: every step of one has its own limit of seconds."""
BATCH = 100


@dataclass(frozen=True, slots=True)
class _Taken:
    """A delivery as it was when it was taken."""

    delivery: Delivery
    address: str
    leased_until: datetime


def send_some(now: datetime) -> int:
    """Send what is due; returns how many were dealt with. Nothing happens where no way out is configured."""
    done = 0
    while outlets().channels() and done < BATCH and send_one(now):
        done += 1
    return done


def send_one(now: datetime, *, send: Callable[..., None] = adapters.send) -> bool:
    """Send one. False when nothing is due."""
    with transaction():
        row = rows.claim(now, lease=LEASE)
        if row is None:
            return False
        taken = _take(row, now)
    if taken is None:
        return True
    try:
        message = _message_of(taken.delivery, now)
        if message is not None:
            send(Channel(taken.delivery.channel), taken.address, message, outlets=outlets())
    except OUTAGES:
        raise  # the database, not the message: the lease passes
    except SendingError as error:
        _mark_failed(taken, why=str(error), for_good=error.for_good, now=now)
    except Exception as error:  # one message that cannot be made must not stop all others
        log.exception("sending failed", action="send", delivery=taken.delivery.id)
        _mark_failed(taken, why=type(error).__name__, for_good=False, now=now)
    else:
        _mark(taken, rows.SENT if message else rows.DROPPED, now=now)
    return True


def _take(row: Delivery, now: datetime) -> _Taken | None:
    """What the person has chosen decides now: no address any more, or hours in which he wants to hear nothing."""
    chosen = db.session.get(NotificationSettings, row.person_id)
    address = (chosen.addresses.get(row.channel) or "") if chosen else ""
    if chosen is None or not address or Channel(row.channel) not in outlets().channels():
        rows.done(row, rows.DROPPED, now=now, why="channel off")
        return None
    quiet_end = Quiet(chosen.quiet_since, chosen.quiet_until).end_after(now)
    if quiet_end is not None and row.topic != Topic.TEST:
        rows.postpone(row, quiet_end)
        return None
    if row.leased_until is None:
        raise ValueError("a claimed delivery has a lease")
    db.session.flush()
    db.session.expunge(row)  # read outside of the transaction from now on
    return _Taken(row, address, row.leased_until)


def _message_of(delivery: Delivery, now: datetime) -> Message | None:
    """Asked anew at this moment: who has left, was recused or has dealt with it is not told."""
    actor = _reader(delivery.person_id)
    message = letters.compose(delivery, actor, now=now) if actor else None
    db.session.rollback()  # nothing stays open while the network is slow
    return message


def _reader(person_id: str) -> Actor | None:
    username = rows.username_of(person_id)
    return accounts.actor_of(username, demo=settings.is_demo()) if username else None


def _mark(taken: _Taken, status: str, *, now: datetime) -> None:
    with transaction():
        row = rows.held(taken.delivery.id, taken.leased_until)
        if row is not None:
            rows.done(row, status, now=now)


def _mark_failed(taken: _Taken, *, why: str, for_good: bool, now: datetime) -> None:
    log.warning("not delivered", action="send", delivery=taken.delivery.id, channel=taken.delivery.channel, why=why)
    with transaction():
        row = rows.held(taken.delivery.id, taken.leased_until)
        if row is not None:
            rows.failed(row, why=why, for_good=for_good, now=now)
