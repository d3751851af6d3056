"""The package of one closed case, written to a file. Reads the database; writes only that file."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from hashlib import sha256
from pathlib import Path
from typing import Any

from app.documents import store
from app.documents.archive import pages, verify
from app.documents.archive.package import Package, paper_name
from app.documents.archive.parts import Chapter, Contents, Form, Paper
from app.documents.letters import pdf
from app.documents.pages import count_pages
from app.domain.deadlines import office_day
from app.domain.errors import N_, ConflictError
from app.extensions import db
from app.seals import sealed
from app.services.letters.issuing import DOCX, told_of
from app.storage import archives, issued, journal
from app.storage.models import FileOrder, IssuedPaper, JournalLine, Proceeding
from app.storage.transaction import snapshot

FORMAT = 1
FORMS_AT_ONCE = 50
HERE = Path(verify.__file__).parent
FIXED = ("README.txt", "verify.py", verify.MANIFEST, verify.CATALOGUE, "catalogue.html")
"""Files of a package that its catalogue does not list."""
Read = Callable[[str], Contents]


@dataclass(frozen=True, slots=True)
class Built:
    """What a package turned out to be."""

    items: int
    pages: int
    chain: str
    """Head of the open chain of the case's own journal."""
    sides: tuple[str, ...]


@dataclass(slots=True)
class _Draft:
    """A package while it is written."""

    package: Package
    folder: Path
    """The data folder."""
    contents: Contents
    number: int = 0
    page: int = 1
    folders: list[dict[str, Any]] = field(default_factory=list)
    proceedings: list[dict[str, Any]] = field(default_factory=list)
    payloads: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Step -> name and digest of the file that holds what was submitted there."""
    later: list[tuple[str, Path, str]] = field(default_factory=list)
    """Papers: name, place in the store, SHA-256. They are copied when nothing is read from the database any more."""


def build(order: FileOrder, path: Path, *, folder: Path, version: int, read: Read) -> Built:
    """Write the package that was ordered. Outside of every transaction.

    Raises NotFoundError (no closed case), ConflictError (a paper is lost or damaged, the journal does not fit).
    """
    with Package(path) as package:
        with snapshot():
            draft = _Draft(package, folder, read(order.proceeding_id))
            for chapter in draft.contents.chapters:
                _write_chapter(draft, chapter)
            _write_story(draft)
        for name, stored, digest in draft.later:
            package.add_file(name, stored, sha256=digest)
        return _write_ends(draft, order, version)


# ---- what a proceeding holds


def _write_chapter(draft: _Draft, chapter: Chapter) -> None:
    erased = {one.object_id for one in chapter.erased}
    for folder in chapter.folders:
        items: list[dict[str, Any]] = []
        draft.folders.append({"title": f"{chapter.kind}　{folder.title}", "items": items})
        for start in range(0, len(folder.items), FORMS_AT_ONCE):
            some = folder.items[start : start + FORMS_AT_ONCE]
            filled = draft.contents.filled(chapter, [item for item in some if isinstance(item, Form)])
            for item in some:
                draft.number += 1
                if isinstance(item, Form):
                    items.append(_write_form(draft, item, next(filled), is_erased=item.id in erased))
                else:
                    items.append(_list_paper(draft, item))
    _write_pictures(draft, chapter)
    _write_journal(draft, chapter)


def _line(draft: _Draft, title: str, files: list[str], *, pages: int = 0, **more: Any) -> dict[str, Any]:
    """A line of the catalogue."""
    line = {"number": draft.number, "title": title, "paper_number": "", "person": "", "organ": "", "date": ""}
    places = {"first_page": draft.page if pages else 0, "pages": pages, "estimated": False, "erased": False}
    draft.page += pages
    return {**line, **places, "files": files, **more}


def _write_form(draft: _Draft, form: Form, filled: Any, *, is_erased: bool) -> dict[str, Any]:
    case = f"{draft.contents.number}　{draft.contents.title}"
    name = f"submissions/{draft.number:04d}"
    files = [f"{name}.html"]
    if is_erased:
        draft.package.add(files[0], pages.erased_page(case, form))
    else:
        files.append(f"{name}.json")
        draft.package.add(files[0], pages.form_page(case, form, filled.answers))
        draft.package.add(files[1], filled.payload)
        draft.payloads[form.task_id] = (files[1], _digest(filled.payload))
    by = {"person": form.person, "organ": form.organ, "date": office_day(form.at).isoformat()}
    return _line(
        draft, form.step, files, pages=1 if is_erased else filled.pages, estimated=True, erased=is_erased, **by
    )


def _list_paper(draft: _Draft, paper: Paper) -> dict[str, Any]:
    """The line of a paper, and of the PDF beside it; both are copied later."""
    by: dict[str, Any] = {"person": paper.person, "organ": paper.organ, "date": office_day(paper.at).isoformat()}
    title = paper.file_name + (f"（第{paper.version}版）" if paper.version > 1 else "")
    by |= {"paper_number": paper.number, "erased": paper.erased}
    if paper.erased:
        return _line(draft, title, [], pages=paper.pages or 1, estimated=paper.pages is None, **by)
    files = [paper_name(draft.number, paper.file_name)]
    draft.later.append((files[0], store.path_of(draft.folder, paper.sha256), paper.sha256))
    count = paper.pages
    drawn = pdf.kept_at(draft.folder, paper.sha256)
    if paper.media_type == DOCX and drawn.exists():
        files.append(f"{files[0].removesuffix('.docx')}.pdf")
        draft.later.append((files[1], drawn, ""))
        count = count_pages(sealed.read(drawn), "application/pdf") or count
    return _line(draft, title, files, pages=count or 1, estimated=count is None, **by)


def _write_pictures(draft: _Draft, chapter: Chapter) -> None:
    items = []
    for picture in chapter.pictures:
        draft.number += 1
        name = f"diagrams/{draft.number:04d}-{picture.key}.svg"
        draft.package.add(name, picture.svg)
        items.append(_line(draft, picture.title, [name], pages=1, date=office_day(chapter.closed_at).isoformat()))
    draft.folders.append({"title": f"{chapter.kind}　流程图", "items": items})


def _write_story(draft: _Draft) -> None:
    head = {"number": draft.contents.number, "title": draft.contents.title}
    told = ((f"{chapter.kind}　{chapter.number}", chapter.story) for chapter in draft.contents.chapters)
    draft.number += 1
    draft.package.add("story.html", pages.story_page(head, told))
    lines = sum(len(chapter.story) for chapter in draft.contents.chapters)
    item = _line(draft, "办理经过", ["story.html"], pages=1 + lines // 20, estimated=True)
    items = [item]
    for proceeding in draft.proceedings:
        draft.number += 1
        items.append(_line(draft, f"日志摘录　{proceeding['number']}", [proceeding["journal"]]))
    draft.folders.append({"title": "办理经过与日志", "items": items})


# ---- the journal


def _write_journal(draft: _Draft, chapter: Chapter) -> None:
    proceeding = db.session.get_one(Proceeding, chapter.id)
    name = f"journal/{len(draft.proceedings) + 1:02d}.jsonl"
    begins, before = archives.purged_until(chapter.id)
    known: dict[str, Any] = {
        "id": chapter.id,
        "kind": chapter.kind,
        "number": chapter.number,
        "title": chapter.title,
        "closed_at": chapter.closed_at.isoformat(),
        "outcome": chapter.outcome,
        "release": chapter.release_digest,
        "journal": name,
        "from": begins + 1,
        "first_previous": before,
        "until": int(proceeding.waiting.get("journal", 0)),
        "head": proceeding.journal_digest,
        "chain": "",
    }
    draft.package.add_blocks(name, _lines(draft, chapter, known))
    draft.proceedings.append(known)


def _lines(draft: _Draft, chapter: Chapter, known: dict[str, Any]) -> Iterator[bytes]:
    """Every line with its link in the open chain. Raises ConflictError where the chain is not whole."""
    papers = {row.id: _signed(row) for row in issued.of_proceeding(chapter.id)}
    erased = {one.digest for one in chapter.erased}
    position, previous = known["from"] - 1, known["first_previous"]
    for line in archives.lines_of(chapter.id, until=known["until"]):
        if (line.position, line.previous) != (position + 1, previous) or line.digest != journal.chain(line):
            raise _broken(line)
        written = _as_written(line)
        known["chain"] = written["link"] = verify.link_of(known["chain"], written)
        if line.act == "complete" and line.payload_digest not in erased:
            name, digest = draft.payloads.get(line.object, ("", ""))
            if digest != line.payload_digest:
                raise _broken(line)
            written["payload"] = name
        elif line.act == "issue paper" and _digest(papers.get(line.object, b"")) == line.payload_digest:
            written["content"] = papers[line.object].decode()
        yield json.dumps(written, ensure_ascii=False).encode() + b"\n"
        position, previous = line.position, line.digest
    if (position, previous) != (known["until"], known["head"]):
        raise ConflictError(N_("本件的审计日志不完整，没有制作归档包。"))


def _as_written(line: JournalLine) -> dict[str, Any]:
    names = ("scope", "position", "actor", "act", "object", "payload_digest", "previous", "key_id", "digest")
    at = line.at.astimezone(UTC).isoformat(timespec="microseconds")
    return {**{name: getattr(line, name) for name in names}, "at": at}


def _signed(row: IssuedPaper) -> bytes:
    """What the journal signed when the paper was issued."""
    served = db.session.get(IssuedPaper, row.serves_id) if row.serves_id else None
    return journal.content_of(told_of(row, served))


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()


def _broken(line: JournalLine) -> ConflictError:
    return ConflictError(N_("审计日志第%(position)s条与案卷不符，没有制作归档包。"), position=line.position)


# ---- the ends


def _write_ends(draft: _Draft, order: FileOrder, version: int) -> Built:
    contents, package = draft.contents, draft.package
    case = draft.proceedings[0]
    head = {
        "format": FORMAT,
        "number": contents.number,
        "title": contents.title,
        "county": contents.county,
        "organ": contents.organ,
        "regulation": contents.regulation,
        "document_no": contents.document_no,
        "opened_at": contents.opened_at.isoformat(),
        "closed_at": case["closed_at"],
        "version": version,
        "reason": order.reason,
        "ordered_at": order.ordered_at.isoformat(),
        "proceedings": draft.proceedings,
        "erased": [
            {"kind": one.kind, "object": one.object_id, "digest": one.digest, "authority": one.authority}
            for chapter in contents.chapters
            for one in chapter.erased
        ],
    }
    folders = [folder for folder in draft.folders if folder["items"]]
    catalogue = {"items": draft.number, "pages": draft.page - 1, "fixed": list(FIXED), "folders": folders}
    package.add(verify.MANIFEST, _json(head))
    package.add(verify.CATALOGUE, _json(catalogue))
    package.add("catalogue.html", pages.catalogue_page(head, catalogue))
    for name in ("README.txt", "verify.py"):
        package.add(name, (HERE / name).read_bytes())
    package.end()
    return Built(draft.number, draft.page - 1, case["chain"], contents.sides)


def _json(value: Mapping[str, Any] | Iterable[Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
