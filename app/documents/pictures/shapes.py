"""Pools, lanes, steps, events, gateways and what stands beside them, each in a group with its id."""

from typing import Any

from app.documents.pictures import glyphs
from app.documents.pictures.lines import OUTER, Style, size_of, write
from app.documents.pictures.marks import COLOURS, DASHES, PLAIN, Colours, Marks
from app.documents.pictures.pens import path_of, put
from app.documents.pictures.reading import MODEL, Box, Drawing, Edge, Shape

_STRIP = 30
"""Width of the strip with the name of a pool or lane."""
LABEL = 90
"""Least width in which a label beside an element is broken."""
_ACTIVITIES = ("subProcess", "transaction", "adHocSubProcess", "callActivity")
_DATA = ("dataObject", "dataObjectReference", "dataInput", "dataOutput")


def draw_shape(parent: Any, shape: Shape, marks: Marks) -> None:
    """One shape with what is written in it; labels beside it are drawn by `draw_label`."""
    group = put(parent, "g", data_element=shape.id)
    tone = marks.tones.get(shape.id)
    colours = COLOURS[tone] if tone else PLAIN
    dash = DASHES.get(tone) if tone else None
    if shape.kind in ("participant", "lane"):
        _pool(group, shape)
    elif shape.kind.endswith("Event"):
        _event(group, shape, colours, dash)
    elif shape.kind.endswith("Gateway"):
        _gateway(group, shape, colours, dash)
    elif shape.kind == "textAnnotation":
        box = shape.box
        put(group, "rect", **_rect(box), fill="none", stroke="none")
        put(group, "path", d=path_of("M", box.x + 10, box.y, "H", box.x, "V", box.bottom, "H", box.x + 10), fill="none")
        write(group, shape.name, box, Style(top=True, left=True, padding=7))
    elif shape.kind == "group":
        put(group, "rect", **_rect(shape.box), rx=10, fill="none", stroke_width=1.5, stroke_dasharray="10 6 0 6")
    elif shape.kind in _DATA or shape.kind.startswith("dataStore"):
        _data(group, shape)
    else:
        _activity(group, shape, colours, dash)


def _rect(box: Box) -> dict[str, Any]:
    return {"x": box.x, "y": box.y, "width": box.width, "height": box.height}


def _pool(group: Any, shape: Shape) -> None:
    box, pool = shape.box, shape.kind == "participant"
    put(group, "rect", **_rect(box), fill="#ffffff" if pool else "none", stroke_width=1.5)
    if pool and not shape.expanded:
        write(group, shape.name, box)
        return
    if not shape.horizontal:
        if pool:
            put(group, "path", d=path_of("M", box.x, box.y + _STRIP, "H", box.right), stroke_width=1.5)
        write(group, shape.name, Box(box.x, box.y, box.width, _STRIP))
        return
    if pool:
        put(group, "path", d=path_of("M", box.x + _STRIP, box.y, "V", box.bottom), stroke_width=1.5)
    turned = put(group, "g", transform=f"translate({path_of(box.x, box.bottom)}) rotate(-90)")
    write(turned, shape.name, Box(0, 0, box.height, _STRIP))


def _event(group: Any, shape: Shape, colours: Colours, dash: str | None) -> None:
    (x, y), radius = shape.box.middle, (shape.box.width + shape.box.height) / 4
    between = shape.kind in ("boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent")
    element = shape.element
    if element.get("cancelActivity") == "false" or element.get("isInterrupting") == "false":
        dash = "6"
    width = (
        max(colours.width, 4) if shape.kind == "endEvent" else 1.5 if between and colours is PLAIN else colours.width
    )
    line = {"stroke": colours.line, "stroke_width": width, "stroke_dasharray": dash}
    put(group, "circle", cx=x, cy=y, r=radius, fill=colours.ground, **line)
    if between:
        line["stroke_width"] = 1.5
        put(group, "circle", cx=x, cy=y, r=max(0.0, radius - 3), fill="none", **line)
    sign = put(group, "g", transform=f"translate({path_of(x, y)}) scale({path_of(radius / 18)})")
    glyphs.event_glyph(sign, element, colours)


def _gateway(group: Any, shape: Shape, colours: Colours, dash: str | None) -> None:
    box, (x, y) = shape.box, shape.box.middle
    corners = ((x, box.y), (box.right, y), (x, box.bottom), (box.x, y))
    points = " ".join(f"{path_of(a)},{path_of(b)}" for a, b in corners)
    line = {"stroke": colours.line, "stroke_width": colours.width, "stroke_dasharray": dash}
    put(group, "polygon", points=points, fill=colours.ground, **line)
    sign = put(group, "g", transform=f"translate({path_of(x, y)}) scale({path_of(box.width / 50)})")
    glyphs.gateway_glyph(sign, shape.kind, colours, marked=shape.marked)


