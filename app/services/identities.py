"""Signing in and confirming with what the identity provider says of somebody, instead of a password.

Whose account that is an administrator has said before: nobody is bound by his mail address or name. All that holds for
a password holds here: locks, frozen and disabled accounts, our own second factor, the journal.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.errors import N_
from app.domain.identities import CodeNeededError, Identity, ensure_is_fresh
from app.extensions import db
from app.services.accounts import SignedIn, admit
from app.services.confirmation import prove, takes
from app.storage import accounts as rows
from app.storage import journal
from app.storage.models import Account

NOBODY = N_("您的统一身份还没有绑定可用的账号，请联系安全管理员。")
WRONG_CODE = N_("动态码不正确。")
BY_PROVIDER = {"by": "identity provider"}


def sign_in(identity: Identity, *, code: str | None, address: str, now: datetime) -> SignedIn:
    """Open a session for the account that is bound to this identity; `code`: None where none was asked for yet.

    Raises CodeNeededError where the account has a second factor, NotAllowedError otherwise.
    """
    account = _account_of(identity)
    if account is not None and account.enabled and account.totp_secret and code is None:
        raise CodeNeededError
    said = BY_PROVIDER if account is not None else {**BY_PROVIDER, "identity": identity.bindings()[-1]}
    return admit(
        account,
        account.username if account is not None else f"oidc:{identity.subject}",
        right=True,
        address=address,
        takes=lambda own: takes(own, code or "", now=now),
        entering=_pin_to(identity, now=now),
        refusal=WRONG_CODE if account is not None and account.enabled and account.totp_secret else NOBODY,
        said=said,
        now=now,
    )


def confirm(identity: Identity, *, code: str | None, since: datetime, card: str, actor: Actor, now: datetime) -> None:
    """The session (`card` is its cookie) is that of a person who proved only now, to the provider, that it is he.

    Raises IdentityRefusedError for a proof from before `since`, CodeNeededError, NotAllowedError for somebody else's.
    """
    ensure_is_fresh(identity, since=since)
    account = rows.find_account(actor.username)
    if account is not None and account.totp_secret and code is None:
        raise CodeNeededError
    own = account is not None and account.oidc_subject in identity.bindings()
    prove(card, knows=own, code=code or "", actor=actor, refusal=NOBODY if not own else WRONG_CODE, now=now)


def _account_of(identity: Identity) -> Account | None:
    """By the subject first; by the claim only where nobody is bound to the subject."""
    found = (
        db.session.scalars(select(Account).where(Account.oidc_subject == key)).first() for key in identity.bindings()
    )
    return next((account for account in found if account is not None), None)


def _pin_to(identity: Identity, *, now: datetime) -> Callable[[Account], None]:
    """Who was bound by a claim is bound to the subject from now on: a claim may be somebody else's one day."""
    subject = identity.bindings()[0]

    def pin(account: Account) -> None:
        if account.oidc_subject == subject:
            return
        payload = {**BY_PROVIDER, "before": account.oidc_subject, "after": subject}
        account.oidc_subject = subject
        journal.write_administrative(
            "accounts", actor=account.username, act="bind", object_=account.username, payload=payload, now=now
        )

    return pin
