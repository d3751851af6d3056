"""The official text held against the register: which clause has which words, what is missing, extra, or a slip."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from app.domain.errors import N_, InvalidFileError
from app.law.official import Article, OfficialText, Paragraph, number_of, numeral, squeezed
from app.law.register import Register
from app.law.slips import slips_of

Part = TypeVar("Part")


class FindingKind(StrEnum):
    MISSING = "MISSING"
    """A clause of the register that the text does not have."""
    EXTRA = "EXTRA"
    """Words of the text that no clause of the register covers."""
    SLIP = "SLIP"
    """A slip of the pen in the text itself; it is shown as it stands."""


@dataclass(frozen=True, slots=True)
class TextFinding:
    kind: FindingKind
    place: str
    """The citation of the place, e.g. 第五条第（七）项."""
    sentence: str
    """Chinese message id with %(name)s placeholders."""
    values: Mapping[str, Any] = field(default_factory=dict)
    clause_id: str | None = None

    def __str__(self) -> str:
        return f"{self.place}：{self.sentence % self.values if self.values else self.sentence}"


@dataclass(frozen=True, slots=True)
class Collation:
    wordings: Mapping[str, str]
    """Official wording by clause id, in the register's order."""
    findings: tuple[TextFinding, ...]

    def of_kind(self, kind: FindingKind) -> tuple[TextFinding, ...]:
        return tuple(finding for finding in self.findings if finding.kind is kind)


@dataclass(frozen=True, slots=True)
class _Address:
    """A citation in numbers; None where it does not go that deep."""

    article: int
    paragraph: int | None
    sentence: int | None
    item: int | None
    enumerated: bool
    """The item is a member of a list within the sentence."""


_CITATION = re.compile(
    r"第([零一二三四五六七八九十百]+)条"
    r"(?:第([一二三四五六七八九十百]+)款)?"
    r"(?:第([一二三四五六七八九十百]+)句)?"
    r"(?:第[（(]?([一二三四五六七八九十百]+)[）)]?(项|种\S*))?"
)
ADDRESSEES, PREAMBLE = "通知主送机关", "序言"
"""Citations of what stands before the first article."""
SHORTEST_TITLE = 8
"""A shorter title, such as 试行办法, tells no regulation from another."""


def _address_of(citation: str) -> _Address | None:
    found = _CITATION.fullmatch(citation)
    if not found:
        return None
    article, paragraph, sentence, item = (number_of(part) if part else None for part in found.groups()[:4])
    return _Address(article or 0, paragraph, sentence, item, bool(found[5]) and found[5] != "项")


def recognise(text: OfficialText, registers: Mapping[str, Register], *, name: str) -> list[str]:
    """Ids of the regulations whose text this can be, by their document number, else by their title; never empty.

    Raises InvalidFileError where none fits.
    """
    head = _comparable(text.head)
    numbers = {key: _comparable(register.document_no) for key, register in registers.items()}
    titles = {key: _comparable(register.title) for key, register in registers.items()}
    named = {key: title for key, title in titles.items() if len(title) >= SHORTEST_TITLE}
    for told in (numbers, named):
        if found := [key for key, words in told.items() if words in head]:
            return found
    raise InvalidFileError(
        N_("文件“%(name)s”不是已登记的办法：文号和标题都对不上。已登记：%(known)s。"),
        name=name,
        known="、".join(register.document_no for register in registers.values()) or "—",
    )


def _comparable(words: str) -> str:
    """Without spaces, brackets and the remark that a regulation is on trial."""
    return re.sub(r"[\[\]〔〕【】（）()《》]|试行", "", squeezed(words))


def collate(text: OfficialText, register: Register) -> Collation:
    """Give every clause of the register its official wording, and say what does not fit."""
    wordings: dict[str, str] = {}
    findings: list[TextFinding] = []
    addresses = {clause.id: _address_of(clause.article) for clause in register.clauses.values()}
    deep = _Depths(addresses.values())
    for clause in register.clauses.values():
        address = addresses[clause.id]
        words = _words_at(text, clause.article, address, deep)
        if words:
            wordings[clause.id] = words
        else:
            sentence = N_("登记的条款在文本中没有找到。")
            findings.append(TextFinding(FindingKind.MISSING, clause.article, sentence, {}, clause.id))
    findings += _extra(text, deep)
    places = {clause.article: clause.id for clause in register.clauses.values()}
    findings += [
        TextFinding(FindingKind.SLIP, place, sentence, values, _nearest(place, places))
        for place, sentence, values in slips_of(text, register)
    ]
    return Collation(wordings, tuple(findings))


