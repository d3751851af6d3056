"""归档目录: the rows with which a table of papers begins, so that nobody copies the catalogue of the file by hand.

A form asks for it with the property `filled_from: case_file` of a table. Its column `name` takes the paper's name,
`pages` how many it has where that is counted, `kind` the option that means the kind of paper. What cannot be told is
left open, and every row stays the archivist's to change.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any

from sqlalchemy import select

from app.domain.actors import Actor
from app.extensions import db
from app.forms.parse import CASE_FILE
from app.queries.case_file import Item, ItemKind, case_file
from app.queries.heads import Found
from app.storage.models import IssuedPaper


def filled_tables(
    actor: Actor, found: Found, components: Iterable[Mapping[str, Any]], *, locale: str
) -> dict[str, list[dict[str, Any]]]:
    """Rows by field for the tables that begin with the papers of the file; only papers that the reader may open."""
    tables = [part for part in components if (part.get("properties") or {}).get("filled_from") == CASE_FILE]
    if not tables:
        return {}
    page = case_file(actor, found, locale=locale)
    papers = [item for folder in page.folders for item in folder.items if item.kind is ItemKind.PAPER]
    issued = _issued(found.proceeding.id)
    return {table["key"]: list(rows_of(papers, issued, table["columns"])) for table in tables}


def _issued(proceeding_id: str) -> dict[str, str]:
    """Kind, as the register calls it, of the papers that the steps made."""
    query = select(IssuedPaper.attachment_id, IssuedPaper.kind).where(IssuedPaper.proceeding_id == proceeding_id)
    return {row.attachment_id: row.kind for row in db.session.execute(query)}


def rows_of(
    papers: Iterable[Item], issued: Mapping[str, str], columns: Iterable[Mapping[str, Any]]
) -> Iterator[dict[str, Any]]:
    """A row for each paper, with the columns of the table that have one of the known names."""
    options = {column["key"]: column.get("values") or () for column in columns}
    for paper in papers:
        told = {
            "name": PurePath(paper.title).stem,
            "pages": None if paper.estimated else paper.pages,
            "kind": _option(paper, issued.get(paper.id, ""), options.get("kind", ())),
        }
        yield {key: told.get(key) for key in options}


def _option(paper: Item, kind: str, options: Iterable[Mapping[str, Any]]) -> Any:
    """The option of the same name as the kind of an issued paper, else the one whose words stand in the paper's."""
    words = f"{paper.paper_kind} {paper.title}"
    same = (option["value"] for option in options if option["value"] == kind.upper())
    told = (option["value"] for option in options if option["label"] in words)
    return next(same, None) or next(told, None)
