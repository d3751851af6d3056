"""Every shipped diagram is legible: nothing overlaps, crosses, leaves its lane or hides a label."""

from pathlib import Path

import pytest

from authoring import geometry
from authoring.__main__ import main
from authoring.geometry import Box, Edge, Picture, Shape
from tests.processes.offices import FOLDER

DIAGRAMS = sorted(path.stem for path in FOLDER.glob("*.bpmn"))
MOST_COLUMNS = 13
COLUMN = 150


@pytest.mark.parametrize("name", DIAGRAMS)
def test_shipped_diagrams_are_clean(name: str) -> None:
    assert geometry.findings_of_file(FOLDER / f"{name}.bpmn") == []


@pytest.mark.parametrize("name", DIAGRAMS)
def test_shipped_diagrams_fit_on_a_screen(name: str) -> None:
    picture = geometry.read((FOLDER / f"{name}.bpmn").read_bytes())

    assert max(node.box.right for node in picture.nodes.values()) < 240 + MOST_COLUMNS * COLUMN


def test_the_authoring_tool_writes_clean_diagrams(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["authoring", str(tmp_path)])

    assert main() == 0
    assert capsys.readouterr().err == ""
    assert {path.name for path in tmp_path.iterdir()} <= {path.name for path in FOLDER.iterdir()}


def two_steps(*, second_at: float = 200, lane: float = 400, label: Box | None = None) -> Picture:
    """Two steps joined by a flow, in one lane."""
    first, second = Box(40, 20, 110, 80), Box(second_at, 20, 110, 80)
    return Picture(
        nodes={"a": Shape("a", "userTask", "甲", first), "b": Shape("b", "userTask", "乙", second)},
        lanes={"lane": Shape("lane", "lane", "", Box(0, 0, lane, 120))},
        edges={"f": Edge("f", "是" if label else "", "a", "b", ((150, 60), (second_at, 60)), label)},
        lane_of={"a": "lane", "b": "lane"},
    )


def test_two_separate_steps_in_their_lane_are_clean() -> None:
    assert geometry.findings(two_steps()) == []


def test_overlapping_steps_are_found() -> None:
    assert "a overlaps b" in geometry.findings(two_steps(second_at=140))


def test_a_step_outside_its_lane_is_found() -> None:
    assert geometry.findings(two_steps(lane=250)) == ["b leaves its lane "]


def test_a_label_on_a_step_is_found() -> None:
    assert geometry.findings(two_steps(label=Box(130, 30, 40, 14))) == ["label of f lies on a"]


def test_a_label_too_small_for_its_text_is_found() -> None:
    assert geometry.findings(two_steps(label=Box(160, 30, 5, 14))) == ["label of f is too small for its text"]


def test_crossing_flows_are_found() -> None:
    picture = two_steps()
    picture.nodes["c"] = Shape("c", "endEvent", "", Box(160, 5, 20, 20))
    picture.nodes["d"] = Shape("d", "endEvent", "", Box(160, 90, 20, 20))
    picture.edges["g"] = Edge("g", "", "c", "d", ((170, 25), (170, 90)))

    assert "f meets g" in geometry.findings(picture)


def test_a_flow_through_a_step_is_found() -> None:
    picture = two_steps(second_at=280)
    picture.nodes["c"] = Shape("c", "endEvent", "", Box(200, 50, 20, 20))

    assert "f runs through c" in geometry.findings(picture)


def test_a_flow_that_ends_nowhere_and_a_node_that_is_not_drawn_are_found() -> None:
    picture = two_steps()
    picture.edges["f"] = Edge("f", "", "a", "b", ((150, 60), (180, 60)))
    picture.missing.append("x")

    assert geometry.findings(picture) == ["x is not drawn", "f does not end at b"]
