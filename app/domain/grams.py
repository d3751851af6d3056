"""Chinese text for an index that knows words only: every two neighbouring characters are a word.

A word of the reader is found where its pairs stand one behind the other, wherever it begins: two characters, part of a
number, a name. Width and case of letters do not count, neither does what stands between two runs of letters.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

PIECE, OVERLAP = 1500, 40
"""Characters of a piece of text, and how many two pieces share. A database keeps 255 places of the same pair."""
MOST_WORDS, LONGEST = 6, 60
Stretch = tuple[str, bool]
"""A part of a text, and whether it is a hit."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One word of a question: pairs in this order; `open_ended` where the last is a beginning only."""

    letters: str
    grams: tuple[str, ...]
    open_ended: bool


def folded(text: str) -> Iterator[tuple[int, str]]:
    """Letters and digits of a text as they are compared, each with its place in the text; "" stands for a gap."""
    for place, character in enumerate(text):
        plain = unicodedata.normalize("NFKC", character).lower()
        if not plain.isalnum():
            yield place, ""
        else:
            yield from ((place, letter) for letter in plain)


def _runs(text: str) -> list[str]:
    return "".join(letter or " " for _, letter in folded(text)).split()


def grams_of(text: str) -> str:
    """The pairs of a text, with the last character of each run alone, so that it is found by itself too."""
    return " ".join(gram for run in _runs(text) for gram in (*_pairs(run), run[-1]))


def _pairs(run: str) -> list[str]:
    return [run[start : start + 2] for start in range(len(run) - 1)]


def pieces(text: str) -> Iterator[str]:
    """A long text in parts that share a few characters; none of an empty one."""
    start = 0
    while start < len(text):
        yield text[start : start + PIECE]
        if start + PIECE >= len(text):
            return
        start += PIECE - OVERLAP


def phrases(question: str) -> tuple[Phrase, ...]:
    """The words of a question, which all have to be found."""
    found = (_phrase(word[:LONGEST]) for word in question.split()[:MOST_WORDS])
    return tuple(phrase for phrase in found if phrase is not None)


def _phrase(word: str) -> Phrase | None:
    runs = _runs(word)
    if not runs:
        return None
    before = [gram for run in runs[:-1] for gram in (*_pairs(run), run[-1])]
    last = runs[-1]
    alone = len(last) == 1
    return Phrase("".join(runs), (*before, *(_pairs(last) or (last,))), open_ended=alone)


def excerpt(
    text: str, asked: tuple[Phrase, ...], *, around: int = 24, longest: int = 120
) -> tuple[tuple[str, bool], ...]:
    """The part of a text with the first hits, in stretches that are a hit or not; empty where there is none."""
    places = [(place, letter) for place, letter in folded(text) if letter]
    letters = "".join(letter for _, letter in places)
    marked: set[int] = set()
    for phrase in asked:
        at = letters.find(phrase.letters)
        while at >= 0:
            marked.update(range(places[at][0], places[at + len(phrase.letters) - 1][0] + 1))
            at = letters.find(phrase.letters, at + 1)
    if not marked:
        return ()
    first = max(0, min(marked) - around)
    end = min(len(text), first + longest)
    stretches: list[Stretch] = [("…", False)] if first else []
    start = first
    for place in range(first, end + 1):
        if place == end or (place > start and (place in marked) != (start in marked)):
            stretches.append((text[start:place], start in marked))
            start = place
    return (*stretches, ("…", False)) if end < len(text) else tuple(stretches)
