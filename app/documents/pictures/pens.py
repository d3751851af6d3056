"""The one place that writes SVG: elements with numbers and text, and nothing that a reader's program would follow.

Text becomes text by construction (it is never put together as markup). No link, script, style sheet, image or reference
leaves this module, so a hostile name cannot either.
"""

import re
from typing import Any

from lxml import etree

SVG = "http://www.w3.org/2000/svg"
_UNSAID = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]")
"""What XML cannot hold, and signs that turn the direction of what is read."""
_TAGS = frozenset({"svg", "g", "rect", "circle", "path", "polygon", "text", "title"})


def put(parent: Any, tag: str, **said: object) -> Any:
    """A new element in `parent`; `stroke_width` becomes stroke-width, None is left out, numbers are kept short."""
    if tag not in _TAGS:
        raise ValueError(tag)
    made = etree.SubElement(parent, f"{{{SVG}}}{tag}")
    for name, value in said.items():
        if value is not None:
            made.set(name.replace("_", "-"), number(value) if isinstance(value, int | float) else clean(str(value)))
    return made


def root(**said: object) -> Any:
    made = etree.Element(f"{{{SVG}}}svg", nsmap={None: SVG})
    for name, value in said.items():
        made.set(name.replace("_", "-"), number(value) if isinstance(value, int | float) else clean(str(value)))
    return made


def number(value: float) -> str:
    return f"{round(value, 2):.10g}"


def clean(text: str) -> str:
    """A text that XML can hold and that reads in the direction in which it is written."""
    return _UNSAID.sub("", text)


def path_of(*steps: object) -> str:
    """`path_of("M", 1, 2, "L", 3, 4)` -> the data of a path."""
    return " ".join(number(step) if isinstance(step, int | float) else str(step) for step in steps)
