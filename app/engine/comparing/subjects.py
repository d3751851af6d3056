"""What a file is made of, for comparing: subjects with facets, whatever format it is written in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from app.domain.comparisons import Change, Mark
from app.domain.errors import N_, Sentence, Words

LONGEST = 300
"""Characters of a value that a line shows."""
DEEPEST = 4
OTHER = N_("其他内容")
ORDER = N_("顺序")


class UnreadableError(Exception):
    """The file is not what its name says; it can be compared only as a whole."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that a reader recognises from one version to the next by its id."""

    id: str
    words: str
    """“环节“催报””: what it is and what it is called."""
    facets: Mapping[str, str]
    """Facet (a message id) -> value in words; an absent one is empty."""
    ids: Mapping[str, str] = field(default_factory=dict)
    """Facets that name another subject: by whose id they are told apart, so that a new name there is no change here."""
    rest: str = ""
    """Whatever the facets do not say, in any stable form; told apart, never shown."""
    listed: bool = True
    """False: it only changes together with others (an arrow, a lane) and is told when it has facets of its own."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A file read for comparing."""

    subjects: Mapping[str, Subject]
    """In document order."""
    ordered: bool = False
    """Whether the order of the subjects says something (rows of a table, fields of a form)."""
    places: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """Where elements of a diagram are drawn."""


def changes_between(file: str, old: Picture, new: Picture) -> list[Change]:
    """All lines of one file: added and changed in the new order, then removed, then moved."""
    lines = list(_added_and_changed(file, old, new))
    lines += [
        Change(file, Mark.REMOVED, subject.words, key)
        for key, subject in old.subjects.items()
        if key not in new.subjects and subject.listed
    ]
    lines += list(_moved(file, old, new))
    return lines


def _added_and_changed(file: str, old: Picture, new: Picture) -> Iterator[Change]:
    for key, subject in new.subjects.items():
        before = old.subjects.get(key)
        if before is None:
            if subject.listed:
                yield Change(file, Mark.ADDED, subject.words, key)
            continue
        yield from _facets(file, before, subject)


def _facets(file: str, old: Subject, new: Subject) -> Iterator[Change]:
    names = dict.fromkeys((*old.facets, *new.facets))
    different = [name for name in names if _told_apart(old, name) != _told_apart(new, name)]
    for name in different:
        then, now = old.facets.get(name, ""), new.facets.get(name, "")
        yield Change(file, Mark.CHANGED, new.words, new.id, _sentence(name), cut(then), cut(now))
    if not different and old.rest != new.rest:
        yield Change(file, Mark.CHANGED, new.words, new.id, _sentence(OTHER))


def _told_apart(subject: Subject, facet: str) -> str | None:
    return subject.ids.get(facet, subject.facets.get(facet))


def _moved(file: str, old: Picture, new: Picture) -> Iterator[Change]:
    if not new.ordered:
        return
    then = [key for key in old.subjects if key in new.subjects]
    now = [key for key in new.subjects if key in old.subjects]
    if then == now:
        return
    matcher = SequenceMatcher(None, then, now, autojunk=False)
    kept = {key for block in matcher.get_matching_blocks() for key in now[block.b : block.b + block.size]}
    for key in now:
        if key not in kept:
            places = str(then.index(key) + 1), str(now.index(key) + 1)
            yield Change(file, Mark.MOVED, new.subjects[key].words, key, _sentence(ORDER), *places)


def _sentence(id_: str) -> Sentence:
    return id_ if isinstance(id_, Sentence) else Sentence(id_)


def cut(value: str) -> str:
    """A value as a line shows it; sentences stay translatable."""
    if isinstance(value, Sentence) or len(value) <= LONGEST:
        return value
    return f"{value[:LONGEST]}…"


def named(kind: str, name: str) -> Sentence:
    """What a subject is and what it is called: `kind` is a message id with %(name)s; names may be in the catalogue."""
    return Sentence(kind, name=name if isinstance(name, Words) or not name else Sentence(name))


def said(value: Any, depth: int = 0) -> str:
    """A value of a JSON or YAML file as one line; bounded, because an alias may hold the same thing a million times."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if depth >= DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return _joined((f"{key}: {said(item, depth + 1)}" for key, item in _first(value.items())), "；")
    if isinstance(value, list | tuple):
        return _joined((said(item, depth + 1) for item in _first(value)), "、")
    return str(value)


def _first(items: Iterable[Any], most: int = 60) -> Iterator[Any]:
    for place, item in enumerate(items):
        if place >= most:
            return
        yield item


def _joined(parts: Iterable[str], mark: str) -> str:
    return mark.join(part for part in parts if part)


def present(facets: Mapping[str, str | None]) -> dict[str, str]:
    """Only the facets that say something."""
    return {name: value for name, value in facets.items() if value}
