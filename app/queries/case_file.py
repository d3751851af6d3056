"""案卷: what a case file holds, sorted into the stages of the procedure, with page numbers and a catalogue."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from app.documents.tables import csv_of
from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.history import Act
from app.law.register import Register
from app.queries.heads import Found, Head
from app.queries.opinions import seen_story
from app.queries.stages import register_of
from app.queries.stories import Line, Paper, Story

LINES_OF_PAGE = 36
CHARACTERS_OF_LINE = 38
"""How much of a form stands on a printed page (A4): page numbers of forms are estimated from it."""


class ItemKind(StrEnum):
    FORM = "FORM"
    """A form as it was submitted."""
    PAPER = "PAPER"


@dataclass(frozen=True, slots=True)
class Item:
    number: int
    """Position in the whole file, from 1."""
    kind: ItemKind
    id: str
    """Of the submission or of the paper's newest version."""
    title: str
    paper_kind: str
    """What the form's field calls it; empty for a form."""
    step: str
    person: str
    organ: str
    at: datetime
    pages: int
    estimated: bool
    """Whether the number of pages is only estimated."""
    first_page: int
    version: int
    text: str
    """What can be searched."""


@dataclass(frozen=True, slots=True)
class Folder:
    key: str
    zh: str
    en: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class CaseFilePage:
    head: Head
    folders: tuple[Folder, ...]
    """Without empty ones; narrowed by the search, numbers and pages as in the whole file."""
    total: int
    pages: int
    estimated: bool
    found: int
    withheld: int
    """Submissions that the reader may not open: they are not in his catalogue."""


def case_file(actor: Actor, found: Found, *, search: str = "", locale: str) -> CaseFilePage:
    """What the reader may open of the file of a proceeding that he sees."""
    story = seen_story(actor, found, locale=locale)
    register = register_of(found.head.release_id)
    whole = _numbered(_folders(story, register))
    wanted = search.strip().casefold()
    shown = tuple(
        replace(folder, items=tuple(item for item in folder.items if not wanted or wanted in item.text.casefold()))
        for folder in whole
    )
    items = [item for folder in whole for item in folder.items]
    return CaseFilePage(
        head=found.head,
        folders=tuple(folder for folder in shown if folder.items),
        total=len(items),
        pages=sum(item.pages for item in items),
        estimated=any(item.estimated for item in items),
        found=sum(len(folder.items) for folder in shown),
        withheld=sum(line.withheld for line in story.lines),
    )


def catalogue_csv(page: CaseFilePage, heading: tuple[str, ...], words: Mapping[str, str], *, english: bool) -> bytes:
    """The catalogue as a table file; `words` gives steps and titles in the reader's language where they have one."""
    rows = (
        (
            str(item.number),
            folder.en if english else folder.zh,
            words.get(item.title, item.title),
            item.paper_kind or words.get(item.step, item.step),
            item.person,
            item.organ,
            office_day(item.at).isoformat(),
            str(item.first_page),
            f"≈{item.pages}" if item.estimated else str(item.pages),
        )
        for folder in page.folders
        for item in folder.items
    )
    return csv_of(heading, rows)


def _folders(story: Story, register: Register) -> Iterator[Folder]:
    """One a stage, in the order of the stages; what came before the first stage or belongs to none stands with it."""
    stages = register.stages
    by_stage: dict[str, list[Item]] = {}
    papers: dict[str, list[Paper]] = {}
    for paper in story.papers:
        papers.setdefault(paper.submission_id, []).append(paper)
    current = stages[0].key if stages else ""
    for line in story.lines:
        current = register.stage_of(line.process_key, line.step_id) or current
        if line.act is Act.SUBMITTED and line.answers is not None and line.submission_id:
            by_stage.setdefault(current, []).extend(_items(line, papers.get(line.submission_id, [])))
    for stage in stages:
        yield Folder(stage.key, stage.zh, stage.en, tuple(by_stage.get(stage.key, ())))
    if not stages:
        yield Folder("", "", "", tuple(by_stage.get("", ())))


def _items(line: Line, papers: list[Paper]) -> Iterator[Item]:
    answers = line.answers or ()
    kinds = {id_: answer.label for answer in answers for id_ in answer.attachments}
    said = " ".join(f"{answer.label} {answer.text}" for answer in answers)
    common = {"number": 0, "first_page": 0, "step": line.name, "person": line.person, "organ": line.organ}
    length = sum(1 + len(answer.text) // CHARACTERS_OF_LINE for answer in answers)
    yield Item(
        kind=ItemKind.FORM,
        id=line.submission_id or "",
        title=line.name,
        paper_kind="",
        at=line.at,
        pages=1 + length // LINES_OF_PAGE,
        estimated=True,
        version=1,
        text=f"{line.name} {line.person} {line.organ} {said}",
        **common,  # type: ignore[arg-type]
    )
    for paper in papers:
        kind = kinds.get(paper.first_id, "")
        yield Item(
            kind=ItemKind.PAPER,
            id=paper.id,
            title=paper.file_name,
            paper_kind=kind,
            at=paper.uploaded_at,
            pages=paper.pages or 1,
            estimated=paper.pages is None,
            version=paper.version,
            text=f"{paper.file_name} {kind} {line.name} {line.person} {line.organ}",
            **common,  # type: ignore[arg-type]
        )


def _numbered(folders: Iterator[Folder]) -> tuple[Folder, ...]:
    number, page, numbered = 0, 1, []
    for folder in folders:
        items = []
        for item in folder.items:
            number += 1
            items.append(replace(item, number=number, first_page=page))
            page += item.pages
        numbered.append(replace(folder, items=tuple(items)))
    return tuple(numbered)
