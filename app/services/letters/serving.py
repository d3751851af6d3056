"""A subject hears that a decision was served on him: once, on the day of service, and only that it was."""

from datetime import date, datetime, time

from app.domain.deadlines import OFFICE_ZONE
from app.domain.notifications import DECISION
from app.domain.subjects import SubjectKind
from app.services.command import Command
from app.services.letters.values import Target
from app.storage.models import IssuedPaper

SPEAKER = "subject.organ"
"""The role that reads for an organ that answers."""


def tell_subject(command: Command, target: Target, paper: IssuedPaper, *, day: date) -> None:
    """Put the notice into the outbox of the act that proves the service; the worker delivers it when that `day`, on
    which it counts as served, begins.

    It names the paper that was handed over, and nothing of the file.
    """
    subject = target.subject
    if subject is None:
        return
    person = subject.person_id if subject.kind == SubjectKind.PERSON else None
    if person is None and subject.kind == SubjectKind.PERSON:
        return  # served on paper: he has no account
    to = {"person": person} if person else {"role": SPEAKER, "organ": subject.organ_id}
    text = " ".join(filter(None, (paper.name, paper.number)))
    command.send("NOTICE", DECISION, payload={"role": "", "organ": None, "text": text, **to})
    command.outbox[-1].due_at = max(command.now, datetime.combine(day, time(), OFFICE_ZONE))
