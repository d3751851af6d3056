"""Recipes for what a person keeps of the lists: stars, saved views, and acts on many rows."""

from tests.faults.crash_requests import Sent, recipe
from tests.faults.crash_world import Desk


@recipe("POST /follows/<proceeding_id>")
def _(desk: Desk) -> Sent:
    return Sent(f"/follows/{desk.ids['checked']}", "jmo.officer", form={"on": "1", "next": "/"})
