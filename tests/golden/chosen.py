"""Which proceedings are kept at a release: every kind of waiting that a state can hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

DECIDED: Mapping[str, Any] = {"AgendaDecided": {"resolution": "EXEMPT", "opinion_ref": "2026-1"}}


@dataclass(frozen=True)
class Instance:
    """A scenario, stopped after some of its acts."""

    scenario: str
    covers: str
    acts: int | None = None
    """None: all of them; the scenario itself stops midway."""
    messages: Mapping[str, Any] = field(default_factory=dict)
    """What comes from outside while it is finished: message -> payload."""


CHOSEN: Mapping[str, Instance] = {
    "filing": Instance(
        "filing-report/returned", "a user task with four boundary timers, after rework", messages=DECIDED
    ),
    "effect": Instance("jinzhai-intake/awaiting-effect", "an intermediate timer", acts=2, messages=DECIDED),
    "suspended": Instance("filing/suspended", "a suspended case with drafts of time", acts=4, messages=DECIDED),
    "pool": Instance("screening/pooled", "a receive task with cyclic timers and message boundaries", messages=DECIDED),
    "countersigning": Instance(
        "agenda-item/majority-voting", "parallel votes midway inside a multi-instance call activity, and the case"
    ),
    "series": Instance("screening/series", "cases of a series that wait for their leading case"),
    "remedy": Instance("jinzhai-remedy/admitted", "a procedure about a case, and its case in parallel instances"),
    "investigation": Instance("investigation-team/formed", "a called process three levels deep"),
    "other_county": Instance("yiyuan-intake/registered", "the second regulation"),
}
HELD = "held"
"""The small procedure of the tests with a step held by a failure; no scenario may hold one."""