def _activity(group: Any, shape: Shape, colours: Colours, dash: str | None) -> None:
    box, element = shape.box, shape.element
    width = max(colours.width, 5) if shape.kind == "callActivity" else colours.width
    if element.get("triggeredByEvent") == "true":
        dash, width = "0 5.5", 2.5
    line = {"stroke": colours.line, "stroke_width": width, "stroke_dasharray": dash}
    put(group, "rect", **_rect(box), rx=10, fill=colours.ground, **line)
    if shape.kind in glyphs.TASKS:
        sign = put(group, "g", transform=f"translate({path_of(box.x, box.y)})", stroke_width=1)
        glyphs.TASKS[shape.kind](sign, colours.ground, colours.line)
    open_ = shape.expanded and shape.kind in _ACTIVITIES
    write(group, shape.name, box, Style(top=open_, padding=7))
    signs = _signs(shape)
    for place, data in enumerate(signs):
        x = box.middle[0] + (place - (len(signs) - 1) / 2) * 18
        at = f"translate({path_of(x, box.bottom - 12)})"
        ground = colours.ground if data == glyphs.CLOSED else "none"
        put(group, "path", d=data, transform=at, fill=ground, stroke=colours.line, stroke_width=1.5)


def _signs(shape: Shape) -> list[str]:
    """The marks at the lower edge: repetition, what is closed, what undoes."""
    element = shape.element
    found = []
    several = element.find(f"{{{MODEL}}}multiInstanceLoopCharacteristics")
    if several is not None:
        found.append(glyphs.SEQUENTIAL if several.get("isSequential") == "true" else glyphs.PARALLEL)
    elif element.find(f"{{{MODEL}}}standardLoopCharacteristics") is not None:
        found.append(glyphs.LOOP)
    if element.get("isForCompensation") == "true":
        found.append(glyphs.COMPENSATION)
    if shape.kind in _ACTIVITIES and (shape.kind == "callActivity" or not shape.expanded):
        found.append(glyphs.CLOSED)
    return [*found, glyphs.ADHOC] if shape.kind == "adHocSubProcess" else found


def _data(group: Any, shape: Shape) -> None:
    box = shape.box
    x, y = box.right, box.bottom
    if shape.kind.startswith("dataStore"):
        arc = min(10.0, box.height / 4)
        curve = ("C", box.x, box.y - arc / 3, x, box.y - arc / 3, x, box.y + arc)
        lid = ("C", x, box.y + 2 * arc, box.x, box.y + 2 * arc, box.x, box.y + arc)
        foot = ("V", y - arc, "C", x, y + arc / 3, box.x, y + arc / 3, box.x, y - arc)
        put(group, "path", d=path_of("M", box.x, box.y + arc, *curve, *foot, "Z"), fill="#ffffff")
        put(group, "path", d=path_of("M", x, box.y + arc, *lid), fill="none")
        return
    fold = min(10.0, box.width / 4)
    page = ("M", box.x, box.y, "H", x - fold, "L", x, box.y + fold, "V", y, "H", box.x, "Z")
    put(group, "path", d=path_of(*page), fill="#ffffff")
    put(group, "path", d=path_of("M", x - fold, box.y, "V", box.y + fold, "H", x), fill="none")


def label_of(one: Shape | Edge) -> tuple[str, Box] | None:
    """Text and place of a label beside an element; None for what is written inside, or has no name."""
    outside = (
        isinstance(one, Edge) or one.kind.endswith(("Event", "Gateway")) or one.kind == "group" or one.kind in _DATA
    )
    if not one.name or not (outside or one.kind.startswith("dataStore")):
        return None
    if one.label is not None:
        x, y, room = one.label.middle[0], one.label.y, max(LABEL, one.label.width)
    else:
        x, y, room = *_place(one), LABEL
    width, height = size_of(one.name, room, OUTER)
    return one.name, Box(x - width / 2, y, width, height)


def _place(one: Shape | Edge) -> tuple[float, float]:
    """Where a label stands whose drawing says nothing: middle and upper edge."""
    if isinstance(one, Shape):
        return one.box.middle[0], one.box.y if one.kind == "group" else one.box.bottom
    half = len(one.points) / 2 - 1
    (x1, y1), (x2, y2) = one.points[int(half)], one.points[int(half + 0.99)]
    steep = x1 == x2
    return (x1 + x2) / 2 + (15 if steep else 0), (y1 + y2) / 2 - (10 if steep else 25)


def draw_label(parent: Any, one: Shape | Edge) -> Box | None:
    found = label_of(one)
    if found is None:
        return None
    text, box = found
    group = put(parent, "g", data_label=one.id)
    room = max(LABEL, one.label.width if one.label else 0)
    write(group, text, Box(box.middle[0] - room / 2, box.y, room, box.height), Style(OUTER, top=True))
    return box


def in_order(drawing: Drawing) -> tuple[list[Shape], list[Shape]]:
    """What lies below the lines, and what lies above: pools and open sub-processes first, events on borders last."""
    below = [s for s in drawing.shapes if s.kind in ("participant", "lane", "group") or _holds(s)]
    above = [s for s in drawing.shapes if s not in below]
    rank = {"participant": 0, "lane": 1}
    below.sort(key=lambda s: (rank.get(s.kind, 2), s.depth, -s.box.width * s.box.height))
    above.sort(key=lambda s: (s.kind == "boundaryEvent", s.depth))
    return below, above


def _holds(shape: Shape) -> bool:
    return shape.kind in ("subProcess", "transaction", "adHocSubProcess") and shape.expanded
