"""What happens in a demonstration year beside the steps: cases stand still, steps get more time, people are reminded,
and ask that the decision on them be reviewed.

Whom it happens to is drawn; for whom it is possible, the services say: who is refused is passed over.
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from app.domain.actors import Actor
from app.domain.counted import last_day
from app.domain.deadlines import office_day
from app.domain.errors import DomainError
from app.queries import evidence, open_steps
from app.queries.open_steps import OpenStep
from app.scenarios.player import Player
from app.scenarios.world import World
from app.services import periods
from app.services.handling import extensions, urging

TO_APPLY = timedelta(days=30)
"""How long after the service of the decision somebody may ask for its review."""


def suspend(player: Player, world: World, said: Mapping[str, Any]) -> bool:
    """中止 of a case that is in time; False where nobody may."""
    dues = evidence.dues_of(player.proceeding_id)
    given = {"reason": str(said["reason"]), "basis": str(said["basis"])}
    return (
        bool(dues)
        and min(dues) > world.now
        and _by_a_leader(
            player, lambda _step, leader: periods.suspend_case(player.number, **given, actor=leader, now=world.now)
        )
    )


def resume(player: Player, world: World) -> bool:
    """恢复; False where nobody may."""
    reason = "中止的原因已经消除。"
    return _by_a_leader(
        player, lambda _step, leader: periods.resume_case(player.number, reason=reason, actor=leader, now=world.now)
    )


def _by_a_leader(player: Player, act: Callable[[OpenStep, Actor], object]) -> bool:
    """Whether one of those who answer for the time of the open steps did it: the first to whom it is allowed."""
    for step in open_steps.of_proceeding(player.proceeding_id):
        leader = open_steps.leader_of(step)
        with suppress(DomainError):
            if leader is not None:
                act(step, leader)
                return True
    return False


def extend(player: Player, world: World, said: Mapping[str, Any]) -> bool:
    """延期: who has a step asks for more days, and whoever answers for its time grants them."""
    return any(_extended(player, step, world, said) for step in open_steps.of_proceeding(player.proceeding_id))


def _extended(player: Player, step: OpenStep, world: World, said: Mapping[str, Any]) -> bool:
    deadline = evidence.deadline_of(player.proceeding_id, step.key)
    asker, leader = open_steps.performer_of(step), open_steps.leader_of(step)
    if not deadline or asker is None or leader is None or asker == leader:
        return False
    until, reason = last_day(deadline) + timedelta(days=int(said["more"])), str(said["reason"])
    with suppress(DomainError):
        asked = extensions.request(step.task_id, until=until, reason=reason, actor=asker, now=world.now)
        world.rest()
        extensions.decide(asked, granted=True, reason="情况属实，同意延期。", actor=leader, now=world.now)
        return True
    return False


def urge(player: Player, world: World, said: Mapping[str, Any]) -> bool:
    """催办 of a step that is late."""
    dues, text = evidence.dues_of(player.proceeding_id), str(said["text"])
    return (
        bool(dues)
        and min(dues) <= world.now
        and _by_a_leader(player, lambda step, leader: urging.urge(step.task_id, text=text, actor=leader, now=world.now))
    )


SUSPEND, REMEDY = "suspend", "remedy"
"""A case stands still; somebody asks for a review of the decision that was served on him."""
TURNS: Mapping[str, Callable[[Player, World, Mapping[str, Any]], bool]] = {
    SUSPEND: suspend,
    "extend": extend,
    "urge": urge,
}
"""What may happen to a case that is under way; each tells whether it did."""


def befall(turn: str, players: Iterable[Player], world: World, said: Mapping[str, Any]) -> Player | None:
    """Let it happen to the first for whom it is possible."""
    happened = next((player for player in players if TURNS[turn](player, world, said)), None)
    if happened is not None:
        world.rest()
    return happened


def ask_for_review(player: Player, world: World) -> bool:
    """Apply for a review of the decision that was served last, as long as there is time to; False where nobody can."""
    today = office_day(world.now)
    for subject, served in evidence.served_people(world.county):
        if not today - TO_APPLY <= served <= today or subject.person_id is None:
            continue
        number = open_steps.proceeding_of(subject.proceeding_id).number
        with suppress(DomainError):
            player.open_procedure(subject.person_id, kind=REMEDY, about=number, subject_id=subject.id)
            (application,) = open_steps.of_proceeding(player.proceeding_id)
            player.do(application, {"known_on": served.isoformat()})
            return True
    return False
