"""人员与权限: people, accounts, roles, locks, sessions and the security policy, as the administrators see them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select

from app.domain.actors import Actor
from app.domain.administrators import ensure_power
from app.domain.errors import NotFoundError
from app.domain.identities import claim_and_value
from app.domain.powers import may
from app.domain.roles import ROLES, Role, role_label
from app.domain.security_rules import LIMITS, SecurityLimit, SecurityRules
from app.extensions import db
from app.storage import security_rules
from app.storage.administration import SESSION_ID
from app.storage.models import (
    Account,
    County,
    GrantRequest,
    JournalLine,
    Organ,
    Person,
    RoleAssignment,
    Session,
    SignInAttempt,
)

PER_PAGE = 50
LONGEST_LIST = 200


@dataclass(frozen=True, slots=True)
class PersonLine:
    id: str
    name: str
    county: str
    organ: str
    position: str
    username: str
    state: str
    """ENABLED, INERT (never let in), DISABLED or FROZEN; empty without an account."""
    roles: tuple[str, ...]
    """Labels (message ids)."""


@dataclass(frozen=True, slots=True)
class PeoplePage:
    lines: tuple[PersonLine, ...]
    q: str
    page: int
    pages: int
    total: int
    counties: tuple[tuple[str, str], ...]
    organs: tuple[tuple[str, str], ...]
    """Id, and county and name."""
    may_make: bool


def people_page(actor: Actor, *, q: str, page: int, now: datetime) -> PeoplePage:
    """People by county and organ, `q` in name or account. Raises NotFoundError for who is no administrator."""
    ensure_power(actor, "accounts.read")
    wanted = or_(Person.name.contains(q, autoescape=True), Account.username.contains(q, autoescape=True))
    everybody = (
        select(Person, Account, Organ.name, County.name)
        .outerjoin(Account, Account.person_id == Person.id)
        .outerjoin(Organ, Organ.id == Person.organ_id)
        .outerjoin(County, County.id == Person.county_id)
        .where(wanted if q else Person.id.is_not(None))
    )
    total = db.session.scalar(select(func.count()).select_from(everybody.subquery())) or 0
    pages = max(1, -(-total // PER_PAGE))
    page = min(max(page, 1), pages)
    order = (func.coalesce(Person.county_id, ""), func.coalesce(Person.organ_id, ""), Person.id)
    rows = db.session.execute(everybody.order_by(*order).limit(PER_PAGE).offset((page - 1) * PER_PAGE)).all()
    roles = _roles_of([row[0].id for row in rows])
    rules = security_rules.current()
    lines = tuple(
        PersonLine(
            id=person.id,
            name=person.name,
            county=county or "",
            organ=organ or "",
            position=person.position,
            username=account.username if account else "",
            state=_state(account, rules, now) if account else "",
            roles=tuple(ROLES[role].label for role in roles.get(person.id, ()) if role in ROLES),
        )
        for person, account, organ, county in rows
    )
    counties = tuple(
        (row.id, row.name) for row in db.session.execute(select(County.id, County.name).order_by(County.id))
    )
    return PeoplePage(lines, q, page, pages, total, counties, _organs(None), may(actor, "accounts.make"))


def _roles_of(people: list[str]) -> dict[str, list[str]]:
    held: dict[str, list[str]] = {}
    query = select(RoleAssignment.person_id, RoleAssignment.role).where(RoleAssignment.person_id.in_(people))
    for person_id, role in db.session.execute(query.order_by(RoleAssignment.id)):
        if role not in held.setdefault(person_id, []):
            held[person_id].append(role)
    return held


def _organs(county_id: str | None) -> tuple[tuple[str, str], ...]:
    query = select(Organ.id, Organ.name, County.name).join(County, County.id == Organ.county_id)
    if county_id is not None:
        query = query.where(Organ.county_id == county_id)
    rows = db.session.execute(query.order_by(Organ.county_id, Organ.code)).all()
    return tuple((id_, name if county_id else f"{county} {name}") for id_, name, county in rows)


def _state(account: Account, rules: SecurityRules, now: datetime) -> str:
    days = rules.of("unused_days")
    if not account.enabled:
        return "DISABLED" if account.used_at else "INERT"
    used = account.used_at or account.created_at
    return "FROZEN" if days and not account.demo and now - used > timedelta(days=days) else "ENABLED"


@dataclass(frozen=True, slots=True)
class HeldRole:
    id: int
    label: str
    organ: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    line: PersonLine
    used_at: datetime | None
    password_set_at: datetime | None
    second_factor: bool
    identity: tuple[str, str] | None
    """Claim and value by which the account is bound to the identity provider."""
    roles: tuple[HeldRole, ...]
    proposed: str
    """Label of an administrator's role that waits for confirmation."""
    choices: tuple[Role, ...]
    organs: tuple[tuple[str, str], ...]
    acts: tuple[JournalLine, ...]
    may_shut_out: bool
    may_authorise: bool


