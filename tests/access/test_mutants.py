"""Every guard, taken away, is missed: by what `test_answers` says of the policy, or at an address of the matrix.

All rules and all guards each time: a rule costs milliseconds, a guard the requests of everybody at one address.
"""

import pytest

from tests.access import expected, mutants, test_answers
from tests.access.conftest import SETTLED, Ground
from tests.access.mutants import GUARDS, WRITING_GUARDS, Guard, RuleMutant
from tests.access.readers import may_meet
from tests.access.rounds import DID, outcome, round_of
from tests.access.visits import Met
from tests.access.world import PEOPLE

pytestmark = pytest.mark.slow
RULES = mutants.rule_mutants()


def test_there_are_enough_of_them() -> None:
    assert len(RULES) + len(GUARDS) + len(WRITING_GUARDS) >= 100


@pytest.mark.parametrize("mutant", RULES, ids=lambda mutant: mutant.name)
def test_a_rule_that_is_gone_or_wider_is_noticed(mutant: RuleMutant) -> None:
    with mutant.applied():
        noticed = next((True for behaviour in test_answers.BEHAVIOURS if fails(behaviour)), False)

    assert noticed


def fails(behaviour: object) -> bool:
    try:
        behaviour()  # type: ignore[operator]
    except AssertionError:
        return True
    return False


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_a_guard_that_lets_everybody_read_is_noticed_at_an_address(guard: Guard, ground: Ground) -> None:
    route, about = guard.noticed_at
    asked = next(one for one in ground.asked if (one.route, one.about) == (route, about))
    listed = expected.readers()[route, about]

    with guard.applied(), ground.visits.undone():
        noticed = next(
            (who for who in PEOPLE if differs(ground.visits.read(asked.path, who), who, listed, ground)), None
        )

    assert noticed


def differs(met: Met, who: str, listed: frozenset[str], ground: Ground) -> bool:
    """Somebody else is let in or shut out than is listed, or meets a sentence that is not his to meet."""
    if met.refused == (who in listed) or met.status >= 500:
        return True
    return any(who not in may_meet(ground, canary) for canary in met.canaries)


@pytest.mark.parametrize("guard", WRITING_GUARDS, ids=lambda guard: guard.name)
def test_a_guard_that_lets_everybody_write_is_noticed_at_an_address(guard: Guard, ground: Ground) -> None:
    address, _ = guard.noticed_at
    ground.restore(SETTLED)

    with guard.applied():
        met = round_of(ground, address).met

    did = {who for who in PEOPLE if outcome(met[who]) == DID}
    assert did - expected.writers()[address, DID]
