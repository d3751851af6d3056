"""The linter has nothing to say about what is shipped, looked at with its forms, roles, clauses and operations."""

from functools import cache

import pytest

from app.domain.definitions import Catalogue
from app.engine.profile import findings
from app.engine.references import References, references_of
from app.law.register import Register
from app.law.register import parse as parse_register
from app.services.definitions import catalogue_of, read_seeds
from tests.processes.offices import FOLDER, shipped

ROOTS = ("jinzhai-case", "joint-meeting", "yiyuan-case", "self-correction")


@cache
def seeds() -> dict[str, bytes]:
    return read_seeds(FOLDER, FOLDER.parent / "forms")


def register_of(process: str) -> Register:
    registers = (parse_register(content) for name, content in seeds().items() if name.endswith(".law.yml"))
    return next(register for register in registers if process in register.processes)


def release(process: str) -> tuple[dict[str, bytes], References]:
    """Every file that a proceeding of this process may need."""
    references = references_of(seeds(), process)
    names = {*references.files, *(f"{form}.form" for form in references.forms), "options.yml"}
    return {name: seeds()[name] for name in names}, references


@pytest.mark.parametrize("process", ROOTS)
def test_a_release_refers_to_nothing_that_is_not_there(process: str) -> None:
    _, references = release(process)

    assert references.missing == frozenset()


@pytest.mark.parametrize("process", ROOTS)
def test_a_release_has_no_findings_with_its_whole_catalogue(process: str) -> None:
    files, _ = release(process)
    of_both = (parse_register(content) for name, content in seeds().items() if name.endswith(".law.yml"))
    clauses = frozenset(clause for register in of_both for clause in register.clauses)
    catalogue = catalogue_of(files, register_of(process), clauses=clauses)

    assert [str(finding) for finding in findings(files, catalogue)] == []


def test_the_files_have_no_findings_by_themselves() -> None:
    diagrams = {name: data for name, data in seeds().items() if name.endswith((".bpmn", ".dmn"))}

    assert [str(finding) for finding in findings(diagrams, Catalogue())] == []


@pytest.mark.parametrize("process", ROOTS)
def test_every_human_step_names_its_form_role_deadline_clauses_and_source(process: str) -> None:
    wanted = {"formKey", "candidateRole", "deadline", "deadlineKind", "dayCount", "clauses", "source"}

    incomplete = {
        step.id: sorted(wanted - {name for name, value in step.properties.items() if value})
        for step in shipped(process).steps_by_process.values()
        if step.kind == "userTask" and not wanted <= {name for name, value in step.properties.items() if value}
    }

    assert incomplete == {}


@pytest.mark.parametrize("process", ROOTS)
def test_every_step_stands_in_a_lane_and_has_a_chinese_name(process: str) -> None:
    for step in shipped(process).steps_by_process.values():
        assert step.lane, step.id
        if step.kind.endswith("Task") or step.kind == "callActivity":
            assert any("一" <= character <= "鿿" for character in step.name), step.id


def test_the_regulation_has_two_deadlines_and_no_more() -> None:
    steps = [step for process in ROOTS for step in shipped(process).steps_by_process.values()]

    legal = {
        step.id: step.properties["deadline"]
        for step in steps
        if step.properties.get("deadlineKind") != "internal" and "deadline" in step.properties
    }

    assert legal == {"T_file": "P10D", "T_pack": "-P3D"}
