"""期限处理: 中止, 恢复, 延期 of a case."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.days import read_day
from app.queries import periods as query
from app.services import periods
from app.web import clock, languages
from app.web.formats import long_day
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import REFUSED, back_with
from app.web.words import gettext, ngettext

screen = Blueprint("periods", __name__)


@screen.get("/cases/<key>/periods")
@needs_sign_in
def show(key: str) -> str:
    page = query.periods_page(actor(), key, now=clock.now(), locale=languages.current())
    return render_template("periods.html", page=page)


@screen.post("/cases/<key>/suspend")
@needs_sign_in
def suspend(key: str) -> Response:
    def act() -> str:
        periods.suspend_case(key, reason=_text("reason"), basis=_text("basis"), actor=actor(), now=clock.now())
        return gettext("已中止，各项期限停止计算。")

    return _done(key, act)


@screen.post("/cases/<key>/resume")
@needs_sign_in
def resume(key: str) -> Response:
    def act() -> str:
        days = periods.resume_case(key, reason=_text("reason"), actor=actor(), now=clock.now())
        return ngettext("已恢复，各项期限顺延%(days)s日。", "已恢复，各项期限顺延%(days)s日。", days, days=days)

    return _done(key, act)


@screen.post("/cases/<key>/steps/<task_id>/extend")
@needs_sign_in
def extend(key: str, task_id: str) -> Response:
    def act() -> str:
        until = read_day(_text("until"))
        new = periods.extend_task(task_id, until=until, reason=_text("reason"), actor=actor(), now=clock.now())
        return gettext("已延期至%(day)s。", day=long_day(new))

    return _done(key, act)


def _done(key: str, act: Callable[[], str]) -> Response:
    target = url_for("periods.show", key=key)
    try:
        with once():
            told = act()
    except REFUSED as error:
        return back_with(error, target)
    flash(told, "done")
    return redirect(target)


def _text(name: str) -> str:
    return request.form.get(name, "").strip()
