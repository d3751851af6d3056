"""再次验证身份 and the second factor (TOTP, RFC 6238): proving again, in a session or with a token, who one is."""

import hmac
import secrets
from base64 import b32encode
from datetime import datetime, timedelta
from unicodedata import normalize

import pyotp
from sqlalchemy import delete

from app.domain.actors import Actor
from app.domain.errors import N_, InvalidAnswersError, NotAllowedError
from app.domain.roles import Side
from app.extensions import db
from app.services import settings
from app.services.accounts import THROTTLED, digest_of, matches
from app.storage import accounts as rows
from app.storage import journal, security_rules
from app.storage.models import Account, ApiToken, RecoveryCode, Session
from app.storage.transaction import transaction

ISSUER = "Wenze"
STEP = 30
"""Seconds for which a code is good; the one before and the one after are taken too."""
CODES = 10
"""Recovery codes that somebody gets."""
WRONG = N_("密码或动态码不正确。")
DEMANDED = {1: (Side.ADMINISTRATION,), 2: (Side.ADMINISTRATION, Side.DECIDER, Side.SUPERVISION), 3: tuple(Side)}
"""On which sides the policy `second_factor` demands one, by its value."""


def confirm(card: str, *, password: str, code: str, actor: Actor, now: datetime) -> None:
    """The session or token (`card` is its secret) is shown by a person who proved only now that it is he.

    Raises NotAllowedError; failures count.
    """
    account = rows.find_account(actor.username)
    knows = account is not None and matches(account.password_hash, password)
    prove(card, knows=knows, code=code, actor=actor, refusal=WRONG, now=now)


def prove(card: str, *, knows: bool, code: str, actor: Actor, refusal: str, now: datetime) -> None:
    """Confirm a session or token where its holder was just proved (`knows`) to be the actor, and his code is good.

    Raises NotAllowedError; failures count.
    """
    with transaction():
        rules = security_rules.current()
        window = timedelta(minutes=rules.of("lock_minutes"))
        account = db.session.get_one(Account, actor.username, with_for_update=True)
        throttled = rows.is_throttled(actor.username, "", limit=rules.of("lock_failures"), since=now - window)
        accepted = knows and not throttled and takes(account, code, now=now)
        if accepted:
            shown = db.session.get(Session, digest_of(card)) or db.session.get(ApiToken, digest_of(card))
            if shown is not None:
                shown.confirmed_at = now
            rows.forget_failures(actor.username, "")
        elif not throttled:
            rows.count_failure(actor.username, "", now=now, window=window)
        act = "confirm" if accepted else "confirm refused"
        journal.write_administrative("accounts", actor=actor.username, act=act, object_="", payload={}, now=now)
    if not accepted:
        raise NotAllowedError(THROTTLED, minutes=rules.of("lock_minutes")) if throttled else NotAllowedError(refusal)


def takes(account: Account, code: str, *, now: datetime) -> bool:
    """Inside a transaction: whether the code is good, where the account has a second factor. No code is good twice."""
    if account.totp_secret is None:
        return True
    code = _typed(code)
    if (step := _step_of(_derived(account.username, account.totp_secret), code, now=now)) > account.totp_step:
        account.totp_step = step
        return True
    spent = delete(RecoveryCode).where(
        RecoveryCode.username == account.username, RecoveryCode.digest == digest_of(account.username + code)
    )
    return bool(db.session.execute(spent.returning(RecoveryCode.digest)).all())


def _typed(code: str) -> str:
    """A code without spaces; an input method writes its digits in full width too."""
    return normalize("NFKC", "".join(code.split())).lower()


def _step_of(secret: str, code: str, *, now: datetime) -> int:
    """The time step that a code belongs to; 0 for none near now."""
    here = int(now.timestamp()) // STEP
    totp = pyotp.TOTP(secret)
    steps = (here - 1, here, here + 1)
    return next((step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())), 0)


def _derived(username: str, seed: str) -> str:
    """The shared secret. Who has the database alone cannot make it."""
    digest = hmac.digest(settings.secret(), f"totp\n{username}\n{seed}".encode(), "sha256")
    return b32encode(digest[:20]).decode()


def new_seed() -> str:
    """What a new second factor is derived from."""
    return secrets.token_hex(16)


def second_factor_of(actor: Actor, seed: str) -> tuple[str, str]:
    """The secret of a seed, and the address that a telephone reads."""
    secret = _derived(actor.username, seed)
    return secret, pyotp.TOTP(secret).provisioning_uri(name=actor.username, issuer_name=ISSUER)


def set_second_factor(seed: str, code: str, *, actor: Actor, now: datetime) -> list[str]:
    """From now on a code is asked for. Returns recovery codes, shown this once. Raises InvalidAnswersError."""
    step = _step_of(_derived(actor.username, seed), _typed(code), now=now)
    if not step or len(seed) != len(new_seed()):
        raise InvalidAnswersError({"code": [N_("动态码不正确，请核对手机时间后重试。")]})
    recovery = [secrets.token_hex(5) for _ in range(CODES)]
    with transaction():
        account = db.session.get_one(Account, actor.username, with_for_update=True)
        account.totp_secret, account.totp_step = seed, step
        rows.forget_recovery_codes(actor.username)
        for one in recovery:
            db.session.add(RecoveryCode(digest=digest_of(actor.username + one), username=actor.username))
        journal.write_administrative(
            "accounts", actor=actor.username, act="second factor", object_=actor.username, payload={}, now=now
        )
    return recovery


def needs_second_factor(actor: Actor) -> bool:
    """Whether the policy demands a second factor of him, and he has none."""
    sides = DEMANDED.get(security_rules.kept().of("second_factor"), ())
    return not actor.has_second_factor and bool(actor.sides() & set(sides))
