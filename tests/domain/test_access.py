"""What the policy says without a database."""

from dataclasses import replace

import pytest

from app.domain.access import TaskFacts, Verb, can, can_read_submission, sides_read
from app.domain.actors import Actor, Grant
from app.domain.roles import Side
from app.domain.tasks import TaskStatus

STEP = TaskFacts(
    county_id="north",
    status=TaskStatus.COMPLETED,
    candidate_role="jmo.officer",
    candidate_organ=None,
    candidate_person=None,
    excluded_people=(),
    assignee_id="me",
    completed_by="me",
)


def actor(*roles: str) -> Actor:
    grants = frozenset(Grant(role, "north.office") for role in roles)
    return Actor(username="me", person_id="me", name="我", county_id="north", grants=grants)


def test_who_stepped_aside_no_longer_reads_a_finished_step_that_he_held() -> None:
    assert can(actor("jmo.officer"), Verb.READ, STEP)

    assert not can(actor("jmo.officer"), Verb.READ, replace(STEP, excluded_people=("me",)))


@pytest.mark.parametrize("liaison", ["court.liaison", "procuratorate.liaison"])
def test_a_liaison_hears_the_organ_but_not_the_office(liaison: str) -> None:
    who = actor(liaison)

    assert sides_read(who) == {Side.ORGAN}
    assert not can_read_submission(who, performer_id="somebody", role="jmo.officer")
    assert can_read_submission(who, performer_id="me", role=liaison)


def test_roles_add_up() -> None:
    assert sides_read(actor("court.liaison", "member.signatory")) == {Side.ORGAN, Side.OFFICE, Side.MEMBER}