def person_page(actor: Actor, person_id: str, *, now: datetime) -> PersonPage:
    """One person, what he holds and what was done to his account. Raises NotFoundError."""
    ensure_power(actor, "accounts.read")
    row = db.session.execute(
        select(Person, Account, Organ.name, County.name)
        .outerjoin(Account, Account.person_id == Person.id)
        .outerjoin(Organ, Organ.id == Person.organ_id)
        .outerjoin(County, County.id == Person.county_id)
        .where(Person.id == person_id)
    ).first()
    if row is None:
        raise NotFoundError
    person, account, organ, county = row
    state = _state(account, security_rules.current(), now) if account else ""
    username = account.username if account else ""
    held = db.session.execute(
        select(RoleAssignment.id, RoleAssignment.role, Organ.name)
        .outerjoin(Organ, Organ.id == RoleAssignment.organ_id)
        .where(RoleAssignment.person_id == person_id)
        .order_by(RoleAssignment.id)
    )
    roles = tuple(HeldRole(id_, role_label(role), name or "") for id_, role, name in held)
    proposed = db.session.scalars(
        select(GrantRequest.role).where(GrantRequest.person_id == person_id, GrantRequest.decided_at.is_(None))
    ).first()
    about = select(JournalLine).where(
        JournalLine.scope == "accounts", JournalLine.object.in_({person_id, username} - {""})
    )
    himself = actor.person_id == person_id
    return PersonPage(
        line=PersonLine(person_id, person.name, county or "", organ or "", person.position, username, state, ()),
        used_at=account.used_at if account else None,
        password_set_at=account.password_set_at if account else None,
        second_factor=bool(account and account.totp_secret),
        identity=claim_and_value(account.oidc_subject) if account and account.oidc_subject else None,
        roles=roles,
        proposed=ROLES[proposed].label if proposed else "",
        choices=tuple(ROLES.values()),
        organs=_organs(person.county_id or ""),
        acts=tuple(db.session.scalars(about.order_by(JournalLine.id.desc()).limit(20))),
        may_shut_out=bool(account) and not himself and may(actor, "accounts.shut_out"),
        may_authorise=not himself and may(actor, "accounts.authorise"),
    )


@dataclass(frozen=True, slots=True)
class Lock:
    key: str
    kind: str
    """account or address"""
    name: str
    failures: int
    until: datetime


@dataclass(frozen=True, slots=True)
class SessionLine:
    id: str
    username: str
    name: str
    address: str
    created_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    id: str
    person: str
    username: str
    label: str
    asked_by: str
    asked_at: datetime
    may_decide: bool


@dataclass(frozen=True, slots=True)
class SecurityPage:
    locks: tuple[Lock, ...]
    sessions: tuple[SessionLine, ...]
    """Those used last, `LONGEST_LIST` at most."""
    signed_in: int
    """How many there are in all."""
    proposals: tuple[Proposal, ...]
    policy: tuple[tuple[SecurityLimit, int], ...]
    may_set: bool


def security_page(actor: Actor, *, now: datetime) -> SecurityPage:
    """Who is locked out, who is signed in, what waits for confirmation, and the policy. Raises NotFoundError."""
    ensure_power(actor, "accounts.read")
    rules = security_rules.current()
    return SecurityPage(
        locks=_locks(rules, now),
        sessions=_sessions(rules, now),
        signed_in=db.session.scalar(select(func.count()).select_from(Session).where(*_alive(rules, now))) or 0,
        proposals=_proposals(actor),
        policy=tuple((limit, rules.of(limit.name)) for limit in LIMITS.values()),
        may_set=may(actor, "security.set"),
    )


def _locks(rules: SecurityRules, now: datetime) -> tuple[Lock, ...]:
    window, most = timedelta(minutes=rules.of("lock_minutes")), rules.of("lock_failures")
    rows = db.session.scalars(
        select(SignInAttempt).where(SignInAttempt.since > now - window, SignInAttempt.failures >= most)
    )
    parts = ((row, *row.key.partition("/")) for row in rows)
    return tuple(
        Lock(row.key, kind, name, row.failures, row.since + window)
        for row, kind, _, name in parts
        if kind == "account" or row.failures >= 10 * most
    )


def _sessions(rules: SecurityRules, now: datetime) -> tuple[SessionLine, ...]:
    rows = db.session.execute(
        select(Session, Person.name)
        .join(Account, Account.username == Session.username)
        .join(Person, Person.id == Account.person_id)
        .where(*_alive(rules, now))
        .order_by(Session.seen_at.desc())
        .limit(LONGEST_LIST)
    )
    return tuple(
        SessionLine(one.digest[:SESSION_ID], one.username, name, one.address, one.created_at, one.seen_at)
        for one, name in rows
    )


def _alive(rules: SecurityRules, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Session.seen_at >= now - timedelta(minutes=rules.of("idle_minutes")),
        Session.created_at >= now - timedelta(hours=rules.of("session_hours")),
    )


def _proposals(actor: Actor) -> tuple[Proposal, ...]:
    rows = db.session.scalars(
        select(GrantRequest).where(GrantRequest.decided_at.is_(None)).order_by(GrantRequest.asked_at)
    ).all()
    ids = {row.person_id for row in rows} | {row.asked_by for row in rows}
    names = {one.id: one.name for one in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}
    return tuple(
        Proposal(
            id=row.id,
            person=names.get(row.person_id, ""),
            username=row.person_id,
            label=ROLES[row.role].label,
            asked_by=names.get(row.asked_by, ""),
            asked_at=row.asked_at,
            may_decide=may(actor, "grants.confirm") and actor.person_id not in (row.person_id, row.asked_by),
        )
        for row in rows
    )
