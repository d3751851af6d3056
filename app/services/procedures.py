"""Opening a further procedure: review and appeal, reversal of the judgment, and whatever else a register lists."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from app.domain.access import ensure_may_open, is_own, opening_role
from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import N_, ConflictError, NotFoundError, Sentence
from app.domain.history import Act
from app.domain.numbering import number_of
from app.domain.proceedings import ProceedingKind
from app.extensions import db
from app.law.register import About, ProcedureKind
from app.law.register import parse as parse_register
from app.services.cases import Opened, begin, start_proceeding
from app.services.command import Command
from app.storage import idempotency, releases, visibility
from app.storage import procedures as rows
from app.storage.models import Procedure, Regulation
from app.storage.numbers import next_serial
from app.storage.procedures import Target
from app.storage.proceedings import File, get_for_update
from app.storage.transaction import transaction

NOTHING_BY_THAT_NUMBER = N_("没有找到可以申请的案件或者决定，请核对文号。")


def open_procedure(
    procedure: str,
    about: str | None = None,
    *,
    subject_id: str | None = None,
    actor: Actor,
    now: datetime,
    key: str,
    regulation_id: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> Opened:
    """Open a procedure that the register lists as `procedure`; with `data` its first form is submitted in the same act.

    `about` is the number or id of a case, or the number of the decision on a subject. The same key again gives the
    same answer, once done.

    Raises NotFoundError (no such procedure or case, or not for this person to know), NotAllowedError (not his role,
    the decision is not served), ConflictError (one is running already), InvalidAnswersError: nothing was changed.
    """
    action = f"open procedure {procedure}"
    with transaction():
        idempotency.wait_for(key, person_id=actor.person_id)
        before = idempotency.find(key, person_id=actor.person_id, action=action)
        if before is not None:
            return Opened(**{**before, "replayed": True})
        target = _target(actor, about, subject_id)
        regulation = _regulation(actor, target, regulation_id)
        kind = parse_register(releases.register_file_of_regulation(regulation.id)).procedure(procedure)
        if kind is None:
            raise NotFoundError
        target = _ensure_may_open(actor, kind, target, now=now)
        opened = _open(kind, target, regulation, data, actor=actor, now=now)
        idempotency.keep(key, person_id=actor.person_id, action=action, answer=asdict(opened), now=now)
        return opened


def _target(actor: Actor, about: str | None, subject_id: str | None) -> Target | None:
    if about is None:
        return None
    target = rows.find_target(actor.county_id or "", about, subject_id=subject_id)
    if target is None:
        raise NotFoundError
    return target


def _regulation(actor: Actor, target: Target | None, regulation_id: str | None) -> Regulation:
    chosen = target.case.regulation_id if target else regulation_id
    return releases.regulation_of(actor.county_id or "", chosen)


def _ensure_may_open(actor: Actor, kind: ProcedureKind, target: Target | None, *, now: datetime) -> Target | None:
    """The target as far as the kind of procedure asks for one."""
    if target is None or (kind.about is About.SUBJECT and target.subject is None):
        ensure_may_open(actor, kind.openers)
        if kind.about is not About.NONE:
            raise NotFoundError
        return None
    subject = target.subject if kind.about is About.SUBJECT else None
    knows = target.named_decision or visibility.may_see(actor, target.parent.id)
    served = rows.served_days([subject] if subject else [], today=office_day(now))
    of_subject = rows.subject_facts(subject, served.get(subject.id)) if subject else None
    ensure_may_open(actor, kind.openers, knows_case=knows, subject=of_subject, needs_service=kind.served)
    get_for_update(target.parent.id)  # two who open at the same time follow one another
    if kind.single and rows.is_running(
        kind.key, parent_id=target.parent.id, subject_id=subject.id if subject else None
    ):
        raise ConflictError(N_("“%(name)s”正在办理中，办结后方可再次发起。"), name=Sentence(kind.zh))
    return Target(target.parent, target.case, subject, target.named_decision)


def _open(
    kind: ProcedureKind,
    target: Target | None,
    regulation: Regulation,
    data: Mapping[str, Any] | None,
    *,
    actor: Actor,
    now: datetime,
) -> Opened:
    release = releases.latest(kind.process, actor.county_id or "", regulation_id=regulation.id)
    register = parse_register(releases.register_file_of(release.id))
    year = office_day(now).year
    serial = next_serial(actor.county_id or "", kind.number, year)
    number = number_of(register.number_formats[kind.number], year=year, serial=serial)
    proceeding = start_proceeding(ProceedingKind.PROCEDURE, release=release, number=number, actor=actor, now=now)
    proceeding.title = _title(kind, target)
    if target:  # what is about a case follows the case: its rule settings, and who has stepped aside from it
        proceeding.switches = dict(target.parent.switches)
        kept = ("recused", "subjects")
        proceeding.waiting = {name: list(target.parent.waiting.get(name, ())) for name in kept}
    row = Procedure(
        proceeding_id=proceeding.id,
        key=kind.key,
        regulation_id=regulation.id,
        parent_id=target.parent.id if target else None,
        subject_id=target.subject.id if target and target.subject else None,
    )
    db.session.add(row)
    about = rows.about(target) if target else None
    command = Command(File(proceeding, None, None, row, about), actor=actor, now=now)
    variables = {
        "procedure_no": number,
        "case_no": target.parent.number if target else None,
        "subject": rows.subject_of(about),
        "opener_role": opening_role(actor, kind.openers, own=_is_own(actor, target)),
        "opener": actor.person_id,
    }
    opened = begin(command, variables, data=data)
    if target is not None:
        there = target.parent.waiting
        target.parent.waiting = {**there, rows.PROCEDURES: [*there.get(rows.PROCEDURES, ()), proceeding.id]}
        _tell_parent(target, kind, number, actor=actor, now=now)
    return opened


def _is_own(actor: Actor, target: Target | None) -> bool:
    return target is not None and target.subject is not None and is_own(actor, rows.subject_facts(target.subject, None))


def _title(kind: ProcedureKind, target: Target | None) -> str:
    if target is None:
        return ""
    return f"{kind.zh}：{target.subject.name if target.subject else target.parent.title or target.parent.number}"


def _tell_parent(target: Target, kind: ProcedureKind, number: str, *, actor: Actor, now: datetime) -> None:
    command = Command(File(target.parent, target.case, None), actor=actor, now=now)
    command.tell(Act.PROCEDURE, kind.zh, details={"reason": number})
    command.write_evidence(act="open procedure", object_=number, payload={"procedure": kind.key, "number": number})
