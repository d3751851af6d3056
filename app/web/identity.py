"""Signing in and confirming with the identity provider (统一身份认证). Without one these addresses do not exist.

Going there and coming back are GETs, as the protocol has it; coming back changes something only with an answer to a
question that this very browser asked. The browser's own cookie holds the questions that wait for an answer.
"""

import secrets
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Flask, current_app, g, redirect, render_template, request, session, url_for
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from app.domain.errors import DomainError, NotAllowedError
from app.domain.identities import CodeNeededError, Identity, IdentityRefusedError
from app.domain.statuses import status_of
from app.services import identities, identity_provider
from app.web import auth, clock
from app.web.permission import find_actor, needs_sign_in, public, session_cookie
from app.web.problems import sentence_of

screen = Blueprint("identity", __name__)

QUESTIONS = "oidc"
MOST_QUESTIONS = 3
"""That wait in one browser: a person with more windows open begins anew."""
PATIENCE = timedelta(minutes=10)
"""For answering there."""
CODE_WITHIN = 300
"""Seconds for entering the code of our own second factor."""
SIGN_IN, CONFIRM = "sign in", "confirm"


@screen.get("/sign-in/provider")
@public
def start() -> Response | tuple[str, int]:
    identity_provider.ensure_current()
    try:
        return _asked(SIGN_IN, target=auth.own_address(request.args.get("next", "")))
    except NotAllowedError as error:
        return _refused(error)


@screen.get("/me/confirmation")
@needs_sign_in
def confirm() -> Response:
    identity_provider.ensure_current()
    return _asked(CONFIRM, target=url_for("identity.confirmed"))


def _asked(purpose: str, *, target: str) -> Response:
    """Off to the provider, with a question that only this browser can have answered. Raises ProviderAwayError."""
    state = secrets.token_urlsafe(32)
    address = identity_provider.sign_in_address(state, again=purpose == CONFIRM)
    waiting = list(session.get(QUESTIONS, {}).items())[-MOST_QUESTIONS + 1 :]
    session[QUESTIONS] = dict([*waiting, (state, [purpose, target, clock.now().isoformat()])])
    return redirect(address)


@screen.get(identity_provider.ANSWER)
@public
def answer() -> Response | tuple[str, int]:
    identity_provider.ensure_current()
    waiting, state = dict(session.get(QUESTIONS, {})), request.args.get("state", "")
    purpose, target, asked_at = waiting.pop(state, ("", "", ""))
    if not purpose:
        return _refused(IdentityRefusedError())
    session[QUESTIONS] = waiting
    since = datetime.fromisoformat(asked_at)
    try:
        if clock.now() - since > PATIENCE:
            raise IdentityRefusedError
        identity = identity_provider.identity_of(request.args.to_dict(), state=state, now=clock.now())
        return _entered(identity, None, purpose=purpose, target=target, since=since)
    except CodeNeededError:
        return _code_page(_sealed(identity, purpose, target, since), error=""), 200
    except NotAllowedError as error:
        return _refused(error)


@screen.post("/sign-in/provider")
@public
def enter() -> Response | tuple[str, int]:
    """The code of our own second factor, with what the provider said a moment ago."""
    sealed = request.form.get("identity", "")[:4000]
    try:
        identity, purpose, target, since = _opened(sealed)
        return _entered(identity, request.form.get("code", "")[:20], purpose=purpose, target=target, since=since)
    except IdentityRefusedError as error:
        return _refused(error)
    except NotAllowedError as error:
        return _code_page(sealed, error=sentence_of(error)), 403


def _entered(identity: Identity, code: str | None, *, purpose: str, target: str, since: datetime) -> Response:
    """Raises CodeNeededError, NotAllowedError."""
    if purpose == SIGN_IN:
        signed_in = identities.sign_in(identity, code=code, address=request.remote_addr or "", now=clock.now())
        return auth.let_in(signed_in, target)
    found = find_actor()
    if found is None:
        raise IdentityRefusedError
    identities.confirm(identity, code=code, since=since, card=session_cookie(), actor=found, now=clock.now())
    return redirect(target)


@screen.get("/me/confirmed")
@needs_sign_in
def confirmed() -> str:
    identity_provider.ensure_current()
    return render_template("confirmed.html")


@screen.get("/sign-out/provider")
@public
def leave() -> Response | tuple[str, int]:
    """Signed out here already; now there too."""
    try:
        return redirect(identity_provider.sign_out_address() or url_for("auth.show"))
    except NotAllowedError as error:
        return _refused(error)


def _refused(error: DomainError) -> tuple[str, int]:
    """To who is signed in as any other refusal, to everybody else on the page for signing in."""
    if find_actor() is not None:
        raise error
    return auth.page(username="", error=sentence_of(error)), int(status_of(error))


def _code_page(sealed: str, *, error: str) -> str:
    find_actor()
    g.setdefault("actor", None)
    return render_template("identity_code.html", sealed=sealed, error=error)


def _seal() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="wenze identity")


def _sealed(identity: Identity, purpose: str, target: str, since: datetime) -> str:
    said = asdict(identity) | {"proved_at": identity.proved_at.isoformat() if identity.proved_at else None}
    return str(_seal().dumps([said, purpose, target, since.isoformat()]))


def _opened(sealed: str) -> tuple[Identity, str, str, datetime]:
    """Raises IdentityRefusedError for what we have not sealed, or too long ago."""
    try:
        said, purpose, target, since = _seal().loads(sealed, max_age=CODE_WITHIN)
    except BadData as error:
        raise IdentityRefusedError from error
    proved_at = datetime.fromisoformat(said["proved_at"]) if said["proved_at"] else None
    return Identity(**{**said, "proved_at": proved_at}), purpose, target, datetime.fromisoformat(since)


def init_app(app: Flask) -> None:
    @app.context_processor
    def provider() -> dict[str, Any]:
        return {"identity_provider": identity_provider.current()}
