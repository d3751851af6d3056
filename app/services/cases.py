"""Opening a case."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import N_, ConflictError, InvalidAnswersError, NotAllowedError
from app.domain.history import Act
from app.domain.numbering import number_of
from app.domain.proceedings import ProceedingKind, ProceedingStatus
from app.domain.roles import role_label
from app.engine import run
from app.extensions import db
from app.law.register import OFFICE, REPORTERS, Register
from app.services import definitions
from app.services.command import Command
from app.services.tasks import complete_step
from app.services.validity import opening_details
from app.storage import idempotency, organs, releases, rules
from app.storage.attachments import bind_memo
from app.storage.models import Case, Organ, Proceeding, Release
from app.storage.numbers import next_serial
from app.storage.organisation import existing
from app.storage.proceedings import File
from app.storage.transaction import transaction

NOBODY = N_("只有涉案机关填报人可以登记案件。")
NO_ORGAN = N_("请选择本县的机关。")
DISSOLVED = N_("该机关已经撤并，新案件由承接机关登记。")


@dataclass(frozen=True, slots=True)
class Opened:
    proceeding_id: str
    number: str
    task_id: str
    """The first step, which waits for the person who opened it."""
    replayed: bool = False


def open_case(
    *,
    actor: Actor,
    now: datetime,
    key: str,
    regulation_id: str | None = None,
    organ_id: str | None = None,
    data: Mapping[str, Any] | None = None,
    override_reason: str | None = None,
    memo: Sequence[str] = (),
) -> Opened:
    """Open a case of the actor's county; with `data` its first form is submitted in the same act.

    A reporter opens a case of the own organ; the office opens one of any organ of the county (`organ_id`), by itself.

    Outside the regulation's validity it depends on the expiry policy, or takes an `override_reason`, with the ids of
    uploaded papers as `memo`; all of that stays on the case. Raises NotAllowedError (no such role), NotInForceError,
    NotFoundError, InvalidAnswersError (also for an organ that is none of the county's): nothing was changed.
    """
    with transaction():
        return open_here(
            actor=actor,
            now=now,
            key=key,
            regulation_id=regulation_id,
            organ_id=organ_id,
            data=data,
            override_reason=override_reason,
            memo=memo,
        )


def open_here(
    *,
    actor: Actor,
    now: datetime,
    key: str,
    regulation_id: str | None = None,
    organ_id: str | None = None,
    data: Mapping[str, Any] | None = None,
    override_reason: str | None = None,
    memo: Sequence[str] = (),
) -> Opened:
    """The act itself, inside a transaction of the caller's."""
    if actor.county_id is None or not actor.grants:
        raise NotAllowedError(NOBODY)
    if (before := opened_before(key, actor=actor)) is not None:
        return before
    regulation = releases.regulation_of(actor.county_id, regulation_id)
    release = releases.latest(str(regulation.case_process), actor.county_id)
    register = definitions.register_of(release.id)
    reports_for, by_office = _opens_as(actor, register, organ_id)
    details = opening_details(
        register, regulation_id=regulation.id, today=office_day(now), reason=override_reason, data=data
    )
    organ = _organ_of_case(actor, organ_id) if by_office else str(reports_for)
    serial = next_serial(actor.county_id, "CASE", office_day(now).year)
    number = number_of(register.number_formats["CASE"], year=office_day(now).year, serial=serial)
    proceeding = start_proceeding(
        ProceedingKind.CASE,
        release=release,
        number=number,
        organ_id=organ,
        actor=actor,
        now=now,
    )
    case = Case(proceeding_id=proceeding.id, regulation_id=regulation.id, lead_organ_id=organ)
    db.session.add(case)
    command = Command(File(proceeding, case, None), actor=actor, now=now)
    if memo:
        db.session.flush()
        details["memo"] = bind_memo(proceeding, memo, uploaded_by=actor.person_id)
    variables = {"case_no": number, "lead_organ": organ, "entry": "OFFICE" if by_office else "ORGAN"}
    opened = begin(command, variables, details=details, data=data)
    idempotency.keep(key, person_id=actor.person_id, action="open case", answer=asdict(opened), now=now)
    return opened


def ensure_may_open(*, actor: Actor, regulation_id: str | None, organ_id: str | None) -> None:
    """Before anything is kept for a case that is to be opened.

    Raises NotAllowedError, NotFoundError (no such regulation), InvalidAnswersError.
    """
    if actor.county_id is None or not actor.grants:
        raise NotAllowedError(NOBODY)
    regulation = releases.regulation_of(actor.county_id, regulation_id)
    release = releases.latest(str(regulation.case_process), actor.county_id)
    _opens_as(actor, definitions.register_of(release.id), organ_id)


def _opens_as(actor: Actor, register: Register, organ_id: str | None) -> tuple[str | None, bool]:
    """The organ that he reports for, and whether he opens for the office. Raises as `ensure_may_open`."""
    reports_for = _reports_for(actor, register)
    by_office = organ_id is not None and any(actor.holds(role) for role in register.office_openers or OFFICE)
    if reports_for is None and not by_office:
        if any(actor.holds(role) for role in register.office_openers):
            raise InvalidAnswersError({"organ_id": [NO_ORGAN]})
        raise no_opener(register)
    return reports_for, by_office


def no_opener(register: Register) -> NotAllowedError:
    """The refusal of who opens no cases; it names who may where a regulation says otherwise than most."""
    if register.case_openers == REPORTERS:
        return NotAllowedError(NOBODY)
    roles = "、".join(role_label(role) for role in register.case_openers)
    return NotAllowedError(N_("按本办法，可以登记案件的岗位是：%(roles)s。"), roles=roles)


def opened_before(key: str, *, actor: Actor) -> Opened | None:
    """What the actor opened with this key. Who asks at the same time with the same key waits; inside a transaction."""
    idempotency.wait_for(key, person_id=actor.person_id)
    before = idempotency.find(key, person_id=actor.person_id, action="open case")
    return Opened(**{**before, "replayed": True}) if before is not None else None


def _reports_for(actor: Actor, register: Register) -> str | None:
    """The organ that the actor opens cases for under a regulation, if any."""
    grants = (grant for role in register.case_openers for grant in actor.grants if grant.role == role)
    held = [grant.organ_id for grant in grants if grant.organ_id]
    lasting = organs.lasting(held) if held else []
    if held and not lasting:
        raise ConflictError(DISSOLVED)
    return next((organ_id for organ_id in held if organ_id in lasting), None)


def _organ_of_case(actor: Actor, organ_id: str | None) -> str:
    found = existing(Organ, [organ_id or ""], county_id=actor.county_id or "")
    if not found:
        raise InvalidAnswersError({"organ_id": [NO_ORGAN]})
    if not organs.lasting(found):
        raise ConflictError(DISSOLVED)
    return next(iter(found))


def start_proceeding(
    kind: ProceedingKind, *, release: Release, number: str, actor: Actor, now: datetime, organ_id: str | None = None
) -> Proceeding:
    """The row of a new proceeding, not yet moved, with the rule settings of its day, the organ's own included."""
    proceeding = Proceeding(
        id=uuid4().hex,
        county_id=actor.county_id or "",
        kind=kind,
        number=number,
        title="",
        process_key=release.process_key,
        release_id=release.id,
        status=ProceedingStatus.RUNNING,
        stage="",
        state=b"",
        waiting={},
        history_length=0,
        journal_digest="",
        switches=rules.frozen_for(release.regulation_id, organ_id=organ_id, on=office_day(now)),
        opened_at=now,
        opened_by=actor.person_id,
    )
    db.session.add(proceeding)
    db.session.flush()
    return proceeding


def begin(
    command: Command,
    variables: Mapping[str, Any],
    *,
    details: Mapping[str, Any] | None = None,
    data: Mapping[str, Any] | None = None,
) -> Opened:
    """Start the procedure, give its first step to the person who opened it, and submit it when answers came along."""
    proceeding, actor = command.proceeding, command.actor
    command.tell(Act.OPENED, proceeding.number, details=details)
    advance = run.start(command.definition, variables=variables, context=command.known(), now=command.now)
    advance = command.settle(advance)
    command.record(advance, act="open", object_=proceeding.id, payload=dict(variables))
    if not command.opened_rows:
        raise ConflictError(N_("流程没有可以办理的第一个环节，请联系流程管理者。"))
    first = command.opened_rows[0]
    first.assignee_id = actor.person_id if actor else None
    first.claimed_at = command.now
    if data is not None:
        db.session.flush()
        following = Command(command.file, actor=actor, now=command.now)
        complete_step(following, first, data)
    return Opened(proceeding.id, proceeding.number, first.id)
