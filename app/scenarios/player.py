"""Plays cases and meetings: whoever may do the next open step does it, with the answers that the scenario gives."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.domain.actors import Actor
from app.domain.differences import readable
from app.domain.errors import N_, DomainError, Sentence
from app.queries import open_steps
from app.queries.open_steps import OpenStep
from app.scenarios.filling import fill
from app.scenarios.script import ScenarioError, refusal_in_words
from app.scenarios.world import World

LIMIT = 400
"""Most acts in one play; more means that a scenario goes round in circles."""
ROUNDS = 20
"""Most visits of one step for one element; more means the same."""

Answers = Mapping[str, Any]
"""`<process>/<step>` (or the step alone) -> answers, or a list of answers, one per visit (the last one stays)."""


class Player:
    """Plays one proceeding in a world. Visits of steps are counted, so that a loop can be answered differently."""

    def __init__(self, world: World, name: str, *, answers: Answers, names: Mapping[str, Any] | None = None) -> None:
        self.world, self.name = world, name
        self.answers = dict(answers)
        self.names = dict(names or {})
        self.visits: dict[str, int] = {}

    @property
    def proceeding_id(self) -> str:
        return self.world.proceedings[self.name]

    @property
    def number(self) -> str:
        return open_steps.proceeding_of(self.proceeding_id).number

    def open_case(self, username: str, *, organ_id: str | None = None) -> "Player":
        """`organ_id`: the organ that lost the case, where the office opens it."""
        world = self.world
        which = {"organ_id": organ_id} if organ_id else {}
        world.proceedings[self.name] = world.hands.open_case(world.actor(username), world.now, **which)
        self.names["case_no"] = self.number
        self.world.rest()
        return self

    def open_meeting(self, username: str) -> "Player":
        world = self.world
        world.proceedings[self.name] = world.hands.open_meeting(world.actor(username), world.now)
        self.world.rest()
        return self

    def open_procedure(
        self, username: str, *, kind: str, about: str | None = None, subject_id: str | None = None
    ) -> "Player":
        world = self.world
        world.proceedings[self.name] = world.hands.open_procedure(
            world.actor(username), world.now, kind=kind, about=about, subject_id=subject_id
        )
        world.rest()
        return self

    def play(self, *, until: str | None = None, before: datetime | None = None, leave: Sequence[str] = ()) -> "Player":
        """Do open steps until `until` (`<process>/<step>`) is open, nothing is open, or the clock reaches `before`.

        Steps in `leave` are left to somebody else.
        """
        for _ in range(LIMIT):
            steps = [step for step in open_steps.of_proceeding(self.proceeding_id) if step.key not in leave]
            if not steps or any(step.key == until for step in steps):
                return self
            if before is not None and self.world.now >= before:
                return self
            self.do(steps[0])
        raise ScenarioError(N_("%(name)s：办了%(most)s步还没有停"), name=self.name, most=LIMIT)

    def do_step(self, key: str, *, where: Mapping[str, Any] | None = None, **answers: Any) -> "Player":
        """Do one particular open step; `where` picks the element of a multi-instance."""
        for step in open_steps.of_proceeding(self.proceeding_id):
            if step.key == key and all(step.element.get(name) == value for name, value in (where or {}).items()):
                return self.do(step, answers)
        raise self._not_open(key)

    def find(self, key: str, *, of: Sequence[str] = ()) -> OpenStep:
        """An open step; `of` names elements (organ, person, item number) of the one that is meant."""
        found = [step for step in open_steps.of_proceeding(self.proceeding_id) if step.key == key]
        for step in found:
            names = {_name(value).removeprefix(f"{step.county_id}.") for value in step.element.values()}
            if set(of) <= names:
                return step
        raise self._not_open(f"{key}（{'、'.join(of)}）" if of else key)

    def _not_open(self, step: str) -> ScenarioError:
        standing = self.standing()
        return ScenarioError(
            N_("%(name)s：环节%(step)s没有打开；%(standing)s"), name=self.name, step=step, standing=standing
        )

    def do(
        self, step: OpenStep, said: Mapping[str, Any] | None = None, *, by: str | None = None, sound: bool = True
    ) -> "Player":
        """Submit one step as `by`, or as somebody who may. `sound`: no step may be held by a failure afterwards."""
        try:
            self._submit(step, said, by=by)
        except DomainError as error:
            raise ScenarioError(
                N_("%(name)s：%(person)s办理%(step)s时没有被接受：%(why)s"),
                name=self.name,
                person=by or step.role,
                step=step.key,
                why=refusal_in_words(error),
            ) from error
        self.note_visit(step)
        self.world.rest()
        if sound:
            self._ensure_sound()
        return self

    def note_visit(self, step: OpenStep) -> None:
        """Count that a step was submitted. Raises ScenarioError once it is too often."""
        place = f"{step.key}#{_scope(step.element)}"
        for visited in (step.key, place):
            self.visits[visited] = self.visits.get(visited, 0) + 1
        if self.visits[place] > ROUNDS:
            raise ScenarioError(
                N_("%(name)s：在%(place)s上兜圈子；%(standing)s"),
                name=self.name,
                place=place,
                standing=self.standing(),
            )

    def said_for(self, step: OpenStep) -> Mapping[str, Any]:
        """What the scenario says for this visit of a step."""
        return self._said(step)

    def refused(self, step: OpenStep, said: Mapping[str, Any] | None, *, by: str | None = None) -> DomainError | None:
        """Try to submit a step: the refusal, or None when it was accepted after all."""
        try:
            self._submit(step, said, by=by)
        except DomainError as error:
            return error
        return None

    def _submit(self, step: OpenStep, said: Mapping[str, Any] | None, *, by: str | None) -> None:
        actor, world = self._performer(step, by), self.world
        given = {**world.usual.get(step.form_key, {}), **self._said(step), **(said or {})}
        scene = world.scene(actor, step=step, names=self.names)
        answers = fill(open_steps.form_of(step), given, scene)
        world.hands.complete(actor, world.now, task_id=step.task_id, answers=answers)

    def _performer(self, step: OpenStep, by: str | None) -> Actor:
        if by is not None:
            return self.world.actor(by)
        actor = open_steps.performer_of(step)
        if actor is None:
            raise ScenarioError(
                N_("%(name)s：没有人可以办理%(step)s（角色%(role)s，单位%(organ)s）"),
                name=self.name,
                step=step.key,
                role=step.role,
                organ=step.organ or "—",
            )
        return actor

    def _said(self, step: OpenStep) -> Mapping[str, Any]:
        """What the scenario says at this visit; `#<scope>` after the step narrows it to one element."""
        place = f"{step.key}#{_scope(step.element)}"
        plain = self.answers.get(step.key, self.answers.get(step.key.split("/")[1], {}))
        said, visited = (self.answers[place], place) if place in self.answers else (plain, step.key)
        if isinstance(said, list):
            said = said[min(self.visits.get(visited, 0), len(said) - 1)] if said else {}
        return dict(said)

    @staticmethod
    def name_of(value: Any) -> str:
        """How a scenario names an element."""
        return _name(value)

    def _ensure_sound(self) -> None:
        incidents = open_steps.incidents_of(self.proceeding_id)
        if incidents:
            raise ScenarioError(
                N_("%(name)s：有环节停住：%(incidents)s"), name=self.name, incidents=readable(incidents)
            )

    def standing(self) -> Sentence:
        """Where the proceeding is, for messages."""
        proceeding = open_steps.proceeding_of(self.proceeding_id)
        steps = [step.key for step in open_steps.of_proceeding(self.proceeding_id)]
        status = f"{proceeding.status} {proceeding.outcome or ''}".strip()
        return Sentence(
            N_("%(number)s现为%(status)s，打开的环节：%(steps)s"),
            number=proceeding.number,
            status=status,
            steps="、".join(steps) or "—",
        )


def _scope(element: Mapping[str, Any]) -> str:
    """How a scenario names an element: a subject by person or organ, an agenda item by number, a member by organ."""
    return "/".join(_name(value) for value in element.values())


def _name(value: Any) -> str:
    if not isinstance(value, Mapping):
        return str(value)
    return str(value.get("person") or value.get("organ") or value.get("item_no") or value.get("id"))
