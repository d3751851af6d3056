"""Accounts, sessions and the throttle as rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Select,
    bindparam,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    true,
    update,
)

from app.domain.actors import Actor, Grant
from app.domain.deadlines import office_day
from app.extensions import UtcDateTime, db
from app.storage import calendars, deputies, marks, organs
from app.storage.models import (
    Account,
    ApiToken,
    County,
    Organ,
    Person,
    RecoveryCode,
    Regulation,
    RoleAssignment,
    Session,
    SignInAttempt,
)
from app.storage.prepared import Prepared
from app.storage.transaction import glance
from app.storage.upsert import insert_into


def find_account(username: str) -> Account | None:
    return db.session.get(Account, username)


def _people(*more: Any) -> Select[Any]:
    """Enabled accounts with person, organ, county and every role held: all that makes an actor, in one statement.

    Plain columns of the tables, not of the mapped classes: every request asks this, and objects are not wanted.
    """
    people, account, organ = Person.__table__.c, Account.__table__.c, Organ.__table__.c
    county, held, rules = County.__table__.c, RoleAssignment.__table__.c, Regulation.__table__.c
    meets = exists().where(rules.county_id == people.county_id, rules.meeting_process.is_not(None))
    return (
        select(people.id, people.name, people.county_id, people.organ_id, organ.name, county.name)
        .add_columns(held.role, held.organ_id, account.username, meets, calendars.version_column())
        .add_columns(deputies.is_one(people.id, bindparam("today", type_=Date())))
        .add_columns(account.must_change, account.password_set_at, account.totp_secret.is_not(None))
        .add_columns(account.oidc_subject.is_not(None), organs.any_dissolved())
        .add_columns(marks.column(), *more)
        .select_from(Person.__table__)
        .join(Account.__table__, account.person_id == people.id)
        .outerjoin(Organ.__table__, organ.id == people.organ_id)
        .outerjoin(County.__table__, county.id == people.county_id)
        .outerjoin(RoleAssignment.__table__, held.person_id == people.id)
        .where(account.enabled, or_(bindparam("demo", type_=Boolean()), account.demo.is_(False)))
    )


_MARK = 17
"""Place of the mark among the columns; what is asked for besides comes after it."""


def _actor(
    query: Prepared,
    values: dict[str, Any],
    *,
    demo: bool,
    now: datetime | None,
    locale: str = "zh_Hans_CN",
) -> tuple[Actor, tuple[Any, ...]] | None:
    """The actor of the rows, and the first one. Without `demo` a demonstration account is nobody.

    `now` says in whose stead he acts today; without it, in nobody's.
    """
    today = office_day(now) if now is not None else date.min
    rows = query.rows({**values, "today": today, "demo": demo})
    if not rows:
        return None
    person_id, name, county_id, organ_id, organ_name, county_name, _, _, username, meets, *more = rows[0][:_MARK]
    version, stands_in, must_change, password_set_at, second, bound, inherits = more
    calendars.seen(version)
    grants = frozenset(Grant(row[6], row[7]) for row in rows if row[6])
    if stands_in:
        grants |= deputies.grants_of(person_id, today=today)
    actor = Actor(
        username=username,
        person_id=person_id,
        name=name,
        county_id=county_id,
        county_name=county_name or "",
        county_meets=bool(meets),
        organ_id=organ_id,
        organ_name=organ_name or "",
        grants=organs.inherited(grants) if inherits else grants,
        locale=locale,
        must_change=bool(must_change),
        password_set_at=password_set_at,
        has_second_factor=bool(second),
        has_identity=bool(bound),
    )
    return actor, rows[0]


def actor_of(
    username: str, *, locale: str = "zh_Hans_CN", demo: bool = True, now: datetime | None = None
) -> Actor | None:
    """The person behind an enabled account with the roles held now; those of whom he stands in for with `now` only."""
    found = _actor(_BY_NAME, {"username": username}, demo=demo, now=now, locale=locale)
    return found[0] if found else None


def _people_by_name(_dialect: str) -> Select[Any]:
    return _people().where(Account.username == bindparam("username"))


@dataclass(frozen=True)
class _Card:
    """What a caller shows: `whole` reads who he is, `alone` no more than whether it is still good."""

    table: type[ApiToken | Session]
    good: Callable[[], ColumnElement[bool]]
    more: tuple[Any, ...] = ()
    """Columns that are asked for besides."""

    @cached_property
    def whole(self) -> Prepared:
        return Prepared(lambda _dialect: self._shown(_people(*self.more).join(*self._account())))

    @cached_property
    def alone(self) -> Prepared:
        rows = self.table.__table__
        columns = (marks.column(), calendars.version_column(), *self.more)
        return Prepared(lambda _dialect: self._shown(select(*columns).select_from(rows)))

    def _account(self) -> tuple[Any, Any]:
        return self.table.__table__, self.table.username == Account.username

    def _shown(self, query: Select[Any]) -> Select[Any]:
        return query.where(self.table.digest == bindparam("digest"), self.good())

    def holder(
        self, digest: str, values: Mapping[str, Any], *, demo: bool, now: datetime
    ) -> tuple[Actor, tuple[Any, ...]] | None:
        """The actor and the columns besides. Read anew only where anything about people has changed since."""
        asked, key = {**values, "digest": digest}, (self.table, digest, office_day(now), demo)
        mark, kept = marks.latest()
        if (known := kept.get(key)) is not None:
            rows = self.alone.rows(asked)
            if not rows:
                return None
            seen, version, *more = rows[0]
            if seen == mark:
                calendars.seen(version)
                return known, tuple(more)
        found = _actor(self.whole, asked, demo=demo, now=now)
        if found is None:
            return None
        actor, row = found
        marks.under(row[_MARK])[key] = actor
        return actor, row[_MARK + 1 :]


def _token_is_good() -> ColumnElement[bool]:
    return or_(ApiToken.revoked_at.is_(None), ApiToken.revoked_at > bindparam("now", type_=UtcDateTime()))


def _any() -> ColumnElement[bool]:
    """How long a session lives is a rule that the service knows."""
    return true()


_BY_NAME = Prepared(_people_by_name)
_TOKEN = _Card(ApiToken, _token_is_good, (ApiToken.__table__.c.confirmed_at,))
_SESSION = _Card(
    Session,
    _any,
    tuple(Session.__table__.c[name] for name in ("locale", "seen_at", "created_at", "confirmed_at", "by_provider")),
)


def actor_of_token(digest: str, *, now: datetime, demo: bool) -> Actor | None:
    """The person behind a token that was not revoked."""
    with glance():
        found = _TOKEN.holder(digest, {"now": now}, demo=demo, now=now)
    if found is None:
        return None
    actor, (confirmed_at,) = found
    return replace(actor, confirmed_at=confirmed_at) if confirmed_at else actor


@dataclass(frozen=True, slots=True)
class Shown:
    """A session that a browser shows, alive or not."""

    actor: Actor
    created_at: datetime
    seen_at: datetime


def actor_of_session(digest: str, *, demo: bool, now: datetime) -> Shown | None:
    """The person behind a session, and its times."""
    found = _SESSION.holder(digest, {}, demo=demo, now=now)
    if found is None:
        return None
    actor, (locale, seen_at, created_at, confirmed_at, by_provider) = found
    own = replace(actor, locale=locale, confirmed_at=confirmed_at, by_provider=by_provider)
    return Shown(own, created_at, seen_at)


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


def end_sessions_of_person(person_id: str) -> None:
    """What somebody may do has changed: he signs in anew."""
    own = select(Account.username).where(Account.person_id == person_id)
    db.session.execute(delete(Session).where(Session.username.in_(own)))


def forget_recovery_codes(username: str) -> None:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.username == username))


def end_other_sessions(username: str, digest: str) -> None:
    db.session.execute(delete(Session).where(Session.username == username, Session.digest != digest))
