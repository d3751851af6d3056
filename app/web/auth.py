"""Signing in and out, and the language."""

import re

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.domain.errors import NotAllowedError
from app.queries.accounts import demo_accounts
from app.services import accounts, identity_provider
from app.services.accounts import SignedIn
from app.services.confirmation import takes
from app.web import clock, languages
from app.web.permission import cookie_name, find_actor, public, session_cookie
from app.web.problems import sentence_of
from app.web.words import gettext

screen = Blueprint("auth", __name__)
_OWN = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f\\]*")
"""A path of this site. A browser drops tabs and line breaks from an address and takes a backslash for a slash."""


@screen.get("/sign-in")
@public
def show() -> str | Response:
    if find_actor() is not None:
        return redirect(own_address(request.args.get("next", "")))
    return page(username="", error="")


@screen.post("/sign-in")
@public
def sign_in() -> Response | tuple[str, int]:
    username = request.form.get("username", "").strip()
    password = request.form.get("password", "")
    if not username or not password:
        return page(username=username, error=gettext("请填写账号和密码。")), 422
    try:
        signed_in = accounts.sign_in(
            username,
            password=password,
            address=request.remote_addr or "",
            now=clock.now(),
            takes=lambda account: takes(account, request.form.get("code", ""), now=clock.now()),
        )
    except NotAllowedError as error:
        return page(username=username, error=sentence_of(error)), 403
    return let_in(signed_in, own_address(request.form.get("next", "")))


def let_in(signed_in: SignedIn, target: str) -> Response:
    """To the target, with the cookie of the new session."""
    session.clear()  # a token seen before signing in is worth nothing afterwards
    answer = redirect(target)
    answer.set_cookie(
        cookie_name(),
        signed_in.cookie,
        secure=current_app.config["WENZE_TLS"],
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return answer


@screen.post("/sign-out")
@public
def sign_out() -> Response:
    found = find_actor()
    if cookie := session_cookie():
        accounts.sign_out(cookie, now=clock.now())
    session.clear()
    left = "1" if found is not None and found.by_provider else None
    answer = redirect(url_for("auth.show", left=left))
    answer.delete_cookie(cookie_name(), path="/", secure=current_app.config["WENZE_TLS"], httponly=True, samesite="Lax")
    return answer


@screen.post("/locale")
@public
def set_locale() -> Response:
    wanted = request.form.get("locale", "")
    locale = wanted if wanted in languages.LOCALES else languages.CHINESE
    if find_actor() is not None:
        accounts.set_locale(session_cookie(), locale=locale)
    answer = redirect(own_address(request.form.get("next", "")))
    answer.set_cookie(
        languages.COOKIE,
        locale,
        max_age=31536000,
        secure=current_app.config["WENZE_TLS"],
        httponly=True,
        samesite="Lax",
    )
    return answer


def own_address(wanted: str) -> str:
    """The wanted path where it is one of ours, else the front door: nobody is sent elsewhere."""
    return wanted if _OWN.fullmatch(wanted) else url_for("home.show")


def page(*, username: str, error: str) -> str:
    demo = current_app.config["WENZE_DEMO"]
    g.setdefault("actor", None)
    return render_template(
        "sign_in.html",
        username=username,
        error=error,
        next=request.values.get("next", ""),
        provider=identity_provider.current(),
        left=request.args.get("left", ""),
        counties=demo_accounts() if demo else (),
        password=current_app.config["WENZE_DEMO_PASSWORD"] if demo else "",
    )
