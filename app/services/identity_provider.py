"""The OpenID Connect provider (统一身份认证) of this installation: authorization code with PKCE, nothing else.

Off unless configured. Addresses and keys come from the provider's own description; both are kept for an hour, and the
keys are read anew when a token names one that is not among them. What binds an answer to its question (`state`) is
known to the browser; the PKCE verifier is derived from it with a secret of ours and never is.

The libraries that talk to it are loaded by whoever asks it: most installations have no provider, and each start would
take a tenth of a second longer.
"""

import hmac
import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import structlog

from app.domain.errors import NotFoundError
from app.domain.identities import LEEWAY, LONGEST, SUBJECT, Identity, IdentityRefusedError, ProviderAwayError
from app.services import settings

if TYPE_CHECKING:
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt

log = structlog.get_logger()

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures with a key that only the provider has: never `none`, never one with a shared secret."""
PATIENCE = (3.0, 5.0)
"""Seconds to connect and between two bytes: three requests end before the web server gives up on ours."""
KEPT = 3600.0
"""Seconds."""
ANSWER = "/sign-in/provider/answer"
"""Where the provider sends people back to, below our own address; registered there."""
HANDED_OUT = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """As config.py reads it."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    name: str = ""
    """How its button is labelled."""
    claim: str = SUBJECT
    scope: str = "openid"
    ca_file: str = ""
    """Certificates that are trusted for it, where the system's are not enough."""
    url: str
    """Our own address."""


_configured: list[Provider] = []
_kept: dict[str, tuple[float, dict[str, Any]]] = {}
"""By address: when it was read (monotonic seconds), and what it said."""


def configure(values: Mapping[str, str], *, url: str) -> None:
    """Set once by the application factory; an empty mapping: there is no provider."""
    _configured[:] = [Provider(**values, url=url)] if values else []
    _kept.clear()


def current() -> Provider | None:
    return _configured[0] if _configured else None


def ensure_current() -> Provider:
    """Raises NotFoundError where none is configured."""
    if not _configured:
        raise NotFoundError
    return _configured[0]


def sign_in_address(state: str, *, again: bool) -> str:
    """Where the browser goes to say who it is; `again`: by entering the password there, whoever is signed in.

    Raises ProviderAwayError.
    """
    provider = ensure_current()
    address: str
    more = {"prompt": "login", "max_age": "0"} if again else {}
    with _session(provider) as client:
        address, _ = client.create_authorization_url(
            _description(provider, client)["authorization_endpoint"],
            state=state,
            nonce=_derived("nonce", state),
            code_verifier=_derived("verifier", state),
            **more,
        )
    return address


def sign_out_address() -> str:
    """Where the browser goes to be signed out there too; empty where the provider has no such place.

    Raises ProviderAwayError.
    """
    provider = ensure_current()
    with _session(provider) as client:
        place = _description(provider, client).get("end_session_endpoint")
    if not place:
        return ""
    _ensure_safe(place)
    query = urlencode({"client_id": provider.client_id, "post_logout_redirect_uri": provider.url + "/sign-in"})
    return f"{place}{'&' if '?' in place else '?'}{query}"


def identity_of(answer: Mapping[str, str], *, state: str, now: datetime) -> Identity:
    """Who came back with this answer to our question. Raises IdentityRefusedError, ProviderAwayError."""
    provider = ensure_current()
    if answer.get("error") or not answer.get("code"):
        raise _refused("the provider answers", answer.get("error", "nothing")[:100])
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise _refused("answered by another provider", answer["iss"][:200])
    with _session(provider) as client:
        description = _description(provider, client)
        token = _token(client, description, answer["code"], state)
        claims = _claims(provider, client, token, state=state, now=now)
    return _identity(provider, claims)


def _session(provider: Provider) -> Any:
    """A client of its own for each question; it follows no redirects and knows no proxies but by its configuration."""
    from authlib.integrations.requests_client import OAuth2Session  # noqa: PLC0415  (see the top)

    client = OAuth2Session(
        provider.client_id,
        provider.client_secret or None,
        scope=provider.scope,
        redirect_uri=provider.url + ANSWER,
        code_challenge_method="S256",
        default_timeout=PATIENCE,
    )
    client.trust_env, client.max_redirects = False, 0
    if provider.ca_file:
        client.verify = provider.ca_file
    return client