def _nearest(place: str, places: Mapping[str, str]) -> str | None:
    """The clause at a place, or the one around it."""
    while place and place not in places:
        place = re.sub(r"第[^第]*$", "", place)
    return places.get(place)


class _Depths:
    """How deep the register goes at each place: where it names items, each item must be named."""

    def __init__(self, addresses: Iterable[_Address | None]) -> None:
        self.known = [address for address in addresses if address]
        self.articles = {address.article for address in self.known}
        self.paragraphs = {(a.article, a.paragraph) for a in self.known if a.paragraph}
        self.sentences = {(a.article, a.paragraph or 1, a.sentence) for a in self.known if a.sentence}
        self.items = {(a.article, a.paragraph or 1, a.item) for a in self.known if a.item}
        self.enumerated = {(a.article, a.paragraph or 1) for a in self.known if a.enumerated}

    def by_paragraph(self, article: int) -> bool:
        return any(known == article for known, _ in self.paragraphs)

    def by_sentence(self, article: int, paragraph: int) -> bool:
        return any((known, number) == (article, paragraph) for known, number, _ in self.sentences)

    def by_item(self, article: int, paragraph: int) -> bool:
        return any((known, number) == (article, paragraph) for known, number, _ in self.items)


def _words_at(text: OfficialText, citation: str, address: _Address | None, deep: _Depths) -> str:
    if citation == ADDRESSEES:
        return text.addressees
    if citation == PREAMBLE:
        return text.preamble
    article = text.article(address.article) if address else None
    if address is None or article is None:
        return ""
    if address.paragraph is None and address.item is None and address.sentence is None:
        return _whole_article(article, deep)
    paragraph = _at(article.paragraphs, address.paragraph or 1)
    if paragraph is None:
        return ""
    if address.sentence:
        return _at(paragraph.sentences, address.sentence) or ""
    if address.item and address.enumerated:
        return _at(paragraph.enumeration, address.item) or ""
    if address.item:
        return next((item.text for item in paragraph.items if item.number == address.item), "")
    return paragraph.text if deep.by_item(article.number, address.paragraph or 1) else paragraph.whole


def _whole_article(article: Article, deep: _Depths) -> str:
    """All of an article; only its lead where the items are clauses of their own."""
    return "\n".join(
        paragraph.text if deep.by_item(article.number, number) else paragraph.whole
        for number, paragraph in enumerate(article.paragraphs, 1)
    )


def _at(parts: list[Part], number: int) -> Part | None:
    return parts[number - 1] if 0 < number <= len(parts) else None


def _extra(text: OfficialText, deep: _Depths) -> Iterator[TextFinding]:
    for article in text.articles:
        place = f"第{numeral(article.number)}条"
        if article.number not in deep.articles:
            yield TextFinding(FindingKind.EXTRA, place, N_("文本中的这一条没有登记。"))
            continue
        for number, paragraph in enumerate(article.paragraphs, 1):
            here = f"{place}第{numeral(number)}款" if len(article.paragraphs) > 1 else place
            if deep.by_paragraph(article.number) and (article.number, number) not in deep.paragraphs:
                yield TextFinding(FindingKind.EXTRA, here, N_("文本中的这一款没有登记。"))
            yield from _extra_parts(article.number, number, paragraph, deep, here)


def _extra_parts(article: int, number: int, paragraph: Paragraph, deep: _Depths, place: str) -> Iterator[TextFinding]:
    if deep.by_sentence(article, number):
        for position in range(1, len(paragraph.sentences) + 1):
            if (article, number, position) not in deep.sentences:
                where = f"{place}第{numeral(position)}句"
                yield TextFinding(FindingKind.EXTRA, where, N_("文本中的这一句没有登记。"))
    if not deep.by_item(article, number):
        return
    if (article, number) in deep.enumerated:
        numbers: Iterable[int] = range(1, len(paragraph.enumeration) + 1)
    else:
        numbers = (item.number for item in paragraph.items)
    for position in numbers:
        if (article, number, position) not in deep.items:
            where = f"{place}第（{numeral(position)}）项"
            yield TextFinding(FindingKind.EXTRA, where, N_("文本中的这一项没有登记。"))
