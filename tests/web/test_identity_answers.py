"""What a provider, or who pretends to be one, may answer: nobody comes in with it, and nothing falls over."""

import json
import re
import socket
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from time import time

import pytest
import requests
from joserfc import jwt
from joserfc.jwk import OctKey

from app.services import identity_provider
from tests import oidc_server
from tests.hostile.texts import NOWHERE
from tests.oidc_server import CLIENT, SECRET, Answer, Claims, OidcServer
from tests.web import identity_world as of_identity
from tests.web.identity_world import PERSON, Visitor, configure, is_in, twisted

bound, office, provider, settled_file = (
    of_identity.bound,
    of_identity.office,
    of_identity.provider,
    of_identity.settled_file,
)
sqlite_database, url, visitor = of_identity.sqlite_database, of_identity.url, of_identity.visitor


BENT: dict[str, Callable[[Claims], Claims]] = {
    "another nonce": twisted(nonce="x" * 43),
    "no nonce": twisted(nonce=None),
    "expired": twisted(exp=int(time()) - 3600, iat=int(time()) - 7200),
    "no end": twisted(exp=None),
    "an end in words": twisted(exp="tomorrow"),
    "issued tomorrow": twisted(iat=int(time()) + 86400),
    "for somebody else": twisted(aud="other"),
    "for several without saying for whom": twisted(aud=[CLIENT, "other"]),
    "for several and used by another": twisted(aud=[CLIENT, "other"], azp="other"),
    "by another issuer": twisted(iss="http://localhost:1"),
    "of nobody": twisted(sub=None),
    "of an empty subject": twisted(sub=""),
    "of a list": twisted(sub=["1001"]),
    "of an unknown subject": twisted(sub="2002", email="admin.w@example.org", preferred_username=PERSON, name="管理w"),
}


def test_a_token_that_does_not_hold_lets_nobody_in(
    bound: object, url: str, provider: OidcServer, subtests: pytest.Subtests
) -> None:
    for name, bend in BENT.items():
        with subtests.test(name):
            provider.bend, visitor = bend, Visitor(url)

            seen = visitor.enter()

            assert visitor.status == 403
            assert "没有登录成功" in seen.text
            assert not is_in(visitor.get("/administration"))


def test_several_audiences_with_us_as_the_one_who_asked_are_fine(
    bound: object, visitor: Visitor, provider: OidcServer
) -> None:
    provider.bend = twisted(aud=[CLIENT, "other"], azp=CLIENT)

    visitor.enter()

    assert is_in(visitor.get("/administration"))


def unsigned(provider: OidcServer, claims: Claims) -> str:
    parts = ({"alg": "none"}, claims)
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."


def shared(provider: OidcServer, claims: Claims) -> str:
    return jwt.encode({"alg": "HS256", "kid": provider.keys[-1].kid}, claims, OctKey.import_key(SECRET))


def foreign(provider: OidcServer, claims: Claims) -> str:
    return jwt.encode({"alg": "ES256", "kid": provider.keys[-1].kid}, claims, oidc_server.new_key())


def unknown(provider: OidcServer, claims: Claims) -> str:
    key = oidc_server.new_key()
    return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)


def carried(provider: OidcServer, claims: Claims) -> str:
    """Brings the key along with which it says it is to be verified."""
    key = oidc_server.new_key()
    return jwt.encode({"alg": "ES256", "jwk": key.as_dict(private=False)}, claims, key)


def led_away(provider: OidcServer, claims: Claims) -> str:
    """Says where its key is to be had: a file of the machine, and an address of somebody's own."""
    head = {"alg": "ES256", "kid": "../../../../dev/null", "jku": NOWHERE, "x5u": NOWHERE}
    return jwt.encode(head, claims, oidc_server.new_key())


def broken(provider: OidcServer, claims: Claims) -> str:
    return provider.signed(claims)[:-6] + "AAAAAA"


def nonsense(provider: OidcServer, claims: Claims) -> str:
    return "not.a.token"


def test_a_token_that_the_provider_did_not_sign_lets_nobody_in(
    bound: object, url: str, provider: OidcServer, subtests: pytest.Subtests
) -> None:
    for sign in (unsigned, shared, foreign, unknown, carried, led_away, broken, nonsense):
        with subtests.test(sign.__name__):
            provider.sign, visitor = partial(sign, provider), Visitor(url)

            seen = visitor.enter()

            assert visitor.status == 403
            assert "没有确认您的身份" in seen.text
            assert not is_in(visitor.get("/administration"))


