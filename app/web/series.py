"""系列案: the cases of a series, and registering many alike from a table."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import ConflictError, InvalidAnswersError, InvalidFileError, NotAllowedError
from app.queries import series as query
from app.services import series
from app.services.series import SeriesResult
from app.web import clock
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with, in_words, sentence_of
from app.web.words import gettext

screen = Blueprint("series", __name__)


@screen.get("/cases/<key>/series")
@needs_sign_in
def show(key: str) -> str:
    return _page(key)


@screen.post("/cases/<key>/series")
@needs_sign_in
def register(key: str) -> str | tuple[str, int]:
    """The table is uploaded or pasted; what became of each row is shown, and a refused table is not lost."""
    pasted = request.form.get("pasted", "")
    file = request.files.get("table")
    content = file.read() if file and file.filename else pasted.encode()
    try:
        result = series.open_series(key, table=content, actor=actor(), now=clock.now())
    except InvalidFileError as error:
        return _page(key, pasted=pasted, problem=sentence_of(error)), 422
    return _page(key, pasted=pasted if _unfinished(result) else "", result=result)


@screen.post("/cases/<key>/separation")
@needs_sign_in
def separate(key: str) -> Response:
    """另案办理: the case leaves its series."""
    back = url_for("series.show", key=request.form.get("back") or key)
    try:
        series.separate(key, reason=request.form.get("reason", "")[:4000], actor=actor(), now=clock.now())
    except InvalidAnswersError as error:
        flash(in_words(error.fields["reason"][0]), "bad")
        return redirect(back)
    except (NotAllowedError, ConflictError) as error:
        return back_with(error, back)
    flash(gettext("已决定另案办理，本案将单独移送调查。"))
    return redirect(back)


def _unfinished(result: SeriesResult) -> bool:
    return bool(result.waiting) or any(not row.number for row in result.rows)


def _page(key: str, *, pasted: str = "", problem: str = "", result: SeriesResult | None = None) -> str:
    errors = {
        row.line: [in_words(sentence) for found in (row.errors or {}).values() for sentence in found]
        or ([sentence_of(row.refused)] if row.refused else [])
        for row in (result.rows if result else ())
    }
    return render_template(
        "series.html",
        page=query.series_page(actor(), key),
        pasted=pasted,
        problem=problem,
        result=result,
        errors=errors,
    )
