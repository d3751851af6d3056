"""The shipped definitions with a hostile text before everything in them that people read."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from lxml import etree

from app import yamlfiles
from config import ROOT
from tests.hostile.texts import SCRIPTS

Change = Callable[[str | None], str | None]
FOUND_BY = ("message", "signal", "error", "escalation", "correlationKey", "correlationProperty", "definitions")
"""Elements of a diagram whose names the engine goes by."""
READ_BY_MACHINES = frozenset(
    (*("when", "served_on", "number_format", "number_formats", "number_prefix", "document_no", "county", "process"),)
)
"""Entries of a register that are no words for people."""
SHOWN = frozenset(("label", "description", "text", "dateLabel", "timeLabel", "content", "legend"))


def write(folder: Path, change: Change, *, of: Path = ROOT) -> Path:
    """`processes/` and `forms/` of what is shipped, or of a pack, below the folder, which it returns."""
    for name in ("processes", "forms"):
        shutil.copytree(of / name, folder / name)
    for path in (folder / "processes").iterdir():
        if path.suffix == ".bpmn":
            _diagram(path, change)
        elif path.suffix == ".dmn":
            _table(path, change)
        elif path.name.endswith(".law.yml"):
            _words(path, change)
    for path in (folder / "forms").rglob("*.form"):
        path.write_text(json.dumps(_form(json.loads(path.read_text("utf-8")), change), ensure_ascii=False), "utf-8")
    _words(folder / "forms" / "options.yml", change)
    return folder


def _written(path: Path, tree: Any) -> None:
    path.write_bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"))


def _diagram(path: Path, change: Change) -> None:
    tree = etree.parse(path)
    for element in tree.iter(etree.Element):
        kind = etree.QName(element).localname
        if element.get("name") and kind not in FOUND_BY and "bpmn" in (element.prefix or "bpmn").lower():
            element.set("name", _name(element.get("name"), change))
        if kind == "documentation":
            element.text = change(element.text)
    _written(path, tree)


def _name(text: str, change: Change) -> str:
    """The next that a name in a diagram may hold: publishing refuses angle brackets, and more than 200 characters."""
    made = (change(text) for _ in SCRIPTS)
    return next(one for one in made if one and len(one) <= 200 and not set("<>\t") & set(one))


def _table(path: Path, change: Change) -> None:
    tree = etree.parse(path)
    for element in tree.iter(etree.Element):
        kind = etree.QName(element).localname
        if kind in ("decision", "annotation") and element.get("name"):
            element.set("name", change(element.get("name")))
        if element.get("label"):
            element.set("label", change(element.get("label")))
        if kind == "annotationEntry":
            for text in element:
                text.text = change(text.text)
        if kind == "description":  # begins with its clause, by which it is found
            clause, _, rest = (element.text or "").partition(" ")
            element.text = f"{clause} {change(rest)}"
    _written(path, tree)


def _form(value: Any, change: Change) -> Any:
    if isinstance(value, dict):
        return {
            name: change(one) if name in SHOWN and isinstance(one, str) else _form(one, change)
            for name, one in value.items()
        }
    return [_form(one, change) for one in value] if isinstance(value, list) else value


def _words(path: Path, change: Change) -> None:
    said = _entries(yamlfiles.read(path.read_text("utf-8")), change)
    path.write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=10_000), "utf-8")


def _entries(value: Any, change: Change) -> Any:
    if isinstance(value, dict):
        return {
            name: one if name in READ_BY_MACHINES else change(one) if isinstance(one, str) else _entries(one, change)
            for name, one in value.items()
        }
    return (
        [change(one) if isinstance(one, str) else _entries(one, change) for one in value]
        if isinstance(value, list)
        else value
    )
