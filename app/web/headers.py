"""What every page tells the browser it must not do."""

import secrets
from collections.abc import Iterator

from flask import Flask, Response, current_app, g, request


def nonce() -> str:
    """The one-time mark of this page's own script elements."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    value: str = g.csp_nonce
    return value


def policy() -> str:
    """Scripts only with the page's nonce, styles and data only from here, no frames, no plug-ins."""
    return _policy(f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else "")


def _policy(marked: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self'{marked}",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
        )
    )


def init_app(app: Flask) -> None:
    app.jinja_env.globals["csp_nonce"] = nonce

    @app.after_request
    def guard(response: Response) -> Response:
        said = {name.lower() for name, _ in response.headers}
        for name, value in _wanted():
            if name.lower() not in said:  # a page may have said it in its own way
                response.headers.add(name, value)
        return response


def _wanted() -> Iterator[tuple[str, str]]:
    yield "Content-Security-Policy", policy()
    yield from _ALWAYS
    if current_app.config["WENZE_TLS"]:
        yield "Strict-Transport-Security", "max-age=31536000"
    if request.endpoint != "static":
        yield "Cache-Control", "no-store"


_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"),
)
