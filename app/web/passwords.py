"""One's own password, and the first run, which makes the first three."""

from flask import Blueprint, Flask, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.administrators import ADMINISTRATORS
from app.domain.errors import AlreadyDoneError, InvalidAnswersError, NotFoundError
from app.domain.roles import ROLES
from app.services import first_run, passwords
from app.services.first_run import NewAdministrator
from app.web import clock
from app.web.once import once
from app.web.permission import actor, find_actor, needs_sign_in, public, session_cookie
from app.web.problems import back_with, in_words
from app.web.words import gettext

screen = Blueprint("passwords", __name__)

STILL_OPEN = frozenset({"passwords.show", "passwords.change", "auth.sign_out", "auth.set_locale", "static"})
"""What can be done while a password has to be changed."""


@screen.get("/me/password")
@needs_sign_in
def show() -> str:
    return _page(errors={})


@screen.post("/me/password")
@needs_sign_in
def change() -> Response | tuple[str, int]:
    said = {name: request.form.get(name, "") for name in ("old", "new", "again")}
    try:
        with once():
            passwords.change_own(
                said["old"],
                new=said["new"],
                again=said["again"],
                cookie=session_cookie(),
                actor=actor(),
                now=clock.now(),
            )
    except InvalidAnswersError as error:
        return _page(errors=_errors(error)), 422
    except AlreadyDoneError as error:
        return back_with(error, url_for("home.show"))
    flash(gettext("密码已更换，其他设备上的登录已失效。"), "done")
    return redirect(url_for("home.show"))


def _page(*, errors: dict[str, list[str]]) -> str:
    return render_template(
        "password.html", errors=errors, due=passwords.is_due(actor(), now=clock.now()), demands=passwords.demands()
    )


@screen.get("/setup")
@public
def set_up() -> str:
    return _set_up_page(entered={}, errors={})


@screen.post("/setup")
@public
def make_administrators() -> Response | tuple[str, int]:
    people = {
        role: NewAdministrator(
            **{name: request.form.get(f"{role}.{name}", "")[:300] for name in ("name", "username", "password", "again")}
        )
        for role in ADMINISTRATORS
    }
    try:
        first_run.set_up(request.form.get("code", "")[:100], people, now=clock.now())
    except NotFoundError:  # there are administrators by now, perhaps by this very form
        return redirect(url_for("auth.show"))
    except InvalidAnswersError as error:
        entered = {
            f"{role}.{name}": getattr(one, name) for role, one in people.items() for name in ("name", "username")
        }
        return _set_up_page(entered=entered, errors=_errors(error)), 422
    flash(gettext("三名管理员已建立，请分别登录。"), "done")
    return redirect(url_for("auth.show"))


def _set_up_page(*, entered: dict[str, str], errors: dict[str, list[str]]) -> str:
    if not first_run.is_open():
        raise NotFoundError
    find_actor()
    return render_template("setup.html", roles=[ROLES[role] for role in ADMINISTRATORS], entered=entered, errors=errors)


def _errors(error: InvalidAnswersError) -> dict[str, list[str]]:
    return {field: [in_words(sentence) for sentence in found] for field, found in error.fields.items()}


def init_app(app: Flask) -> None:
    @app.before_request
    def change_first() -> Response | None:
        """Who has to change his password does that before anything else."""
        if request.endpoint in (None, *STILL_OPEN) or request.path.startswith("/api/") or not session_cookie():
            return None
        found = find_actor()
        if found is not None and passwords.is_due(found, now=clock.now()):
            return redirect(url_for("passwords.show"))
        return None
