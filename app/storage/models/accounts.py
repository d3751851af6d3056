"""How people come in: accounts, server-side sessions, tokens, throttling."""

from datetime import datetime

from sqlalchemy import ForeignKey
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
