"""Slips of the pen in an official text, found by pattern. The text is law as it stands: it is shown, never mended."""

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from app.domain.errors import N_
from app.law.official import Item, OfficialText, number_of, numeral
from app.law.register import Register

Slip = tuple[str, str, Mapping[str, Any]]
"""Place, sentence, its values."""

_KINDS = "办法|细则|规定|条例|意见|方案|规则|决定"
_HALF_WIDTH = re.compile(r"[,;:()?!]")
_PAIRS = (("（", "）"), ("《", "》"), ("“", "”"))
_DOUBLED = re.compile(r"([。；，、：])\1|[，、；][。]|[。][，、；]")


def slips_of(text: OfficialText, register: Register) -> Iterator[Slip]:
    """Every slip with its place, in the order of the text."""
    yield from _numbering(text)
    for article in text.articles:
        for number, paragraph in enumerate(article.paragraphs, 1):
            place = f"第{numeral(article.number)}条"
            if len(article.paragraphs) > 1:
                place += f"第{numeral(number)}款"
            yield from _in_words(place, paragraph.text, text, register)
            for item, following in zip_longest(paragraph.items, paragraph.items[1:]):
                where = f"{place}第（{numeral(item.number)}）项"
                yield from _in_words(where, item.text, text, register)
                yield from _item_end(where, item, following)


def _in_words(place: str, words: str, text: OfficialText, register: Register) -> Iterator[Slip]:
    yield from _punctuation(place, words)
    yield from _self_reference(place, words, register.title)
    yield from _broken_list(place, words)
    yield from _citations(place, words, text)
    yield from _validity(place, words, register)


def _numbering(text: OfficialText) -> Iterator[Slip]:
    expected = 1
    for article in text.articles:
        place = f"第{numeral(article.number)}条"
        if article.number != expected:
            before = f"第{numeral(expected - 1)}条" if expected > 1 else "—"
            yield place, N_("条序不连续，前一条是%(before)s。"), {"before": before}
        expected = article.number + 1
        for paragraph in article.paragraphs:
            found = [item.number for item in paragraph.items]
            if found != list(range(1, len(found) + 1)):
                yield place, N_("各项的序号不连续或者重复。"), {}


def _item_end(place: str, item: Item, following: Item | None) -> Iterator[Slip]:
    """Items end with a semicolon, the last with a full stop."""
    end = item.text[-1:].replace(";", "；")  # that its width is wrong is said already
    if following is None and end != "。":
        yield place, N_("最后一项以“%(end)s”结尾，其后已无内容。"), {"end": end}
    elif following is not None and end != "；":
        next_ = f"（{numeral(following.number)}）"
        yield place, N_("以“%(end)s”结尾，其后还有%(next)s项。"), {"end": end, "next": next_}


def _punctuation(place: str, words: str) -> Iterator[Slip]:
    half = sorted(set(_HALF_WIDTH.findall(words)))
    if half:
        yield place, N_("使用了半角标点“%(marks)s”。"), {"marks": "".join(half)}
    if found := _DOUBLED.search(words):
        yield place, N_("标点“%(marks)s”连用。"), {"marks": found[0]}
    for opening, closing in _PAIRS:
        if words.count(opening) != words.count(closing):
            yield place, N_("“%(opening)s”和“%(closing)s”不成对。"), {"opening": opening, "closing": closing}


def _self_reference(place: str, words: str, title: str) -> Iterator[Slip]:
    """The text calls itself by another word than its title does."""
    own = re.search(rf"({_KINDS})(?:[（(][^（）()]*[）)])?$", title)
    if own is None:
        return
    for called in dict.fromkeys(re.findall(rf"本({_KINDS})", words)):
        if called != own[1]:
            yield place, N_("自称“本%(called)s”，标题是“%(own)s”。"), {"called": called, "own": own[1]}


def _broken_list(place: str, words: str) -> Iterator[Slip]:
    """甲的案件、乙、丙的案件: the noun closes the list before its end."""
    for clause in re.split(r"[。；：]", words):
        parts = clause.split("、")
        ends = [found[1] if (found := re.search(r"的(\w{2,4})$", part)) else "" for part in parts]
        last = ends[-1]
        early = [index for index, end in enumerate(ends[:-1]) if last and end == last]
        if early and any(end != last for end in ends[early[0] :]):
            yield place, N_("列举中“的%(noun)s”重复，前后不一致。"), {"noun": last}


def _citations(place: str, words: str, text: OfficialText) -> Iterator[Slip]:
    for number in re.findall(rf"本(?:{_KINDS})第([零一二三四五六七八九十百]+)条", words):
        if text.article(number_of(number)) is None:
            yield place, N_("引用的第%(number)s条不存在。"), {"number": number}


_FROM = re.compile(r"自(\d{4})年(\d{1,2})月(\d{1,2})日起")
_UNTIL = re.compile(r"有效期至(\d{4})年(\d{1,2})月(\d{1,2})日")


def _validity(place: str, words: str, register: Register) -> Iterator[Slip]:
    """Dates that the text names and the register tells otherwise."""
    for pattern, known in ((_FROM, register.in_force_from), (_UNTIL, register.in_force_to)):
        found = pattern.search(words)
        if found and (known is None or tuple(map(int, found.groups())) != (known.year, known.month, known.day)):
            values = {"said": "-".join(part.zfill(2) for part in found.groups()), "known": str(known or "—")}
            yield place, N_("文本写的日期是%(said)s，登记的是%(known)s。"), values
