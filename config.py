"""What the surroundings decide: where data lies, which database, which secret. Read once, at start."""

import json
import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import orjson

ROOT = Path(__file__).resolve().parent

# PostgreSQL gives up on a lock or a statement before gunicorn gives up on the request (30 s), so a person is told why.
POSTGRESQL_OPTIONS = (
    "-c lock_timeout=15000 -c statement_timeout=25000 -c idle_in_transaction_session_timeout=30000 -c timezone=UTC"
)
ONLY_WHEN_TOLD = sys.maxsize
"""Uses before the driver prepares a statement by itself. A plan for everybody is right for what is asked by key, and
that is told to be prepared; what lists are read with wants a plan for who asks."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Flask's settings as one value; `create_app` hands it to `app.config.from_object`."""

    SECRET_KEY: str = field(repr=False)
    SQLALCHEMY_DATABASE_URI: str = field(repr=False)
    SQLALCHEMY_ENGINE_OPTIONS: dict[str, Any]

    WENZE_ROOT: Path = ROOT
    """The checkout: seeds (`processes/`, `forms/`, `demo/`) and `migrations/` are below it."""
    WENZE_DATA: Path
    """Attachments, the SQLite file and the secret key are below it; it exists."""
    WENZE_DEMO: bool = False
    """Demo accounts may sign in, and every page says that this is a demonstration."""
    WENZE_DEMO_PASSWORD: str = "wenze-demo-2026"
    """The one password of all demo accounts; it protects nothing."""
    WENZE_TLS: bool = False
    """A proxy in front of us speaks TLS: the session cookie is Secure and carries the __Host- prefix."""

    WENZE_JOURNAL_KEYS: Mapping[str, bytes] = field(repr=False)
    """Keys of the journal's chain by their ids, the one in use last. They lie outside the database."""

    WENZE_SEAL_KEY_FILE: Path
    """Keys of what lies sealed, outside the database; the module below reads it."""
    WENZE_SEAL_MODULE: str = "app.seals.sm4:Sm4Provider"
    """The class that seals, `package.module:Class`; see app/seals/provider.py."""

    WENZE_ANCHORS: Path | None = None
    """File of the journal's anchors; without one, `anchors.log` in the data folder."""

    WENZE_METRICS_TOKEN: str | None = field(default=None, repr=False)
    """Bearer token that opens /metrics from elsewhere than the loopback address."""

    WENZE_CLAMD: str = ""
    """A virus scanner that every paper is shown to: the path of clamd's socket, or host:port."""

    WENZE_URL: str = ""
    """Where people reach the product, e.g. https://wenze.example; links in messages begin with it."""
    WENZE_SMTP_URL: str | None = field(default=None, repr=False)
    """Mail server: smtp://, smtp+starttls:// or smtps://user:password@host:port. Without it no mail leaves."""
    WENZE_MAIL_FROM: str = ""
    WENZE_MAIL_DOMAINS: tuple[str, ...] = ()
    """Domains that mail may go to; empty: any."""
    WENZE_IM: Mapping[str, str] = field(default_factory=dict)
    """Robots that may be used (wecom, dingtalk, feishu), each with an address of its own or none."""
    WENZE_WEBHOOK_HOSTS: tuple[str, ...] = ()
    """host or host:port that webhooks of people may lie on; without it there are none."""

    WENZE_OIDC: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The OpenID Connect provider that people may sign in with, as `identity_provider_in` reads it; empty: none."""

    TESTING: bool = False
    BABEL_DEFAULT_LOCALE: str = "zh_Hans_CN"
    BABEL_DEFAULT_TIMEZONE: str = "Asia/Shanghai"
    MAX_CONTENT_LENGTH: int = 32 * 1024 * 1024
    MAX_FORM_MEMORY_SIZE: int = 2 * 1024 * 1024
    MAX_FORM_PARTS: int = 2000
    SESSION_COOKIE_NAME: str = "wenze"
    SESSION_COOKIE_SECURE: bool = False
    SESSION_COOKIE_HTTPONLY: bool = True
    SESSION_COOKIE_SAMESITE: str = "Lax"
    SESSION_COOKIE_PATH: str = "/"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read what docs/operations.md lists; make the data folder and the key.

        Demo mode is off unless asked for (`make run` asks), so a real office never gets accounts with a known password.
        """
        data = Path(environment.get("WENZE_DATA") or ROOT / "var").resolve()
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        tls = is_on(environment.get("WENZE_TLS"))
        url = database_url(environment.get("DATABASE_URL") or f"sqlite:///{data / 'wenze.db'}")
        return cls(
            SECRET_KEY=environment.get("SECRET_KEY") or secret_key_in(data),
            SQLALCHEMY_DATABASE_URI=url,
            SQLALCHEMY_ENGINE_OPTIONS=engine_options(url),
            WENZE_DATA=data,
            WENZE_DEMO=is_on(environment.get("WENZE_DEMO")),
            WENZE_TLS=tls,
            WENZE_JOURNAL_KEYS=journal_keys_in(Path(environment.get("WENZE_JOURNAL_KEY_FILE") or data / "journal.key")),
            WENZE_SEAL_KEY_FILE=Path(environment.get("WENZE_SEAL_KEY_FILE") or data / "seal.key").resolve(),
            WENZE_SEAL_MODULE=environment.get("WENZE_SEAL_MODULE") or cls.WENZE_SEAL_MODULE,
            WENZE_ANCHORS=Path(environment["WENZE_ANCHORS_FILE"]) if environment.get("WENZE_ANCHORS_FILE") else None,
            WENZE_METRICS_TOKEN=environment.get("WENZE_METRICS_TOKEN") or None,
            WENZE_CLAMD=(environment.get("WENZE_CLAMD") or "").strip(),
            WENZE_URL=(environment.get("WENZE_URL") or "").rstrip("/"),
            WENZE_SMTP_URL=environment.get("SMTP_URL") or None,
            WENZE_MAIL_FROM=environment.get("WENZE_MAIL_FROM") or "",
            WENZE_MAIL_DOMAINS=words(environment.get("WENZE_MAIL_DOMAINS")),
            WENZE_IM=dict(_named(word) for word in words(environment.get("WENZE_IM"))),
            WENZE_WEBHOOK_HOSTS=words(environment.get("WENZE_WEBHOOK_HOSTS")),
            WENZE_OIDC=identity_provider_in(environment),
            SESSION_COOKIE_NAME="__Host-wenze" if tls else "wenze",
            SESSION_COOKIE_SECURE=tls,
        )

    @classmethod
    def for_tests(cls, database: str, data: Path, **changes: Any) -> Self:
        """Settings that read nothing from the surroundings; `database` is a URL."""
        url = database_url(database)
        kept_in(data / "seal.key", f"tests {'0' * 32}\n")
        settings: dict[str, Any] = {
            "SECRET_KEY": "only for tests",
            "SQLALCHEMY_DATABASE_URI": url,
            "SQLALCHEMY_ENGINE_OPTIONS": engine_options(url),
            "WENZE_DATA": data,
            "WENZE_JOURNAL_KEYS": journal_keys_in(data / "journal.key", first="0" * 64),
            "WENZE_SEAL_KEY_FILE": data / "seal.key",
            "TESTING": True,
        }
        return cls(**(settings | changes))


