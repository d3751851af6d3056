"""The legal status of a regulation: whether it is in force, on trial or expired, and what its readers must know."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import N_, NotFoundError, Sentence
from app.domain.expiry import ExpiryPolicy, LegalState, state_on
from app.domain.roles import Side
from app.extensions import db
from app.law.register import Register
from app.law.register import parse as parse_register
from app.storage.models import Regulation, Release
from app.storage.regulations import register_files
from app.storage.rules import frozen_for


@dataclass(frozen=True, slots=True)
class LegalStatus:
    regulation_id: str
    title: str
    document_no: str
    status: str
    """As the register states it; `state_on` says what it is on a day."""
    in_force_from: date
    in_force_to: date | None
    notices: tuple[str, ...]

    def state_on(self, day: date) -> LegalState:
        """In force, on trial, expired: as of a day."""
        return state_on(day, self.status, in_force_from=self.in_force_from, in_force_to=self.in_force_to)


def legal_status(register: Register) -> LegalStatus:
    return LegalStatus(
        regulation_id=register.id,
        title=register.short_title,
        document_no=register.document_no,
        status=register.status,
        in_force_from=register.in_force_from,
        in_force_to=register.in_force_to,
        notices=register.notices,
    )


@dataclass(frozen=True, slots=True)
class OpeningChoice:
    """A regulation under which the actor's county opens cases."""

    id: str
    title: Sentence
    legal: LegalStatus
    is_in_force: bool
    policy: ExpiryPolicy
    """What becomes of a new case while it is not in force."""
    own_organ: bool
    """The actor opens cases of his own organ under it."""
    any_organ: bool
    """The actor opens cases of any organ of the county under it."""

    @property
    def needs_reason(self) -> bool:
        return not self.is_in_force and self.policy is ExpiryPolicy.BLOCK


def opening_choices(actor: Actor, *, now: datetime) -> tuple[OpeningChoice, ...]:
    """The regulations under which the actor opens cases, the newest first."""
    if not actor.sides() & {Side.ORGAN, Side.OFFICE}:
        return ()
    today = office_day(now)
    published = select(Release.regulation_id).where(Release.county_id == actor.county_id)
    rows = db.session.scalars(
        select(Regulation)
        .where(
            Regulation.county_id == actor.county_id,
            Regulation.case_process.is_not(None),
            Regulation.id.in_(published),
        )
        .order_by(Regulation.in_force_from.desc())
    ).all()
    files = register_files() if rows else {}
    choices = (_choice(row, parse_register(files[row.id]), today, actor) for row in rows)
    return tuple(choice for choice in choices if choice.own_organ or choice.any_organ)


def _choice(row: Regulation, register: Register, today: date, actor: Actor) -> OpeningChoice:
    settings = {**register.switches, **frozen_for(row.id, organ_id=None, on=today)}
    return OpeningChoice(
        id=row.id,
        title=Sentence(N_("%(title)s（%(document_no)s）"), title=Sentence(row.title), document_no=row.document_no),
        legal=legal_status(register),
        is_in_force=register.is_in_force(today),
        policy=ExpiryPolicy.of(settings),
        own_organ=any(grant.role in register.case_openers and grant.organ_id for grant in actor.grants),
        any_organ=any(actor.holds(role) for role in register.office_openers),
    )


def opening_choice(actor: Actor, regulation_id: str, *, now: datetime) -> OpeningChoice:
    """Raises NotFoundError for a regulation under which the actor's county opens no cases."""
    for choice in opening_choices(actor, now=now):
        if choice.id == regulation_id:
            return choice
    raise NotFoundError
