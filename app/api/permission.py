"""Who may call a route. Every view says so itself, with `@needs_token` or `@public`; a test reads it from the view.

Only a bearer token is looked at, never a browser's cookie: a page elsewhere cannot make a browser act here.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import g, request
from flask_babel import force_locale

from app.api import clock
from app.api.languages import language
from app.api.problems import TokenRefusedError
from app.domain.actors import Actor
from app.services import accounts

P = ParamSpec("P")
R = TypeVar("R")

LONGEST_TOKEN = 200


class Permission(StrEnum):
    PUBLIC = "PUBLIC"
    TOKEN = "TOKEN"


def actor() -> Actor:
    """Who the token speaks for; only in views that need one."""
    found: Actor | None = g.get("token_actor")
    if found is None:
        raise RuntimeError("the view lacks @needs_token")
    return found


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Anybody may call this view."""
    view.permission = Permission.PUBLIC  # type: ignore[attr-defined]
    return view


def needs_token(view: Callable[P, R]) -> Callable[P, R]:
    """Only a caller with a live token may call this view; what he may see there the services and queries decide."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        g.token_actor = _recognised()
        with force_locale(language()):
            return view(*args, **kwargs)

    guarded.permission = Permission.TOKEN  # type: ignore[attr-defined]
    return guarded


def token() -> str:
    """The bearer token that the caller shows; empty for none."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" else ""


def _recognised() -> Actor:
    """Raises TokenRefusedError."""
    given = token()
    if not given:
        raise TokenRefusedError(given=False)
    found = accounts.actor_of_token(given, now=clock.now()) if len(given) <= LONGEST_TOKEN else None
    if found is None:
        raise TokenRefusedError(given=True)
    return found
