"""An application and an identity provider that really run, and a browser that goes from one to the other."""

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
import requests
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from app.domain.identities import key_of
from app.extensions import db
from app.services import confirmation, identity_provider
from app.storage import accounts as rows
from app.storage.models import Account, JournalLine
from tests import oidc_server
from tests.conftest import application_on
from tests.oidc_server import CLIENT, SECRET, Claims, OidcServer
from tests.web import new_system
from tests.web.pages import Browser, Seen, read

SignIn = Callable[[str], Browser]
PERSON, SUBJECT = "admin.w", "1001"


class Visitor:
    """A browser at both servers, following redirects from one to the other."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False

    def get(self, address: str) -> Seen:
        return self._read(self.session.get(self._whole(address), timeout=60))

    def post(self, address: str, form: dict[str, str]) -> Seen:
        page = self.session.get(self.url + "/no-such-page", timeout=60).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        if token is None:
            token = re.search(r'name="csrf_token" value="([^"]+)"', self.session.get(self.url + "/sign-in").text)
        assert token
        return self._read(self.session.post(self.url + address, data={"csrf_token": token[1], **form}, timeout=60))

    def enter(self) -> Seen:
        """By the button of the sign-in page."""
        return self.get("/sign-in/provider")

    def leave_midway(self) -> str:
        """As far as the provider sends him back; the address that he would go to."""
        there = self.session.get(self.url + "/sign-in/provider", timeout=60, allow_redirects=False).headers["Location"]
        return self.session.get(there, timeout=60, allow_redirects=False).headers["Location"]

    def _whole(self, address: str) -> str:
        return address if address.startswith("http") else self.url + address

    def _read(self, answer: requests.Response) -> Seen:
        assert answer.status_code < 500, answer.text[:500]
        self.status, self.address = answer.status_code, answer.url
        return read(answer.text)


@pytest.fixture(scope="session")
def settled_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of a system just set up, made once."""
    folder = tmp_path_factory.mktemp("settled")
    file = folder / "wenze.db"
    shutil.copyfile(sqlite_template, file)
    for app in application_on(f"sqlite:///{file}", folder):
        new_system.settle(app)
    return file


@pytest.fixture
def sqlite_database(settled_file: Path, tmp_path: Path) -> str:
    """A copy of it."""
    file = tmp_path / "wenze.db"
    shutil.copyfile(settled_file, file)
    return f"sqlite:///{file}"


@pytest.fixture
def office(app: Flask) -> SignIn:
    """Signs the administrators in, with their passwords."""
    return new_system.hands(app)


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    """The application on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def provider(url: str) -> Iterator[OidcServer]:
    with oidc_server.serving(url + identity_provider.ANSWER) as server:
        configure(server, url)
        yield server
        identity_provider.configure({}, url="")


def configure(server: OidcServer, url: str, **more: str) -> None:
    values = {"issuer": server.issuer, "client_id": CLIENT, "client_secret": SECRET, **more}
    identity_provider.configure(values, url=url)


@pytest.fixture
def visitor(url: str, provider: OidcServer) -> Visitor:
    return Visitor(url)


@pytest.fixture
def bound(app: Flask, office: SignIn, provider: OidcServer) -> Callable[[str], None]:
    """Binds the person's account, as an administrator does."""

    def bind(key: str = "") -> None:
        account().oidc_subject = key or key_of(provider.issuer, "sub", SUBJECT)
        db.session.commit()

    with app.app_context():
        bind()
    return bind


def account() -> Account:
    return db.session.get_one(Account, PERSON)


def acts() -> list[tuple[str, str]]:
    lines = db.session.execute(select(JournalLine.actor, JournalLine.act).where(JournalLine.scope == "accounts"))
    return [(actor, act) for actor, act in lines.all()]


def is_in(seen: Seen) -> bool:
    return seen.headings == ["人员与权限"]


def twisted(**changes: Any) -> Callable[[Claims], Claims]:
    """The claims with some others, None for one that is missing."""
    return lambda claims: {name: value for name, value in {**claims, **changes}.items() if value is not None}


def set_second_factor(app: Flask) -> str:
    before = datetime.now(UTC) - timedelta(minutes=2)
    with app.app_context():
        actor = rows.actor_of(PERSON)
        assert actor is not None
        secret, _ = confirmation.second_factor_of(actor, seed := confirmation.new_seed())
        confirmation.set_second_factor(seed, pyotp.TOTP(secret).at(before), actor=actor, now=before)
    return secret
