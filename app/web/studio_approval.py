"""审批: a draft is submitted with its notes, and published by somebody who did not write it."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.domain.definition_drafts import DraftStatus
from app.domain.errors import ConflictError, InvalidAnswersError, InvalidDefinitionError, NotAllowedError
from app.queries import studio as query
from app.queries.scenario_runs import runs_of
from app.services.studio import review
from app.web import clock
from app.web.once import once
from app.web.permission import actor, needs_sign_in
from app.web.problems import back_with
from app.web.studio import in_fields, screen
from app.web.studio_files import finding_json
from app.web.studio_scenarios import outcome_of
from app.web.words import gettext

UNDECIDED = (DraftStatus.EDITING, DraftStatus.SUBMITTED)


@screen.get("/studio/drafts/<draft_id>/approval")
@needs_sign_in
def show_approval(draft_id: str) -> str:
    return _page(draft_id, entered={}, errors={})


def _page(draft_id: str, *, entered: dict[str, str], errors: dict[str, list[str]]) -> str:
    who = actor()
    page = query.draft_page(who, draft_id, now=clock.now())
    played = next(iter(runs_of(who, draft_id)), None) if page.status in UNDECIDED else None
    return render_template(
        "studio/approval.html",
        page=page,
        played=played,
        **(outcome_of(draft_id, played) if page.status in UNDECIDED else {}),
        draft_id=draft_id,
        findings=[finding_json(one) for one in review.findings_of(draft_id, actor=who)],
        changes=review.changes_of(draft_id, actor=who).changes,
        run=review.scenario_run_of(draft_id, actor=who),
        entered=entered,
        errors=errors,
    )


@screen.post("/studio/drafts/<draft_id>/submission")
@needs_sign_in
def submit(draft_id: str) -> Response | tuple[str, int]:
    notes = _text("notes")
    return _done(
        draft_id,
        lambda: review.submit(draft_id, notes, actor=actor(), now=clock.now()),
        told=gettext("已提交审批，等待另一位流程管理者。"),
    )


@screen.post("/studio/drafts/<draft_id>/return")
@needs_sign_in
def send_back(draft_id: str) -> Response | tuple[str, int]:
    back = _text("back")
    return _done(
        draft_id,
        lambda: review.send_back(draft_id, back, actor=actor(), now=clock.now()),
        told=gettext("已退回，可以继续修改。"),
    )


@screen.post("/studio/drafts/<draft_id>/withdrawal")
@needs_sign_in
def withdraw(draft_id: str) -> Response | tuple[str, int]:
    return _done(
        draft_id, lambda: review.withdraw(draft_id, actor=actor(), now=clock.now()), told=gettext("改动稿已作废。")
    )


@screen.post("/studio/drafts/<draft_id>/publication")
@needs_sign_in
def publish(draft_id: str) -> Response | tuple[str, int]:
    reason = _text("reason")
    return _done(
        draft_id,
        lambda: review.approve(draft_id, reason, actor=actor(), now=clock.now()),
        told=gettext("已发布。新开的案件按新版本办理，在办的案件不变。"),
    )


def _text(field: str) -> str:
    return request.form.get(field, "")[:8000]


def _done(draft_id: str, act: Callable[[], object], *, told: str) -> Response | tuple[str, int]:
    """Back to the tab; what was written and refused stands there again."""
    target = url_for("studio.show_approval", draft_id=draft_id)
    try:
        with once():
            act()
    except InvalidAnswersError as error:
        return _page(draft_id, entered=request.form.to_dict(), errors=in_fields(error)), 422
    except InvalidDefinitionError as error:
        return back_with(error, url_for("studio.show_findings", draft_id=draft_id))
    except (ConflictError, NotAllowedError) as error:
        return back_with(error, target)
    flash(told)
    return redirect(target)
