"""对比和版本: two versions of definitions side by side, the releases of a process, and what runs on which."""

from typing import Any

from flask import Blueprint, render_template, request

from app.domain.comparisons import KIND_NAMES, MARK_NAMES, Kind, kind_of
from app.domain.errors import NotFoundError
from app.queries import comparisons as query
from app.queries import migrations, versions
from app.queries.comparisons import ComparePage
from app.queries.studio import DraftPage, draft_page
from app.web import clock
from app.web.diagrams import drawing_in_words
from app.web.permission import actor, needs_sign_in

screen = Blueprint("studio_versions", __name__)

LONGEST_KEY, LONGEST_NAME = 80, 200


@screen.get("/studio/versions")
@needs_sign_in
def index() -> str:
    """Every process of the county with a way to its versions."""
    query.ensure_reader(actor())
    processes = migrations.processes_of(actor())
    publications = query.choices(actor(), "")
    return render_template("studio/versions_index.html", processes=processes, publications=publications)


@screen.get("/studio/versions/<process_key>")
@needs_sign_in
def show(process_key: str) -> str:
    """版本. `release`: list what runs on it."""
    page = versions.versions_page(actor(), process_key, _arg("release", LONGEST_KEY))
    return render_template("studio/versions.html", page=page)


@screen.get("/studio/compare")
@needs_sign_in
def compare() -> str:
    """Two sides `old` and `new`; without them the newest two releases of `process`, or publications."""
    process, old, new = _arg("process", LONGEST_KEY), _arg("old", LONGEST_KEY), _arg("new", LONGEST_KEY)
    choices = query.choices(actor(), process)
    if not (old and new):
        new, old = ([choice.key for choice in choices[:2]] + ["", ""])[:2]
    if not (old and new):
        return render_template("studio/compare_empty.html", process=process)
    return _page(query.compare_page(actor(), old, new), choices=choices, process=process)


@screen.get("/studio/drafts/<draft_id>/compare")
@needs_sign_in
def compare_draft(draft_id: str) -> str:
    return _page(query.compare_draft(actor(), draft_id), draft=draft_page(actor(), draft_id, now=clock.now()))


def _page(
    page: ComparePage, *, choices: tuple[query.Choice, ...] = (), process: str = "", draft: DraftPage | None = None
) -> str:
    files = list(page.comparison.files)
    told = [name for name in files if page.comparison.of(name)] or files
    chosen = _arg("file", LONGEST_NAME)
    if chosen and chosen not in files:
        raise NotFoundError
    chosen = chosen or next(iter(told), "")
    return render_template(
        "studio/compare.html",
        page=page,
        choices=choices,
        process=process,
        draft=draft,
        draft_id=draft.id if draft else "",
        chosen=chosen,
        is_diagram=bool(chosen) and kind_of(chosen) is Kind.DIAGRAM,
        kind_of=kind_of,
        kinds=KIND_NAMES,
        marks=MARK_NAMES,
    )


@screen.get("/studio/compare.json")
@needs_sign_in
def data() -> dict[str, Any]:
    """Both drawings of one diagram with the marks of their elements."""
    old, new, name = _arg("old", LONGEST_KEY), _arg("new", LONGEST_KEY), _arg("file", LONGEST_NAME)
    if kind_of(name) is not Kind.DIAGRAM:
        raise NotFoundError
    found = query.contents_of(actor(), old, new, name)
    marks = query.compare_contents(name, found).marks.get(name, {})
    return {
        "old": drawing_in_words(found.old.decode()) if found.old else None,
        "new": drawing_in_words(found.new.decode()) if found.new else None,
        "marks": {key: mark.value for key, mark in marks.items()},
    }


def _arg(name: str, longest: int) -> str:
    return request.args.get(name, "").strip()[:longest]
