"""What a person chooses: where he is told, of what, and when he is left alone."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.domain.actors import Actor
from app.domain.deadlines import OFFICE_ZONE, office_day
from app.domain.errors import N_, ConflictError
from app.domain.notifications import CHOICES, Channel, Topic
from app.extensions import db
from app.services.notifying.outlets import outlets
from app.storage import journal
from app.storage import notifications as rows
from app.storage.models import NotificationSettings
from app.storage.transaction import transaction

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Everything on the settings page. Times are HH:MM in the offices' time, empty for none."""

    addresses: Mapping[Channel, str]
    topics: Collection[Topic]
    quiet_since: str = ""
    quiet_until: str = ""
    digest_at: str = ""


def choose(chosen: Chosen, *, actor: Actor, now: datetime) -> None:
    """Keep what the actor chose for himself. Raises ConflictError with what is wrong: nothing was changed then.

    An address that has not changed is not judged again, so that a person can still switch other things.
    """
    for text in (chosen.quiet_since, chosen.quiet_until, chosen.digest_at):
        if text and not _TIME.fullmatch(text):
            raise ConflictError(N_("时间应当写成 08:30 的样子。"))
    if bool(chosen.quiet_since) != bool(chosen.quiet_until):
        raise ConflictError(N_("免打扰时段应当同时填写开始和结束时间。"))
    with transaction():
        row = db.session.get(NotificationSettings, actor.person_id, with_for_update=True)
        before = dict(row.addresses) if row else {}
        addresses = {channel.value: text.strip() for channel, text in chosen.addresses.items() if text.strip()}
        for channel, address in addresses.items():
            if before.get(channel) != address:
                outlets().ensure_address(Channel(channel), address)
        if row is None:
            row = NotificationSettings(person_id=actor.person_id)
            db.session.add(row)
        row.addresses, row.updated_at = addresses, now
        row.muted = sorted(topic.value for topic in CHOICES if topic not in chosen.topics)
        row.quiet_since, row.quiet_until = chosen.quiet_since, chosen.quiet_until
        if chosen.digest_at != row.digest_at and now.astimezone(OFFICE_ZONE).strftime("%H:%M") >= chosen.digest_at:
            row.digest_on = office_day(now)  # its time has passed for today
        row.digest_at = chosen.digest_at
        changed = sorted({channel for channel, _ in set(before.items()) ^ set(addresses.items())})
        journal.write_administrative(
            "notifications", actor=actor.username, act="choose", object_=" ".join(changed), payload=addresses, now=now
        )


def test(*, actor: Actor, now: datetime) -> int:
    """Send a test message by every way the actor has named, once a minute at most; returns how many ways there are.

    Raises ConflictError where there is none.
    """
    with transaction():
        planned = rows.plan(
            rows.settings_of([actor.person_id]),
            source=("test", now.strftime("%Y-%m-%dT%H:%M")),
            topic=Topic.TEST,
            kind="TEST",
            channels=outlets().channels(),
            now=now,
            about={},
        )
        if not planned:
            raise ConflictError(N_("请先填写并保存至少一种接收方式。"))
        rows.write(planned)
    return len(planned)


def send_again(*, actor: Actor, now: datetime) -> int:
    """What could not be sent to the actor is tried again from the first attempt; returns how many."""
    with transaction():
        return rows.revive(person_id=actor.person_id, now=now)


def revive_all(*, now: datetime) -> int:
    """The same for everybody, for the operator."""
    with transaction():
        return rows.revive(person_id=None, now=now)
