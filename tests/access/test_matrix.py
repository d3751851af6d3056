"""Every route of the application, for everybody, in every stage: who is let in is said in `expectations.yml`."""

import re
from collections import defaultdict

import pytest

from tests.access import expected
from tests.access.conftest import Ground, Sweep
from tests.access.readers import may_meet
from tests.access.world import EVERYBODY, PEOPLE, STRANGER

pytestmark = pytest.mark.slow
IDENTITY_NUMBER = "11010519491231002X"
"""Of one of the subjects (demo/cases.yml), as it was typed."""
SEEN_AS_MISSING = ("GET /cases/<key>", "GET /meetings/<key>", "GET /tasks/<task_id>", "GET /api/v1/cases/<key>")


def test_every_route_that_is_read_is_listed(ground: Ground) -> None:
    there = {
        f"GET {rule.rule}"
        for rule in ground.app.url_map.iter_rules()
        if rule.endpoint != "static" and "GET" in (rule.methods or ())
    }
    listed = {route for route, _ in expected.readers()}

    assert sorted(there - listed) == [], "nobody said in tests/access/expectations.yml who is let in here"
    assert sorted(listed - there) == [], "these routes are no more"


def test_everybody_is_let_in_where_the_policy_says_so_and_nowhere_else(sweep: Sweep) -> None:
    seen = let_in(sweep)

    listed = expected.readers()
    wrong = {place: people for place, people in seen.items() if set(people) != listed.get(place)}
    assert not wrong, "seen otherwise than listed:\n" + expected.written(wrong)
    assert set(listed) == set(seen)


def let_in(sweep: Sweep) -> dict[expected.Place, list[str]]:
    seen: dict[expected.Place, list[str]] = defaultdict(list)
    for (route, about, who), met in sweep.items():
        people = seen[route, about]
        if who != STRANGER and not met.refused:
            people.append(who)
    return seen


def test_a_stranger_is_shown_nothing_but_the_door(sweep: Sweep) -> None:
    entered = {route for (route, _, who), met in sweep.items() if who == STRANGER and not met.refused}

    assert entered == expected.open_to_strangers()


def test_no_sentence_is_met_by_who_may_not_read_its_side(sweep: Sweep, ground: Ground) -> None:
    leaks = sorted(
        f"{who} met {canary} at {route} ({about})"
        for (route, about, who), met in sweep.items()
        for canary in met.canaries
        if who not in may_meet(ground, canary)
    )

    assert leaks == []


def test_a_whole_identity_number_stands_in_no_answer(sweep: Sweep) -> None:
    leaks = sorted(
        {
            f"{who} met {IDENTITY_NUMBER} at {route}"
            for (route, _, who), met in sweep.items()
            if IDENTITY_NUMBER in met.text
        }
    )
    masked = {
        who for (_, _, who), met in sweep.items() if f"{IDENTITY_NUMBER[:6]}********{IDENTITY_NUMBER[-4:]}" in met.text
    }

    assert leaks == []
    assert {"investigator", "adjudicator"} <= masked <= {"investigator", "adjudicator", "approver"}


def test_the_canaries_are_alive(sweep: Sweep) -> None:
    met = {canary.split(".")[2] for answer in sweep.values() for canary in answer.canaries}

    assert met == {"ORGAN", "OFFICE", "MEMBER", "BALLOT", "SUPERVISION", "DECIDER", "EXECUTION", "SUBJECT", "NOTICE"}


def test_a_page_and_a_refusal_change_no_row(sweep: Sweep) -> None:
    changed = {(place, met.written) for place, met in sweep.items() if met.written}

    assert changed == set()


def test_nobody_errs_on_the_way(sweep: Sweep) -> None:
    broken = sorted(
        f"{met.status} {route} ({about}) {who}"
        for (route, about, who), met in sweep.items()
        if met.status >= 500 and not (route == "GET /readyz" and met.status == 503)  # nothing runs beside the test
    )

    assert broken == []


def test_hidden_and_missing_are_answered_alike(sweep: Sweep, ground: Ground) -> None:
    told_apart = []
    with ground.visits.undone():
        for asked in ground.asked:
            for who in PEOPLE:
                met = sweep[asked.route, asked.about, who]
                if asked.route in SEEN_AS_MISSING and met.status == 404:
                    key = asked.path.rsplit("/", 1)[-1]
                    missing = ground.visits.read(asked.path.replace(key, "0" * 32), who)
                    if body_of(missing.text) != body_of(met.text):
                        told_apart.append((asked.route, who))

    assert told_apart == []


def body_of(text: str) -> str:
    """Without what is new with every answer: nonces, a form's token and its hour, ids of requests, the address."""
    body = text.partition("\r\n\r\n")[2] or text
    return re.sub(
        r"(?<=name=\"csrf_token\" value=\")[^\"]+|[0-9a-f]{32}|nonce-?=?[\"']?[\w+/=-]+"
        r"|req[\w-]*[\"': ]+[\w-]+|Content-Length: \d+|[\w-]{20,}",
        "#",
        body,
    )


def test_the_list_names_nobody_unknown() -> None:
    people = {who for found in expected.readers().values() for who in found}

    assert people <= set(EVERYBODY)
