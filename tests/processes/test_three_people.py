"""Who investigates, who adjudicates (审理) and who handles the remedy of one case are three people, in every county."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from app.domain.tasks import PARENT
from config import ROOT

NS = {"bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL"}
FOLDERS = (ROOT / "processes", *sorted(ROOT.glob("packs/*/processes")))
ADJUDICATES, REMEDY = "/adjudication", "remedy.officer"
FINDS = ("/evidence", "/investigation_notice", "/subjects", "/investigation_report", "_finding", "/opinion")
"""Endings of the forms in which somebody says what he has found out."""
DECLARES, VERIFIES = "/recusal_statement", "/verification"


@dataclass(frozen=True)
class Step:
    place: str
    id: str
    form: str
    role: str
    person: str
    excludes: frozenset[str]


@cache
def steps_of(path: Path) -> tuple[Step, ...]:
    found = []
    for task in etree.parse(path).iterfind(".//bpmn:userTask", NS):
        properties: Mapping[str, str] = {
            one.get("name", ""): one.get("value", "") for one in task.iterfind("bpmn:extensionElements/*/*", NS)
        }
        found.append(
            Step(
                path.stem,
                task.get("id", ""),
                properties.get("formKey", ""),
                properties.get("candidateRole", ""),
                properties.get("candidatePerson", ""),
                frozenset(properties.get("excludes", "").split()),
            )
        )
    return tuple(found)


def tree(path: Path) -> Iterator[Step]:
    """The steps of a diagram and of everything that it calls."""
    yield from steps_of(path)
    for call in etree.parse(path).iterfind(".//bpmn:callActivity", NS):
        yield from tree(path.with_name(f"{call.get('calledElement')}.bpmn"))


ADJUDICATED = sorted(
    path
    for folder in FOLDERS
    for path in folder.glob("*.bpmn")
    if any(step.form.endswith(ADJUDICATES) for step in steps_of(path))
)
REMEDIES = [step for folder in FOLDERS for path in sorted(folder.glob("*.bpmn")) for step in steps_of(path)]


def test_there_is_something_to_keep_apart() -> None:
    assert [path.stem for path in ADJUDICATED] == ["investigation", "procedure-supervision"]
    assert {step.place for step in REMEDIES if step.role == REMEDY} >= {
        *("jinzhai-remedy", "yiyuan-remedy", "remedy-application", "remedy-examination", "shifan-review")
    }


@pytest.mark.parametrize("path", ADJUDICATED, ids=lambda path: path.stem)
def test_nobody_adjudicates_what_he_has_investigated(path: Path) -> None:
    steps = list(tree(path))
    investigating = {step.id for step in steps if step.form.endswith((*FINDS, DECLARES, VERIFIES))}

    adjudicating = [step for step in steps if step.form.endswith(ADJUDICATES)]

    assert len(investigating) >= 5
    for step in adjudicating:
        assert investigating - step.excludes == set(), f"{step.place}/{step.id}"


@pytest.mark.parametrize("path", ADJUDICATED, ids=lambda path: path.stem)
def test_nobody_who_sent_an_investigation_back_takes_it_over(path: Path) -> None:
    steps = list(tree(path))
    adjudicating = {step.id for step in steps if step.form.endswith(ADJUDICATES)}

    again = [step for step in steps if step.form.endswith(FINDS)]

    assert again
    for step in again:
        assert adjudicating <= step.excludes, f"{step.place}/{step.id}"


@pytest.mark.parametrize(
    "step", [step for step in REMEDIES if step.role == REMEDY], ids=lambda step: f"{step.place}/{step.id}"
)
def test_nobody_handles_the_remedy_who_did_a_step_of_the_case(step: Step) -> None:
    assert PARENT in step.excludes