def _derived(what: str, state: str) -> str:
    """43 signs that nobody can tell from the state."""
    digest = hmac.digest(settings.secret(), f"oidc {what}\n{state}".encode(), "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _description(provider: Provider, client: Any) -> dict[str, Any]:
    """The provider's own description of itself. Raises ProviderAwayError."""
    address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    found = _read(client, address)
    if found.get("issuer") != provider.issuer:
        raise _away("it calls itself otherwise", found.get("issuer"))
    for name in HANDED_OUT:
        _ensure_safe(found.get(name))
    return found


def _ensure_safe(address: object) -> None:
    """TLS, or this very machine. Raises ProviderAwayError."""
    parts = urlsplit(address) if isinstance(address, str) else None
    own = parts is not None and parts.hostname in ("127.0.0.1", "::1", "localhost")
    if parts is None or not (parts.scheme == "https" or (own and parts.scheme == "http")):
        raise _away("not an address to send people or secrets to", address)


def _read(client: Any, address: str, *, anew: bool = False) -> dict[str, Any]:
    """A JSON object at an address, kept for an hour. Raises ProviderAwayError."""
    read_at, found = _kept.get(address, (0.0, {}))
    if found and not anew and time.monotonic() - read_at < KEPT:
        return found
    try:
        answer = client.get(address, withhold_token=True, allow_redirects=False)
        said = answer.json() if answer.status_code == 200 else None
    except (OSError, ValueError) as error:
        raise _away("cannot be read", f"{address}: {error}") from error
    if not isinstance(said, dict):
        raise _away("is not there", address)
    _kept[address] = (time.monotonic(), said)
    return said


def _token(client: Any, description: Mapping[str, Any], code: str, state: str) -> Mapping[str, Any]:
    """What the provider gives for the code: good once, and only with our verifier. Raises as `identity_of`."""
    from authlib.integrations.base_client import OAuthError  # noqa: PLC0415  (see the top)

    ways = description.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    if client.client_secret and "client_secret_basic" not in ways and "client_secret_post" in ways:
        client.token_endpoint_auth_method = "client_secret_post"
    try:
        found = client.fetch_token(
            description["token_endpoint"],
            grant_type="authorization_code",
            code=code,
            code_verifier=_derived("verifier", state),
            allow_redirects=False,
        )
    except OAuthError as error:
        raise _refused("the code is refused", error.error) from error
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise _away("gives no token", error) from error
    if not isinstance(found, dict) or not isinstance(found.get("id_token"), str):
        raise _refused("no ID token", type(found).__name__)
    return found


def _claims(provider: Provider, client: Any, token: Mapping[str, Any], *, state: str, now: datetime) -> "CodeIDToken":
    """What the ID token says, once all of it holds. Raises as `identity_of`."""
    from authlib.oidc.core import CodeIDToken  # noqa: PLC0415  (see the top)
    from joserfc.errors import JoseError  # noqa: PLC0415

    expected = {
        name: {"essential": True, "value": value}
        for name, value in (("iss", provider.issuer), ("aud", provider.client_id))
    }
    asked = {"client_id": provider.client_id, "nonce": _derived("nonce", state)}
    try:
        signed = _signed(provider, client, token["id_token"])
        claims = CodeIDToken(
            signed.claims, signed.header, expected, {**asked, "access_token": token.get("access_token")}
        )
        claims.validate(now=int(now.timestamp()), leeway=int(LEEWAY.total_seconds()))
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _refused("the ID token does not hold", error) from error
    return claims


def _signed(provider: Provider, client: Any, token: str) -> "jwt.Token":
    """The token, signed with one of the provider's keys: they are read anew where it names or fits none of them."""
    from joserfc.errors import JoseError  # noqa: PLC0415  (see the top)

    address = _description(provider, client)["jwks_uri"]
    kept = address in _kept
    try:
        return _decoded(token, _read(client, address))
    except (JoseError, ValueError, TypeError, KeyError):
        if not kept:
            raise
    return _decoded(token, _read(client, address, anew=True))


def _decoded(token: str, keys: Mapping[str, Any]) -> "jwt.Token":
    from joserfc import jwt  # noqa: PLC0415  (see the top)
    from joserfc.jwk import KeySet  # noqa: PLC0415

    return jwt.decode(token, KeySet.import_key_set({"keys": keys["keys"]}), algorithms=ALGORITHMS)


def _identity(provider: Provider, claims: Mapping[str, Any]) -> Identity:
    """Raises IdentityRefusedError for names that are none."""
    subject, value, proved_at = claims.get("sub"), claims.get(provider.claim), claims.get("auth_time")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST or not subject.isprintable():
        raise _refused("no subject", type(subject).__name__)
    named = isinstance(value, str) and 0 < len(value) <= LONGEST and value.isprintable()
    try:
        moment = datetime.fromtimestamp(proved_at, UTC) if isinstance(proved_at, int | float) else None
    except (ValueError, OverflowError, OSError):
        moment = None
    return Identity(
        issuer=provider.issuer,
        subject=subject,
        claim=provider.claim,
        value=str(value) if named else "",
        proved_at=moment,
    )


def _refused(why: str, what: object) -> IdentityRefusedError:
    log.warning("identity refused", why=why, what=str(what)[:300])
    return IdentityRefusedError()


def _away(why: str, what: object) -> ProviderAwayError:
    log.error("identity provider away", why=why, what=str(what)[:300])
    return ProviderAwayError()
