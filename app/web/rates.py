"""Limits for signing in, tokens, exports and uploads: pages and API alike."""

from datetime import UTC, datetime

from flask import Flask, request

from app.services.rates import Rate, count
from app.web.permission import session_cookie

SIGN_IN = Rate("sign-in", 120, 60)
TOKEN = Rate("token", 12_000, 60)
UPLOAD = Rate("upload", 300, 60)
EXPORT = Rate("export", 120, 60)
GUESSED = frozenset({"auth.sign_in", "passwords.make_administrators", "api.confirm", "identity.enter"})
"""Where somebody could try passwords or codes."""
ASKS_PROVIDER = frozenset({"identity.start", "identity.answer", "identity.confirm"})
"""Where somebody lets us ask the identity provider something."""
EXPORTS = (".csv", ".xlsx", ".zip", ".docx", ".pdf")
"""How addresses of what is made into a file end."""


def rate_of_request() -> Rate | None:
    """The limit that the request counts against, None for all the others."""
    if request.endpoint in ASKS_PROVIDER:
        return SIGN_IN
    if request.endpoint in GUESSED:
        return SIGN_IN if request.method == "POST" else None
    if request.method == "POST" and (request.mimetype or "").startswith("multipart/"):
        return UPLOAD
    if request.method == "GET" and (request.path.endswith(EXPORTS) or "/export" in request.path):
        return EXPORT
    return TOKEN if request.headers.get("Authorization") else None


def init_app(app: Flask) -> None:
    @app.before_request
    def limit() -> None:
        """By session or token where there is one, else by address."""
        if request.endpoint == "static" or (rate := rate_of_request()) is None:
            return
        address = request.remote_addr or ""
        who = session_cookie() or request.headers.get("Authorization", "") or address
        # the machine's own clock: a demonstration that lets months pass in minutes is no faster for it
        count(rate, address if rate is SIGN_IN else who, now=datetime.now(UTC))
