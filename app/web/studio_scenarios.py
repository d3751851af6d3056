"""情景 of a draft: runs of its scenarios, and what failed where."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.errors import AlreadyDoneError, ConflictError
from app.queries import scenario_runs as runs
from app.queries.studio_files import draft_of
from app.scenarios import scenario_runs
from app.services.studio import drafts
from app.services.studio import scenario_runs as rows
from app.web import clock
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with
from app.web.studio_tryout import screen


@screen.get("/studio/drafts/<draft_id>/scenarios")
@needs_sign_in
def scenarios(draft_id: str) -> str:
    """Runs of the draft's scenarios; the page comes again by itself while one is under way."""
    draft = draft_of(actor(), draft_id)
    found = runs.runs_of(actor(), draft_id)
    shown = next((one for one in found if one.id == request.args.get("run")), found[0] if found else None)
    return render_template(
        "studio/scenarios.html", draft_id=draft_id, draft=draft, runs=found, run=shown, **outcome_of(draft_id, shown)
    )


def outcome_of(draft_id: str, run: runs.RunView | None) -> dict[str, Any]:
    """What the pages say around a run: whether it is of these contents, what it left out, what it never came to."""
    files = dict(drafts.candidate_files(draft_id, actor=actor()))
    base = dict(drafts.base_files(draft_id, actor=actor()))
    names, changed = scenario_runs.names_in(files), scenario_runs.chosen(files, base, everything=False)
    played = {row.name for row in run.rows} if run else set()
    return {
        "digest": rows.digest_of(files),
        "changed": len(changed),
        "total": len(names),
        "left_out": [name for name in names if name not in played and name not in changed],
        "missing": runs.missing_of(run, files) if run else [],
    }


@screen.post("/studio/drafts/<draft_id>/scenarios")
@needs_sign_in
def start_run(draft_id: str) -> Response:
    everything = request.form.get("wanted") == "ALL"
    target = url_for("studio_tryout.scenarios", draft_id=draft_id)
    try:
        with once():
            scenario_runs.start(draft_id, everything=everything, actor=actor(), now=clock.now())
    except AlreadyDoneError:
        pass  # sent twice: it runs
    except ConflictError as error:
        return back_with(error, target)
    return redirect(target)


@screen.post("/studio/scenario-runs/<run_id>/stop")
@needs_sign_in
def stop_run(run_id: str) -> Response:
    draft_id = rows.stop(run_id, actor=actor(), now=clock.now())
    return redirect(url_for("studio_tryout.scenarios", draft_id=draft_id))
