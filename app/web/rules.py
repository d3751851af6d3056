"""规则设置: how the open questions of a regulation are answered, and the rule administrator's changes."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import ConflictError, InvalidAnswersError, NotAllowedError
from app.queries import rules as query
from app.services import rules
from app.web import clock
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with, in_words
from app.web.words import gettext

screen = Blueprint("rules", __name__)

FIELDS = ("name", "value", "valid_from", "reason", "organ_id", "basis")


@screen.get("/rules")
@screen.get("/rules/<regulation_id>")
@needs_sign_in
def show(regulation_id: str | None = None) -> str:
    """With `change` the form of that setting is open."""
    return _page(regulation_id, entered={"name": request.args.get("change", "")}, errors={})


@screen.post("/rules/<regulation_id>")
@needs_sign_in
def change(regulation_id: str) -> Response | tuple[str, int]:
    """A refused change shows the page again with what was entered and the sentence at its field."""
    entered = {name: request.form.get(name, "")[:4000] for name in FIELDS}
    try:
        with once():
            rules.set_rule(
                regulation_id,
                name=entered["name"],
                value=entered["value"],
                valid_from=entered["valid_from"],
                reason=entered["reason"],
                organ_id=entered["organ_id"] or None,
                basis=entered["basis"],
                actor=actor(),
                now=clock.now(),
            )
    except InvalidAnswersError as error:
        errors = {field: [in_words(sentence) for sentence in found] for field, found in error.fields.items()}
        return _page(regulation_id, entered=entered, errors=errors), 422
    except (NotAllowedError, ConflictError) as error:
        return back_with(error, url_for("rules.show", regulation_id=regulation_id))
    flash(gettext("规则设置已保存，自生效之日起新开的案件按新设置办理。"))
    return redirect(url_for("rules.show", regulation_id=regulation_id, _anchor=entered["name"]))


def _page(regulation_id: str | None, *, entered: dict[str, str], errors: dict[str, list[str]]) -> str:
    page = query.rules_page(actor(), regulation_id, now=clock.now())
    return render_template("rules.html", page=page, entered=entered, errors=errors)
