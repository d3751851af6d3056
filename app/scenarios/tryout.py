"""试运行: somebody plays every role of a changed procedure himself; what he does is a scenario that is being written.

Every act is performed as the runner of scenarios performs it, so that a play can be begun again, taken back and kept as
a file that passes. It happens in the throw-away database of the open application context.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from app.domain.actors import Actor
from app.domain.deadlines import OFFICE_ZONE
from app.domain.errors import N_, ConflictError, DomainError, InvalidAnswersError, InvalidDefinitionError, NotFoundError
from app.law.register import parse as parse_register
from app.queries import evidence, open_steps
from app.queries.open_steps import OpenStep
from app.scenarios import script
from app.scenarios.filling import REASON, components_of, fill
from app.scenarios.performance import Performance
from app.scenarios.player import Player
from app.scenarios.script import Scenario, ScenarioError
from app.scenarios.theatre import End, Theatre
from app.services import rehearsal

MOST_ACTS = 300
MOST_KEPT = 24
"""Standings kept in memory; to go back further everything is played again."""
LONGEST_LEAP = timedelta(days=1100)
MOST_PAPER = 4 * 1024 * 1024
"""Bytes of one uploaded paper."""

Raw = dict[str, Any]
"""An act as a scenario file writes it."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """Where a play begins: on a day, or where a scenario ends."""

    county: str
    day: date
    continues: str = ""
    """Name of a scenario; empty for a play from nothing."""

    def scenario(self) -> Scenario:
        return Scenario(
            name="play",
            title="试运行",
            about="",
            shows=(),
            county="" if self.continues else self.county,
            begins=None if self.continues else self.day,
            continues=self.continues or None,
            acts=(),
        )


@dataclass(frozen=True, slots=True)
class Openable:
    """Something that people may open in the play."""

    what: str
    """`case`, `meeting`, or the key of a further procedure."""
    label: str
    openers: tuple[str, ...]
    """Roles; empty where the office's usual people open it."""
    about: str
    """CASE or SUBJECT where it needs one."""


@dataclass
class Done:
    """An act that was performed, and what it showed."""

    raw: Raw
    name: str
    """The proceeding that it was about, by the play's own name."""
    opened: Mapping[str, int] = field(default_factory=dict)
    """Steps that were open in it afterwards, and how many times."""
    held: tuple[str, ...] = ()
    """Steps held by a failure afterwards."""
    passed: frozenset[rehearsal.Passage] = frozenset()
    asked: tuple[rehearsal.Explanation, ...] = ()
    end: End | None = None


