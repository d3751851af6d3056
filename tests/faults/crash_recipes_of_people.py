"""Recipes for what people arrange for themselves: who stands in for them, and the phrases that they keep."""

from datetime import timedelta
from typing import Any

from tests.faults.crash_requests import Sent, recipe
from tests.faults.crash_world import Desk


def _wanted(desk: Desk) -> dict[str, Any]:
    from app.domain.deadlines import office_day  # noqa: PLC0415  (see tests.conftest)

    today = office_day(desk.now)
    return {
        "deputy_id": desk.actor("jmo.officer").person_id,
        "since": today,
        "until": today + timedelta(days=3),
        "reason": "出差",
    }


def _written(desk: Desk) -> dict[str, str]:
    return {name: str(value) for name, value in _wanted(desk).items()}


def _appointed(desk: Desk) -> str:
    from app.services.handling import deputies  # noqa: PLC0415

    director = desk.actor("jmo.director")
    wanted = {**_wanted(desk), "principal_id": director.person_id, "roles": []}
    return deputies.appoint(**wanted, actor=director, now=desk.now)


@recipe("POST /me/deputies")
def _(desk: Desk) -> Sent:
    return Sent("/me/deputies", "jmo.director", form=_written(desk))


@recipe("POST /api/v1/me/deputies")
def _(desk: Desk) -> Sent:
    return Sent("/api/v1/me/deputies", "jmo.director", body=_written(desk))


@recipe("POST /me/deputies/<deputy_id>/end")
def _(desk: Desk) -> Sent:
    return Sent(f"/me/deputies/{_appointed(desk)}/end", "jmo.director")


@recipe("DELETE /api/v1/me/deputies/<deputy_id>")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/me/deputies/{_appointed(desk)}", "jmo.director")


@recipe("POST /api/v1/confirmation")
def _(desk: Desk) -> Sent:
    return Sent("/api/v1/confirmation", "jmo.officer", body={"password": "only-For-Tests-1"})


@recipe("POST /me/phrases")
def _(desk: Desk) -> Sent:
    return Sent("/me/phrases", "jmo.officer", form={"text": "经审核，同意。", "shared": "1"})


@recipe("POST /api/v1/me/phrases")
def _(desk: Desk) -> Sent:
    return Sent("/api/v1/me/phrases", "jmo.officer", body={"text": "经审核，同意。", "shared": True})


def _phrase(desk: Desk) -> str:
    from app.services import phrases  # noqa: PLC0415

    return phrases.add("旧的说法。", shared=False, actor=desk.actor("jmo.officer"), now=desk.now)


@recipe("POST /me/phrases/<phrase_id>/remove")
def _(desk: Desk) -> Sent:
    return Sent(f"/me/phrases/{_phrase(desk)}/remove", "jmo.officer")


@recipe("DELETE /api/v1/me/phrases/<phrase_id>")
def _(desk: Desk) -> Sent:
    return Sent(f"/api/v1/me/phrases/{_phrase(desk)}", "jmo.officer")
