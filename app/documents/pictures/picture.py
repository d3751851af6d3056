"""A whole picture: title above, the diagram, what is said at its steps, and what the colours mean below."""

from typing import Any

from lxml import etree

from app.documents.pictures.edges import draw_edge
from app.documents.pictures.lines import Style, broken, width_of, write
from app.documents.pictures.marks import COLOURS, DASHES, NONE, PLAIN, Frame, Marks, Tone
from app.documents.pictures.pens import clean, put, root
from app.documents.pictures.reading import Box, Drawing, Edge, Shape, read
from app.documents.pictures.shapes import draw_label, draw_shape, in_order

_MARGIN = 24
_LEAST = 560
"""Width of a picture: a small diagram has a title too."""
FONTS = "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
_TITLE, _SMALL = 18, 12


def draw(xml: str, frame: Frame, marks: Marks = NONE, *, fonts: str = FONTS) -> bytes:
    """A diagram as an SVG file. Raises UndrawableError where the file holds no drawing."""
    drawing = read(xml)
    canvas = root()
    inner = put(canvas, "g", stroke=PLAIN.line, stroke_width=2, stroke_linecap="round", stroke_linejoin="round")
    reach = _diagram(inner, drawing, marks)
    whole = _frame(canvas, frame, reach)
    for name, value in {
        "width": whole.width,
        "height": whole.height,
        "viewBox": f"{whole.x:g} {whole.y:g} {whole.width:g} {whole.height:g}",
        "font-family": fonts,
        "role": "img",
    }.items():
        canvas.set(name, value if isinstance(value, str) else f"{value:g}")
    title = put(canvas, "title")
    title.text = clean(frame.title)
    paper = put(canvas, "rect", x=whole.x, y=whole.y, width=whole.width, height=whole.height, fill="#ffffff")
    canvas.insert(0, paper)
    canvas.insert(0, title)
    return bytes(etree.tostring(canvas, xml_declaration=True, encoding="UTF-8"))


def _diagram(inner: Any, drawing: Drawing, marks: Marks) -> Box:
    """Draws it; says how far it reaches."""
    boxes = [shape.box for shape in drawing.shapes]
    boxes += [Box(x, y, 0, 0) for edge in drawing.edges for x, y in edge.points]
    below, above = in_order(drawing)
    for shape in below:
        draw_shape(inner, shape, marks)
    for edge in drawing.edges:
        draw_edge(inner, edge, drawing, marks)
    for shape in above:
        draw_shape(inner, shape, marks)
    named: list[Edge | Shape] = [*drawing.edges, *drawing.shapes]
    boxes += [box for one in named if (box := draw_label(inner, one))]
    for shape in drawing.shapes:
        boxes += _said(inner, shape.id, shape.box, marks)
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    return Box(left, top, max(box.right for box in boxes) - left, max(box.bottom for box in boxes) - top)


def _said(inner: Any, id_: str, box: Box, marks: Marks) -> list[Box]:
    """The word at the corner of a step and the boxes below it."""
    found = []
    if badge := marks.badges.get(id_):
        place = Box(box.x - 2, box.y - 26, width_of(badge.text, _SMALL) + 16, 22)
        group = put(inner, "g", data_badge=id_, font_weight="600")
        ground = COLOURS[badge.tone].line
        put(group, "rect", x=place.x, y=place.y, width=place.width, height=22, rx=3, fill=ground, stroke="none")
        write(group, badge.text, place, Style(_SMALL, "#ffffff"))
        found.append(place)
    for number, text in enumerate(marks.beside.get(id_, ())):
        place = Box(box.x + 8, box.bottom + 4 + number * 22, width_of(text, _SMALL) + 14, 20)
        group = put(inner, "g", data_beside=id_)
        look = {"fill": "#ffffff", "stroke": "#a9c8d6", "stroke_width": 1, "stroke_dasharray": "3 3"}
        put(group, "rect", x=place.x, y=place.y, width=place.width, height=20, rx=3, **look)
        write(group, text, place, Style(_SMALL))
        found.append(place)
    return found


def _frame(canvas: Any, frame: Frame, reach: Box) -> Box:
    """Title and legend around the diagram; the whole with its margin."""
    width = max(_LEAST, reach.width)
    lines = [(line, _TITLE) for line in broken(frame.title, width, _TITLE)]
    lines += [(piece, _SMALL) for line in frame.lines for piece in broken(line, width, _SMALL)]
    height = sum(size * 1.5 for _, size in lines) + 14
    y = reach.y - height
    words = put(canvas, "g", data_part="title", stroke="none")
    for line, size in lines:
        put(
            words,
            "text",
            x=reach.x,
            y=y + size,
            font_size=size,
            font_weight="600" if size == _TITLE else None,
            fill="#17222d",
        ).text = line
        y += size * 1.5
    bottom = _legend(canvas, frame, Box(reach.x, reach.bottom + 18, width, 0)) if frame.legend else reach.bottom
    top = reach.y - height - _MARGIN
    return Box(reach.x - _MARGIN, top, width + 2 * _MARGIN, bottom + _MARGIN - top)


def _legend(canvas: Any, frame: Frame, room: Box) -> float:
    """What the colours mean, in words; the lower edge of it."""
    group = put(canvas, "g", data_part="legend", stroke="none")
    x, y = room.x, room.y
    for tone, text in frame.legend:
        width = 30 + width_of(text, _SMALL) + 24
        if x > room.x and x + width > room.right:
            x, y = room.x, y + 24
        if tone is None:
            line = COLOURS[Tone.DONE].line
            put(group, "path", d=f"M {x:g} {y + 8:g} H {x + 24:g}", stroke=line, stroke_width=3)
        else:
            look = COLOURS[tone]
            dash = DASHES.get(tone)
            box = {"x": x + 1, "y": y, "width": 22, "height": 16, "rx": 3}
            put(
                group,
                "rect",
                **box,
                fill=look.ground,
                stroke=look.line,
                stroke_width=look.width / 2 + 0.5,
                stroke_dasharray=dash,
            )
        put(group, "text", x=x + 30, y=y + 12.5, font_size=_SMALL, fill="#17222d").text = clean(text)
        x += width
    return y + 18
