"""Two sets of definition files, compared in words. Pure: reads bytes, executes nothing, trusts nothing.

Whatever differs is told by *subjects* (a step, a field, a row, a clause) and their *facets* (role, deadline, options);
what no facet names is told as “其他内容”, so that no difference is passed over.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.domain.comparisons import Change, Comparison, Kind, Mark, kind_of
from app.domain.errors import N_, Sentence
from app.engine.comparing import diagrams, forms, letters, registers, tables
from app.engine.comparing.subjects import Picture, UnreadableError, changes_between

_READERS: Mapping[Kind, Callable[[bytes], Picture]] = MappingProxyType(
    {
        Kind.DIAGRAM: diagrams.read,
        Kind.TABLE: tables.read,
        Kind.FORM: forms.read,
        Kind.REGISTER: registers.read_register,
        Kind.OPTIONS: registers.read_options,
        Kind.SCENARIO: registers.read_scenario,
    }
)
UNREADABLE = N_("内容（无法逐项比较）")


def compare(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Comparison:
    """What leads from one set of files to the other, files by their release names. Never raises."""
    files = {name: mark for name in sorted({*old, *new}) if (mark := _mark_of(old.get(name), new.get(name)))}
    changes: list[Change] = []
    marks: dict[str, Mapping[str, Mark]] = {}
    for name, mark in files.items():
        found, drawn = _compared(name, mark, old.get(name), new.get(name))
        changes += found
        if drawn:
            marks[name] = drawn
    return Comparison(tuple(changes), files, marks)


def _mark_of(old: bytes | None, new: bytes | None) -> Mark | None:
    if old is None:
        return Mark.ADDED
    if new is None:
        return Mark.REMOVED
    return Mark.CHANGED if old != new else None


def _compared(name: str, mark: Mark, old: bytes | None, new: bytes | None) -> tuple[list[Change], Mapping[str, Mark]]:
    """The lines of one file, and the marks of its elements where it is a diagram."""
    if old is None or new is None:
        return [Change(name, mark, _words_of(name, new if old is None else old))], {}
    reader = _READERS.get(kind_of(name))
    try:
        if kind_of(name) is Kind.LETTER:
            return letters.changes_between(name, old, new), {}
        if reader is None:
            return [Change(name, mark, _words_of(name, new))], {}
        then, now = reader(old), reader(new)
    except UnreadableError:
        return [Change(name, mark, _words_of(name, None), facet=Sentence(UNREADABLE) if reader else "")], {}
    found = changes_between(name, then, now)
    if kind_of(name) is not Kind.DIAGRAM:
        return found, {}  # perhaps none: other bytes, the same content
    marks = diagrams.marks_between(then, now, found)
    return [*found, *diagrams.moved_lines(name, now, marks)], marks


def _words_of(name: str, data: bytes | None) -> str:
    """What a whole file is called: by its own title where it can be read, else by its name."""
    reader = _READERS.get(kind_of(name))
    if reader is not None and data is not None and kind_of(name) is not Kind.OPTIONS:
        try:
            return next(iter(reader(data).subjects.values())).words
        except (UnreadableError, StopIteration):
            pass
    return Sentence(N_("文件“%(name)s”"), name=name)
