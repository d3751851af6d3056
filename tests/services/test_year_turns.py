"""What happens in a demonstration year beside the steps is done by somebody who may."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.queries import open_steps
from app.scenarios import year_turns
from tests.services.conftest import Office

SAID = {"reason": "相关刑事案件尚未审结。", "basis": "内部规程"}


def test_a_case_with_two_open_steps_stands_still_and_goes_on_by_whoever_may(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one who answers for the time of the first step may be of an organ that has nothing to do with the case."""
    case = office.open_case(waits="no")
    step, *_ = open_steps.of_proceeding(case)
    leaders = {"first": office.actor("officer1", "nanhe"), "second": office.actor("director")}
    steps = [replace(step, key=f"of/{name}") for name in leaders]
    monkeypatch.setattr(open_steps, "of_proceeding", lambda _id: steps)
    monkeypatch.setattr(open_steps, "leader_of", lambda step: leaders[step.key.removeprefix("of/")])
    number = open_steps.proceeding_of(case).number
    player, world = (
        cast(Any, SimpleNamespace(proceeding_id=case, number=number)),
        cast(Any, SimpleNamespace(now=office.now)),
    )

    assert year_turns.suspend(player, world, SAID)
    assert open_steps.proceeding_of(case).suspended_at is not None
    assert year_turns.resume(player, world)
    assert open_steps.proceeding_of(case).suspended_at is None

    leaders["second"] = leaders["first"]
    assert not year_turns.suspend(player, world, SAID)
    assert not year_turns.resume(player, world)
