"""机关: what is in each, and the end of one. Its views are on the screen of the administrators."""

from collections.abc import Mapping

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import InvalidAnswersError
from app.queries import organs as query
from app.services import organs
from app.web import clock
from app.web.administration import errors_of, screen
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import REFUSED, back_with
from app.web.words import ngettext

FIELDS = ("successor_id", "basis")


@screen.get("/administration/organs")
@needs_sign_in
def list_organs() -> str:
    return render_template("administration/organs.html", page=query.organs_page(actor(), now=clock.now()))


@screen.get("/administration/organs/<organ_id>")
@needs_sign_in
def organ(organ_id: str) -> str:
    return _organ(organ_id, entered={}, errors={})


@screen.post("/administration/organs/<organ_id>/dissolution")
@needs_sign_in
def dissolve(organ_id: str) -> Response | tuple[str, int]:
    entered = {name: request.form.get(name, "").strip()[:300] for name in FIELDS}
    target = url_for("administration.organ", organ_id=organ_id)
    try:
        with once():
            moved = organs.dissolve(organ_id, **entered, actor=actor(), now=clock.now())
    except InvalidAnswersError as error:
        return _organ(organ_id, entered=entered, errors=errors_of(error)), 422
    except REFUSED as error:
        return back_with(error, target)
    flash(
        ngettext(
            "机关已撤并，%(count)s个在办环节转由承接机关办理。",
            "机关已撤并，%(count)s个在办环节转由承接机关办理。",
            moved,
            count=moved,
        ),
        "done",
    )
    return redirect(target)


def _organ(organ_id: str, *, entered: Mapping[str, str], errors: Mapping[str, list[str]]) -> str:
    page = query.organ_page(actor(), organ_id, now=clock.now())
    return render_template("administration/organ.html", page=page, entered=entered, errors=errors)
