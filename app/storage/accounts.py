"""Accounts, sessions and the throttle as rows."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, or_, select, update

from app.domain.actors import Actor, Grant
from app.extensions import db
from app.storage.models import Account, County, Organ, Person, RoleAssignment, Session, SignInAttempt


def find_account(username: str) -> Account | None:
    return db.session.get(Account, username)


def actor_of(username: str, *, locale: str = "zh_Hans_CN") -> Actor | None:
    """The person behind an enabled account with the roles held now, in one statement."""
    query = (
        select(Person, Organ.name, County.name, RoleAssignment.role, RoleAssignment.organ_id)
        .join(Account, Account.person_id == Person.id)
        .outerjoin(Organ, Organ.id == Person.organ_id)
        .outerjoin(County, County.id == Person.county_id)
        .outerjoin(RoleAssignment, RoleAssignment.person_id == Person.id)
        .where(Account.username == username, Account.enabled)
    )
    rows = db.session.execute(query).all()
    if not rows:
        return None
    person, organ_name, county_name = rows[0][0], rows[0][1], rows[0][2]
    return Actor(
        username=username,
        person_id=person.id,
        name=person.name,
        county_id=person.county_id,
        county_name=county_name or "",
        organ_id=person.organ_id,
        organ_name=organ_name or "",
        grants=frozenset(Grant(role, organ) for _, _, _, role, organ in rows if role),
        locale=locale,
    )


def touch_session(digest: str, *, now: datetime) -> None:
    db.session.execute(update(Session).where(Session.digest == digest).values(seen_at=now))


def end_sessions(username: str) -> None:
    db.session.execute(delete(Session).where(Session.username == username))


def _keys(username: str, address: str) -> list[str]:
    return [f"account/{username[:64]}", f"address/{address[:64]}"]


def is_throttled(username: str, address: str, *, limit: int, since: datetime) -> bool:
    """Whether the account, or the address ten times as often, failed too many times since then."""
    account, addressed = _keys(username, address)
    query = select(func.count()).where(
        SignInAttempt.since > since,
        or_(
            (SignInAttempt.key == account) & (SignInAttempt.failures >= limit),
            (SignInAttempt.key == addressed) & (SignInAttempt.failures >= 10 * limit),
        ),
    )
    return bool(db.session.scalar(query))


def count_failure(username: str, address: str, *, now: datetime, window: timedelta) -> None:
    for key in _keys(username, address):
        row = db.session.get(SignInAttempt, key, with_for_update=True)
        if row is None:
            db.session.add(SignInAttempt(key=key, failures=1, since=now))
        elif row.since <= now - window:
            row.failures, row.since = 1, now
        else:
            row.failures += 1


def forget_failures(username: str, address: str) -> None:
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.key.in_(_keys(username, address))))
