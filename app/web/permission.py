"""Who may call a route. Every view says so itself, with `@needs_sign_in` or `@public`; a test reads it there."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, g, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from app.domain.actors import Actor
from app.services import accounts
from app.web import clock
from app.web.words import gettext

ASKED_BY_PAGES = frozenset({"inbox.counts", "status.figures"})
P = ParamSpec("P")
R = TypeVar("R")


class Permission(StrEnum):
    PUBLIC = "PUBLIC"
    SIGNED_IN = "SIGNED_IN"


def cookie_name() -> str:
    """`__Host-` binds the cookie to this very host; browsers accept that prefix only under TLS."""
    return "__Host-wenze_session" if current_app.config["WENZE_TLS"] else "wenze_session"


def session_cookie() -> str:
    return request.cookies.get(cookie_name(), "")


def find_actor() -> Actor | None:
    """Who is signed in with this browser; looked up once a request."""
    if "actor" not in g:
        cookie = session_cookie()
        g.actor = accounts.actor_of_cookie(cookie, now=clock.now(), touch=_ends_here()) if cookie else None
    found: Actor | None = g.actor
    return found


def _ends_here() -> bool:
    """False for a form that is sent: the page it leads to keeps the session alive. A script sends JSON and stays.

    A page that asks by itself, with nobody in front of it, keeps no session alive.
    """
    if request.endpoint in ASKED_BY_PAGES:
        return False
    return request.method != "POST" or request.is_json


def actor() -> Actor:
    """The signed-in person; only in views that need one."""
    found = find_actor()
    if found is None:
        raise RuntimeError("the view lacks @needs_sign_in")
    return found


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Anybody may call this view."""
    view.permission = Permission.PUBLIC  # type: ignore[attr-defined]
    return view


def needs_sign_in(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Only a signed-in person may call this view; what he may see there the services and queries decide."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        if find_actor() is None:
            return _told_a_script() if _is_script() else redirect(url_for("auth.show", next=_way_back()))
        return view(*args, **kwargs)

    guarded.permission = Permission.SIGNED_IN  # type: ignore[attr-defined]
    return guarded


def _is_script() -> bool:
    """A script can do nothing with the sign-in page: it tells the reader, and keeps what he wrote."""
    return (
        request.is_json or request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    )


def _told_a_script() -> Response:
    answer = jsonify(detail=gettext("登录已过期。"), status=401)
    answer.status_code = 401
    return answer


def _way_back() -> str | None:
    """The page that was asked for, or that the form stands on which was sent: there the browser still has its words."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    page = urlsplit(request.referrer or "")
    return page.path if page.netloc == request.host else None


def init_app(app: Flask) -> None:
    @app.context_processor
    def who() -> dict[str, Any]:
        return {"actor": g.get("actor")}
