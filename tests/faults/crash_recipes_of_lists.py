"""Recipes for what a person keeps of the lists: stars, saved views, and acts on many rows."""

from tests.faults.crash_requests import Sent, recipe
from tests.faults.crash_world import Desk


@recipe("POST /follows/<proceeding_id>")
def _(desk: Desk) -> Sent:
    return Sent(f"/follows/{desk.ids['checked']}", "jmo.officer", form={"on": "1", "next": "/"})


@recipe("POST /views")
def _(desk: Desk) -> Sent:
    return Sent("/views", "jmo.officer", form={"box": "todo", "name": "临期", "lamp": "SOON", "shared": "1"})


@recipe("POST /views/<view_id>/remove")
def _(desk: Desk) -> Sent:
    from app.services import views  # noqa: PLC0415

    owner = desk.actor("jmo.officer")
    kept = views.save("旧的", box="todo", filters={}, shared=False, actor=owner, now=desk.now)
    return Sent(f"/views/{kept}/remove", "jmo.officer", form={"box": "todo"})


@recipe("POST /inbox/bulk")
def _(desk: Desk) -> Sent:
    form = {"act": "urge", "item": desk.ids["checked"], "reason": "请抓紧办理", "next": "/"}
    return Sent("/inbox/bulk", "jmo.director", form=form)
