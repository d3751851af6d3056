"""Text in lines of a width, where the viewer breaks them too.

Widths are those of Noto Sans CJK, which the pages ask for: a Chinese sign is as wide as the letters are high.
"""

import math
import re
from typing import Any, NamedTuple

from app.documents.pictures.pens import clean, put
from app.documents.pictures.reading import Box

LEADING = 1.2
INNER, OUTER = 13, 12
"""Height of letters inside of steps and beside them, in the diagram's pixels."""
_ASCII = (
    *(
        224,
        323,
        474,
        555,
        555,
        921,
        680,
        278,
        338,
        338,
        467,
        555,
        278,
        347,
        278,
        392,
        555,
        555,
        555,
        555,
        555,
        555,
        555,
    ),
    *(
        555,
        555,
        555,
        278,
        278,
        555,
        555,
        555,
        474,
        946,
        608,
        657,
        638,
        688,
        589,
        552,
        689,
        728,
        293,
        535,
        646,
        543,
        812,
    ),
    *(
        723,
        742,
        633,
        742,
        635,
        596,
        599,
        721,
        575,
        878,
        573,
        531,
        603,
        338,
        392,
        338,
        555,
        559,
        606,
        563,
        618,
        510,
        620,
    ),
    *(
        554,
        325,
        564,
        607,
        275,
        275,
        552,
        284,
        926,
        610,
        606,
        620,
        620,
        388,
        468,
        377,
        607,
        521,
        802,
        498,
        521,
        475,
        338,
    ),
    *(270, 338, 555),
)
"""Thousandths of the height, from the space to the tilde."""
_BREAK = re.compile("(\\s|-|\u00ad)")
MOST = 60
"""Lines of one text; a text that needs more says so by three dots."""


def width_of(text: str, size: float) -> float:
    """Of one line, in pixels."""
    thousandths = sum(_ASCII[ord(sign) - 32] if " " <= sign <= "~" else 1000 for sign in text.rstrip())
    return thousandths * size / 1000


def broken(text: str, width: float, size: float) -> list[str]:
    """The lines of a text, each at most `width` wide where that is possible."""
    waiting = re.split("\u00ad?\r?\n", clean(text))
    found: list[str] = []
    while waiting and len(found) < MOST:
        whole = line = waiting.pop(0)
        while len(line) > 1 and width_of(line, size) > width:
            line = _shortened(line, width_of(line, size), width)
        if len(line) < len(whole):
            waiting.insert(0, whole[len(line) :].strip())
        found.append(line)
    return [*found[:-1], f"{found[-1]}…"] if waiting else found


def _shortened(line: str, width: float, most: float) -> str:
    """As much of a line as may fit, up to a space or hyphen where there is one."""
    length = max(len(line) * most / width, 1)
    kept: list[str] = []
    for part in _BREAK.split(line):
        if part and len(part) + sum(map(len, kept)) >= length:
            if part in ("-", "\u00ad") and kept:
                kept.pop()
            break
        kept.append(part)
    if any(kept) and len(_BREAK.split(line)) > 1:
        return "".join(kept)
    return line[: max(math.floor(length - 1 + 0.5), 1)]


class Style(NamedTuple):
    size: float = INNER
    colour: str = "#22252c"
    top: bool = False
    """From the upper edge of the box instead of around its middle."""
    left: bool = False
    padding: float = 0


def write(parent: Any, text: str, box: Box, style: Style = Style()) -> None:  # noqa: B008  (a tuple: it never changes)
    """A text in a box, around its middle or from its upper edge."""
    if not text:
        return
    width = box.width - 2 * style.padding
    lines = broken(text, width, style.size)
    leading = LEADING * style.size
    first = box.y + (style.padding if style.top else (box.height - len(lines) * leading) / 2) + leading * 0.75
    x = box.x + (style.padding if style.left else box.width / 2)
    anchor = "start" if style.left else "middle"
    group = put(parent, "g", font_size=style.size, text_anchor=anchor, fill=style.colour, stroke="none")
    for place, line in enumerate(lines):
        if line:
            put(group, "text", x=x, y=first + place * leading).text = line


def size_of(text: str, width: float, size: float) -> tuple[float, float]:
    """Width and height of a broken text."""
    lines = broken(text, width, size)
    return max(width_of(line, size) for line in lines), len(lines) * LEADING * size
