"""Recipes of what owners try with a draft. Acts inside of a play touch no database: see ELSEWHERE."""

from tests.faults.crash_requests import Sent, recipe
from tests.faults.crash_world import COUNTY, Desk

ELSEWHERE = frozenset(
    {
        "POST /studio/drafts/<draft_id>/try",
        *(
            f"POST /studio/tryouts/<play_id>/{act}"
            for act in ("back", "clock", "end", "messages", "open", "papers", "reset", "run", "steps/<task_id>")
        ),
    }
)
"""A play lives in a folder and a process of its own (tests/scenarios/test_plays.py): there is nothing to die in."""
OWNER = "owner"


def _draft(desk: Desk) -> str:
    from app.services.studio import drafts  # noqa: PLC0415  (see tests.conftest)

    return drafts.open_draft("试运行", actor=desk.actor(OWNER), now=desk.now)


@recipe("POST /studio/drafts/<draft_id>/scenarios")
def _(desk: Desk) -> Sent:
    return Sent(f"/studio/drafts/{_draft(desk)}/scenarios", OWNER, form={"wanted": "ALL"})


@recipe("POST /studio/scenario-runs/<run_id>/stop")
def _(desk: Desk) -> Sent:
    from app.scenarios import scenario_runs  # noqa: PLC0415

    run = scenario_runs.start(_draft(desk), everything=True, actor=desk.actor(OWNER), now=desk.now)
    return Sent(f"/studio/scenario-runs/{run}/stop", OWNER)


@recipe("POST /studio/tryouts/<play_id>/scenario")
def _(desk: Desk) -> Sent:
    """A case is opened and registered in a play that begins anew each time."""
    from app.scenarios import plays  # noqa: PLC0415
    from app.services.studio import drafts  # noqa: PLC0415

    owner, draft = desk.actor(OWNER), _draft(desk)
    for old in plays.plays_of(owner.person_id):
        plays.end(old)
    play = plays.begin(
        drafts.candidate_files(draft, actor=owner),
        draft=(draft, "试运行"),
        person_id=owner.person_id,
        county=(COUNTY, "县"),
        day=desk.now.date(),
        continues="",
        now=desk.now,
    )
    plays.ask(play, "open", what="case", by="", published="C13")
    step = plays.ask(play, "standing", name="A")["steps"][0]
    by = step["performers"][0]
    usual = plays.ask(play, "usual", task_id=step["task_id"], by=by)
    plays.ask(play, "submit", task_id=step["task_id"], by=by, answers=usual)
    return Sent(f"/studio/tryouts/{play.id}/scenario", OWNER, form={"name": "registered", "title": "登记"})
