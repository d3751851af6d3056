"""Signing in and being recognised: passwords, server-side sessions, tokens."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.actors import Actor
from app.domain.errors import N_, NotAllowedError, NotFoundError
from app.domain.security_rules import SecurityRules
from app.extensions import db
from app.services import settings
from app.storage import accounts as rows
from app.storage import journal, security_rules
from app.storage.models import Account, ApiToken, Session
from app.storage.transaction import transaction

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
"""Where the security policy sets no other."""
TOUCH_EVERY = timedelta(minutes=1)

_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_UNKNOWN = _HASHER.hash(secrets.token_hex(16))
"""Verified for unknown names, so that they take as long as wrong passwords."""

SecondFactor = Callable[[Account], bool]
WRONG = N_("用户名或密码不正确。已启用双因素验证的账号，还须填写动态码。")
FROZEN = N_("账号长期未使用，已被冻结；请联系安全管理员解除。")
THROTTLED = N_("登录失败次数过多，已暂时锁定；请%(minutes)s分钟后再试，或者联系安全管理员。")


@dataclass(frozen=True, slots=True)
class SignedIn:
    cookie: str
    actor: Actor


def hash_password(password: str) -> str:
    return _HASHER.hash(password)


def sign_in(
    username: str, *, password: str, address: str, now: datetime, takes: SecondFactor | None = None
) -> SignedIn:
    """Open a session. Raises NotAllowedError, in the same words for unknown, disabled and wrong.

    `takes` says whether the second factor of an account that has one is good.
    """
    account = rows.find_account(username)
    right = matches(account.password_hash if account else _UNKNOWN, password)
    return admit(account, username, right=right, address=address, takes=takes, now=now)


def admit(
    account: Account | None,
    username: str,
    *,
    right: bool,
    address: str,
    takes: SecondFactor | None,
    now: datetime,
    entering: Callable[[Account], None] | None = None,
    refusal: str = WRONG,
    said: Mapping[str, object] = MappingProxyType({}),
) -> SignedIn:
    """Open a session for who was proved (`right`) to be the account's holder, where its state lets him in.

    Raises NotAllowedError; `refusal` is its sentence for all but locks. `entering` is done to the account of who comes
    in; with `said`, a word of the journal, by another proof than the password.
    """
    with transaction():
        rules = security_rules.current()
        window = timedelta(minutes=rules.of("lock_minutes"))
        throttled = rows.is_throttled(username, address, limit=rules.of("lock_failures"), since=now - window)
        known = account is not None and account.enabled and (settings.is_demo() or not account.demo)
        frozen = account is not None and is_frozen(account, rules, now=now)
        right = right and (account is None or account.totp_secret is None or (takes is not None and takes(account)))
        accepted = right and known and not throttled and not frozen
        cookie = secrets.token_urlsafe(32)
        if accepted and account is not None:
            rows.forget_failures(username, address)
            account.used_at = now
            if entering is not None:
                entering(account)
            db.session.add(_session(cookie, username, address=address, by_provider=bool(said), now=now))
        elif not throttled and not right:
            rows.count_failure(username, address, now=now, window=window)
        act = "sign-in" if accepted else "sign-in refused"
        payload = {"throttled": throttled, "frozen": frozen, **said}
        journal.write_administrative(
            "accounts", actor=username[:64], act=act, object_=address, payload=payload, now=now
        )
    if throttled:
        raise NotAllowedError(THROTTLED, minutes=rules.of("lock_minutes"))
    if frozen and known and right:
        raise NotAllowedError(FROZEN)
    actor = rows.actor_of(username, demo=settings.is_demo(), now=now) if accepted else None
    if actor is None:
        raise NotAllowedError(refusal)
    return SignedIn(cookie, actor)


def is_frozen(account: Account, rules: SecurityRules, *, now: datetime) -> bool:
    """Whether the account was left unused for too long. Accounts of a demonstration never are."""
    days = rules.of("unused_days")
    return bool(days) and not account.demo and now - (account.used_at or account.created_at) > timedelta(days=days)


def _session(cookie: str, username: str, *, address: str, by_provider: bool, now: datetime) -> Session:
    opened = Session(digest=digest_of(cookie), username=username, created_at=now, seen_at=now, confirmed_at=now)
    opened.address, opened.by_provider = address[:64], by_provider
    return opened


def matches(stored: str, password: str) -> bool:
    """Whether the password is the one whose hash is stored."""
    try:
        return _HASHER.verify(stored, password[:256])
    except (VerificationError, InvalidHashError):
        return False


def digest_of(secret: str) -> str:
    """What is stored of a cookie or a token."""
    return sha256(secret.encode()).hexdigest()


def actor_of_cookie(cookie: str, *, now: datetime, touch: bool = True) -> Actor | None:
    """The actor of a live session; None when it is unknown, idle for too long or too old.

    `touch` keeps the session alive, at most once a minute, in a transaction of its own. A command that ends with a page
    leaves that to the page: its request has one commit.
    """
    shown = rows.actor_of_session(digest_of(cookie), demo=settings.is_demo(), now=now)
    if shown is None:
        return None
    idle, longest = _limits(security_rules.kept())
    if now - shown.seen_at > idle or now - shown.created_at > longest:
        return None
    if touch and now - shown.seen_at > TOUCH_EVERY:
        with transaction():
            rows.touch_session(digest_of(cookie), now=now)
    return shown.actor


def _limits(rules: SecurityRules) -> tuple[timedelta, timedelta]:
    """How long a session may lie idle, and how long it may last."""
    idle = timedelta(minutes=rules.of("idle_minutes")) if rules.is_set("idle_minutes") else IDLE
    longest = timedelta(hours=rules.of("session_hours")) if rules.is_set("session_hours") else ABSOLUTE
    return idle, longest


def sign_out(cookie: str, *, now: datetime) -> None:
    """End the session; an unknown one is no error."""
    with transaction():
        session = db.session.get(Session, digest_of(cookie))
        if session is not None:
            journal.write_administrative(
                "accounts", actor=session.username, act="sign-out", object_="", payload={}, now=now
            )
            db.session.delete(session)


def set_locale(cookie: str, *, locale: str) -> None:
    """Remember the language of a session. Raises NotFoundError for a language that the product does not speak."""
    if locale not in ("zh_Hans_CN", "en"):
        raise NotFoundError
    with transaction():
        session = db.session.get(Session, digest_of(cookie))
        if session is not None:
            session.locale = locale


def actor_of_token(token: str, *, now: datetime) -> Actor | None:
    """The actor of a bearer token that was not revoked."""
    return rows.actor_of_token(digest_of(token), now=now, demo=settings.is_demo())


def create_token(username: str, name: str, *, now: datetime) -> str:
    """A new bearer token, shown this once. Raises NotFoundError for an unknown account."""
    token = "wz_" + secrets.token_urlsafe(32)
    with transaction():
        if db.session.get(Account, username) is None:
            raise NotFoundError(N_("没有名为“%(username)s”的账号。"), username=username)
        db.session.add(ApiToken(digest=digest_of(token), username=username, name=name, created_at=now))
        journal.write_administrative("accounts", actor=username, act="token", object_=name, payload={}, now=now)
    return token


def set_enabled(username: str, *, enabled: bool, now: datetime) -> None:
    """Let an account in again, or shut it out at once: its sessions end, its tokens are refused while disabled."""
    with transaction():
        _get_account(username).enabled = enabled
        if not enabled:
            rows.end_sessions(username)
        act = "enable" if enabled else "disable"
        journal.write_administrative("accounts", actor="system", act=act, object_=username, payload={}, now=now)


def _get_account(username: str) -> Account:
    account = rows.find_account(username)
    if account is None:
        raise NotFoundError(N_("没有名为“%(username)s”的账号。"), username=username)
    return account
