"""Operations need numbers, fields and procedures: an owner is told which of them his files lack, and at which step."""

import pytest

from app.law.register import parse
from app.services import operation_findings
from config import ROOT
from tests.services.register_files import REGISTER, files


def told(given: dict[str, bytes]) -> list[tuple[str, str | None, str]]:
    found = operation_findings.findings(given, REGISTER, parse(given[REGISTER]))
    return [(one.file, one.element_id, str(one).partition(": ")[2]) for one in found]


def with_operation(text: str) -> dict[str, bytes]:
    """The small pack, where closing the case is another call."""
    given = files()
    diagram = given["shifan-case.bpmn"].decode()
    begin = diagram.index('<spiffworkflow:serviceTaskOperator id="case/close"')
    end = diagram.index("</spiffworkflow:serviceTaskOperator>", begin)
    return {**given, "shifan-case.bpmn": (diagram[:begin] + text + diagram[end:]).encode()}


def call(operation: str, **parameters: str) -> str:
    inner = "".join(f'<spiffworkflow:parameter id="{n}" type="string" value="{v}"/>' for n, v in parameters.items())
    operator = f'<spiffworkflow:serviceTaskOperator id="{operation}">'
    return f"{operator}<spiffworkflow:parameters>{inner}</spiffworkflow:parameters>"


@pytest.mark.parametrize("path", sorted(ROOT.glob("processes/*.law.yml")), ids=lambda path: path.name)
def test_the_shipped_regulations_have_what_their_operations_need(path) -> None:  # type: ignore[no-untyped-def]
    given = {file.name: file.read_bytes() for file in (ROOT / "processes").iterdir() if file.is_file()}
    forms = ROOT / "forms"
    given |= {file.relative_to(forms).as_posix(): file.read_bytes() for file in forms.rglob("*.form")}

    assert list(operation_findings.findings(given, path.name, parse(path.read_bytes()))) == []


def test_a_decision_needs_a_kind_of_number() -> None:
    (found,) = told(files(**{'  DECISION: "示追决〔{year}〕{serial:03d}号"\n': ""}))

    assert found[:2] == ("shifan-decision.bpmn", "S_record")
    assert "“DECISION”" in found[2]


@pytest.mark.parametrize(
    ("form", "field", "file", "element"),
    [
        ("shifan-case/discussion.form", "subjects", "shifan-case.bpmn", "S_persons"),
        ("shifan-decision/decision.form", "kind", "shifan-decision.bpmn", "S_record"),
        ("shifan-case/registration.form", "matter", REGISTER, "case_process"),
    ],
)
def test_a_field_that_the_program_reads_must_be_asked_somewhere(form: str, field: str, file: str, element: str) -> None:
    given = files()
    given[form] = given[form].replace(f'"key": "{field}"'.encode(), b'"key": "other_name"')

    (found,) = told(given)

    assert found[:2] == (file, element)
    assert field in found[2]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (call("numbers/issue", kind="&quot;LETTER&quot;"), "“LETTER”"),
        (call("case/procedures", key="&quot;reviw&quot;"), "“reviw”"),
    ],
)
def test_what_is_named_in_so_many_words_must_be_in_the_register(text: str, word: str) -> None:
    (found,) = told(with_operation(text))

    assert word in found[2]
