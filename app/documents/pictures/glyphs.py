"""The small signs of BPMN: what an event waits for or throws, what kind a task is, how a gateway decides.

Events are drawn around their middle in a circle of 36 pixels, gateways around theirs, tasks from their
upper left corner.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any

from app.documents.pictures.marks import Colours
from app.documents.pictures.pens import path_of, put

Draw = Callable[[Any, str, str], None]
"""Takes the group, the colour of the ground and that of the lines."""


def _path(data: str, width: float = 1, *, filled: bool = True) -> Draw:
    def draw(group: Any, ground: str, line: str) -> None:
        put(group, "path", d=data, fill=ground if filled else "none", stroke=line, stroke_width=width)

    return draw


def _timer(group: Any, ground: str, line: str) -> None:
    put(group, "circle", cx=0, cy=0, r=11, fill=ground, stroke=line, stroke_width=2)
    for hour in range(12):
        x, y = math.sin(hour * math.pi / 6), -math.cos(hour * math.pi / 6)
        put(group, "path", d=path_of("M", 7.8 * x, 7.8 * y, "L", 10 * x, 10 * y), stroke=line, stroke_width=1)
    put(group, "path", d="M 2 -7 L 0 0 L 5 1.5", fill="none", stroke=line, stroke_width=2)


def _terminate(group: Any, ground: str, line: str) -> None:
    del ground
    put(group, "circle", cx=0, cy=0, r=10, fill=line, stroke=line, stroke_width=4)


EVENTS: Mapping[str, Draw] = {
    "messageEventDefinition": _path("M -9.5 -6.5 H 9.5 V 6.1 H -9.5 Z L 0 -1 L 9.5 -6.5"),
    "timerEventDefinition": _timer,
    "escalationEventDefinition": _path("M 0 -10.5 L 8 9 L 0 2.5 L -8 9 Z"),
    "errorEventDefinition": _path("M -10.5 8.5 L -3.4 -9.2 L 3.8 0 L 9.6 -8.6 L 4.2 9.2 L -3 0.6 Z"),
    "signalEventDefinition": _path("M 0 -10.5 L 9 6 H -9 Z"),
    "conditionalEventDefinition": _path("M -7 -9 H 7 V 9 H -7 Z M -5 -5.5 H 5 M -5 -2 H 5 M -5 2 H 5 M -5 5.5 H 5"),
    "linkEventDefinition": _path("M -9.5 -3.6 H 2 V -8 L 10.5 0 L 2 8 V 3.6 H -9.5 Z"),
    "compensateEventDefinition": _path("M -10 0 L -1 -6.5 V 6.5 Z M -1 0 L 8 -6.5 V 6.5 Z"),
    "cancelEventDefinition": _path(
        "M -9 -6 L -6 -9 L 0 -3 L 6 -9 L 9 -6 L 3 0 L 9 6 L 6 9 L 0 3 L -6 9 L -9 6 L -3 0 Z"
    ),
    "terminateEventDefinition": _terminate,
}
MULTIPLE = _path("M 0 -10.5 L 10.4 -3 L 6.4 9 H -6.4 L -10.4 -3 Z")
PARALLEL_MULTIPLE = _path("M -2.6 -9.5 H 2.6 V -2.6 H 9.5 V 2.6 H 2.6 V 9.5 H -2.6 V 2.6 H -9.5 V -2.6 H -2.6 Z")
_THROWS = ("endEvent", "intermediateThrowEvent")


def event_glyph(group: Any, element: Any, colours: Colours) -> None:
    """What an event waits for; filled where it throws."""
    kinds = [child.tag.rpartition("}")[2] for child in element if isinstance(child.tag, str)]
    kinds = [kind for kind in kinds if kind.endswith("EventDefinition")]
    if not kinds:
        return
    several = PARALLEL_MULTIPLE if element.get("parallelMultiple") == "true" else MULTIPLE
    draw = several if len(kinds) > 1 else EVENTS.get(kinds[0])
    if draw is None:
        return
    throws = element.tag.rpartition("}")[2] in _THROWS and kinds != ["terminateEventDefinition"]
    draw(group, *((colours.line, colours.ground) if throws else (colours.ground, colours.line)))


def _user(group: Any, ground: str, line: str) -> None:
    put(group, "path", d="M 7 27 V 21 C 7 17 11 16 15.5 16 C 20 16 24 17 24 21 V 27 Z", fill=ground, stroke=line)
    put(group, "path", d="M 11.5 27 V 22.5 M 19.5 27 V 22.5", fill="none", stroke=line)
    put(group, "circle", cx=15.5, cy=11, r=4.6, fill=ground, stroke=line)
    put(group, "path", d="M 11 10.4 C 11 5 20 5 20 10.4 C 17 10.6 14.5 9 13.6 8 C 13 9.6 12 10.3 11 10.4 Z", fill=line)


def _wheel(x: float, y: float, radius: float) -> str:
    """A toothed wheel."""
    steps: list[object] = []
    for tooth in range(8):
        for turn, reach in ((-0.3, 0.74), (-0.2, 1.0), (0.2, 1.0), (0.3, 0.74)):
            angle = (tooth + turn) * math.pi / 4
            steps += ["L" if steps else "M", x + radius * reach * math.sin(angle), y - radius * reach * math.cos(angle)]
    return path_of(*steps, "Z")


def _service(group: Any, ground: str, line: str) -> None:
    for x, y in ((13.5, 13.5), (18, 18)):
        put(group, "path", d=_wheel(x, y, 9), fill=ground, stroke=line)
        put(group, "circle", cx=x, cy=y, r=3.2, fill=ground, stroke=line)


def _script(group: Any, ground: str, line: str) -> None:
    put(group, "path", d="M 11 6 H 22 C 16.5 11 24.5 15 19 21 H 8 C 13.5 15 5.5 11 11 6 Z", fill=ground, stroke=line)
    put(group, "path", d="M 10.5 9 H 16 M 10.5 12 H 17 M 12.5 15 H 19 M 12.5 18 H 18.5", fill="none", stroke=line)


def _rule(group: Any, ground: str, line: str) -> None:
    put(group, "path", d="M 8 8 H 28 V 20 H 8 Z", fill=ground, stroke=line)
    put(group, "path", d="M 8 8 H 28 V 12 H 8 Z", fill=line, stroke=line)
    put(group, "path", d="M 8 16 H 28 M 15 12 V 20", fill="none", stroke=line)


def _manual(group: Any, ground: str, line: str) -> None:
    hand = "M 8 13 L 15 7.5 Q 17 7 16.5 9 L 14.5 11 H 26 Q 27.5 12.2 26 13.5 H 19 H 27 Q 28.5 14.7 27 16 H 19 H 26"
    put(
        group,
        "path",
        d=f"{hand} Q 27.3 17.2 26 18.4 H 19 H 24 Q 25.3 19.6 24 20.8 H 11 Q 8 20.8 8 18 Z",
        fill=ground,
        stroke=line,
    )


_ENVELOPE = "M 6.5 6 H 25.5 V 18.6 H 6.5 Z L 16 12 L 25.5 6"


def _receive(group: Any, ground: str, line: str) -> None:
    put(group, "path", d=_ENVELOPE, fill=ground, stroke=line)


def _send(group: Any, ground: str, line: str) -> None:
    put(group, "path", d=_ENVELOPE, fill=line, stroke=ground)


TASKS: Mapping[str, Draw] = {
    "userTask": _user,
    "manualTask": _manual,
    "serviceTask": _service,
    "scriptTask": _script,
    "businessRuleTask": _rule,
    "receiveTask": _receive,
    "sendTask": _send,
}

_CROSS = "M -9 -8.5 L -5.5 -8.5 L 0 -2.6 L 5.5 -8.5 H 9 L 1.9 0 L 9 8.5 H 5.5 L 0 2.6 L -5.5 8.5 H -9 L -1.9 0 Z"
_PLUS = "M -2.2 -13.5 H 2.2 V -2.2 H 13.5 V 2.2 H 2.2 V 13.5 H -2.2 V 2.2 H -13.5 V -2.2 H -2.2 Z"


def gateway_glyph(group: Any, kind: str, colours: Colours, *, marked: bool) -> None:
    """How a gateway decides; the cross of an exclusive one only where its drawing says so."""
    ground, line = colours.ground, colours.line
    if kind == "exclusiveGateway" and marked:
        put(group, "path", d=_CROSS, fill=line, stroke=line, stroke_width=1)
    elif kind == "parallelGateway":
        put(group, "path", d=_PLUS, fill=line, stroke=line, stroke_width=1)
    elif kind == "inclusiveGateway":
        put(group, "circle", cx=0, cy=0, r=13, fill=ground, stroke=line, stroke_width=2.5)
    elif kind == "eventBasedGateway":
        for radius in (15, 12):
            put(group, "circle", cx=0, cy=0, r=radius, fill="none", stroke=line, stroke_width=1)
        put(group, "path", d="M 0 -8 L 7.6 -2.5 L 4.7 6.5 H -4.7 L -7.6 -2.5 Z", fill="none", stroke=line)
    elif kind == "complexGateway":
        star = "M 0 -12 V 12 M -12 0 H 12 M -8 -8 L 8 8 M 8 -8 L -8 8"
        put(group, "path", d=star, fill="none", stroke=line, stroke_width=4)


PARALLEL = "M -4.5 -5 V 5 M 0 -5 V 5 M 4.5 -5 V 5"
SEQUENTIAL = "M -5 -4 H 5 M -5 0 H 5 M -5 4 H 5"
LOOP = "M -3.6 5 A 6 6 0 1 1 2.5 5.4 M -3.6 5 L -4.6 1 M -3.6 5 L -7.8 5.4"
ADHOC = "M -7 2 C -4 -4 -1 -1 0 0 C 2 2 5 3 7 -2"
COMPENSATION = "M -7 0 L 0 -5 V 5 Z M 0 0 L 7 -5 V 5 Z"
CLOSED = "M -7 -7 H 7 V 7 H -7 Z M 0 -5 V 5 M -5 0 H 5"
