"""身份证号码 of a case: masked; a whole one is shown to who may see it, once he has said why."""

from flask import Blueprint, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.confirmation import StepUpError
from app.domain.errors import ConflictError, InvalidAnswersError, NotAllowedError, TooManyError
from app.queries import identity_numbers as query
from app.queries.heads import Head
from app.services import identity_numbers
from app.services.identity_numbers import Revealed
from app.web import clock
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with, in_words

screen = Blueprint("identity_numbers", __name__)


@screen.app_template_global()
def has_identity_numbers(head: Head) -> bool:
    """Whether the reader of a case may have an identity number in it shown to him."""
    return query.has_numbers(actor(), head.id)


@screen.get("/cases/<proceeding_id>/identity-numbers")
@needs_sign_in
def show(proceeding_id: str) -> str:
    return _page(proceeding_id)


@screen.post("/cases/<proceeding_id>/identity-numbers/<number_id>")
@needs_sign_in
def reveal(proceeding_id: str, number_id: str) -> str | Response | tuple[str, int]:
    """The number stands in this answer only: no address shows it again."""
    query.numbers_page(actor(), proceeding_id)  # hidden from who may not see the case, or none of its numbers
    reason = request.form.get("reason", "")[:2000]
    try:
        shown = identity_numbers.reveal(
            number_id, proceeding_id=proceeding_id, reason=reason, actor=actor(), now=clock.now()
        )
    except InvalidAnswersError as error:
        errors = {number_id: [in_words(sentence) for sentence in error.fields["reason"]]}
        return _page(proceeding_id, entered={number_id: reason}, errors=errors), 422
    except StepUpError:
        raise
    except (ConflictError, NotAllowedError, TooManyError) as error:
        return back_with(error, url_for("identity_numbers.show", proceeding_id=proceeding_id))
    return _page(proceeding_id, shown=shown)


def _page(
    proceeding_id: str,
    *,
    shown: Revealed | None = None,
    entered: dict[str, str] | None = None,
    errors: dict[str, list[str]] | None = None,
) -> str:
    page = query.numbers_page(actor(), proceeding_id)
    return render_template("identity_numbers.html", page=page, shown=shown, entered=entered or {}, errors=errors or {})
