"""Performs the acts of a scenario in a world, one after the other, and holds what is true then against its checks."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from app.domain.actors import Actor
from app.domain.deadlines import OFFICE_ZONE, office_day
from app.domain.differences import Difference, readable
from app.domain.errors import N_, DomainError, InvalidAnswersError
from app.queries import evidence, open_steps
from app.queries.open_steps import OpenStep
from app.scenarios import beside, checks, handling
from app.scenarios.player import Player
from app.scenarios.script import Act, ScenarioError, refusal_in_words
from app.scenarios.world import World
from app.services import rehearsal

_SPAN = re.compile(r"(\d+) (day|hour|minute)s?")


class Performance:
    """The state of one play: its world, who plays what, and which proceeding the acts are about."""

    def __init__(
        self, world: World, *, published: Mapping[str, Mapping[str, Any]], tables: Mapping[str, bytes]
    ) -> None:
        self.world = world
        self.tables = tables
        """Files of the decision tables, by id."""
        self.published = published
        """Ready-made answers of published cases, by their ids; `lead_organ` among them."""
        self.players: dict[str, Player] = {}
        self.current = ""

    def perform(self, act: Act, *, where: str) -> None:
        """Raises ScenarioError with the place and what was open instead."""
        try:
            if act.day is not None:
                self._move_to(act.day)
            if act.verb in _BESIDE:
                self._do_beside(act)
            else:
                _DEEDS[act.verb](self, act)
        except ScenarioError as error:
            raise ScenarioError(differences=error.differences, where=where) from error
        except DomainError as error:
            why = refusal_in_words(error)
            raise ScenarioError(N_("没有被接受：%(why)s"), where=where, why=why) from error
        except LookupError as error:
            raise ScenarioError(N_("没有叫做%(name)s的内容"), where=where, name=str(error)) from error
        if act.then:
            checks.ensure(self._named(act.then), self._view(), where=where)

    # ---- whom an act is about

    @property
    def player(self) -> Player:
        return self.player_of(self.current)

    def player_of(self, name: str) -> Player:
        if name not in self.players:
            raise ScenarioError(
                N_("没有叫做%(name)s的案件或程序；现有：%(known)s"),
                name=name,
                known="、".join(sorted(self.players)) or "—",
            )
        return self.players[name]

    @property
    def case_id(self) -> str:
        """The proceeding that the acts are about."""
        return self.player.proceeding_id

    def look_at(self, name: Any) -> None:
        """From here on the acts are about this proceeding, where one is named."""
        if name is not None:
            self.current = str(name)
        _ = self.player

    def know(self, name: str, proceeding_id: str, *, answers: Mapping[str, Any] | None = None) -> None:
        """A proceeding that came about in another way than by `open` gets the scenario's own name."""
        self.players[name] = Player(self.world, name, answers=self._named(answers or {}))
        self.world.proceedings[name] = proceeding_id
        self.players[name].names["case_no"] = self.players[name].number

    def actor(self, said: Any) -> Actor:
        """Somebody by his account, with or without its county."""
        return self.world.actor(self.username(said))

    def step_of(self, act: Act) -> OpenStep:
        """The open step that an act names; `for` picks one of several."""
        self.look_at(act.said.get("of"))
        of = act.said.get("for", [])
        return self.player.find(str(act.what), of=[str(name) for name in (of if isinstance(of, list) else [of])])

    def _view(self) -> checks.View:
        return checks.View(self.player.proceeding_id, self.world.county)

    def _named(self, value: Any) -> Any:
        """`$A` is the number of the proceeding that the scenario calls A, `$subject:zjj` the id of a subject."""
        if isinstance(value, str) and value.startswith("$subject:"):
            return self.subject_of(self.player, value.removeprefix("$subject:"))
        if isinstance(value, str) and value.startswith("$") and value[1:] in self.players:
            return self.players[value[1:]].number
        if isinstance(value, Mapping):
            return {key: self._named(item) for key, item in value.items()}
        return [self._named(item) for item in value] if isinstance(value, list) else value

    def username(self, said: Any) -> str:
        name = str(said)
        return name if name.startswith(f"{self.world.county}.") else f"{self.world.county}.{name}"

    def _move_to(self, day: date) -> None:
        """Nine o'clock of a day to come; nothing where that day has begun."""
        today = office_day(self.world.now)
        if day < today:
            raise ScenarioError(N_("已经是%(today)s，%(day)s过去了"), today=today, day=day)
        if day > today:
            self.world.move_to(datetime.combine(day, time(9), OFFICE_ZONE))

    def _enter(self, act: Act, **names: Any) -> Player:
        answers = self._named(act.said.get("answers") or {})
        player = Player(self.world, str(act.what), answers=answers, names=names)
        self.players[str(act.what)], self.current = player, str(act.what)
        return player

    # ---- the acts

    def _open(self, act: Act) -> None:
        published = self.published.get(act.said.get("published", ""), {})
        if "published" in act.said and not published:
            raise ScenarioError(
                N_("没有示例文书%(name)s；现有：%(known)s"),
                name=act.said["published"],
                known="、".join(sorted(self.published)) or "—",
            )
        by = act.said.get("by") or f"organ.reporter.{published.get('lead_organ', '')}"
        player = self._enter(act)
        for step, said in published.get("answers", {}).items():
            player.answers[step] = _added(said, player.answers.get(step, {}))
        organ = act.said.get("organ")
        player.open_case(self.username(by), organ_id=self.username(organ) if organ else None)

    def _meeting(self, act: Act) -> None:
        numbers = [self.player_of(name).number for name in act.said.get("cases") or ()]
        player = self._enter(act)
        for form in ("meeting-preparation/T_propose", "meeting-preparation/T_agenda"):
            player.answers[form] = _with_cases(player.answers.get(form, {}), numbers)
        player.open_meeting(self.username(act.said.get("by", "jmo.director")))

    def _procedure(self, act: Act) -> None:
        about = act.said.get("about")
        parent = self.player_of(about) if about else None
        subject = self.subject_of(parent, act.said["subject"]) if parent and "subject" in act.said else None
        self._enter(act).open_procedure(
            self.username(act.said["by"]),
            kind=act.said["kind"],
            about=parent.number if parent else None,
            subject_id=subject,
        )

    def subject_of(self, parent: Player, who: str) -> str:
        wanted = self.username(who)
        for subject in evidence.subjects_of(parent.proceeding_id):
            if wanted in (subject.person_id, subject.person_id is None and subject.organ_id):
                return subject.id
        raise ScenarioError(N_("%(person)s不是%(name)s的责任主体"), person=who, name=parent.name)

    def _do(self, act: Act) -> None:
        step, player = self.step_of(act), self.player
        by = self.username(act.said["by"]) if "by" in act.said else None
        said = self._named(act.said.get("answers") or {})
        if "refused" in act.said:
            self._expect_refusal(player.refused(step, said, by=by), act.said["refused"])
        else:
            player.do(step, said, by=by, sound="incidents" not in act.then)

    def _do_beside(self, act: Act) -> None:
        error: DomainError | None = None
        try:
            _BESIDE[act.verb](self, act)
        except DomainError as refusal:
            if "refused" not in act.said:
                raise
            error = refusal
        if "refused" in act.said:
            self._expect_refusal(error, act.said["refused"])
        self.world.rest()

    def _expect_refusal(self, error: DomainError | None, wanted: Any) -> None:
        if error is None:
            standing = self.player.standing() if self.current in self.players else "—"
            raise ScenarioError(N_("应当被拒绝，却被接受了；%(standing)s"), standing=standing)
        said = wanted if isinstance(wanted, Mapping) else {"says": wanted}
        fields = error.fields if isinstance(error, InvalidAnswersError) else {}
        sentences = [str(error), *(sentence for field in fields.values() for sentence in map(str, field))]
        if "field" in said:
            sentences = [str(sentence) for sentence in fields.get(said["field"], ())]
        if not any(str(said.get("says", "")) in sentence for sentence in sentences):
            raise ScenarioError(
                N_("应当因“%(expected)s”被拒绝，实际的理由是：%(why)s"),
                expected=said.get("says", said.get("field", "")),
                why=refusal_in_words(error),
            )

    def _play(self, act: Act) -> None:
        for name in act.what if isinstance(act.what, list) else [act.what]:
            self.current = name
            player = self.player
            player.answers.update(self._named(act.said.get("answers") or {}))
            player.play(until=act.said.get("until"), leave=act.said.get("leave") or ())
            if "until" in act.said and act.said["until"] not in {s.key for s in _open_steps(player)}:
                raise ScenarioError(
                    N_("环节%(step)s没有打开；%(standing)s"), step=act.said["until"], standing=player.standing()
                )

    def _wait(self, act: Act) -> None:
        span = _SPAN.fullmatch(str(act.what))
        if span is None:
            raise ScenarioError(N_("%(said)s不是时长，应写作 `12 days` 或者 `3 hours`"), said=act.what)
        self.world.move_to(self.world.now + timedelta(**{f"{span[2]}s": int(span[1])}))

    def _wait_until(self, act: Act) -> None:
        self._move_to(date.fromisoformat(str(act.what)))

    def _message(self, act: Act) -> None:
        self.current = act.said.get("to", self.current)
        number, world = self.player.number, self.world
        payload = self._named(act.said.get("with") or {})
        key = self._named(act.said.get("key")) or {"case_no": number}
        rehearsal.tell(str(act.what), proceeding_id=self.player.proceeding_id, key=key, payload=payload, now=world.now)
        world.rest()

    def _decide(self, act: Act) -> None:
        """Ask a table by itself: the rows that must match, and what they propose."""
        table = str(act.what)
        if table not in self.tables:
            raise ScenarioError(N_("没有决策表%(table)s"), table=table)
        decision = rehearsal.decide(self.tables[table], act.said.get("facts") or {}, now=self.world.now)
        if sorted(decision.hits) != sorted(act.said.get("rows") or ()):
            rows = Difference("rows", table, readable(act.said.get("rows") or ()), readable(decision.hits))
            raise ScenarioError(differences=[rows])
        wrong = {
            n: decision.outputs.get(n) for n, v in (act.said.get("gives") or {}).items() if decision.outputs.get(n) != v
        }
        if wrong:
            given = act.said["gives"]
            raise ScenarioError(
                differences=[Difference("gives", name, readable(given[name]), readable(wrong[name])) for name in wrong]
            )

    def _look(self, act: Act) -> None:
        self.look_at(act.what)


def _open_steps(player: Player) -> list[OpenStep]:
    return open_steps.of_proceeding(player.proceeding_id)


def _added(said: Mapping[str, Any], more: Any) -> Any:
    """Ready-made answers of a step with what the scenario says on top, at each visit."""
    return [_added(said, visit) for visit in more] if isinstance(more, list) else {**said, **more}


def _with_cases(said: Any, numbers: list[str]) -> Any:
    """The cases of the meeting in each visit of a form, unless it says otherwise."""
    if isinstance(said, list):
        return [_with_cases(visit, numbers) for visit in said]
    return {"case_ids": numbers, **said}


_BESIDE: Mapping[str, Callable[[Performance, Act], None]] = {**beside.DEEDS, **handling.DEEDS}
_DEEDS: Mapping[str, Callable[[Performance, Act], None]] = {
    "open": Performance._open,
    "meeting": Performance._meeting,
    "procedure": Performance._procedure,
    "do": Performance._do,
    "play": Performance._play,
    "wait": Performance._wait,
    "wait_until": Performance._wait_until,
    "message": Performance._message,
    "decide": Performance._decide,
    "look": Performance._look,
}
