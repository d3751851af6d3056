"""XML written the way bpmn-js and dmn-js write it, so that a later save in the browser gives a small diff."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

HEADER = '<?xml version="1.0" encoding="UTF-8"?>\n'
_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ATTRIBUTE = {"&": "&#38;", "<": "&#60;", ">": "&#62;", '"': "&#34;", "'": "&#39;", "\n": "&#10;"}


@dataclass(frozen=True, slots=True)
class Element:
    """One XML element; `text` and `children` exclude each other."""

    name: str
    attributes: Mapping[str, object] = field(default_factory=dict)
    children: tuple["Element", ...] = ()
    text: str = ""


def element(tag: str, /, *children: Element, text: str = "", **attributes: object) -> Element:
    """Build an element; attributes that are None are left out, `_` at the end of a name is dropped."""
    kept = {key.rstrip("_"): value for key, value in attributes.items() if value is not None}
    return Element(tag, kept, children, text)


def document(root: Element) -> str:
    return HEADER + "\n".join(_lines(root, 0)) + "\n"


def _lines(node: Element, depth: int) -> Iterable[str]:
    pad = "  " * depth
    head = node.name + "".join(f' {key}="{_escaped(str(value), _ATTRIBUTE)}"' for key, value in node.attributes.items())
    if node.text:
        yield f"{pad}<{head}>{_escaped(node.text, _TEXT)}</{node.name}>"
    elif node.children:
        yield f"{pad}<{head}>"
        for child in node.children:
            yield from _lines(child, depth + 1)
        yield f"{pad}</{node.name}>"
    else:
        yield f"{pad}<{head} />"


def _escaped(value: str, table: Mapping[str, str]) -> str:
    return "".join(table.get(character, character) for character in value)