def is_on(value: str | None) -> bool:
    """True for 1, true, yes, on; an absent or empty value is off."""
    return (value or "").strip().lower() in {"1", "true", "yes", "on"}


OIDC_SETTINGS = ("issuer", "client_id", "client_secret", "name", "claim", "scope", "ca_file")


def identity_provider_in(environment: Mapping[str, str]) -> dict[str, str]:
    """`WENZE_OIDC_ISSUER` and the settings beside it; empty without an issuer.

    Raises ValueError for an issuer without TLS, where client id or our own address is missing, and for a mail address
    as the claim: those are given to others, and are often chosen by who bears them.
    """
    given = ((name, (environment.get(f"WENZE_OIDC_{name.upper()}") or "").strip()) for name in OIDC_SETTINGS)
    found = {name: value for name, value in given if value}
    issuer = urlsplit(found.get("issuer", ""))
    if not found.get("issuer"):
        return {}
    own = issuer.scheme == "http" and issuer.hostname in ("127.0.0.1", "::1", "localhost")
    if not (issuer.scheme == "https" or own) or not found.get("client_id") or not environment.get("WENZE_URL"):
        raise ValueError("WENZE_OIDC_ISSUER is an https address; WENZE_OIDC_CLIENT_ID and WENZE_URL belong to it")
    if found.get("claim", "").startswith("email"):
        raise ValueError("WENZE_OIDC_CLAIM: a mail address is no identity")
    scopes = found.get("scope", "openid").split()
    return {**found, "scope": " ".join(dict.fromkeys(("openid", *scopes)))}


