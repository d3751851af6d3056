"""A small OpenID Connect provider on this machine: real HTTP, real signatures, PKCE, codes that are good once.

A test says who is signed in there (`who`), and may bend what is signed (`bend`) or how it is signed (`sign`).
"""

import json
import secrets
import threading
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT, SECRET = "wenze", "only-For-Tests-of-oidc"
Claims = dict[str, Any]


@dataclass
class Answer:
    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def as_json(value: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json"})


def new_key() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": secrets.token_hex(4), "use": "sig"})


class OidcServer:
    def __init__(self, redirect_uri: str) -> None:
        self.redirect_uri = redirect_uri
        self.issuer = ""
        self.keys = [new_key()]
        """Published; the last one signs."""
        self.who = "1001"
        self.signed_in_at = int(time())
        """When `who` entered his password here; `prompt=login` makes him do it anew, unless `lazy`."""
        self.lazy = False
        self.bend: Callable[[Claims], Claims] = lambda claims: claims
        self.sign: Callable[[Claims], str] = self.signed
        self.instead: dict[str, Answer] = {}
        """By path: what is answered whatever was asked."""
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.more: Claims = {}
        self._codes: dict[str, dict[str, Any]] = {}

    def signed(self, claims: Claims) -> str:
        key = self.keys[-1]
        return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)

    def answer(self, path: str, query: dict[str, str], form: dict[str, str], authorization: str) -> Answer:
        self.asked.append((path, {**query, **form}))
        if path in self.instead:
            return self.instead[path]
        match path:
            case "/.well-known/openid-configuration":
                places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
                places |= {"end_session_endpoint": "leave"}
                return as_json({"issuer": self.issuer, **{n: f"{self.issuer}/{p}" for n, p in places.items()}})
            case "/keys":
                return as_json({"keys": [key.as_dict(private=False) for key in self.keys]})
            case "/authorize":
                return self._authorize(query)
            case "/token":
                return self._token(form, authorization)
        return Answer(404 if path != "/leave" else 200, b"<!doctype html><title>left</title>")

    def _authorize(self, query: dict[str, str]) -> Answer:
        wanted = {"client_id": CLIENT, "redirect_uri": self.redirect_uri, "response_type": "code"}
        wanted["code_challenge_method"] = "S256"
        wrong = [name for name, value in wanted.items() if query.get(name) != value]
        if wrong or "openid" not in query.get("scope", "").split() or not query.get("nonce"):
            return Answer(400, f"wrong: {wrong}".encode())
        if query.get("prompt") == "login" and not self.lazy:
            self.signed_in_at = int(time())
        code = secrets.token_urlsafe(16)
        self._codes[code] = {**query, "sub": self.who, "auth_time": self.signed_in_at}
        back = urlencode({"code": code, "state": query.get("state", ""), "iss": self.issuer})
        return Answer(302, headers={"Location": f"{self.redirect_uri}?{back}"})

    def _token(self, form: dict[str, str], authorization: str) -> Answer:
        if b64decode(authorization.removeprefix("Basic ") or b"").decode() != f"{CLIENT}:{SECRET}":
            return as_json({"error": "invalid_client"}, 401)
        asked = self._codes.pop(form.get("code", ""), None)
        digest = sha256(form.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or challenge != asked["code_challenge"] or form.get("redirect_uri") != self.redirect_uri:
            return as_json({"error": "invalid_grant"}, 400)
        now = int(time())
        claims = {"iss": self.issuer, "sub": asked["sub"], "aud": CLIENT, "exp": now + 300, "iat": now}
        claims |= {"nonce": asked["nonce"], "auth_time": asked["auth_time"], **self.more}
        token = self.sign(self.bend(claims))
        return as_json({"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": token})


@contextmanager
def serving(redirect_uri: str) -> Iterator[OidcServer]:
    """The provider, as long as it is wanted."""
    provider = OidcServer(redirect_uri)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            self._send(dict(parse_qsl(body)))

        def _send(self, form: dict[str, str]) -> None:
            parts = urlsplit(self.path)
            authorization = self.headers.get("Authorization", "")
            answer = provider.answer(parts.path, dict(parse_qsl(parts.query)), form, authorization)
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Length": str(len(answer.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
