"""What the three administrators do: one makes people and accounts, another says what these may do, a third reads."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from uuid import uuid4

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.administrators import (
    ADMINISTRATORS,
    ensure_apart,
    ensure_not_himself,
    ensure_power,
)
from app.domain.confirmation import Occasion, ensure_recently_confirmed
from app.domain.errors import N_, ConflictError, InvalidAnswersError, NotFoundError
from app.domain.identities import LONGEST, SUBJECT, key_of
from app.domain.roles import ROLES
from app.domain.security_rules import LIMITS, problem_of
from app.extensions import db
from app.services import identity_provider
from app.services.accounts import hash_password
from app.storage import accounts as rows
from app.storage import administration as found
from app.storage import journal, organisation, security_rules
from app.storage.models import Account, County, GrantRequest, Organ, Person, RoleAssignment, Session, SignInAttempt
from app.storage.transaction import transaction


def add_county(county_id: str, name: str, *, name_en: str, actor: Actor, now: datetime) -> None:
    """A county without organs. Raises NotFoundError, NotAllowedError, InvalidAnswersError, ConflictError."""
    ensure_power(actor, "accounts.make")
    found.ensure_filled({"county_id": county_id, "county_name": name}, ids=("county_id",))
    with transaction():
        if db.session.get(County, county_id) is not None:
            raise ConflictError(N_("该标识已被使用。"))
        organisation.record_county(county_id, name=name, name_en=name_en)
        _tell(actor, "add county", county_id, {"name": name}, now)


def add_organ(county_id: str, *, code: str, name: str, short_name: str, actor: Actor, now: datetime) -> str:
    """An organ of a county; returns its id. Raises as `add_county`."""
    ensure_power(actor, "accounts.make")
    found.ensure_filled({"code": code, "organ_name": name}, ids=("code",))
    with transaction():
        organ_id = f"{county_id}.{code}"
        if db.session.get(County, county_id) is None:
            raise NotFoundError
        if db.session.get(Organ, organ_id) is not None:
            raise ConflictError(N_("该标识已被使用。"))
        organ = organisation.record_organ(county_id, code=code, name=name, short_name=short_name)
        _tell(actor, "add organ", organ_id, {"name": name, "short_name": organ.short_name, "kind": organ.kind}, now)
    return organ_id


def add_person(
    username: str, *, name: str, organ_id: str | None, position: str, actor: Actor, now: datetime
) -> tuple[str, str]:
    """A person with an account that can do nothing yet (not enabled, no role). Returns his id and a first password.

    Raises NotFoundError, NotAllowedError, InvalidAnswersError by field, ConflictError for a taken name.
    """
    ensure_power(actor, "accounts.make")
    found.ensure_filled({"username": username, "name": name}, ids=("username",))
    password = first_password()
    hashed = hash_password(password)
    with transaction():
        organ = db.session.get(Organ, organ_id) if organ_id else None
        if organ_id and organ is None:
            raise NotFoundError
        _ensure_lasting(organ, "organ_id")
        if db.session.get(Account, username) is not None or db.session.get(Person, username) is not None:
            raise ConflictError(N_("账号“%(username)s”已存在。"), username=username)
        county_id = organ.county_id if organ else None
        organisation.record_person(username, name=name, county_id=county_id, organ_id=organ_id, position=position)
        organisation.record_account(username, hashed, now=now, enabled=False, must_change=True, ages=True)
        _tell(actor, "create", username, {"name": name, "organ": organ_id, "position": position}, now)
    return username, password


def first_password() -> str:
    """A password by chance, of all four kinds; it is shown once and changed with the first sign-in."""
    return f"{secrets.token_urlsafe(9)}-a{secrets.choice('ABCDEFGHJKLMNPQRSTUVWXYZ')}{secrets.randbelow(10)}"


def shut_out(username: str, *, actor: Actor, now: datetime) -> None:
    """Disable an account at once: its sessions end. Raises NotFoundError, NotAllowedError (one's own)."""
    ensure_power(actor, "accounts.shut_out")
    with transaction():
        account = _account(username)
        ensure_not_himself(actor, account.person_id)
        account.enabled = False
        rows.end_sessions(username)
        _tell(actor, "disable", username, {}, now)


def let_in(username: str, *, actor: Actor, now: datetime) -> None:
    """Enable an account, or thaw a frozen one. Raises NotFoundError, NotAllowedError, ConflictError without a role."""
    ensure_power(actor, "accounts.authorise")
    with transaction():
        account = _account(username)
        ensure_not_himself(actor, account.person_id)
        if not found.roles_held(account.person_id):
            raise ConflictError(N_("该人员还没有任何岗位，先授予岗位，再启用账号。"))
        account.enabled, account.used_at = True, now
        _tell(actor, "enable", username, {}, now)


def reset_password(username: str, *, actor: Actor, now: datetime) -> str:
    """A new first password, to be changed with the next sign-in; the second factor goes too. Sessions end.

    Raises NotFoundError, NotAllowedError (one's own), StepUpError.
    """
    ensure_power(actor, "accounts.authorise")
    password = first_password()
    hashed = hash_password(password)
    with transaction():
        ensure_recently_confirmed(actor, Occasion.GRANTING, security_rules.current(), now=now)
        account = _account(username)
        ensure_not_himself(actor, account.person_id)
        account.password_hash, account.password_set_at, account.must_change = hashed, now, True
        account.totp_secret, account.totp_step = None, 0
        rows.forget_recovery_codes(username)
        rows.end_sessions(username)
        _tell(actor, "reset password", username, {}, now)
    return password


def grant(person_id: str, *, role: str, organ_id: str | None, actor: Actor, now: datetime) -> bool:
    """Give a person a role; he signs in anew. False: one of the three, which another administrator has to confirm.

    Raises NotFoundError, NotAllowedError (to oneself), StepUpError, ConflictError (三员分立, held already).
    """
    ensure_power(actor, "accounts.authorise")
    with transaction():
        ensure_recently_confirmed(actor, Occasion.GRANTING, security_rules.current(), now=now)
        ensure_not_himself(actor, person_id)
        person = _person(person_id)
        if role not in ROLES:
            raise InvalidAnswersError({"role": [N_("请选择岗位。")]})
        held = found.roles_held(person_id)
        ensure_apart(held, role)
        if role in ADMINISTRATORS:
            _propose(person_id, role, held, actor, now)
            return False
        organ = organ_id or person.organ_id
        if organ is not None and getattr(db.session.get(Organ, organ), "county_id", None) != person.county_id:
            raise InvalidAnswersError({"organ_id": [N_("请选择本县的机关。")]})
        _ensure_lasting(db.session.get(Organ, organ) if organ else None, "organ_id")
        if found.holds(person_id, role, organ):
            raise ConflictError(N_("该人员已有这一岗位。"))
        organisation.record_role(person_id, role, organ_id=organ)
        rows.end_sessions_of_person(person_id)
        _tell(actor, "grant", person_id, {"role": role, "organ": organ}, now)
    return True


def _propose(person_id: str, role: str, held: set[str], actor: Actor, now: datetime) -> None:
    if role in held or found.is_proposed(person_id):
        raise ConflictError(N_("该人员已有这一岗位，或者已经提出、正待复核。"))
    db.session.add(GrantRequest(id=uuid4().hex, person_id=person_id, role=role, asked_by=actor.person_id, asked_at=now))
    _tell(actor, "propose grant", person_id, {"role": role}, now)


def decide(request_id: str, *, agrees: bool, actor: Actor, now: datetime) -> None:
    """Confirm or turn down what the security administrator proposed: by a system administrator, whom it is not about.

    Raises NotFoundError, NotAllowedError, StepUpError, ConflictError (decided already, 三员分立).
    """
    ensure_power(actor, "grants.confirm")
    with transaction():
        ensure_recently_confirmed(actor, Occasion.GRANTING, security_rules.current(), now=now)
        row = db.session.get(GrantRequest, request_id, with_for_update=True)
        if row is None:
            raise NotFoundError
        ensure_not_himself(actor, row.person_id)
        ensure_not_himself(actor, row.asked_by)
        if row.decided_at is not None:
            raise ConflictError
        row.decided_by, row.decided_at, row.granted = actor.person_id, now, agrees
        if agrees:
            _person(row.person_id)  # who is given another role at the same moment waits
            ensure_apart(found.roles_held(row.person_id), row.role)
            found.record_administrator(row.person_id, row.role, organ_id=None, by=actor.username, now=now)
            rows.end_sessions_of_person(row.person_id)
        else:
            _tell(actor, "turn down grant", row.person_id, {"role": row.role}, now)


def revoke(person_id: str, assignment_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a role away; it works with the person's next request. Raises NotFoundError, NotAllowedError, StepUpError,
    ConflictError for the last administrator of a kind."""
    ensure_power(actor, "accounts.authorise")
    with transaction():
        ensure_recently_confirmed(actor, Occasion.GRANTING, security_rules.current(), now=now)
        ensure_not_himself(actor, person_id)
        row = db.session.get(RoleAssignment, assignment_id)
        if row is None or row.person_id != person_id:
            raise NotFoundError
        if row.role in ADMINISTRATORS and found.hold_all(row.role) < 2:
            raise ConflictError(N_("这是最后一名该类管理员，不能撤销。"))
        db.session.delete(row)
        rows.end_sessions_of_person(person_id)
        _tell(actor, "revoke", person_id, {"role": row.role, "organ": row.organ_id}, now)


def bind(username: str, *, claim: str, value: str, actor: Actor, now: datetime) -> None:
    """Say who an account is to the identity provider, or with no value that it is nobody there. His sessions end.

    Raises NotFoundError, NotAllowedError (one's own), StepUpError, InvalidAnswersError, ConflictError where taken.
    """
    ensure_power(actor, "accounts.authorise")
    key = None
    if value:
        provider = identity_provider.ensure_current()
        if claim not in (SUBJECT, provider.claim) or len(value) > LONGEST or not value.isprintable():
            raise InvalidAnswersError({"value": [N_("请填写身份标识，不超过255字。")]})
        key = key_of(provider.issuer, claim, value)
    with transaction():
        ensure_recently_confirmed(actor, Occasion.GRANTING, security_rules.current(), now=now)
        account = _account(username)
        ensure_not_himself(actor, account.person_id)
        if key is not None and found.is_bound(key, besides=username):
            raise ConflictError(N_("该身份已绑定其他账号。"))
        before, account.oidc_subject = account.oidc_subject, key
        rows.end_sessions(username)
        _tell(actor, "bind" if key else "unbind", username, {"before": before, "after": key}, now)


def unlock(key: str, *, actor: Actor, now: datetime) -> None:
    """Lift the lock of an account or an address before its time. Raises NotFoundError, NotAllowedError."""
    ensure_power(actor, "sessions.end")
    with transaction():
        row = db.session.get(SignInAttempt, key)
        if row is None:
            raise NotFoundError
        db.session.delete(row)
        _tell(actor, "unlock", key, {}, now)


def end_session(session_id: str, *, actor: Actor, now: datetime) -> None:
    """End somebody's session. `session_id` begins its digest. Raises NotFoundError, NotAllowedError."""
    ensure_power(actor, "sessions.end")
    with transaction():
        row = db.session.scalars(select(Session).where(Session.digest.startswith(session_id, autoescape=True))).first()
        if len(session_id) != found.SESSION_ID or row is None:
            raise NotFoundError
        db.session.delete(row)
        _tell(actor, "end session", row.username, {"address": row.address}, now)


def set_policy(entered: dict[str, str], *, actor: Actor, now: datetime) -> int:
    """Set what differs from the policy in force, from now on; returns how many values. Raises NotFoundError,
    NotAllowedError, StepUpError, InvalidAnswersError by name: nothing was changed."""
    ensure_power(actor, "security.set")
    problems = {
        name: [problem] for name, text in entered.items() if name in LIMITS and (problem := problem_of(name, text))
    }
    if problems:
        raise InvalidAnswersError(problems)
    with transaction():
        rules = security_rules.current()
        ensure_recently_confirmed(actor, Occasion.GRANTING, rules, now=now)
        changed = {name: int(text) for name, text in entered.items() if name in LIMITS and int(text) != rules.of(name)}
        for name, value in changed.items():
            security_rules.set_rule(name, value, by=actor.person_id, now=now)
        if changed:
            before = {name: rules.of(name) for name in changed}
            _tell(actor, "set policy", ",".join(changed), {"before": before, "after": changed}, now)
    return len(changed)


def _ensure_lasting(organ: Organ | None, field: str) -> None:
    if organ is not None and organ.successor_id is not None:
        raise InvalidAnswersError({field: [N_("该机关已经撤并，请选择承接机关。")]})


def _account(username: str) -> Account:
    account = db.session.get(Account, username, with_for_update=True)
    if account is None:
        raise NotFoundError
    return account


def _person(person_id: str) -> Person:
    person = db.session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise NotFoundError
    return person


def _tell(actor: Actor, act: str, object_: str, payload: Mapping[str, object], now: datetime) -> None:
    journal.write_administrative(
        found.JOURNAL, actor=actor.username, act=act, object_=object_, payload=payload, now=now
    )
