"""Opening a joint meeting."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import N_, NotAllowedError
from app.domain.numbering import number_of
from app.domain.powers import may
from app.domain.proceedings import ProceedingKind
from app.extensions import db
from app.services import definitions
from app.services.cases import Opened, begin, start_proceeding
from app.services.command import Command
from app.storage import idempotency, releases
from app.storage.models import Meeting
from app.storage.numbers import next_serial
from app.storage.proceedings import File
from app.storage.transaction import transaction


def open_meeting(*, actor: Actor, now: datetime, key: str, data: Mapping[str, Any] | None = None) -> Opened:
    """Propose a joint meeting of the actor's county; with `data` the proposal form is submitted in the same act.

    Raises NotAllowedError, NotFoundError (the county has no joint meeting), InvalidAnswersError.
    """
    if actor.county_id is None or not may(actor, "meeting.open"):
        raise NotAllowedError(N_("只有联席会议办公室主任可以提议召开会议。"))
    with transaction():
        idempotency.wait_for(key, person_id=actor.person_id)
        before = idempotency.find(key, person_id=actor.person_id, action="open meeting")
        if before is not None:
            return Opened(**{**before, "replayed": True})
        regulation = releases.regulation_of(actor.county_id)
        release = releases.latest(str(regulation.meeting_process), actor.county_id)
        register = definitions.register_of(release.id)
        year = office_day(now).year
        serial = next_serial(actor.county_id, "MEETING", year)
        number = number_of(register.number_formats["MEETING"], year=year, serial=serial)
        proceeding = start_proceeding(
            ProceedingKind.MEETING,
            release=release,
            number=number,
            actor=actor,
            now=now,
        )
        proceeding.title = number
        meeting = Meeting(proceeding_id=proceeding.id)
        db.session.add(meeting)
        command = Command(File(proceeding, None, meeting), actor=actor, now=now)
        opened = begin(command, {"meeting_no": number}, data=data)
        idempotency.keep(key, person_id=actor.person_id, action="open meeting", answer=asdict(opened), now=now)
        return opened