class Tryout:
    """One play. Every act raises DomainError with a sentence, and has then not happened."""

    def __init__(self, theatre: Theatre, beginning: Beginning, *, openable: tuple[Openable, ...] = ()) -> None:
        self.theatre, self.beginning, self.openable = theatre, beginning, openable
        self.done: list[Done] = []
        self.performance = self._begin()
        self._first = theatre.keep(self.performance)

    def _begin(self) -> Performance:
        try:
            return self.theatre.begin(self.beginning.scenario())
        except ScenarioError as error:
            raise ConflictError(
                N_("情景“%(name)s”不能演练：%(why)s"), name=self.beginning.continues, why=error.in_words()
            ) from error

    @property
    def now(self) -> datetime:
        return self.performance.world.now

    @property
    def county(self) -> str:
        return self.performance.world.county

    def names(self) -> list[str]:
        """What the play calls its proceedings, in the order in which they came about."""
        return list(self.performance.players)

    def player(self, name: str) -> Player:
        try:
            return self.performance.player_of(name)
        except ScenarioError:
            raise NotFoundError from None

    def current(self) -> str:
        return self.performance.current

    # ---- acts

    def open(self, what: str, *, by: str, about: str = "", subject: str = "", published: str = "") -> None:
        """Open a case (`case`), a meeting (`meeting`) or a further procedure (its key in the register)."""
        if what == "case" and published:
            self.perform({"open": self._fresh("A"), "published": published})
            return
        account = self._account(by)
        if what == "case":
            self.perform({"open": self._fresh("A"), "by": account})
        elif what == "meeting":
            self.perform({"meeting": self._fresh("M"), "by": account, "cases": self.names_of("CASE")})
        else:
            raw: Raw = {"procedure": self._fresh("R"), "kind": what, "by": account}
            self.perform(raw | ({"about": about} if about else {}) | ({"subject": subject} if subject else {}))

    def names_of(self, kind: str) -> list[str]:
        """Proceedings of a kind (CASE, MEETING, PROCEDURE), by the play's own names."""
        players = self.performance.players.values()
        return [p.name for p in players if open_steps.proceeding_of(p.proceeding_id).kind == kind]

    def submit(self, task_id: str, *, by: str, answers: Mapping[str, Any]) -> None:
        """Submit a form as somebody, exactly as it was filled. Raises InvalidAnswersError field by field."""
        name, step = self.step(task_id)
        said = self._as_written(step, answers)
        raw = self._about(step, name) | {"by": self._account(by), "answers": said}

        def act(performance: Performance) -> None:
            performance.current = name
            player = performance.player_of(name)
            self._complete(performance, step, by=by, answers=answers)
            player.note_visit(step)
            performance.world.rest()

        self._act(raw, name, act)

    def _complete(self, performance: Performance, step: OpenStep, *, by: str, answers: Mapping[str, Any]) -> None:
        world = performance.world
        world.hands.complete(self._actor(by), world.now, task_id=step.task_id, answers=dict(answers))

    def run_until(self, name: str, *, until: str) -> None:
        """Whoever may does whatever is open with the usual answers, until a step opens or nothing is open."""
        self.perform({"play": name} | ({"until": until} if until else {}))

    def wait(self, *, span: timedelta) -> None:
        """Let the clock run; whatever falls due on the way happens."""
        if not timedelta() < span <= LONGEST_LEAP:
            raise ConflictError(N_("时钟只能向后拨，一次不超过三年。"))
        days, rest = divmod(span, timedelta(days=1))
        minutes = -(-rest // timedelta(minutes=1))
        if days:
            self.perform({"wait": f"{days} days"})
        if minutes:
            self.perform({"wait": f"{minutes} minutes"})

    def wait_until(self, day: date) -> None:
        """Nine o'clock of a day to come."""
        if day <= self.now.astimezone(OFFICE_ZONE).date() or day - self.now.date() > LONGEST_LEAP:
            raise ConflictError(N_("时钟只能向后拨，一次不超过三年。"))
        self.perform({"wait_until": day.isoformat()})

    def next_event(self) -> datetime | None:
        """When the next timer fires or the next delivery is tried."""
        return evidence.next_event(self.now)

    def deliver(self, name: str, *, message: str, key: Mapping[str, str], payload: Mapping[str, Any]) -> None:
        """A message comes from outside, for whoever waits for it under `key`."""
        plain = {"message": message, "to": name, "key": self._written(dict(key), name)}
        self.perform(plain | ({"with": self._written(dict(payload), name)} if payload else {}))

    def perform(self, raw: Raw) -> None:
        """Perform an act as a scenario file writes it. Raises ConflictError with the runner's words."""
        act = script.act(raw, len(self.done) + 1, name="play")
        self._act(raw, None, lambda performance: performance.perform(act, where=""))

    def _act(self, raw: Raw, name: str | None, act: Callable[[Performance], None]) -> None:
        if len(self.done) >= MOST_ACTS:
            raise ConflictError(N_("一次试运行最多%(limit)s步，请保存为情景后另开一次。"), limit=MOST_ACTS)
        before = self.done[-1].end if self.done else self._first
        passed: set[rehearsal.Passage] = set()
        asked: list[rehearsal.Explanation] = []
        try:
            with rehearsal.watched(passed.add), rehearsal.explained(asked.append):
                act(self.performance)
        except Exception as error:  # whatever a changed procedure does wrong, the play goes on where it was
            self.performance = self.theatre.return_to(before) if before is not None else self._replayed(len(self.done))
            raise refusal_of(error) from error
        self._note(Done(raw, name or self.performance.current, passed=frozenset(passed), asked=tuple(asked)))

    def _note(self, done: Done) -> None:
        if done.name in self.performance.players:
            proceeding = self.performance.players[done.name].proceeding_id
            keys = [step.key for step in open_steps.of_proceeding(proceeding)]
            done.opened = {key: keys.count(key) for key in keys}
            done.held = tuple(sorted(evidence.incidents_of(proceeding)))
        done.end = self.theatre.keep(self.performance)
        self.done.append(done)
        for old in self.done[:-MOST_KEPT]:
            old.end = None

    # ---- going back

    def back(self) -> None:
        """Take the last act back."""
        if not self.done:
            raise ConflictError(N_("还没有可以退回的步骤。"))
        last = self.done.pop()
        end = self.done[-1].end if self.done else self._first
        try:
            self.performance = self.theatre.return_to(end) if end is not None else self._replayed(len(self.done))
        except DomainError:
            self.done.append(last)
            raise

    def reset(self) -> None:
        """Begin again."""
        self.performance = self.theatre.return_to(self._first)
        self.done.clear()

    def _replayed(self, count: int) -> Performance:
        """The first acts once more; nothing is noted anew."""
        performance = self.theatre.return_to(self._first)
        for number, done in enumerate(self.done[:count], 1):
            performance.perform(script.act(done.raw, number, name="play"), where="play")
        return performance

    def replay(self, raws: list[Raw]) -> int:
        """Perform the acts of an earlier process; returns how many could be. It ends at the first that cannot."""
        for number, raw in enumerate(raws):
            try:
                self.perform(raw)
            except DomainError:
                return number
        return len(raws)

    # ---- what an act says

    def step(self, task_id: str) -> tuple[str, OpenStep]:
        """The proceeding that an open step belongs to, and the step. Raises NotFoundError."""
        for name, player in self.performance.players.items():
            for step in open_steps.of_proceeding(player.proceeding_id):
                if step.task_id == task_id:
                    return name, step
        raise NotFoundError

    def usual_answers(self, task_id: str, *, by: str) -> dict[str, Any]:
        """Plausible answers for an open step, for whoever does not want to type."""
        name, step = self.step(task_id)
        player, world = self.player(name), self.performance.world
        given = {**world.usual.get(step.form_key, {}), **player.said_for(step)}
        return fill(open_steps.form_of(step), given, world.scene(self._actor(by), step=step, names=player.names))

    def upload(self, content: bytes, *, by: str, name: str) -> str:
        """Keep a paper in the play; returns its id."""
        if len(content) > MOST_PAPER:
            raise ConflictError(N_("试运行中的材料不超过4 MB。"))
        return self.performance.world.hands.upload(self._actor(by), self.now, content=content, name=name)

    def _actor(self, by: str) -> Actor:
        return self.performance.world.actor(by)

    def _account(self, by: str) -> str:
        return self._actor(by).username.removeprefix(f"{self.county}.")

    def _fresh(self, letter: str) -> str:
        known = set(self.names())
        numbered = (letter if number == 1 else f"{letter}{number}" for number in range(1, MOST_ACTS))
        return next(name for name in numbered if name not in known)

    def _about(self, step: OpenStep, name: str) -> Raw:
        """Which open step of which proceeding is meant."""
        said: Raw = {"do": step.key, "of": name}
        alike = [one for one in open_steps.of_proceeding(self.player(name).proceeding_id) if one.key == step.key]
        if len(alike) > 1 and step.element:
            said["for"] = [Player.name_of(value).removeprefix(f"{self.county}.") for value in step.element.values()]
        return said

    def _as_written(self, step: OpenStep, answers: Mapping[str, Any]) -> dict[str, Any]:
        """Answers as a scenario writes them; what the runner would fill in by itself stays expressly empty."""
        name, _ = self.step(step.task_id)
        player, world = self.player(name), self.performance.world
        usual = {**world.usual.get(step.form_key, {}), **player.said_for(step)}
        asked = {part["key"] for part in _parts_of(step)}
        written = {key: self._written(value, name) for key, value in answers.items() if key in asked}
        needless = {part["key"] for part in _parts_of(step) if part["key"] in usual or _is_filled(part)}
        return written | dict.fromkeys(sorted(needless - written.keys()))

    def _written(self, value: Any, name: str) -> Any:
        """Numbers, subjects and papers of this very play, as a file names them."""
        if isinstance(value, Mapping):
            return {key: self._written(item, name) for key, item in value.items()}
        if isinstance(value, list):
            return [self._written(item, name) for item in value]
        if not isinstance(value, str) or not value:
            return value
        for other, player in self.performance.players.items():
            if value == player.number:
                return f"${other}"
        for subject in evidence.subjects_of(self.player(name).proceeding_id):
            if value == subject.id:
                who = subject.person_id or subject.organ_id or ""
                return f"$subject:{who.removeprefix(f'{self.county}.')}"
        return "$paper" if rehearsal.is_paper(value) else value


def openable_in(files: Mapping[str, bytes]) -> tuple[Openable, ...]:
    """What the registers of a set of files let people open. Raises InvalidFileError."""
    found: dict[str, Openable] = {}
    for name in sorted(files):
        if not name.endswith(".law.yml"):
            continue
        register = parse_register(files[name])
        if register.case_process:
            openers = ("organ.reporter", "jmo.officer")
            found.setdefault("case", Openable("case", N_("案件"), openers, ""))
        if register.meeting_process:
            found.setdefault("meeting", Openable("meeting", N_("联席会议"), ("jmo.director", "jmo.officer"), ""))
        for kind in register.procedures:
            found.setdefault(kind.key, Openable(kind.key, kind.zh, kind.openers, kind.about.value))
    return tuple(found.values())


def _parts_of(step: OpenStep) -> list[dict[str, Any]]:
    """The components of a step's form that take an answer."""
    return list(components_of(open_steps.form_of(step)))


def _is_filled(part: Mapping[str, Any]) -> bool:
    """Whether the runner answers a component that nobody mentions."""
    return bool(part.get("validate", {}).get("required")) or str(part.get("key", "")).endswith(REASON)


def refusal_of(error: Exception) -> DomainError:
    """What could not be done, for who tried it."""
    if isinstance(error, InvalidAnswersError):
        return error
    cause = error.__cause__ if isinstance(error, ScenarioError) else error
    if isinstance(cause, InvalidDefinitionError):
        return ConflictError(N_("改动稿不能运行：%(why)s"), why="；".join(str(one) for one in cause.findings[:3]))
    if isinstance(cause, DomainError):
        return cause
    why = error.in_words() if isinstance(error, ScenarioError) else f"{type(error).__name__}: {error}"[:600]
    return ConflictError(N_("这一步没有办成：%(why)s"), why=why)
