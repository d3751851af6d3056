"""系列案: the cases of a series, and registering many alike from a table."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import AlreadyDoneError, InvalidFileError
from app.queries import series as query
from app.queries import series_runs as runs
from app.services import series
from app.web import clock
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import REFUSED, back_with, sentence_of
from app.web.words import gettext

screen = Blueprint("series", __name__)


@screen.get("/cases/<key>/series")
@needs_sign_in
def show(key: str) -> str:
    return _page(key)


@screen.post("/cases/<key>/series")
@needs_sign_in
def register(key: str) -> Response | tuple[str, int]:
    """The table is uploaded or pasted; the page of its run tells how far it is. A refused table is not lost."""
    pasted = request.form.get("pasted", "")
    file = request.files.get("table")
    content = file.read() if file and file.filename else pasted.encode()
    try:
        with once():
            run_id = series.open_series(key, table=content, actor=actor(), now=clock.now())
    except InvalidFileError as error:
        return _page(key, pasted=pasted, problem=sentence_of(error)), 422
    except AlreadyDoneError as error:
        return back_with(error, _run_begun_before(key))
    return redirect(url_for("series.show_run", run_id=run_id))


def _run_begun_before(key: str) -> str:
    """Where the first sending of this table led: the latest run over the series."""
    latest = next(iter(runs.runs_of(query.series_page(actor(), key).series_id)), None)
    return url_for("series.show_run", run_id=latest.id) if latest else url_for("series.show", key=key)


@screen.get("/series-runs/<run_id>")
@needs_sign_in
def show_run(run_id: str) -> str:
    """How far a run over a series is; the page comes again by itself until all is done."""
    return render_template("series_run.html", run=runs.run_page(actor(), run_id))


@screen.post("/cases/<key>/separation")
@needs_sign_in
def separate(key: str) -> Response:
    """另案办理: the case leaves its series."""
    back = url_for("series.show", key=request.form.get("back") or key)
    try:
        with once():
            series.separate(key, reason=request.form.get("reason", "")[:4000], actor=actor(), now=clock.now())
    except REFUSED as error:
        return back_with(error, back)
    flash(gettext("已决定另案办理，本案将单独移送调查。"))
    return redirect(back)


def _page(key: str, *, pasted: str = "", problem: str = "") -> str:
    page = query.series_page(actor(), key)
    return render_template("series.html", page=page, runs=runs.runs_of(page.series_id), pasted=pasted, problem=problem)
