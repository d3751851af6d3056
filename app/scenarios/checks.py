"""What must be true after an act: each word of `then` is one check, and each answers with what is wrong."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.deadlines import OFFICE_ZONE
from app.domain.differences import Difference, readable
from app.domain.errors import N_, Sentence
from app.domain.history import Act
from app.queries import evidence, open_steps
from app.scenarios.script import ScenarioError


@dataclass(frozen=True, slots=True)
class View:
    """The proceeding that is looked at, and the county whose prefix a file leaves out."""

    proceeding_id: str
    county: str

    def plain(self, value: Any) -> Any:
        """Ids of organs and people without the county, dates as text: as a file writes them."""
        if isinstance(value, str):
            return value.removeprefix(f"{self.county}.")
        if isinstance(value, Mapping):
            return {key: self.plain(item) for key, item in value.items()}
        if isinstance(value, Sequence):
            return [self.plain(item) for item in value]
        return value.isoformat() if hasattr(value, "isoformat") else value


Check = Callable[[View, Any], Iterator[Difference]]


def ensure(then: Mapping[str, Any], view: View, *, where: str) -> None:
    """Raises ScenarioError that names everything in which `then` is wrong."""
    unknown = sorted(str(word) for word in then if word not in CHECKS)
    if unknown:
        known = "、".join(sorted(CHECKS))
        raise ScenarioError(
            N_("`then` 中不认识的词：%(unknown)s；可用的词：%(known)s"),
            where=where,
            unknown="、".join(unknown),
            known=known,
        )
    wrong = [replace(found, check=word) for word, expected in then.items() for found in CHECKS[word](view, expected)]
    if wrong:
        raise ScenarioError(differences=wrong, where=where)


def _differs(subject: str, expected: Any, found: Any) -> Difference:
    return Difference(subject=subject, expected=readable(expected), found=readable(found))


def _told(sentence: str, **values: Any) -> Difference:
    return Difference(sentence=Sentence(sentence, **values))


def _open_now(view: View) -> Counter[str]:
    return Counter(step.key for step in open_steps.of_proceeding(view.proceeding_id))


def _open(view: View, expected: Any) -> Iterator[Difference]:
    """Exactly these steps are open; `step: 3` also says how many times."""
    now = _open_now(view)
    wanted: dict[str, int | None] = {}
    for item in _list(expected):
        wanted.update(item if isinstance(item, Mapping) else {item: None})
    if set(wanted) != set(now) or any(count not in (None, now[key]) for key, count in wanted.items()):
        yield _differs("", wanted, now)


def _not_open(view: View, expected: Any) -> Iterator[Difference]:
    if wrong := sorted(set(_list(expected)) & set(_open_now(view))):
        yield _told(N_("实际有：%(names)s"), names="、".join(wrong))


def _attribute(name: str) -> Check:
    def check(view: View, expected: Any) -> Iterator[Difference]:
        found = getattr(open_steps.proceeding_of(view.proceeding_id), name)
        if str(found or "") != str(expected or ""):
            yield _differs("", expected, found)

    return check


def _like(name: str) -> Check:
    def check(view: View, expected: Any) -> Iterator[Difference]:
        found = getattr(open_steps.proceeding_of(view.proceeding_id), name) or ""
        if not re.fullmatch(str(expected), found):
            yield _differs("", expected, found)

    return check


def _facts(view: View, expected: Mapping[str, Any]) -> Iterator[Difference]:
    known = evidence.facts_of(view.proceeding_id)
    for name, value in expected.items():
        found = known[""].get(name)
        if view.plain(found) != view.plain(value):
            yield _differs(name, view.plain(value), view.plain(found))


def _deadlines(view: View, expected: Mapping[str, Any]) -> Iterator[Difference]:
    """Last day (or days of it) by step; in long form kind, count (CALENDAR, WORKING), from and last_day."""
    for key, wanted in expected.items():
        deadline = evidence.deadline_of(view.proceeding_id, key)
        if deadline is None:
            yield _told(N_("%(step)s没有打开过"), step=key)
            continue
        found = {
            "last_day": deadline.get("last_day"),
            "kind": deadline.get("kind"),
            "count": deadline.get("day_count"),
            "from": deadline.get("anchor"),
        }
        said = wanted if isinstance(wanted, Mapping) else {"last_day": wanted}
        if wrong := {name: found.get(name) for name, value in said.items() if str(found.get(name)) != str(value)}:
            yield _differs(key, {name: said[name] for name in wrong}, wrong)


def _history(view: View, expected: Any) -> Iterator[Difference]:
    """These lines in this order; others may stand between them."""
    lines = evidence.history_of(view.proceeding_id)
    at = 0
    for item in _list(expected):
        wanted = item if isinstance(item, Mapping) else {"step": item}
        while at < len(lines) and not _is_told(view, lines[at], wanted):
            at += 1
        if at == len(lines):
            yield _differs("", view.plain(wanted), _told_instead(view, lines, wanted))
            return
        at += 1


def _is_told(view: View, line: evidence.Line, wanted: Mapping[str, Any]) -> bool:
    told = _words_of(view, line)
    return all(
        set(_list(value)) <= set(told[key]) if key in _SEVERAL else told.get(key) == view.plain(value)
        for key, value in wanted.items()
    )


_SEVERAL = ("clauses", "rows")
"""Words of a line that name several: those that are wanted must be among them."""


def _words_of(view: View, line: evidence.Line) -> dict[str, Any]:
    return {
        "step": line.key,
        "act": line.act,
        "name": line.name,
        "by": view.plain(line.person),
        "organ": view.plain(line.organ),
        "role": line.role,
        "in_stead_of": line.details.get("deputy_of"),
        "clauses": list(line.clauses),
        "rows": list((line.details.get("decision") or {}).get("hits", ())),
    }


def _told_instead(view: View, lines: Sequence[evidence.Line], wanted: Mapping[str, Any]) -> list[Any]:
    """What the lines about the same step say in the words that were asked for; of another step only the names."""
    same = [_words_of(view, line) for line in lines if line.key == wanted.get("step")]
    if len(wanted) > 1 and same:
        return [{key: words.get(key) for key in wanted} for words in same]
    return list(dict.fromkeys(line.key for line in lines))


def _never(view: View, expected: Any) -> Iterator[Difference]:
    """No line tells of these steps, in whatever way."""
    told = {line.key for line in evidence.history_of(view.proceeding_id)}
    if wrong := sorted(told & set(_list(expected))):
        yield _told(N_("实际有：%(names)s"), names="、".join(wrong))


def _times(view: View, expected: Mapping[str, int]) -> Iterator[Difference]:
    """How many times a step was submitted (or, without a form, taken)."""
    told = Counter(
        line.key for line in evidence.history_of(view.proceeding_id) if line.act not in (Act.CLAIMED, Act.RELEASED)
    )
    for key, count in expected.items():
        if told[key] != count:
            yield _differs(key, count, told[key])


def _papers(view: View, expected: Any) -> Iterator[Difference]:
    """Papers that came in, by step; a list asks for at least one at each."""
    found = evidence.papers_of(view.proceeding_id)
    wanted = expected if isinstance(expected, Mapping) else dict.fromkeys(_list(expected))
    for key, count in wanted.items():
        if (count is None and not found[key]) or (count is not None and found[key] != count):
            yield _differs(key, ">= 1" if count is None else count, found[key])


def _issued(view: View, expected: Mapping[str, int]) -> Iterator[Difference]:
    """How many numbers of a kind (CASE, DOCKET, DECISION …) the county has given so far."""
    found = evidence.issued_in(view.county)
    for kind, count in expected.items():
        if found.get(kind, 0) != count:
            yield _differs(kind, count, found.get(kind, 0))


def _subjects(view: View, expected: Any) -> Iterator[Difference]:
    """Each described subject is there; `who` is the person or organ."""
    found = {
        view.plain(subject.person_id or subject.organ_id): subject
        for subject in evidence.subjects_of(view.proceeding_id)
    }
    facts = evidence.facts_of(view.proceeding_id)
    for wanted in _list(expected):
        subject = found.get(wanted["who"])
        if subject is None:
            yield _differs("", wanted["who"], sorted(found))
            continue
        seen: dict[str, Any] = {
            "role": subject.role,
            "status": subject.status,
            "kind": subject.decision_kind,
            "sanctions": sorted(subject.sanctions),
            **{f"fact {name}": value for name, value in facts.get(subject.id, {}).items()},
        }
        said = {
            **{key: sorted(value) if key == "sanctions" else value for key, value in wanted.items()},
            **{f"fact {name}": value for name, value in (wanted.get("facts") or {}).items()},
        }
        for key in set(said) - {"who", "facts", "number"}:
            if view.plain(seen.get(key)) != view.plain(said[key]):
                yield _differs(f"{wanted['who']} {key}", view.plain(said[key]), view.plain(seen.get(key)))
        if "number" in wanted and not re.fullmatch(str(wanted["number"]), subject.decision_no or ""):
            yield _differs(f"{wanted['who']} number", wanted["number"], subject.decision_no)


def _waits(view: View, expected: Any) -> Iterator[Difference]:
    """Events that are waited for: timers with the day on which they fire, messages without."""
    found = evidence.waiting_of(view.proceeding_id)
    wanted = expected if isinstance(expected, Mapping) else dict.fromkeys(_list(expected))
    for step, day in wanted.items():
        due = found.get(step)
        if step not in found:
            yield _differs("", step, sorted(found))
        elif day is not None and (due is None or due.astimezone(OFFICE_ZONE).date().isoformat() != str(day)):
            yield _differs(step, day, due and due.astimezone(OFFICE_ZONE).date())


def _not_waiting(view: View, expected: Any) -> Iterator[Difference]:
    if wrong := sorted(set(_list(expected)) & set(evidence.waiting_of(view.proceeding_id))):
        yield _told(N_("实际有：%(names)s"), names="、".join(wrong))


def _sent(kind: str) -> Check:
    def check(view: View, expected: Any) -> Iterator[Difference]:
        """Each of these left the proceeding; a mapping says its `name` or only what it holds, `times` how often."""
        left = [
            (name, view.plain(payload)) for what, name, payload in evidence.sent_by(view.proceeding_id) if what == kind
        ]
        for item in _list(expected):
            wanted = dict(item) if isinstance(item, Mapping) else {"name": item}
            name, times = wanted.pop("name", None), wanted.pop("times", None)
            payload = view.plain(wanted)
            count = sum(name in (None, n) and payload.items() <= held.items() for n, held in left)
            if count == 0 if times is None else count != times:
                yield _told(
                    N_("%(message)s应发出%(expected)s次，实际%(count)s次；发出的有：%(left)s"),
                    message=f"{name or ''} {payload or ''}".strip(),
                    expected=">= 1" if times is None else times,
                    count=count,
                    left="、".join(f"{n} {held}" for n, held in left) or "—",
                )

    return check


def _nothing_sent(view: View, expected: Any) -> Iterator[Difference]:
    sent = {name for _, name, _ in evidence.sent_by(view.proceeding_id)}
    if wrong := sorted(sent & set(_list(expected))):
        yield _told(N_("实际有：%(names)s"), names="、".join(wrong))


def _incidents(view: View, expected: Any) -> Iterator[Difference]:
    found = sorted(evidence.incidents_of(view.proceeding_id))
    if found != sorted(_list(expected)):
        yield _differs("", _list(expected), found)


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


CHECKS: Mapping[str, Check] = {
    "open": _open,
    "not_open": _not_open,
    "status": _attribute("status"),
    "outcome": _attribute("outcome"),
    "stage": _attribute("stage"),
    "number": _like("number"),
    "facts": _facts,
    "deadlines": _deadlines,
    "history": _history,
    "never": _never,
    "times": _times,
    "papers": _papers,
    "issued": _issued,
    "subjects": _subjects,
    "waits": _waits,
    "not_waiting": _not_waiting,
    "messages": _sent("MESSAGE"),
    "notices": _sent("NOTICE"),
    "not_sent": _nothing_sent,
    "incidents": _incidents,
}
