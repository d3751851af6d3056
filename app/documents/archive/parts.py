"""What goes into a package, as plain values: who reads the rows and who writes the zip know only these."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered field as people read it."""

    label: str
    text: str
    section: str = ""
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """A form that was submitted."""

    id: str
    task_id: str
    step: str
    person: str
    organ: str
    at: datetime
    form_key: str
    form_hash: str


@dataclass(frozen=True, slots=True)
class Filled:
    """What is in it."""

    payload: bytes
    """The very bytes whose SHA-256 the journal signed."""
    answers: tuple[Answer, ...]
    pages: int
    """Estimated from a printed page."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that was issued or handed in, in one of its versions."""

    id: str
    file_name: str
    media_type: str
    sha256: str
    pages: int | None
    version: int
    at: datetime
    step: str
    person: str
    organ: str
    number: str
    """Of an official paper; empty for any other."""
    issued: bool
    erased: bool
    """Its content was erased lawfully: only its line stays."""


@dataclass(frozen=True, slots=True)
class Folder:
    title: str
    items: tuple[Form | Paper, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the story."""

    at: datetime
    act: str
    step: str
    person: str
    organ: str
    clauses: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Picture:
    key: str
    title: str
    svg: bytes


@dataclass(frozen=True, slots=True)
class Erased:
    """A content of which only the digest is left."""

    kind: str
    object_id: str
    digest: str
    authority: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Chapter:
    """One proceeding: the case, or a procedure about it that is closed too."""

    id: str
    kind: str
    number: str
    title: str
    closed_at: datetime
    outcome: str
    release_digest: str
    folders: tuple[Folder, ...]
    story: tuple[Told, ...]
    pictures: tuple[Picture, ...]
    erased: tuple[Erased, ...]

    @property
    def items(self) -> Iterator[Form | Paper]:
        return (item for folder in self.folders for item in folder.items)


@dataclass(frozen=True, slots=True)
class Contents:
    """The whole file of a closed case."""

    number: str
    title: str
    county: str
    organ: str
    regulation: str
    document_no: str
    opened_at: datetime
    chapters: tuple[Chapter, ...]
    sides: tuple[str, ...]
    """Whose submissions are in it."""
    filled: Callable[[Chapter, Sequence[Form]], Iterator[Filled]]
    """Reads some forms, in their order; so that a large case is never in memory as a whole."""
