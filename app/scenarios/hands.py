"""How a scenario's people act: through the services here, through the screens' own doors in end-to-end tests."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

from app.domain.actors import Actor
from app.services import attachments, cases, meetings, procedures, tasks


class Hands(Protocol):
    """Acts of one person at one moment. Each raises `app.domain.errors.DomainError` when it is refused."""

    def open_case(self, actor: Actor, now: datetime, *, organ_id: str | None = None) -> str:
        """Opens a case, of the actor's own organ or (the office) of another; returns the proceeding's id."""
        ...

    def open_meeting(self, actor: Actor, now: datetime) -> str: ...

    def open_procedure(
        self, actor: Actor, now: datetime, *, kind: str, about: str | None, subject_id: str | None
    ) -> str:
        """Opens a further procedure; returns the proceeding's id."""
        ...

    def complete(self, actor: Actor, now: datetime, *, task_id: str, answers: Mapping[str, Any]) -> None: ...

    def upload(self, actor: Actor, now: datetime, *, content: bytes, name: str) -> str:
        """Uploads a paper; returns its attachment id."""
        ...


class ServiceHands:
    """The services, as the screens and the API call them."""

    def open_case(self, actor: Actor, now: datetime, *, organ_id: str | None = None) -> str:
        return cases.open_case(actor=actor, now=now, key=uuid4().hex, organ_id=organ_id).proceeding_id

    def open_meeting(self, actor: Actor, now: datetime) -> str:
        return meetings.open_meeting(actor=actor, now=now, key=uuid4().hex).proceeding_id

    def open_procedure(
        self, actor: Actor, now: datetime, *, kind: str, about: str | None, subject_id: str | None
    ) -> str:
        opened = procedures.open_procedure(kind, about, subject_id=subject_id, actor=actor, now=now, key=uuid4().hex)
        return opened.proceeding_id

    def complete(self, actor: Actor, now: datetime, *, task_id: str, answers: Mapping[str, Any]) -> None:
        tasks.complete(task_id, answers=answers, actor=actor, now=now, key=uuid4().hex)

    def upload(self, actor: Actor, now: datetime, *, content: bytes, name: str) -> str:
        return attachments.upload(content, name=name, actor=actor, now=now).id
