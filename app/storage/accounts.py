"""Accounts, sessions and the throttle as rows."""

from datetime import datetime, timedelta

from sqlalchemy import case, delete, func, or_, select, update

from app.domain.actors import Actor, Grant
from app.extensions import db
from app.storage.models import Account, County, Organ, Person, RoleAssignment, Session, SignInAttempt
from app.storage.upsert import insert_into


def find_account(username: str) -> Account | None:
    return db.session.get(Account, username)


def actor_of(username: str, *, locale: str = "zh_Hans_CN", demo: bool = True) -> Actor | None:
    """The person behind an enabled account with the roles held now, in one statement.

    Without `demo` a demonstration account is nobody.
    """
    query = (
        select(Person, Organ.name, County.name, RoleAssignment.role, RoleAssignment.organ_id)
        .join(Account, Account.person_id == Person.id)
        .outerjoin(Organ, Organ.id == Person.organ_id)
        .outerjoin(County, County.id == Person.county_id)
        .outerjoin(RoleAssignment, RoleAssignment.person_id == Person.id)
        .where(Account.username == username, Account.enabled)
    )
    if not demo:
        query = query.where(Account.demo.is_(False))
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
    """One more failure of the account and of the address; failures older than the window are forgotten."""
    for key in _keys(username, address):
        first = insert_into(SignInAttempt).values(key=key, failures=1, since=now)
        fresh = SignInAttempt.since > now - window
        db.session.execute(
            first.on_conflict_do_update(
                index_elements=["key"],
                set_={
                    "failures": case((fresh, SignInAttempt.failures + 1), else_=1),
                    "since": case((fresh, SignInAttempt.since), else_=now),
                },
            )
        )


def forget_failures(username: str, address: str) -> None:
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.key.in_(_keys(username, address))))