def test_an_answer_counts_once_in_the_browser_that_asked_and_with_the_state_it_asked_with(
    bound: object, url: str, visitor: Visitor
) -> None:
    back = visitor.leave_midway()
    kept = requests.cookies.merge_cookies(requests.cookies.RequestsCookieJar(), visitor.session.cookies)

    another = Visitor(url)
    stranger = another.get(back)
    let_in = is_in(another.get("/administration"))
    wrong = visitor.get(re.sub(r"state=[^&]+", "state=x", back))
    elsewhere = visitor.get(re.sub(r"iss=[^&]+", "iss=https%3A%2F%2Fevil.example", back))
    back = visitor.leave_midway()
    visitor.get(back)
    inside = is_in(visitor.get("/administration"))
    again = Visitor(url)
    again.session.cookies = kept
    replayed = again.get(back)

    assert all("没有登录成功" in seen.text for seen in (stranger, wrong, elsewhere, replayed))
    assert inside
    assert not let_in


def test_a_code_that_was_used_before_is_refused_even_to_the_browser_that_asked(
    bound: object, url: str, visitor: Visitor
) -> None:
    back = visitor.leave_midway()
    same = Visitor(url)
    same.session.cookies = requests.cookies.merge_cookies(requests.cookies.RequestsCookieJar(), visitor.session.cookies)

    visitor.get(back)
    seen = same.get(back)

    assert is_in(visitor.get("/administration"))
    assert "没有确认您的身份" in seen.text


def test_who_takes_too_long_or_says_no_begins_anew(
    bound: object, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = visitor.leave_midway()
    state = re.search(r"state=([^&]+)", back)
    assert state

    refused = visitor.get(f"/sign-in/provider/answer?error=access_denied&state={state[1]}")
    back = visitor.leave_midway()
    monkeypatch.setattr("app.web.identity.PATIENCE", timedelta(0))
    late = visitor.get(back)

    assert "没有确认您的身份" in refused.text
    assert "没有确认您的身份" in late.text


def test_a_new_key_of_the_provider_is_known_as_soon_as_it_signs(
    bound: object, url: str, visitor: Visitor, provider: OidcServer
) -> None:
    visitor.enter()
    read_once = [path for path, _ in provider.asked].count("/keys")
    provider.keys = [*provider.keys, oidc_server.new_key()]

    other = Visitor(url)
    other.enter()
    third = Visitor(url)
    third.enter()

    assert is_in(other.get("/administration"))
    assert is_in(third.get("/administration"))
    assert (read_once, [path for path, _ in provider.asked].count("/keys")) == (1, 2)


AWAY = {
    "no description": {"/.well-known/openid-configuration": Answer(503, b"away")},
    "a description in words": {"/.well-known/openid-configuration": Answer(200, b"<html>")},
    "the description of another": {
        "/.well-known/openid-configuration": oidc_server.as_json({"issuer": "https://other.example"})
    },
    "a description elsewhere": {
        "/.well-known/openid-configuration": Answer(302, headers={"Location": "https://evil.example/"})
    },
    "no keys": {"/keys": Answer(500, b"")},
    "keys that are none": {"/keys": oidc_server.as_json({"keys": "none"})},
    "no token": {"/token": Answer(502, b"bad gateway")},
    "a token in words": {"/token": Answer(200, b"<html>")},
    "a token that is a list": {"/token": oidc_server.as_json([1])},
    "an answer without a token": {"/token": oidc_server.as_json({"access_token": "x", "token_type": "Bearer"})},
    "tokens elsewhere": {"/token": Answer(307, headers={"Location": "https://evil.example/"})},
}


def test_a_provider_that_is_out_of_order_is_a_sentence_and_passwords_still_work(
    bound: object, url: str, provider: OidcServer, subtests: pytest.Subtests
) -> None:
    for name, instead in AWAY.items():
        with subtests.test(name):
            configure(provider, url)
            provider.instead, visitor = instead, Visitor(url)

            seen = visitor.enter()

            assert visitor.status == 403
            assert re.search("统一身份认证(暂时无法使用|没有确认您的身份)", seen.text)
    visitor = Visitor(url)
    visitor.post("/sign-in", {"username": PERSON, "password": "Own-w-Word-1"})
    assert is_in(visitor.get("/administration"))


def test_a_provider_that_is_gone_or_silent_is_a_sentence(
    office: object, url: str, visitor: Visitor, provider: OidcServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identity_provider, "PATIENCE", (0.3, 0.3))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        provider.issuer = f"http://localhost:{silent.getsockname()[1]}"
        configure(provider, url)
        seen = [visitor.enter()]
    seen.append(visitor.enter())

    assert all("统一身份认证暂时无法使用" in one.text for one in seen)


def test_addresses_without_tls_elsewhere_are_not_followed(
    office: object, visitor: Visitor, provider: OidcServer
) -> None:
    described = dict.fromkeys(identity_provider.HANDED_OUT, f"{provider.issuer}/x")
    described |= {"issuer": provider.issuer, "token_endpoint": "http://id.example/token"}
    provider.instead = {"/.well-known/openid-configuration": oidc_server.as_json(described)}

    assert "统一身份认证暂时无法使用" in visitor.enter().text
