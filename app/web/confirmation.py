"""再次验证身份: whatever form wants it is asked for the password, and then sent as it was; and the second factor."""

from collections.abc import Iterable
from io import BytesIO

import segno
from flask import Blueprint, Flask, flash, g, redirect, render_template, request, session, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.domain.confirmation import StepUpError
from app.domain.errors import AlreadyDoneError, InvalidAnswersError, NotAllowedError
from app.services import confirmation
from app.web import clock
from app.web.once import once
from app.web.passwords import STILL_OPEN
from app.web.permission import actor, find_actor, needs_sign_in, session_cookie
from app.web.problems import back_with, in_words, page, sentence_of, title_of, wants_json
from app.web.words import gettext

screen = Blueprint("confirmation", __name__)

PASSWORD, CODE = "confirm_password", "confirm_code"
NOT_AGAIN = (PASSWORD, CODE, "csrf_token")
RECOVERY = "recovery_codes"
"""Where the browser's own cookie holds what is shown once."""


@screen.get("/me/second-factor")
@needs_sign_in
def show() -> str:
    return _page(errors=())


@screen.post("/me/second-factor")
@needs_sign_in
def set_() -> Response | tuple[str, int]:
    try:
        with once():
            session[RECOVERY] = confirmation.set_second_factor(
                request.form.get("seed", "")[:64], request.form.get("code", "")[:20], actor=actor(), now=clock.now()
            )
    except InvalidAnswersError as error:
        return _page(errors=[in_words(sentence) for sentence in error.fields["code"]]), 422
    except AlreadyDoneError as error:
        return back_with(error, url_for("confirmation.show"))
    flash(gettext("双因素验证已启用。"), "done")
    return redirect(url_for("confirmation.show"))


def _page(*, errors: Iterable[str]) -> str:
    seed = request.form.get("seed", "")[:64] or confirmation.new_seed()
    secret, address = confirmation.second_factor_of(actor(), seed)
    return render_template(
        "second_factor.html",
        seed=seed,
        secret=secret,
        picture=_drawn(address),
        errors=errors,
        recovery=session.pop(RECOVERY, ()),
        demanded=confirmation.needs_second_factor(actor()),
    )


def _drawn(address: str) -> Markup:
    """A QR code as SVG of our own making: nothing that anybody wrote is markup in it."""
    out = BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=4, xmldecl=False, svgns=True, nl=False)
    return Markup(out.getvalue().decode())


def init_app(app: Flask) -> None:
    @app.before_request
    def confirm() -> Response | tuple[str, int] | None:
        """A form that was sent again with the password: first who it is, then what he wants."""
        if request.method != "POST" or request.path.startswith("/api/") or not request.form.get(PASSWORD):
            return None
        found = find_actor()
        if found is None:
            return None
        password, code = request.form[PASSWORD], request.form.get(CODE, "")[:20]
        try:
            confirmation.confirm(session_cookie(), password=password, code=code, actor=found, now=clock.now())
        except NotAllowedError as error:
            return _ask(sentence_of(error))
        g.pop("actor", None)
        return None

    @app.before_request
    def second_factor_first() -> Response | None:
        """Of whom the policy demands a second factor, he sets it up before anything else."""
        allowed = (None, *STILL_OPEN, "confirmation.show", "confirmation.set_")
        if request.endpoint in allowed or request.path.startswith("/api/") or not session_cookie():
            return None
        found = find_actor()
        if found is not None and confirmation.needs_second_factor(found):
            return redirect(url_for("confirmation.show"))
        return None

    @app.errorhandler(StepUpError)
    def step_up(error: StepUpError):  # type: ignore[no-untyped-def]
        g.asked_again = True  # no refusal: see app.web.traces
        if wants_json() or request.is_json or find_actor() is None:
            return page(403, title_of(403), sentence_of(error))
        return _ask("")


def _ask(refusal: str) -> tuple[str, int]:
    """The page that asks for the password; it carries everything that was sent."""
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_AGAIN]
    return (
        render_template("confirm.html", sent=sent, target=request.full_path.rstrip("?"), refusal=refusal),
        403,
    )
