"""Random legal acts by random people over several proceedings, on a clock that goes on by leaps.

The machine knows nothing of a procedure: it fills whatever form is open as scenarios do, and lets the worker do its
things one by one in any order. After every act all that was touched is examined (`services.examination`, what `wenze
doctor` looks at): work items, timers, subscriptions and incidents are those of the stored state and no others, nothing
automatic is left undone, history has no gap and every completed item its one submission, chains verify, closed
proceedings and meetings leave nothing open. That the history alone leads to the same state again is not tried: the
state is held against the rows instead.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select

from app.domain.errors import ConflictError, DomainError, InvalidAnswersError
from app.domain.examination import Code
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.queries import open_steps
from app.scenarios.filling import fill
from app.scenarios.world import World
from app.services import (
    cases,
    clockwork,
    command,
    drafts,
    examination,
    incidents,
    meetings,
    periods,
    recusals,
    series,
    tasks,
)
from app.storage.accounts import actor_of
from app.storage.models import (
    Account,
    IncidentRow,
    OutboxRow,
    Proceeding,
    Recusal,
    Submission,
    SubscriptionRow,
    Task,
)

ALLOWED = {Code.HELD, Code.TIMER_LATE, Code.LETTER_LATE, Code.LETTER_UNAWAITED, Code.LETTER_DEAD}
"""What the machine brings about on purpose: failures, and a worker that does not come for days."""
BESIDE = (
    "complete_while_services_fail",
    "press_again",
    "somebody_presses",
    "claim",
    "release",
    "transfer",
    "draft",
    "recuse",
    "decide_recusal",
    "suspend",
    "resume",
    "extend",
    "retry",
)
MOST = 6
"""Proceedings in one run."""
ANY = st.integers(0, 10**6)
"""Chooses one of whatever there is."""


@dataclass(frozen=True)
class Place:
    """What a kind of county needs to be told."""

    county: str
    begins: datetime
    usual: Mapping[str, Mapping[str, Any]]
    reporters: tuple[str, ...]
    leader: str
    """Stops the clock of a case, tries what failed again."""
    convener: str = ""
    """Of joint meetings, where the county has them."""
    said: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Step id or `<process>/<step>` -> answers that a case of this county needs."""


