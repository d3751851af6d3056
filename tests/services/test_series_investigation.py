"""系列案 from the table to the end: one meeting decides all, one case is investigated, the others follow its result."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from app.domain.errors import ConflictError, InvalidAnswersError, NotAllowedError
from tests.services.series_stage import BEFORE_MEETING, DIRECTOR, NOW, meet, stage_of, waits_for

CASES = 6
"""How many the series has; `make bench` measures 200."""


@pytest.fixture
def series(county: Flask) -> Iterator[SimpleNamespace]:
    """The cases of a series, registered from a table, all waiting for a meeting; the first is the sample."""
    with county.app_context():
        stage = stage_of(CASES)
        players = stage.registered()
        for step in BEFORE_MEETING:
            players[0].do_step(step)
        yield SimpleNamespace(
            world=stage.world, players=players, meeting=lambda **said: meet(stage.world, players, **said)
        )


def standing_of(player: Any) -> tuple[str, str | None]:
    from app.queries import open_steps  # noqa: PLC0415

    found = open_steps.proceeding_of(player.proceeding_id)
    return found.status.value, found.outcome


@pytest.mark.slow
def test_one_meeting_decides_the_series_and_all_follow_the_one_that_is_investigated(series: SimpleNamespace) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import AgendaItem, AgendaItemCase  # noqa: PLC0415

    lead, *followers = series.players

    series.meeting().play()

    item = db.session.query(AgendaItem).one()
    assert item.case_id == lead.proceeding_id
    assert f"系列案 {CASES} 件" in item.title
    assert db.session.query(AgendaItemCase).count() == len(followers)
    assert waits_for(series.players, "AgendaDecided") == 0
    assert waits_for(followers, "LeadDecided") == len(followers)

    lead.play(until="enforcement/T_feedback").do_step("enforcement/T_feedback")
    assert waits_for(followers, "LeadDecided") == 0
    for player in series.players:
        player.play()

    assert standing_of(lead) == ("CLOSED", "CONCLUDED")
    assert {standing_of(player) for player in followers} == {("CLOSED", "FOLLOWED")}


@pytest.mark.slow
def test_a_meeting_put_off_gives_the_series_back_and_a_case_with_other_facts_leaves_it(series: SimpleNamespace) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.services.series import separate  # noqa: PLC0415
    from app.storage.models import AgendaItem, AgendaItemCase, Case  # noqa: PLC0415

    lead, *followers = series.players
    meeting = series.meeting().play(until="joint-meeting/T_hold")
    on_agenda = db.session.query(Case).filter(Case.on_agenda == meeting.proceeding_id)
    assert on_agenda.count() == CASES

    meeting.do_step("joint-meeting/T_hold", held="POSTPONED", not_held_reason="主持人公务冲突")
    assert (on_agenda.count(), db.session.query(AgendaItem).count(), db.session.query(AgendaItemCase).count()) == (
        0,
        0,
        0,
    )

    meeting.play()
    director, apart = series.world.actor(DIRECTOR), followers[0]
    with pytest.raises(NotAllowedError):
        separate(apart.proceeding_id, reason="程序不同", actor=series.world.actor("jinzhai.jmo.officer"), now=NOW)
    with pytest.raises(InvalidAnswersError):
        separate(apart.proceeding_id, reason="", actor=director, now=series.world.now)
    with pytest.raises(ConflictError):
        separate(lead.proceeding_id, reason="程序不同", actor=director, now=series.world.now)
    separate(apart.proceeding_id, reason="程序不同，须另行查明", actor=director, now=series.world.now)
    series.world.rest()

    assert waits_for(followers, "LeadDecided") == len(followers) - 1
    assert "docketing/T_transfer" in apart.standing()
