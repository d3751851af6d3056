"""Every address that takes a form or a body, with a request that is valid, from everybody: who does it and who is told
why not is said in `expectations.yml`; everybody else meets a refusal that says nothing. Nobody refused changes a row.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import pytest
from flask import Flask

from tests.access import expected
from tests.access.conftest import READ, Ground
from tests.access.readers import may_meet
from tests.access.rounds import DID, PLAYS, TOLD, VALID, WRITING, Round, outcome, round_of
from tests.access.world import PEOPLE, STRANGER
from tests.faults.crash_recipes import RECIPES

pytestmark = pytest.mark.slow
ALONE = {"POST /setup", "POST /sign-in", "POST /sign-in/provider", "POST /sign-out", "POST /locale"}
"""Ask for nobody, and name nothing of the county: they make the first administrators, begin and end a session."""
ONLY_ANSWERS = {
    *("POST /api/v1/regulations/<regulation_id>/assess", "POST /assess", "POST /calendar/preview"),
    "POST /me/settings/test",
}
"""Reckon or try something, and keep nothing."""


def addresses(app: Flask) -> list[str]:
    return sorted(
        f"{method} {rule.rule}" for rule in app.url_map.iter_rules() for method in (rule.methods or set()) & WRITING
    )


@pytest.fixture(scope="module")
def rounds(ground: Ground) -> Iterator[Mapping[str, Round]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.services.rates.count", lambda *_, **__: None)  # tried elsewhere
        yield {address: round_of(ground, address) for address in addresses(ground.app) if address not in ALONE}
    ground.restore(READ)
    ground.visits.forget()


def test_every_address_that_writes_is_tried(ground: Ground) -> None:
    there = set(addresses(ground.app))
    known = {address for address in RECIPES if not address.startswith("worker")} | PLAYS
    listed = {address for address, _ in expected.writers()}

    assert sorted(there - known) == [], "no valid request is known for these"
    assert sorted(there - ALONE - listed) == [], "nobody said in expectations.yml who may do this"
    assert sorted(listed - there) == [], "these addresses are no more"


def test_who_may_do_it_does_it(rounds: Mapping[str, Round]) -> None:
    idle = [
        address
        for address, found in rounds.items()
        if VALID in found.met and outcome(found.met[VALID]) != DID and address not in ONLY_ANSWERS
    ]

    assert idle == []


def test_everybody_does_what_the_policy_says_and_nobody_else_does(rounds: Mapping[str, Round]) -> None:
    seen = seen_in(rounds)

    listed = expected.writers()
    wrong = {place: people for place, people in seen.items() if set(people) != listed.get(place)}
    assert not wrong, "seen otherwise than listed:\n" + expected.written(wrong)
    assert set(listed) == set(seen)


def seen_in(rounds: Mapping[str, Round]) -> dict[expected.Place, list[str]]:
    seen: dict[expected.Place, list[str]] = defaultdict(list)
    for address, found in rounds.items():
        for kind in (DID, TOLD):
            people = [who for who in PEOPLE if outcome(found.met[who]) == kind]
            if people or kind == DID:
                seen[address, kind] = people
    return dict(seen)


def test_a_stranger_writes_nothing(rounds: Mapping[str, Round]) -> None:
    entered = sorted(address for address, found in rounds.items() if not found.met[STRANGER].refused)

    assert entered == sorted(expected.strangers_told())


def test_no_row_is_changed_by_who_is_refused(rounds: Mapping[str, Round]) -> None:
    changed = sorted(address for address, found in rounds.items() if found.changed)
    written = sorted(
        f"{address} {who} {met.written}"
        for address, found in rounds.items()
        for who, met in found.met.items()
        # whoever does it may be answered without the row that was undone
        if met.refused and met.written and who != VALID and who not in expected.writers().get((address, DID), ())
    )

    assert changed == []
    assert written == []


def test_no_answer_tells_a_sentence_to_who_may_not_read_it(rounds: Mapping[str, Round], ground: Ground) -> None:
    told = sorted(
        f"{address} {who} {canary}"
        for address, found in rounds.items()
        for who, met in found.met.items()
        for canary in met.canaries
        if who != VALID and who not in may_meet(ground, canary)
    )

    assert told == []


def test_nobody_meets_a_crash(rounds: Mapping[str, Round]) -> None:
    """Where a row would have been changed the commit was undone, and the answer may have missed it."""
    broken = sorted(
        f"{met.status} {address} {who}"
        for address, found in rounds.items()
        for who, met in found.met.items()
        if met.status >= 500 and not met.written
    )

    assert broken == []
