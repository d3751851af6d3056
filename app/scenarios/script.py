"""A scenario as a file, and where it is wrong. docs/how-to-write-a-scenario.md explains the words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from app import yamlfiles
from app.domain.differences import Difference
from app.domain.errors import N_, DomainError, InvalidAnswersError, Sentence


class ScenarioError(Exception):
    """The play cannot go on: `differences` say why, `where` says at which act, once that is known."""

    def __init__(
        self, sentence: str = "", *, differences: Sequence[Difference] = (), where: str = "", **values: Any
    ) -> None:
        self.differences = tuple(differences) or (Difference(sentence=Sentence(sentence, **values)),)
        self.where = where
        super().__init__(sentence)

    def in_words(self) -> Sentence:
        """Place and first difference in one sentence, to stand inside another one."""
        why = self.differences[0].in_words()
        return Sentence(N_("%(place)s：%(why)s"), place=self.where, why=why) if self.where else why

    def __str__(self) -> str:
        told = "\n  ".join(map(str, self.differences))
        return f"{self.where}：{told}" if self.where else told


def refusal_in_words(error: DomainError) -> Sentence:
    """Why the program did not take something, with what is wrong in each field of a form."""
    told = Sentence(error.sentence, **error.values)
    if not isinstance(error, InvalidAnswersError):
        return told
    fields = "；".join(f"{path}：{'、'.join(map(str, sentences))}" for path, sentences in error.fields.items())
    return Sentence(N_("%(sentence)s（%(fields)s）"), sentence=told, fields=fields)


HEAD = {"title", "about", "shows", "county", "begins", "continues", "acts"}
ANYWHERE = {"day", "note", "then"}
ACTS: Mapping[str, frozenset[str]] = {
    "open": frozenset({"by", "organ", "published", "answers"}),
    "meeting": frozenset({"by", "cases", "answers"}),
    "procedure": frozenset({"by", "kind", "about", "subject", "answers"}),
    "do": frozenset({"of", "by", "for", "answers", "refused"}),
    "play": frozenset({"until", "leave", "answers"}),
    "wait": frozenset(),
    "wait_until": frozenset(),
    "message": frozenset({"to", "key", "with"}),
    "suspend": frozenset({"by", "reason", "basis", "refused"}),
    "resume": frozenset({"by", "reason", "refused"}),
    "extend": frozenset({"of", "by", "for", "until", "period", "reason", "refused"}),
    "recuse": frozenset({"of", "by", "ground", "reason", "granted", "decided_by", "refused"}),
    "decide_recusal": frozenset({"of", "by", "granted", "reason", "refused"}),
    "claim": frozenset({"of", "by", "for", "refused"}),
    "release": frozenset({"of", "by", "for", "reason", "refused"}),
    "transfer": frozenset({"of", "by", "for", "to", "reason", "refused"}),
    "send_back": frozenset({"of", "by", "for", "to", "reason", "refused"}),
    "take_back": frozenset({"of", "by", "reason", "refused"}),
    "delegate": frozenset({"of", "by", "for", "to", "reason", "refused"}),
    "hand_back": frozenset({"of", "by", "for", "opinion", "refused"}),
    "recall": frozenset({"of", "by", "for", "reason", "refused"}),
    "countersign": frozenset({"of", "by", "for", "ask", "question", "refused"}),
    "consult": frozenset({"of", "by", "for", "ask", "question", "refused"}),
    "answer": frozenset({"of", "by", "for", "opinion", "refused"}),
    "urge": frozenset({"of", "by", "for", "text", "refused"}),
    "request_extension": frozenset({"of", "by", "for", "until", "reason", "refused"}),
    "decide_extension": frozenset({"of", "by", "for", "granted", "reason", "refused"}),
    "deputy": frozenset({"to", "since", "until", "roles", "by", "reason", "refused"}),
    "end_deputy": frozenset({"by", "refused"}),
    "series": frozenset({"by", "rows", "refused"}),
    "separate": frozenset({"by", "reason", "refused"}),
    "add_subject": frozenset({"to", "by", "organ", "role", "reason", "refused"}),
    "status": frozenset({"of", "by", "to", "since", "organ", "reason", "consented", "refused"}),
    "rule": frozenset({"regulation", "to", "by", "organ", "refused"}),
    "court_list": frozenset({"by", "refused"}),
    "open_listed": frozenset({"by", "doc_no", "answers", "refused"}),
    "decide": frozenset({"facts", "rows", "gives"}),
    "look": frozenset(),
}
"""The verb of an act -> what else it may say."""
NEEDED: Mapping[str, frozenset[str]] = {
    "claim": frozenset({"by"}),
    "release": frozenset({"by"}),
    "transfer": frozenset({"by", "to"}),
    "send_back": frozenset({"by", "to"}),
    "take_back": frozenset({"by"}),
    "delegate": frozenset({"by", "to"}),
    "hand_back": frozenset({"by"}),
    "recall": frozenset({"by"}),
    "countersign": frozenset({"by", "ask"}),
    "consult": frozenset({"by", "ask"}),
    "answer": frozenset({"by"}),
    "urge": frozenset({"by"}),
    "request_extension": frozenset({"by", "until"}),
    "decide_extension": frozenset({"by", "granted"}),
    "deputy": frozenset({"to", "until"}),
    "series": frozenset({"by", "rows"}),
    "procedure": frozenset({"by", "kind"}),
    "add_subject": frozenset({"role"}),
    "status": frozenset({"to"}),
    "rule": frozenset({"regulation", "to"}),
    "open_listed": frozenset({"doc_no"}),
}
"""What an act must say beside its verb."""


@dataclass(frozen=True, slots=True)
class Act:
    number: int
    """From 1, as a reader counts."""
    verb: str
    what: Any
    day: date | None
    said: Mapping[str, Any]
    then: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    """Path below the folder of scenarios without its ending: `filing/late_filing`."""
    title: str
    about: str
    shows: tuple[str, ...]
    """Clauses."""
    county: str
    begins: date | None
    """None where it continues another scenario."""
    continues: str | None
    acts: tuple[Act, ...]


Lines = Mapping[str, int]
"""Where in the file a word of the head or an act (`acts 1`, `acts 2` …) stands."""


def read(path: Path, *, root: Path) -> Scenario:
    """The scenario in a file below `root`. Raises ScenarioError."""
    name, text = path.relative_to(root).with_suffix("").as_posix(), path.read_text("utf-8")
    try:
        node = yamlfiles.compose(text)
        data = yamlfiles.read(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ScenarioError(
            N_("%(name)s（第%(line)s行）：不是有效的 YAML：%(problem)s"), name=name, line=line, problem=error.problem
        ) from error
    except yaml.YAMLError as error:  # a character that no text has
        raise ScenarioError(N_("%(name)s：不是有效的 YAML：%(problem)s"), name=name, problem=str(error)) from error
    return parse(data, name=name, lines=_lines_of(node))


def _lines_of(node: Any) -> Lines:
    if not isinstance(node, yaml.MappingNode):
        return {}
    found = {}
    for key, value in node.value:
        found[str(key.value)] = key.start_mark.line + 1
        if key.value == "acts" and isinstance(value, yaml.SequenceNode):
            found |= {f"acts {number}": act.start_mark.line + 1 for number, act in enumerate(value.value, 1)}
    return found


def parse(data: Any, *, name: str, lines: Lines | None = None) -> Scenario:
    """A scenario from what its file says. Raises ScenarioError, which names the file and, where known, the line."""
    lines = lines or {}
    if not isinstance(data, Mapping):
        raise ScenarioError(N_("%(name)s：文件不是场景，应逐行写“词: 内容”"), name=name)
    _ensure_known(data, HEAD, where=name, lines=lines)
    for key in ("title", "shows", "acts"):
        if not data.get(key):
            raise ScenarioError(N_("%(place)s：缺少 `%(word)s`"), place=_place(name, lines, key), word=key)
    if ("continues" in data) == ("county" in data and "begins" in data):
        raise ScenarioError(N_("%(name)s：要么写 `continues`，要么同时写 `county` 和 `begins`"), name=name)
    if not isinstance(data["acts"], list):
        raise ScenarioError(
            N_("%(place)s：`acts` 应为动作的清单，每个动作以“-”开头"), place=_place(name, lines, "acts")
        )
    return Scenario(
        name=name,
        title=str(data["title"]),
        about=str(data.get("about", "")).strip(),
        shows=tuple(map(str, data["shows"])),
        county=str(data.get("county", "")),
        begins=_day(data["begins"], where=_place(name, lines, "begins")) if "begins" in data else None,
        continues=data.get("continues"),
        acts=tuple(act(said, number, name=name, lines=lines) for number, said in enumerate(data["acts"], 1)),
    )


def act(data: Any, number: int, *, name: str, lines: Lines | None = None) -> Act:
    """An act from what a file says about it; `name` is the scenario's, for messages. Raises ScenarioError."""
    place = _place(name, lines or {}, f"acts {number}")
    where = Sentence(N_("%(place)s：第%(number)s个动作"), place=place, number=number)
    if not isinstance(data, Mapping):
        raise ScenarioError(N_("%(act)s不是动作：%(said)s"), act=where, said=repr(data))
    verbs = [verb for verb in ACTS if verb in data]
    if len(verbs) != 1:
        raise ScenarioError(
            N_("%(act)s应恰好有一个动词（%(verbs)s），现有 %(said)s"),
            act=where,
            verbs="、".join(ACTS),
            said=sorted(map(str, data)),
        )
    verb = verbs[0]
    _ensure_known(data, {verb} | ACTS[verb] | ANYWHERE, where=where, lines={})
    if missing := sorted(NEEDED.get(verb, frozenset()) - set(data)):
        raise ScenarioError(N_("%(act)s（%(verb)s）缺少 %(missing)s"), act=where, verb=verb, missing=missing)
    return Act(
        number=number,
        verb=verb,
        what=data[verb],
        day=_day(data["day"], where=where) if "day" in data else None,
        said={key: value for key, value in data.items() if key in ACTS[verb]},
        then=data.get("then") or {},
    )


def _place(name: str, lines: Lines, key: str) -> str:
    return Sentence(N_("%(name)s（第%(line)s行）"), name=name, line=lines[key]) if key in lines else name


def _ensure_known(data: Mapping[Any, Any], known: set[str] | frozenset[str], *, where: str, lines: Lines) -> None:
    unknown = [key for key in data if key not in known]
    if unknown:
        mistaken = N_("（YAML 把不加引号的 on、off、yes、no 读作真假值，请加引号）")
        hint = Sentence(mistaken) if {True, False} & set(unknown) else ""
        place = _place(where, lines, str(unknown[0]))
        raise ScenarioError(
            N_("%(place)s：不认识的词 %(unknown)s%(hint)s；可用的词：%(known)s"),
            place=place,
            unknown=unknown,
            hint=hint,
            known=sorted(known),
        )


def _day(value: Any, *, where: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ScenarioError(
            N_("%(place)s：%(value)s 不是日期，应写作 2026-03-02"), place=where, value=repr(value)
        ) from None
