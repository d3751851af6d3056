"""A step held by a failure: somebody has mended the cause and tries again."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from app.services import incidents
from app.web import clock
from app.web.auth import own_address
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import REFUSED, back_with
from app.web.words import gettext

screen = Blueprint("incidents", __name__)


@screen.post("/proceedings/<proceeding_id>/incidents/<engine_task_id>/retry")
@needs_sign_in
def retry(proceeding_id: str, engine_task_id: str) -> Response:
    target = own_address(request.form.get("next", "") or url_for("home.show"))
    try:
        with once():
            solved = incidents.retry(proceeding_id, engine_task_id=engine_task_id, actor=actor(), now=clock.now())
    except REFUSED as error:
        return back_with(error, target)
    if solved:
        flash(gettext("已重试，程序继续办理。"), "done")
    else:
        flash(gettext("重试后仍未成功，请联系流程管理者。"), "bad")
    return redirect(target)
