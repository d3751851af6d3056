"""The diagram of a case or meeting, for the viewer."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template
from lxml import etree

from app.domain.errors import NotFoundError
from app.domain.proceedings import ProceedingKind
from app.queries.diagrams import Beside, diagram_page
from app.queries.heads import Head, get_proceeding
from app.web import clock, languages
from app.web.clauses import law_of
from app.web.permission import actor, needs_sign_in
from app.web.words import gettext

screen = Blueprint("diagrams", __name__)

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
PICTURE = "http://www.omg.org/spec/BPMN/20100524/DI"
SHAPES = "http://www.omg.org/spec/DD/20100524/DC"
LABEL = 80
"""Least width of a label in English, in the diagram's pixels."""


@screen.get("/proceedings/<proceeding_id>/diagram.json")
@needs_sign_in
def data(proceeding_id: str) -> dict[str, Any]:
    """The main drawing and every entered called one, with the marks of their steps."""
    page = diagram_page(actor(), proceeding_id, now=clock.now())
    return {
        "main": page.main,
        "diagrams": {
            key: {
                "xml": drawing_in_words(drawing.xml),
                "done": drawing.done,
                "current": drawing.current,
                "late": drawing.late,
                "held": drawing.held,
                "next": drawing.next,
                "way": drawing.way,
                "beside": {step: sides_in_words(found) for step, found in drawing.beside.items()},
                "clauses": law_of(drawing.clauses),
            }
            for key, drawing in page.drawings.items()
        },
    }


MOST_BESIDE = 2
"""Side boxes that fit below a step before they hide what is drawn there; the case's history tells them all."""


def sides_in_words(sides: Sequence[Beside]) -> list[str]:
    """The side boxes of a step; where there are too many, the first and how many more."""
    words = [_side_in_words(side) for side in sides]
    return words if len(words) <= MOST_BESIDE else [words[0], f"+{len(words) - 1}"]


def _side_in_words(side: Beside) -> str:
    """The words of a side box."""
    kinds = {
        "COUNTERSIGN": gettext("加签"),
        "OPINION": gettext("征求意见"),
        "DELEGATION": gettext("委派"),
        "URGED": gettext("已催办"),
        "SHEET_YELLOW": gettext("黄色督办"),
        "SHEET_RED": gettext("红色督办"),
    }
    return f"{kinds[side.kind]} {side.person}".strip()


def drawing_in_words(xml: str) -> str:
    """The diagram with its names in the reader's language. Names are message ids; the drawing itself is Chinese."""
    if languages.current() == languages.CHINESE:
        return xml
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(xml.encode(), parser)
    for element in root.iterfind(f".//{{{MODEL}}}*[@name]"):
        element.set("name", gettext(element.get("name")))
    for bounds in root.iterfind(f".//{{{PICTURE}}}BPMNLabel/{{{SHAPES}}}Bounds"):
        _widen(bounds)
    return str(etree.tostring(root, encoding="unicode"))


def _widen(bounds: Any) -> None:
    """Labels are drawn to fit Chinese; English words need more room around the same middle."""
    width = float(bounds.get("width"))
    if width < LABEL:
        bounds.set("x", f"{float(bounds.get('x')) - (LABEL - width) / 2:g}")
        bounds.set("width", str(LABEL))


@screen.get("/proceedings/<proceeding_id>/diagram")
@needs_sign_in
def show(proceeding_id: str) -> str:
    """放大查看."""
    return render_template("diagram.html", head=head_of(proceeding_id))


def head_of(proceeding_id: str) -> Head:
    for kind in ProceedingKind:
        try:
            return get_proceeding(actor(), proceeding_id, kind, locale=languages.current()).head
        except NotFoundError:
            continue
    raise NotFoundError