class Machine(RuleBasedStateMachine):
    """Made by `on`, which says where."""

    place: Place
    restore: Callable[[], None]

    @classmethod
    def on(cls, place: Place, restore: Callable[[], None]) -> type["Machine"]:
        return type("OfficeMachine", (cls,), {"place": place, "restore": staticmethod(restore)})

    @initialize()
    def begin(self) -> None:
        type(self).restore()
        db.session.rollback()
        place = self.place
        self.world = World(county=place.county, now=place.begins, usual=place.usual, pace=timedelta(0))
        county = select(Account.username).where(Account.username.startswith(f"{place.county}.", autoescape=True))
        self.people = tuple(sorted(db.session.scalars(county)))
        self.ids: list[str] = []
        self.touched: set[str] = set()
        self.accepted = 0
        self.last: tuple[str, Any, Any, str] | None = None
        for pick in range(2):
            self.open_case(pick)

    # ---- who and what there is

    @property
    def now(self) -> datetime:
        return self.world.now

    def actor(self, pick: int) -> Any:
        return actor_of(self.people[pick % len(self.people)])

    def proceeding(self, pick: int) -> str:
        chosen = self.ids[pick % len(self.ids)]
        self.touched.add(chosen)
        return chosen

    def step(self, pick: int) -> Any:
        """One of the open steps; None where nothing is open."""
        db.session.rollback()
        steps = [step for id_ in self.ids for step in open_steps.of_proceeding(id_)]
        if not steps:
            return None
        chosen = steps[pick % len(steps)]
        self.touched |= {db.session.get_one(Task, chosen.task_id).proceeding_id}
        return chosen

    def filled(self, step: Any, actor: Any, pick: int) -> dict[str, Any]:
        said = self.place.said
        given = {
            **self.world.usual.get(step.form_key, {}),
            **said.get(step.key, said.get(step.key.split("/")[1], {})),
            "case_ids": self._waiting_for_a_meeting(),
        }
        chosen = {
            name: value[pick % len(value)] if isinstance(value, tuple) else value for name, value in given.items()
        }
        number = db.session.get_one(Proceeding, db.session.get_one(Task, step.task_id).proceeding_id).number
        scene = self.world.scene(actor, step=step, names={"case_no": number})
        return fill(open_steps.form_of(step), chosen, scene)

    def _waiting_for_a_meeting(self) -> list[str]:
        pooled = select(Proceeding.number).join(SubscriptionRow, SubscriptionRow.proceeding_id == Proceeding.id)
        return list(db.session.scalars(pooled.where(SubscriptionRow.message == "AgendaDecided")))

    # ---- the rules: few, so that what happens often in an office happens often here

    @precondition(lambda self: len(self.ids) < MOST)
    @rule(pick=ANY, meeting=st.booleans())
    def something_begins(self, pick: int, meeting: bool) -> None:
        if meeting and self.place.convener:
            self.open_meeting()
        else:
            self.open_case(pick)

    @precondition(lambda self: self.ids)
    @rule(picks=st.lists(ANY, min_size=2, max_size=8), answer=ANY)
    def people_work(self, picks: list[int], answer: int) -> None:
        for pick in picks:
            self.complete(pick, answer)

    @precondition(lambda self: self.ids)
    @rule(what=st.sampled_from(BESIDE), pick=ANY, other=ANY)
    def something_happens(self, what: str, pick: int, other: int) -> None:
        getattr(self, what)(pick, other)

    @rule(hours=st.integers(0, 200), what=st.lists(st.sampled_from(["timer", "letter", "series"]), max_size=6))
    def time_passes_and_the_worker_comes(self, hours: int, what: list[str]) -> None:
        """Sometimes it has much to do, sometimes it does not come."""
        self.world.now += timedelta(hours=hours)
        self.touched |= set(self.ids)
        for kind in what:
            {"timer": clockwork.fire_one, "letter": clockwork.deliver_one, "series": series.do_next}[kind](self.now)

    # ---- opening

    def open_case(self, pick: int) -> None:
        reporter = actor_of(self.place.reporters[pick % len(self.place.reporters)])
        opened = cases.open_case(actor=reporter, now=self.now, key=uuid4().hex)
        self.ids.append(opened.proceeding_id)
        self.touched.add(opened.proceeding_id)

    def open_meeting(self) -> None:
        opened = meetings.open_meeting(actor=actor_of(self.place.convener), now=self.now, key=uuid4().hex)
        self.ids.append(opened.proceeding_id)
        self.touched.add(opened.proceeding_id)

    # ---- steps

    def complete_while_services_fail(self, pick: int, answer: int) -> None:
        def fails(*_: Any, **__: Any) -> Any:
            raise ConflictError("服务暂时不可用。")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(command, "perform", fails)
            self.complete(pick, answer)

    def complete(self, pick: int, answer: int) -> None:
        step = self.step(pick)
        actor = open_steps.performer_of(step) if step else None
        if step is None or actor is None:
            return
        answers, key = self.filled(step, actor, answer), uuid4().hex
        stands = self._suspended(step)
        try:
            tasks.complete(step.task_id, answers=answers, actor=actor, now=self.now, key=key)
            refused = ""
        except InvalidAnswersError:
            return  # the acts so far ask for other answers than the usual ones
        except DomainError as refusal:
            refused = str(refusal)
        assert bool(refused) == stands or self._is_gone(step, actor), f"{step.key} by {actor.username}: {refused}"
        if not refused:
            self.accepted += 1
            self.last = (step.task_id, answers, actor, key)

    def _suspended(self, step: Any) -> bool:
        task = db.session.get_one(Task, step.task_id)
        return db.session.get_one(Proceeding, task.proceeding_id).suspended_at is not None

    def _is_gone(self, step: Any, actor: Any) -> bool:
        """A timer that is due closes the step (due first, the worker comes for it), or he was shut out of it."""
        db.session.rollback()
        self.touched |= set(self.ids)
        while clockwork.fire_one(self.now):
            pass
        db.session.rollback()
        task = db.session.get_one(Task, step.task_id)
        return task.status is not TaskStatus.OPEN or actor.person_id in task.excluded_people

    def press_again(self, _pick: int, _other: int) -> None:
        if self.last is None:
            return
        task_id, answers, actor, key = self.last
        try:
            assert tasks.complete(task_id, answers=answers, actor=actor, now=self.now, key=key).replayed
        except DomainError:
            db.session.rollback()  # recused meanwhile: he may no longer know
            proceeding = db.session.get_one(Task, task_id).proceeding_id
            granted = select(Recusal.id).where(
                Recusal.proceeding_id == proceeding, Recusal.person_id == actor.person_id, Recusal.status == "GRANTED"
            )
            assert db.session.scalars(granted).first() is not None

    def somebody_presses(self, pick: int, who: int) -> None:
        """Whoever it is: it is done once, or refused with nothing changed."""
        step = self.step(pick)
        if step is None:
            return
        actor = self.actor(who)
        answers = self.filled(step, actor, who)
        try:
            tasks.complete(step.task_id, answers=answers, actor=actor, now=self.now, key=uuid4().hex)
        except DomainError:
            return
        self.accepted += 1

    def claim(self, pick: int, who: int) -> None:
        if (step := self.step(pick)) is not None:
            self._tried(lambda: tasks.claim(step.task_id, actor=self.actor(who), now=self.now))

    def release(self, pick: int, _other: int) -> None:
        step, holder = self._held_step(pick)
        if holder is not None:
            self._tried(lambda: tasks.release(step.task_id, actor=holder, now=self.now, reason="出差"))

    def transfer(self, pick: int, who: int) -> None:
        step, holder = self._held_step(pick)
        if holder is not None:
            told = {"to_person": self.actor(who).person_id, "reason": "出差"}
            self._tried(lambda: tasks.transfer(step.task_id, actor=holder, now=self.now, **told))

    def draft(self, pick: int, _other: int) -> None:
        step, holder = self._held_step(pick)
        if holder is not None:
            self._tried(lambda: drafts.save(step.task_id, data={"note": "先存"}, actor=holder, now=self.now))

    def _held_step(self, pick: int) -> tuple[Any, Any]:
        step = self.step(pick)
        return step, open_steps.performer_of(step) if step else None

    def _tried(self, act: Callable[[], Any]) -> bool:
        try:
            act()
        except DomainError:
            return False
        return True

    # ---- beside the steps

    def recuse(self, pick: int, by: int) -> None:
        step, person = self._held_step(pick)
        if person is None:
            return
        proceeding, asker = db.session.get_one(Task, step.task_id).proceeding_id, self.actor(by)
        asked = {"person_id": person.person_id, "ground": "INTEREST", "reason": "其配偶是原告的股东。"}
        self._tried(lambda: recusals.request(proceeding, **asked, actor=asker, now=self.now))

    def decide_recusal(self, pick: int, by: int) -> None:
        """By the first of the people who may."""
        db.session.rollback()
        waiting = db.session.scalars(select(Recusal.id).where(Recusal.status == "REQUESTED").order_by(Recusal.id)).all()
        if not waiting:
            return
        recusal, granted = waiting[pick % len(waiting)], bool(by % 3)
        self.touched.add(db.session.get_one(Recusal, recusal).proceeding_id)
        told: dict[str, Any] = {"granted": granted, "reason": "情况属实。", "now": self.now}
        for further in range(len(self.people)):
            judge = self.actor(by + further)
            if self._tried(lambda judge=judge: recusals.decide(recusal, actor=judge, **told)):
                return

    def suspend(self, pick: int, _other: int) -> None:
        proceeding, told = self.proceeding(pick), self._told()
        self._tried(lambda: periods.suspend_case(proceeding, basis="参照司法解释", **told))

    def resume(self, pick: int, _other: int) -> None:
        proceeding, told = self.proceeding(pick), self._told()
        self._tried(lambda: periods.resume_case(proceeding, **told))

    def extend(self, pick: int, days: int) -> None:
        if (step := self.step(pick)) is not None:
            self._tried(lambda: periods.extend_task(step.task_id, period=f"P{days % 40 + 1}D", **self._told()))

    def _told(self) -> dict[str, Any]:
        return {"reason": "等待另案结果", "actor": actor_of(self.place.leader), "now": self.now}

    def retry(self, pick: int, _other: int) -> None:
        db.session.rollback()
        held = db.session.scalars(select(IncidentRow).order_by(IncidentRow.engine_task_id)).all()
        if not held:
            return
        row, leader = held[pick % len(held)], actor_of(self.place.leader)
        proceeding, task = row.proceeding_id, row.engine_task_id
        self.touched.add(proceeding)
        self._tried(lambda: incidents.retry(proceeding, engine_task_id=task, actor=leader, now=self.now))

    # ---- what is always so

    @invariant()
    def all_is_well(self) -> None:
        if not hasattr(self, "touched"):
            return
        db.session.rollback()
        for proceeding in sorted(self.touched):
            found = [f for f in examination.examine(proceeding, now=self.now) if f.code not in ALLOWED]
            assert found == [], f"{found}"
        self.touched.clear()

    @invariant()
    def every_accepted_answer_is_there_once(self) -> None:
        if not hasattr(self, "accepted"):
            return
        db.session.rollback()
        of_tasks = select(func.count()).select_from(Task).where(Task.status == TaskStatus.COMPLETED)
        answers = select(func.count()).select_from(Submission)
        told = (db.session.scalar(of_tasks), db.session.scalar(answers))
        assert told == (self.accepted, self.accepted)

    def teardown(self) -> None:
        """The worker catches up: nothing waits that could be done."""
        if not hasattr(self, "ids"):
            return
        while clockwork.tick(self.now):
            pass
        self.touched = set(self.ids)
        self.all_is_well()
        late = {f.code for id_ in self.ids for f in examination.examine(id_, now=self.now)} - {Code.HELD}
        pending = select(func.count()).select_from(OutboxRow).where(OutboxRow.status == "PENDING")
        if db.session.scalar(pending) == 0:
            assert late <= {Code.LETTER_DEAD}
