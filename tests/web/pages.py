"""A client that reads every page as a careful reader would: title, heading, labels, ids, language, policy."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.services import accounts
from app.web import clock
from tests.services.conftest import PASSWORD

VOID = {"input", "meta", "link", "br", "hr", "img", "use", "path", "rect"}
LABELLED = {"input", "select", "textarea"}


@dataclass
class Seen:
    """What stands in a page."""

    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    text: str = ""
    title: str = ""
    headings: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen = Seen()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag == "h1":
            self.seen.headings.append("")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "script" in self._open:
            return
        self.seen.text += data
        if "title" in self._open:
            self.seen.title += data
        if "h1" in self._open and self.seen.headings:
            self.seen.headings[-1] += data


def read(html: str) -> Seen:
    reader = _Reader()
    reader.feed(html)
    return reader.seen


class Browser:
    """Signs people in, follows redirects, and checks every page that comes back."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, address: str, *, status: int = 200, **options: Any) -> Seen:
        return self._checked(self.client.get(address, follow_redirects=True, **options), status)

    def post(self, address: str, data: dict[str, Any] | None = None, *, status: int = 200) -> Seen:
        """Send a form as the page would: with the token of the session."""
        body = {"csrf_token": self.token(), **(data or {})}
        return self._checked(self.client.post(address, data=body, follow_redirects=True), status)

    def token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get("/no-such-page").get_data(as_text=True))
        if found is None:
            found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get("/sign-in").get_data(as_text=True))
        assert found is not None
        return found[1]

    def sign_in(self, username: str, password: str) -> Seen:
        return self.post("/sign-in", {"username": username, "password": password})

    def enter(self, username: str, password: str) -> None:
        """Signed in without the pages on the way to it, which test_sign_in.py opens: nearly every test begins so."""
        with self.client.application.app_context():
            entered = accounts.sign_in(username, password=password, address="127.0.0.1", now=clock.now())
        self.client.set_cookie("wenze_session", entered.cookie)

    def _checked(self, response: TestResponse, status: int) -> Seen:
        html = response.get_data(as_text=True)
        assert response.status_code == status, f"{response.status_code} {html[:600]}"
        check_headers(response)
        seen = read(html)
        check_page(seen, html)
        return seen


def check_headers(response: TestResponse) -> None:
    headers = response.headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "'nonce-" in policy
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def check_page(seen: Seen, html: str) -> None:
    assert seen.title.strip().endswith("· 问责") or seen.title.strip().endswith("· Wenze")
    assert len(seen.headings) == 1, seen.headings
    assert seen.headings[0].strip()
    check_ids(seen)
    check_labels(seen)
    check_scripts(seen, html)
    language = next(attrs["lang"] for tag, attrs in seen.tags if tag == "html")
    assert language in {"zh-CN", "en"}
    assert any(tag == "main" and attrs.get("id") == "main" for tag, attrs in seen.tags)


def check_ids(seen: Seen) -> None:
    ids = [attrs["id"] for _, attrs in seen.tags if "id" in attrs]
    assert len(ids) == len(set(ids)), sorted({name for name in ids if ids.count(name) > 1})


def check_labels(seen: Seen) -> None:
    labelled = {attrs.get("for") for tag, attrs in seen.tags if tag == "label"}
    for tag, attrs in seen.tags:
        if tag in LABELLED and attrs.get("type") != "hidden":
            assert "aria-label" in attrs or attrs.get("id") in labelled, attrs
        if tag == "img":
            assert "alt" in attrs


def check_scripts(seen: Seen, html: str) -> None:
    nonces = {attrs.get("nonce") for tag, attrs in seen.tags if tag == "script"}
    assert len(nonces) <= 1
    assert None not in nonces
    assert not any("style" in attrs for _, attrs in seen.tags)
    assert not any(tag == "style" for tag, _ in seen.tags)
    assert not any(name.startswith("on") for _, attrs in seen.tags for name in attrs)
    assert "javascript:" not in html


def browser_of(app: Flask, username: str) -> Browser:
    """Of somebody of the small procedure's county."""
    browser = Browser(app.test_client())
    browser.enter(username, PASSWORD)
    return browser
