"""人员与权限: the screens of the three administrators. What each may do the services decide."""

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.domain.administrators import is_administrator
from app.domain.errors import AlreadyDoneError, ConflictError, InvalidAnswersError, NotAllowedError
from app.domain.security_rules import LIMITS
from app.queries import administration as query
from app.services import administration
from app.web import clock
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import REFUSED, back_with, in_words
from app.web.words import gettext, ngettext

screen = Blueprint("administration", __name__)

FIRST_PASSWORD = "first_password"
"""Where the browser's own cookie holds a first password until the next page has shown it."""
FIELDS = (
    *("county_id", "county_name", "name_en"),
    *("organ_county", "code", "organ_name", "short_name"),
    *("username", "name", "organ_id", "position"),
)


@screen.get("/administration")
@needs_sign_in
def people() -> str:
    return _people(entered={}, errors={})


@screen.post("/administration/counties")
@needs_sign_in
def add_county() -> Response | tuple[str, int]:
    entered = _entered()

    def add() -> None:
        administration.add_county(
            entered["county_id"],
            entered["county_name"],
            name_en=entered["name_en"],
            actor=actor(),
            now=clock.now(),
        )

    return _made(add, url_for("administration.people"), entered, told=gettext("已新增县。"))


@screen.post("/administration/organs")
@needs_sign_in
def add_organ() -> Response | tuple[str, int]:
    entered = _entered()

    def add() -> None:
        administration.add_organ(
            entered["organ_county"],
            code=entered["code"],
            name=entered["organ_name"],
            short_name=entered["short_name"],
            actor=actor(),
            now=clock.now(),
        )

    return _made(add, url_for("administration.people"), entered, told=gettext("已新增机关。"))


@screen.post("/administration/people")
@needs_sign_in
def add_person() -> Response | tuple[str, int]:
    entered = _entered()

    def add() -> None:
        person_id, password = administration.add_person(
            entered["username"],
            name=entered["name"],
            organ_id=entered["organ_id"] or None,
            position=entered["position"],
            actor=actor(),
            now=clock.now(),
        )
        session[FIRST_PASSWORD] = [person_id, password]

    target = url_for("administration.person", person_id=entered["username"] or "-")
    return _made(add, target, entered, told=gettext("已建立账号；由安全管理员授予岗位并启用后才能使用。"))


def _made(add: Callable[[], None], target: str, entered: dict[str, str], *, told: str) -> Response | tuple[str, int]:
    try:
        with once():
            add()
    except InvalidAnswersError as error:
        return _people(entered=entered, errors=errors_of(error)), 422
    except AlreadyDoneError as error:
        return back_with(error, target)
    except (NotAllowedError, ConflictError) as error:
        return back_with(error, url_for("administration.people"))
    flash(told, "done")
    return redirect(target)


@screen.get("/administration/people/<person_id>")
@needs_sign_in
def person(person_id: str) -> str:
    page = query.person_page(actor(), person_id, now=clock.now())
    shown = session.get(FIRST_PASSWORD) or ["", ""]
    if shown[0] == person_id:
        session.pop(FIRST_PASSWORD)
    return render_template(
        "administration/person.html", page=page, first_password=shown[1] if shown[0] == person_id else ""
    )


@screen.post("/administration/people/<person_id>/account")
@needs_sign_in
def change_account(person_id: str) -> Response:
    """`act` says what: shut-out, let-in or reset."""
    act, username, now = request.form.get("act", ""), request.form.get("username", ""), clock.now()

    def do() -> str:
        if act == "reset":
            session[FIRST_PASSWORD] = [
                person_id,
                administration.reset_password(username, actor=actor(), now=now),
            ]
            return gettext("密码已重置，下次登录时须更换。")
        if act == "let-in":
            administration.let_in(username, actor=actor(), now=now)
            return gettext("账号已启用。")
        administration.shut_out(username, actor=actor(), now=now)
        return gettext("账号已停用，其登录立即失效。")

    return _done(do, url_for("administration.person", person_id=person_id))


