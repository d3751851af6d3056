"""Recipes for what a person keeps of the lists: stars, saved views, and acts on many rows."""

from tests.faults.crash_requests import Sent, recipe
from tests.faults.crash_world import Desk


@recipe("POST /follows/<proceeding_id>")
def _(desk: Desk) -> Sent:
    return Sent(f"/follows/{desk.ids['checked']}", "jmo.officer", form={"on": "1", "next": "/"})


@recipe("POST /views")
def _(desk: Desk) -> Sent:
    return Sent("/views", "jmo.officer", form={"box": "todo", "name": "临期", "lamp": "SOON", "shared": "1"})


@recipe("PUT /api/v1/me/follows/<proceeding_id>")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/me/follows/{desk.ids['checked']}", "jmo.officer")


@recipe("DELETE /api/v1/me/follows/<proceeding_id>")
def _(desk: Desk) -> Sent:
    from app.services import follows  # noqa: PLC0415

    follows.follow(desk.ids["checked"], actor=desk.actor("jmo.officer"), now=desk.now)
    return Sent(f"/api/v1/me/follows/{desk.ids['checked']}", "jmo.officer")


@recipe("POST /api/v1/me/views")
def _(desk: Desk) -> Sent:
    body = {"box": "todo", "name": "临期", "filters": {"lamp": "SOON"}, "shared": True}
    return Sent("/api/v1/me/views", "jmo.officer", body=body)


def _view(desk: Desk) -> str:
    from app.services import views  # noqa: PLC0415

    return views.save("旧的", box="todo", filters={}, shared=False, actor=desk.actor("jmo.officer"), now=desk.now)


@recipe("POST /views/<view_id>/remove")
def _(desk: Desk) -> Sent:
    return Sent(f"/views/{_view(desk)}/remove", "jmo.officer", form={"box": "todo"})


@recipe("DELETE /api/v1/me/views/<view_id>")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/me/views/{_view(desk)}", "jmo.officer")


@recipe("POST /inbox/bulk")
def _(desk: Desk) -> Sent:
    form = {"act": "urge", "item": desk.ids["checked"], "reason": "请抓紧办理", "next": "/"}
    return Sent("/inbox/bulk", "jmo.director", form=form)
