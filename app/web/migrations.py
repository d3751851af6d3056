"""换版: a process owner moves running cases, meetings and procedures to another release; a dry run comes first."""

import re
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import AlreadyDoneError, ConflictError, InvalidAnswersError
from app.queries import migration_runs as runs
from app.queries import migrations as query
from app.services import migration_runs, migrations, step_pairs
from app.web import clock
from app.web.inbox import page_number
from app.web.once import key_of_form, once
from app.web.permission import actor, needs_sign_in
from app.web.problems import REFUSED, back_with, in_words, sentence_of
from app.web.words import gettext

screen = Blueprint("migrations", __name__)

PER_PAGE = 20
"""Dry runs on one page; each reads a case and its definitions."""
_PAIR = re.compile(r"\s*([A-Za-z_][\w.-]{0,99})\s*[=＝]\s*([A-Za-z_][\w.-]{0,99})\s*")


@screen.get("/processes/migration")
@needs_sign_in
def index() -> str:
    """Every process of the county with a way to its running cases."""
    migrations.ensure_owner(actor())
    return render_template("migrations.html", processes=query.processes_of(actor()))


@screen.get("/processes/<process_key>/migration")
@needs_sign_in
def show(process_key: str) -> str:
    """The dry run. `to`: the release, `map`: lines of old=new step ids."""
    return _page(process_key, request.args, problem="")


@screen.post("/processes/<process_key>/migration")
@needs_sign_in
def run(process_key: str) -> Response | str | tuple[str, int]:
    """Order that the chosen ones change, or with `all` every one; the worker does them (docs/decisions/0011)."""
    try:
        change = migrations.change_to(
            request.form.get("to", ""),
            mapping=mapping_in(request.form.get("map", "")),
            reason=request.form.get("reason", ""),
            actor=actor(),
        )
    except (ConflictError, InvalidAnswersError):
        return _page(process_key, request.form, problem=""), 422  # the page says it at the field
    chosen = request.form.getlist("proceeding")
    if "all" in request.form:
        chosen = [id_ for id_, _ in migrations.candidates(change.release_id, actor=actor())]
    run_id = migration_runs.id_for(key_of_form(), actor=actor(), address=request.path)
    try:
        with once():
            migration_runs.begin(change, chosen, actor=actor(), now=clock.now(), run_id=run_id)
    except AlreadyDoneError as error:
        return back_with(error, url_for("migrations.show_run", run_id=run_id))
    except InvalidAnswersError as error:
        return _page(process_key, request.form, problem=in_words(error.fields["reason"][0])), 422
    except ConflictError as error:
        return _page(process_key, request.form, problem=sentence_of(error)), 422
    return redirect(url_for("migrations.show_run", run_id=run_id))


@screen.get("/migration-runs/<run_id>")
@needs_sign_in
def show_run(run_id: str) -> str:
    """How far a run is; the page comes again by itself until all is done."""
    return render_template("migration_run.html", run=runs.run_page(actor(), run_id))


@screen.post("/migration-runs/<run_id>/undo")
@needs_sign_in
def undo_run(run_id: str) -> Response:
    """撤销换版 of everything that the run has changed."""
    back, reason = url_for("migrations.show_run", run_id=run_id), request.form.get("reason", "")
    begun = migration_runs.id_for(key_of_form(), actor=actor(), address=request.path)
    try:
        with once():
            migration_runs.begin_back(run_id, reason=reason, actor=actor(), now=clock.now(), run_id=begun)
    except AlreadyDoneError as error:
        return back_with(error, url_for("migrations.show_run", run_id=begun))
    except REFUSED as error:
        return back_with(error, back)
    return redirect(url_for("migrations.show_run", run_id=begun))


@screen.post("/processes/<process_key>/migration/<proceeding_id>/undo")
@needs_sign_in
def undo(process_key: str, proceeding_id: str) -> Response:
    """撤销换版."""
    back = url_for("migrations.show", process_key=process_key, _anchor="made-head")
    try:
        with once():
            done = migrations.undo(proceeding_id, reason=request.form.get("reason", ""), actor=actor(), now=clock.now())
    except REFUSED as error:
        return back_with(error, back)
    flash(gettext("%(number)s 已恢复到第%(release)s版。", number=done.number, release=done.release_number))
    return redirect(back)


def _page(process_key: str, given: Any, *, problem: str) -> str:
    page = query.migration_page(actor(), process_key, given.get("to") or None)
    wanted = given.get("map", "")[:2000]
    change, wrong = _change_of(page.target.id, wanted)
    every = migrations.candidates(page.target.id, actor=actor())
    number = page_number()
    shown = every[(number - 1) * PER_PAGE : number * PER_PAGE]
    return render_template(
        "migration.html",
        page=page,
        runs=runs.runs_of(actor(), process_key),
        plans=[_planned(id_, change) for id_, _ in shown],
        total=len(every),
        number=number,
        pages=max(-(-len(every) // PER_PAGE), 1),
        wanted=wanted,
        reason=given.get("reason", ""),
        problem=problem,
        wrong=wrong,
    )


def _change_of(release_id: str, wanted: str) -> tuple[migrations.Change, list[str]]:
    """The change that the pairs describe, or one without any and what is wrong with them."""
    try:
        return migrations.change_to(release_id, mapping=mapping_in(wanted), reason="", actor=actor()), []
    except ConflictError as error:
        wrong = [sentence_of(error)]
    except InvalidAnswersError as error:
        wrong = [in_words(sentence) for sentence in error.fields[step_pairs.FIELD]]
    return migrations.change_to(release_id, mapping={}, reason="", actor=actor()), wrong


def _planned(proceeding_id: str, change: migrations.Change) -> migrations.Plan:
    return migrations.plan(proceeding_id, change, now=clock.now())


def mapping_in(text: str) -> dict[str, str]:
    """Pairs of step ids, one a line: `OLD=NEW`. Raises ConflictError with the line that is none."""
    found = {}
    for line in filter(str.strip, text[:2000].splitlines()):
        pair = _PAIR.fullmatch(line)
        if pair is None:
            raise ConflictError(migrations.BAD_PAIR, line=line.strip()[:100])
        found[pair[1]] = pair[2]
    return found