@screen.post("/administration/people/<person_id>/identity")
@needs_sign_in
def bind(person_id: str) -> Response:
    """Without a value the account is bound no more."""
    username, claim = request.form.get("username", ""), request.form.get("claim", "")
    value = request.form.get("value", "").strip()[:300]

    def do() -> str:
        administration.bind(username, claim=claim, value=value, actor=actor(), now=clock.now())
        return gettext("已绑定统一身份。") if value else gettext("已解除统一身份的绑定。")

    return _done(do, url_for("administration.person", person_id=person_id))


@screen.post("/administration/people/<person_id>/roles")
@needs_sign_in
def grant(person_id: str) -> Response:
    def do() -> str:
        at_once = administration.grant(
            person_id,
            role=request.form.get("role", ""),
            organ_id=request.form.get("organ_id") or None,
            actor=actor(),
            now=clock.now(),
        )
        return gettext("岗位已授予。") if at_once else gettext("已提出，须由另一名系统管理员复核后生效。")

    return _done(do, url_for("administration.person", person_id=person_id))


@screen.post("/administration/people/<person_id>/roles/<int:assignment_id>/revoke")
@needs_sign_in
def revoke(person_id: str, assignment_id: int) -> Response:
    def do() -> str:
        administration.revoke(person_id, assignment_id, actor=actor(), now=clock.now())
        return gettext("岗位已撤销，立即生效。")

    return _done(do, url_for("administration.person", person_id=person_id))


@screen.get("/administration/security")
@needs_sign_in
def security() -> str:
    return _security(entered={}, errors={})


@screen.post("/administration/security/policy")
@needs_sign_in
def set_policy() -> Response | tuple[str, int]:
    entered = {name: request.form[name][:20] for name in request.form if name in LIMITS}
    try:
        with once():
            count = administration.set_policy(entered, actor=actor(), now=clock.now())
    except InvalidAnswersError as error:
        return _security(entered=entered, errors=errors_of(error)), 422
    except (NotAllowedError, ConflictError) as error:
        return back_with(error, url_for("administration.security"))
    flash(
        ngettext("安全策略已保存，改变了%(count)s项。", "安全策略已保存，改变了%(count)s项。", count, count=count),
        "done",
    )
    return redirect(url_for("administration.security"))


@screen.post("/administration/security/unlock")
@needs_sign_in
def unlock() -> Response:
    def do() -> str:
        administration.unlock(request.form.get("lock", ""), actor=actor(), now=clock.now())
        return gettext("已解除锁定。")

    return _done(do, url_for("administration.security"))


@screen.post("/administration/security/end-session")
@needs_sign_in
def end_session() -> Response:
    def do() -> str:
        administration.end_session(request.form.get("session", ""), actor=actor(), now=clock.now())
        return gettext("登录已结束。")

    return _done(do, url_for("administration.security"))


@screen.post("/administration/requests/<request_id>")
@needs_sign_in
def decide(request_id: str) -> Response:
    agrees = request.form.get("agrees") == "1"

    def do() -> str:
        administration.decide(request_id, agrees=agrees, actor=actor(), now=clock.now())
        return gettext("已复核，岗位生效。") if agrees else gettext("已退回，岗位没有授予。")

    return _done(do, url_for("administration.security"))


def _done(do: Callable[[], str], target: str) -> Response:
    try:
        with once():
            told = do()
    except REFUSED as error:
        return back_with(error, target)
    flash(told, "done")
    return redirect(target)


def _entered() -> dict[str, str]:
    return {name: request.form.get(name, "").strip()[:200] for name in FIELDS}


def errors_of(error: InvalidAnswersError) -> Mapping[str, list[str]]:
    return {field: [in_words(sentence) for sentence in found] for field, found in error.fields.items()}


def _people(*, entered: Mapping[str, str], errors: Mapping[str, list[str]]) -> str:
    number = request.args.get("page", "1")
    page = query.people_page(
        actor(),
        q=request.args.get("q", "").strip()[:100],
        page=int(number) if number.isdecimal() and len(number) < 7 else 1,
        now=clock.now(),
    )
    return render_template("administration/people.html", page=page, entered=entered, errors=errors)


def _security(*, entered: Mapping[str, str], errors: Mapping[str, list[str]]) -> str:
    page = query.security_page(actor(), now=clock.now())
    return render_template("administration/security.html", page=page, entered=entered, errors=errors)


@screen.app_context_processor
def menu() -> dict[str, object]:
    return {"is_administrator": is_administrator}
