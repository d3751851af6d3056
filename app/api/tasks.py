"""事项: lists, one step with its form and law, and every act on it."""

from typing import Any

from app.api import clock, cursors, schemas
from app.api.blueprint import gives, route, takes
from app.api.languages import language
from app.api.once import once
from app.api.permission import actor, needs_token
from app.queries.drafts import left_behind
from app.queries.handling import is_unseen
from app.queries.inbox import Box
from app.queries.listings import Wanted, list_tasks
from app.queries.tasks import TaskPage, task_page
from app.services import drafts, tasks
from app.services.handling import back

BOXES = {"todo": Box.TODO, "claimable": Box.POOL, "done": Box.DONE, "started": Box.MINE}


@route("GET", "/tasks", tag="tasks")
@needs_token
@takes(schemas.TaskQuery, location="query")
@gives(200, schemas.TaskListing)
def list_tasks_of_caller(query: dict[str, Any]) -> dict[str, Any]:
    """The caller's steps: 待办 (todo), 待领 (claimable), 已办 (done), or the proceedings he started (started).

    Newest first. The box `started` looks at `number`, `text` and `lead_organ` only.
    """
    wanted = Wanted(**{name: query[name] for name in ("number", "text", "role", "organ", "lead_organ", "step")})
    found = list_tasks(
        actor(),
        BOXES[query["box"]],
        wanted=wanted,
        after=cursors.read(query["cursor"]),
        limit=query["limit"],
        now=clock.now(),
    )
    return {"items": found.items, "total": found.total, "next": cursors.written(found.end)}


@route("GET", "/tasks/<task_id>", tag="tasks")
@needs_token
@gives(200, schemas.Task)
def get_task(task_id: str) -> TaskPage:
    """One step: its form with what is known, the clauses behind it, the deadline and how it was counted, the case.

    To its holder it counts as opened from then on: who did the step before can no longer take it back (取回).
    """
    page = task_page(actor(), task_id, now=clock.now(), locale=language())
    if page.assignee_id == actor().person_id and is_unseen(actor(), task_id):
        back.mark_seen(task_id, actor=actor(), now=clock.now())
    return page


@route("POST", "/tasks/<task_id>/claim", tag="tasks")
@needs_token
@gives(204)
def claim_task(task_id: str) -> None:
    """签收: take a step that waits for a role. Again changes nothing."""
    tasks.claim(task_id, actor=actor(), now=clock.now())


@route("POST", "/tasks/<task_id>/release", tag="tasks")
@needs_token
@takes(schemas.PossibleKey, location="headers", status=400)
@takes(schemas.Release)
@gives(204)
def release_task(given: dict[str, Any], body: dict[str, Any], task_id: str) -> None:
    """退回待领: give a step back to its role, with a reason."""
    with once(given["key"]):
        tasks.release(task_id, actor=actor(), now=clock.now(), reason=body["reason"])


@route("POST", "/tasks/<task_id>/transfer", tag="tasks")
@needs_token
@takes(schemas.PossibleKey, location="headers", status=400)
@takes(schemas.Transfer)
@gives(204)
def transfer_task(given: dict[str, Any], body: dict[str, Any], task_id: str) -> None:
    """转办: hand a step to another person who may do it, with a reason."""
    to_person, reason = body["to_person"], body["reason"]
    with once(given["key"]):
        tasks.transfer(task_id, actor=actor(), now=clock.now(), to_person=to_person, reason=reason)


@route("PUT", "/tasks/<task_id>/draft", tag="tasks")
@needs_token
@takes(schemas.Answers)
@gives(200, schemas.DraftSaved)
def save_draft(body: dict[str, Any], task_id: str) -> dict[str, Any]:
    """Keep unfinished answers, without checking them."""
    return {"saved_at": drafts.save(task_id, data=body["data"], actor=actor(), now=clock.now())}


@route("GET", "/tasks/<task_id>/drafts", tag="tasks")
@needs_token
@gives(200, schemas.LeftDrafts)
def left_drafts(task_id: str) -> dict[str, Any]:
    """What others have written on a step that the caller holds now, and not submitted: newest first, three at most."""
    return {"items": left_behind(actor(), task_id, now=clock.now(), locale=language())}


@route("POST", "/tasks/<task_id>/draft/take-over", tag="tasks")
@needs_token
@takes(schemas.TakeOver)
@gives(200, schemas.DraftSaved)
def take_over_draft(body: dict[str, Any], task_id: str) -> dict[str, Any]:
    """Go on with what somebody else left unfinished. What the caller has answered himself stays."""
    return {"saved_at": drafts.take_over(task_id, from_person=body["person_id"], actor=actor(), now=clock.now())}


@route("POST", "/tasks/<task_id>/complete", tag="tasks")
@needs_token
@takes(schemas.OnceKey, location="headers", status=400)
@takes(schemas.StepDone)
@gives(200, schemas.Completed)
def complete_task(once: dict[str, str], body: dict[str, Any], task_id: str) -> tasks.Completed:
    """Submit the form of a step. The answer names the steps that follow; refused answers change nothing."""
    return tasks.complete(
        task_id,
        answers=body["data"],
        actor=actor(),
        now=clock.now(),
        key=once["key"],
        with_series=body["with_series"],
    )
