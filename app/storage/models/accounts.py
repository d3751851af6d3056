"""How people come in: accounts, server-side sessions, tokens, throttling."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.storage.models.organisation import Person


class Account(Base):
    __tablename__ = "accounts"

    username: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    password_hash: Mapped[str]
    enabled: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    must_change: Mapped[bool] = mapped_column(default=False)
    """The password was chosen by somebody else: nothing is done with this account before it is changed."""
    password_set_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    """Signed in last, or let in again after it was frozen."""
    totp_secret: Mapped[str | None]
    """What the secret is derived from, together with the product's own, which lies outside the database."""
    totp_step: Mapped[int] = mapped_column(default=0)
    """The time step of the code used last: no code counts twice."""
    oidc_subject: Mapped[str | None] = mapped_column(unique=True)
    """Who this is to the identity provider: its address, the claim and its value, as `Identity.key_of` writes them."""
    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class Session(Base):
    """A signed-in browser. Only the digest of its cookie is stored."""

    __tablename__ = "sessions"

    digest: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(ForeignKey("accounts.username"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """Touched at most once a minute."""
    locale: Mapped[str] = mapped_column(default="zh_Hans_CN")
    address: Mapped[str] = mapped_column(default="")
    confirmed_at: Mapped[datetime | None]
    """When the person last proved that it is he: signing in, or the password entered again."""
    by_provider: Mapped[bool] = mapped_column(default=False)
    """Opened with what the identity provider said, not with a password."""


class SignInAttempt(Base):
    """Failed sign-ins by account or address since `since`; the throttle reads it."""

    __tablename__ = "sign_in_attempts"

    key: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime]


class ApiToken(Base):
    """A bearer token of an account. Only its digest is stored."""

    __tablename__ = "api_tokens"

    digest: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(ForeignKey("accounts.username"), index=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    """When its holder last entered his password (and code) for this very token."""


class UsedPassword(Base):
    """A password that an account had before; the newest few are not taken again."""

    __tablename__ = "used_passwords"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(ForeignKey("accounts.username"), index=True)
    password_hash: Mapped[str]
    set_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code that replaces the second factor once. Only its digest is stored."""

    __tablename__ = "recovery_codes"

    digest: Mapped[str] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(ForeignKey("accounts.username"), index=True)


class SecurityRule(Base):
    """A value of the security policy (安全策略) that differs from the product's own."""

    __tablename__ = "security_rules"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    set_by: Mapped[str]
    set_at: Mapped[datetime]


class GrantRequest(Base):
    """One of the three administrator roles was proposed for a person; somebody else has to confirm it (双人复核)."""

    __tablename__ = "grant_requests"
    __table_args__ = (Index("ix_grant_requests_open", "decided_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    role: Mapped[str]
    asked_by: Mapped[str] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    granted: Mapped[bool] = mapped_column(default=False)
