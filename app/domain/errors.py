"""Refusals. The message id is a Chinese sentence its reader can act on; it is translated at the edge."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def N_(sentence: str) -> str:  # noqa: N802  (gettext's customary name for a no-op marker)
    """Mark a sentence for the catalogue without translating it here."""
    return sentence


class DomainError(Exception):
    """Somebody asked for something that cannot be done; the sentence says what to do instead."""

    sentence = N_("操作无法完成。")

    def __init__(self, sentence: str | None = None, **values: Any) -> None:
        self.sentence = sentence or type(self).sentence
        self.values = values
        super().__init__(self.sentence % values if values else self.sentence)


class NotFoundError(DomainError):
    """It does not exist, or the actor may not know that it does (the answer is the same)."""

    sentence = N_("找不到该内容，或您无权查看。")


class NotAllowedError(DomainError):
    """The actor may see it but not do this."""

    sentence = N_("您没有办理此事项的权限。")


class ConflictError(DomainError):
    """Somebody was faster, or the matter has moved on."""

    sentence = N_("内容已被更新，请刷新后重试。")


class AlreadyDoneError(ConflictError):
    """The very same request took effect before; its sender learns that, and nothing happens again."""

    sentence = N_("该事项此前已提交成功，未重复办理。")


class Sentence(str):
    """A finished Chinese sentence that still knows its message id and values, so that an edge can translate it."""

    id: str
    values: Mapping[str, Any]

    def __new__(cls, id_: str, **values: Any) -> "Sentence":
        sentence = super().__new__(cls, id_ % values if values else id_)
        sentence.id, sentence.values = id_, values
        return sentence


class Words(str):
    """Words that a file of the law carries in both languages, such as a field's label: the Chinese, and its English."""

    en: str

    def __new__(cls, chinese: str, en: str) -> "Words":
        words = super().__new__(cls, chinese)
        words.en = en or chinese
        return words


def in_words(sentence: str, translate: Callable[[str], str], *, english: bool) -> str:
    """A sentence for a reader, through the reader's catalogue; what stands inside it is translated too."""
    if not isinstance(sentence, Sentence):
        return translate(sentence)
    if not english:
        return str(sentence)  # finished when it was made
    translated = translate(sentence.id)
    return translated % values_in_words(sentence.values, translate, english=english) if sentence.values else translated


def values_in_words(values: Mapping[str, Any], translate: Callable[[str], str], *, english: bool) -> Mapping[str, Any]:
    """The values of a sentence for a reader: sentences and labels in the reader's language, all else as it is."""

    def worded(value: Any) -> Any:
        if isinstance(value, Words):
            return value.en if english else str(value)
        return in_words(value, translate, english=english) if isinstance(value, Sentence) else value

    return {name: worded(value) for name, value in values.items()}


class InvalidAnswersError(DomainError):
    """The form was not filled correctly; nothing was changed. `fields` maps field paths to sentences."""

    sentence = N_("有 %(count)s 处需要修改。")

    def __init__(self, fields: Mapping[str, list[Any]]) -> None:
        self.fields: dict[str, list[str]] = {path: list(sentences) for path, sentences in fields.items()}
        super().__init__(None, count=len(self.fields))


class UnknownChoiceError(DomainError):
    """An address asks for something that does not exist: told what there is, never answered with an empty list."""

    sentence = N_("网址中的“%(asked)s”不存在，可以写：%(allowed)s。")
    MOST = 20
    """Choices that the sentence names."""

    def __init__(self, name: str, given: str, allowed: Iterable[str]) -> None:
        known = list(allowed)
        more = ["…"] if len(known) > self.MOST else []
        told = "、".join([*known[: self.MOST], *more]) or "—"
        super().__init__(None, asked=f"{name}={given[:60]}", allowed=told)


class TooManyError(DomainError):
    """A limit of the minute is used up; nothing was done."""

    sentence = N_("请求过于频繁，请一分钟后再试。")


class InvalidFileError(DomainError):
    """An uploaded file was refused."""


class InvalidDefinitionError(DomainError):
    """A diagram, table, form or register cannot be used. `findings` says where and why."""

    sentence = N_("定义文件有 %(count)s 处问题，不能发布。")

    def __init__(self, findings: tuple[Any, ...]) -> None:
        self.findings = findings
        super().__init__(None, count=len(findings))