def words(value: str | None) -> tuple[str, ...]:
    """The words of a list that blanks or commas part, in small letters but for what follows a `=`."""
    return tuple(
        name.lower() + equals + rest
        for name, equals, rest in (word.partition("=") for word in (value or "").replace(",", " ").split())
    )


def _named(word: str) -> tuple[str, str]:
    name, _, address = word.partition("=")
    return name, address


def database_url(url: str) -> str:
    """The URL with our driver named: people write postgresql:// or postgres://, SQLAlchemy wants postgresql+psycopg://."""
    scheme, separator, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if separator and scheme in {"postgres", "postgresql"} else url


def engine_options(url: str) -> dict[str, Any]:
    """Waiting limits in the database itself, so that no request waits for ever; JSON columns read and written fast."""
    values = {"json_serializer": json_text, "json_deserializer": json_value}
    if url.startswith("sqlite"):
        return {"connect_args": {"timeout": 15, "check_same_thread": False}, **values}
    told = {"options": POSTGRESQL_OPTIONS, "connect_timeout": 5, "prepare_threshold": ONLY_WHEN_TOLD}
    return {"connect_args": told, "pool_pre_ping": True, **values}


def json_value(stored: Any) -> Any:
    """What a JSON column keeps. SQLite gives a bare number back as a number: the type's affinity has made one of it."""
    return stored if isinstance(stored, int | float) else orjson.loads(stored)


def json_text(value: Any) -> str:
    """A value as JSON; what the fast writer refuses (half a character, a huge number) is left to the patient one."""
    try:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_PASSTHROUGH_DATETIME).decode()
    except TypeError:
        return json.dumps(value)


def secret_key_in(data: Path) -> str:
    """The key kept in the data folder, made at the first start."""
    return kept_in(data / "secret.key", secrets.token_hex(32)).strip()


def journal_keys_in(path: Path, *, first: str = "") -> dict[str, bytes]:
    """Keys of the journal's chain: a line `<id> <64 hexadecimal digits>` each; what is written now takes the last.

    The first is made at the first start. A line that is added at the end changes the key from the next start on; lines
    above it are kept, or what they signed verifies no more. Raises ValueError for a line of another form.
    """
    keys: dict[str, bytes] = {}
    for line in kept_in(path, f"1 {first or secrets.token_hex(32)}\n").splitlines():
        id_, _, key = line.strip().partition(" ")
        if not id_:
            continue
        if id_ in keys or len(key) != 64:
            raise ValueError(f"{path}: each line is an id of its own, a blank and 64 hexadecimal digits")
        keys[id_] = bytes.fromhex(key)
    if not keys:
        raise ValueError(f"{path}: no key")
    return keys


def kept_in(path: Path, first: str) -> str:
    """What a file (mode 0600) says; where it is missing it is made with `first`.

    Several processes may start at once: the file is written aside and linked into place, so all read the same whole.
    """
    if not path.exists():
        draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(first)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first; its file is the file
        finally:
            draft.unlink()
    return path.read_text()
