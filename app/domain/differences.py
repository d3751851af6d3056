"""What a scenario wanted after an act, and what came instead."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.errors import N_, Sentence
from app.domain.plain import worded

LABELS: Mapping[str, str] = {
    "open": N_("打开的环节"),
    "not_open": N_("不应打开的环节"),
    "status": N_("状态"),
    "outcome": N_("结果"),
    "stage": N_("阶段"),
    "number": N_("编号"),
    "facts": N_("事实"),
    "deadlines": N_("期限"),
    "papers": N_("材料"),
    "issued": N_("编号数"),
    "subjects": N_("责任主体"),
    "history": N_("办理记录"),
    "never": N_("不应发生"),
    "times": N_("次数"),
    "waits": N_("等待"),
    "not_waiting": N_("不应等待"),
    "messages": N_("消息"),
    "notices": N_("通知"),
    "not_sent": N_("不应发出"),
    "incidents": N_("停住的环节"),
    "rows": N_("命中的行"),
    "gives": N_("决策表的结果"),
}
"""What the checks of a scenario are called."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One check that did not hold; or, with a sentence alone, an act that could not be done."""

    check: str = ""
    """The word of the check; empty where the act itself failed."""
    subject: str = ""
    """What of it: a step, a fact, a person."""
    expected: str = ""
    found: str = ""
    sentence: Sentence | None = None
    """The whole of it, where it is no matter of one value against another."""

    @property
    def label(self) -> Sentence | str:
        """What the check is called; empty where the act itself failed."""
        return Sentence(LABELS[self.check]) if self.check in LABELS else self.check

    def in_words(self) -> Sentence:
        """In one sentence, for a console or inside another one."""
        told = self.sentence or Sentence(
            N_("应为 %(expected)s，实为 %(found)s"), expected=_in_a_line(self.expected), found=_in_a_line(self.found)
        )
        if self.check and self.subject:
            return Sentence(N_("%(check)s %(subject)s：%(why)s"), check=self.label, subject=self.subject, why=told)
        place = self.label or self.subject
        return Sentence(N_("%(place)s：%(why)s"), place=place, why=told) if place else told

    def __str__(self) -> str:
        return str(self.in_words())


def from_plain(said: Mapping[str, Any]) -> Difference:
    """What `plain` made of one."""
    return Difference(**worded(said))


def _in_a_line(text: str) -> str:
    return text.replace("\n", "、")


def _is_one(said: Any) -> bool:
    return said is None or (said == 1 and not isinstance(said, bool))


def readable(value: Any) -> str:
    """A value as a scenario writes it, a line for each of many: steps by name, how many where it is more than one."""
    if isinstance(value, Mapping):
        return "\n".join(str(key) if _is_one(said) else f"{key}: {said}" for key, said in value.items()) or "—"
    if isinstance(value, list | tuple | set | frozenset):
        return "\n".join(map(str, value)) or "—"
    return "—" if value is None or value == "" else str(value)
