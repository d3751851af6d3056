"""待阅: opening a notice marks it read and shows the matter it is about."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from app.queries.notices import get_notice
from app.services import notices
from app.web import clock
from app.web.formats import page_of
from app.web.permission import actor, needs_sign_in

screen = Blueprint("notices", __name__)


@screen.post("/notices/<notice_id>/read")
@needs_sign_in
def read(notice_id: str) -> Response:
    notice = get_notice(actor(), notice_id)
    notices.mark_read(notice_id, actor=actor(), now=clock.now())
    if request.form.get("stay"):
        return redirect(url_for("inbox.show", box="notices"))
    return redirect(page_of(notice.kind, notice.proceeding_id))
