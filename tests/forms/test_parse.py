"""A form file is read only when it is harmless, and judged in sentences for its author."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.definitions import Severity
from app.domain.errors import InvalidDefinitionError
from app.forms.answers import sources_in
from app.forms.lint import lint_file
from app.forms.parse import MAX_BYTES, parse_form
from app.forms.schema import fact_types, field_types
from config import ROOT
from tests.forms.builders import OPTIONS, content, field, form_of

TEXT = {"key": "a", "type": "text", "label": "列"}
SHIPPED = sorted((ROOT / "forms").rglob("*.form"))


def rules(file: bytes, **more: Any) -> list[str]:
    return [finding.rule for finding in lint_file(file, file="trial.form", options=OPTIONS, **more)]


@pytest.mark.parametrize(
    ("file", "rule"),
    [
        (b"\xff\xfe", "form-json"),
        (b"{", "form-json"),
        (b"[]", "form-shape"),
        (b"{}", "form-shape"),
        (b'{"components": {}}', "form-shape"),
        (b'{"components": [1]}', "form-shape"),
        (b'{"components": [{"type": "group", "components": 1}]}', "form-shape"),
        (b'{"components": [{"type": "table", "columns": [1]}]}', "form-shape"),
        (b'{"components": [], "schemaVersion": NaN}', "form-number"),
        (b'{"components": [], "x": Infinity}', "form-number"),
        (b'{"components": [], "schemaVersion": 0}', "form-version"),
        (b'{"components": [], "schemaVersion": "19"}', "form-version"),
        (b'{"components": [], "schemaVersion": true}', "form-version"),
        (b'{"components": [], "__proto__": {"x": 1}}', "form-json"),
        (b'{"components": [{"type": "text", "constructor": 1}]}', "form-json"),
        (b'{"components": [], "components": []}', "form-json"),
        (b'{"components": ' + b"[" * 20 + b"]" * 20 + b"}", "form-depth"),
        (b"[" * 400_000, "form-depth"),
        (b'{"components": [], "x": "' + b"x" * MAX_BYTES + b'"}', "form-size"),
    ],
)
def test_a_hostile_or_broken_file_is_refused_before_it_is_used(file: bytes, rule: str) -> None:
    with pytest.raises(InvalidDefinitionError) as caught:
        parse_form(file, "trial.form")

    assert [finding.rule for finding in caught.value.findings] == [rule]
    assert rules(file) == [rule]


def test_a_form_of_a_newer_tool_is_read_as_far_as_it_is_known_and_the_rest_is_named() -> None:
    newer = content(field("textfield", "x"), {"type": "signpad", "id": "Pad"}, schemaVersion=27)

    assert [(one.rule, one.element_id, one.severity) for one in lint_file(newer, file="trial.form")] == [
        ("form-newer", None, Severity.WARNING),
        ("form-type", "Pad", Severity.ERROR),
    ]
    assert parse_form(newer).fields[0].key == "x"


def test_brackets_inside_of_texts_are_not_nesting() -> None:
    assert rules(content(field("textfield", "x", label="[{" * 50 + '\\"'))) == []


def test_the_same_bytes_give_the_same_form() -> None:
    file = content(field("textfield", "x"))

    assert parse_form(file) is parse_form(bytes(file))


@pytest.mark.parametrize(
    ("component", "rule"),
    [
        (field("html", "x"), "form-type"),
        (field("iframe", "x"), "form-type"),
        (field("dynamiclist", "x"), "form-type"),
        (field("textfield", "X"), "form-name"),
        (field("textfield", "案号"), "form-name"),
        (field("textfield", "a.b"), "form-name"),
        (field("textfield", "case"), "form-name"),
        (field("textfield", "item"), "form-name"),
        (field("textfield", "x" * 61), "form-name"),
        (field("textfield", "x", label=" "), "form-label"),
        (field("textfield", "x", validate={"pattern": "(a+)+$"}), "form-pattern"),
        (field("number", "x", validate={"min": 5, "max": 1}), "form-limits"),
        (field("number", "x", validate={"min": "5"}), "form-limits"),
        (field("select", "x"), "form-options"),
        (field("select", "x", properties={"options": "NOWHERE"}), "form-options"),
        (field("table", "x"), "form-columns"),
        (field("table", "x", columns=[{"key": "a", "type": "html", "label": "列"}]), "form-columns"),
        (field("table", "x", columns=[{"key": "A", "type": "text", "label": "列"}]), "form-name"),
        (field("table", "x", columns=[{"key": "a", "type": "select", "label": "列"}]), "form-options"),
        (field("table", "x", columns=[TEXT], properties={"filled_from": "somewhere"}), "form-filled"),
        (field("table", "x", columns=[TEXT], properties={"filled_from": "case_file"}), "form-filled"),
        (field("textfield", "x", properties={"filled_from": "case_file"}), "form-filled"),
        (field("computed", "x"), "form-expression"),
        (field("computed", "x", expression="1 +"), "form-feel-syntax"),
        (field("textfield", "x", conditional={"hide": "=a ="}), "form-feel-syntax"),
        (field("textfield", "x", properties={"required_if": "and"}), "form-feel-syntax"),
        (field("organ", "x", properties={"held_roles": "and"}), "form-feel-syntax"),
        (field("organ", "x", properties={"held_roles": '"unit.oficer"'}), "form-roles"),
        (field("person", "x", properties={"held_roles": '"unit.officer"'}), "form-roles"),
    ],
)
def test_a_component_that_cannot_work_is_named_to_its_author(component: dict[str, Any], rule: str) -> None:
    assert rule in rules(content(component))


@pytest.mark.parametrize(
    "component",
    [
        field("person", "adviser", properties={"source": "advisers"}),
        field("table", "rows", columns=[{"key": "organ", "label": "机关", "type": "organ", "source": "organ_list"}]),
    ],
)
def test_a_picker_that_chooses_from_nowhere_is_named_with_what_there_is(component: dict[str, Any]) -> None:
    (found,) = (one for one in lint_file(content(component), file="f.form") if one.rule == "form-source")

    assert found.element_id == component["id"]
    assert "persons" in str(found)


def test_a_picker_that_names_no_source_is_offered_what_its_kind_has() -> None:
    columns = [{"key": "who", "label": "人员", "type": "person"}, {"key": "note", "label": "说明", "type": "text"}]
    form = form_of(field("multi-organ", "organs"), field("table", "rows", columns=columns), field("number", "points"))

    assert sources_in(form) == {"organs", "persons"}


def test_names_and_ids_are_unique() -> None:
    assert rules(content(field("textfield", "x"), field("number", "x"))) == ["form-double-key", "form-double-id"]


def test_a_field_that_only_form_js_has_is_told_with_what_serves_instead() -> None:
    file = content(field("filepicker", "x"))

    (told,) = lint_file(file, file="trial.form", options=OPTIONS)

    assert "请改用“附件”" in str(told)


def test_expressions_may_read_only_fields_and_known_facts() -> None:
    file = content(
        field("number", "count"),
        field("textfield", "a", conditional={"hide": "=cuont = 1"}),
        field("textfield", "b", conditional={"hide": "=case.amount > count"}),
        field("textfield", "c", conditional={"hide": '=count = "1"'}),
    )

    found = lint_file(file, file="trial.form", facts={"case": {"amount": "number"}})

    assert [(finding.element_id, finding.rule) for finding in found] == [
        ("Field_a", "form-feel-unknown_name"),
        ("Field_c", "form-feel-compare"),
    ]
    assert "是否为 `count`" in str(found[0])


def test_fields_have_feel_types_for_diagrams() -> None:
    form = form_of(
        field("textfield", "text"),
        field("money", "amount"),
        field("datetime", "day", subtype="date"),
        field("datetime", "clock", subtype="time"),
        field("radio", "yes", properties={"options": "YES_NO"}),
        field("select", "level", properties={"options": "LEVEL"}),
        field("multi-organ", "organs"),
        field("signature", "signed", properties={"fact": "false"}),
        field("computed", "on_time", expression="date(day) <= today()"),
        {"type": "text", "id": "Text_1", "text": "说明"},
    )

    assert field_types(form, OPTIONS) == {
        "text": "string",
        "amount": "number",
        "day": "date",
        "clock": "string",
        "yes": "boolean",
        "level": "number",
        "organs": "list",
        "signed": "context",
        "on_time": "boolean",
    }
    assert "signed" not in fact_types(form, OPTIONS)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_shipped_form_is_without_findings(path: Path) -> None:
    options = (ROOT / "forms" / "options.yml").read_bytes()

    assert lint_file(path.read_bytes(), file=path.name, options=options) == ()
    assert json.loads(path.read_bytes())["id"] == f"{path.parent.name}/{path.stem}"
