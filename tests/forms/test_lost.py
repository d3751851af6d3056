"""What another tool drops from a form is told field by field; what somebody edits is his own affair."""

import json
from typing import Any

import pytest

from app.forms.lost import losses
from config import ROOT

SHIPPED = sorted((ROOT / "forms").rglob("*.form"))
NAME = "filing/analysis_report"


def shipped() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "forms" / f"{NAME}.form").read_bytes())
    return found


def text(form: dict[str, Any]) -> bytes:
    return json.dumps(form, ensure_ascii=False).encode()


def first(form: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = form["components"][0]["components"][0]
    return found


def test_a_property_that_vanished_from_an_untouched_field_is_found() -> None:
    before, after = shipped(), shipped()
    del first(after)["properties"]["label_en"]
    first(after)["layout"] = {"row": "Row_another", "columns": 8}

    lost = losses(text(before), text(after))

    assert [(one.element_id, one.lost) for one in lost] == [("Field_basic_facts", ("label_en",))]
    assert losses(text(before), text(after), touched={"Field_basic_facts"}) == ()


def test_the_forms_own_properties_count_although_a_newer_tool_signed_it() -> None:
    before, after = shipped(), shipped()
    after.pop("properties")
    after |= {"exporter": {"name": "another tool", "version": "1"}, "schemaVersion": 18}

    assert [(one.element_id, one.lost) for one in losses(text(before), text(after))] == [(NAME, ("title", "title_en"))]


def test_a_column_that_lost_its_options_is_found() -> None:
    table = {
        "type": "table",
        "id": "F",
        "key": "people",
        "columns": [{"key": "role", "type": "select", "options": "R"}],
    }
    bare = {**table, "columns": [{"key": "role", "type": "select"}]}
    before, after = ({"id": "f", "type": "default", "components": [one]} for one in (table, bare))

    assert [one.lost for one in losses(text(before), text(after))] == [("columns.role.options",)]


def test_what_was_edited_changed_or_deleted_has_lost_nothing() -> None:
    before, renamed, other, gone = shipped(), shipped(), shipped(), shipped()
    first(renamed).update(label="另一个名称", properties={})
    first(other)["properties"]["label_en"] = "Another name"
    gone["components"][0]["components"].pop(0)

    assert [losses(text(before), text(after)) for after in (renamed, other, gone)] == [(), (), ()]


@pytest.mark.parametrize("path", SHIPPED[::10], ids=lambda path: path.stem)
def test_every_property_of_a_shipped_form_is_one_that_cannot_vanish(path: Any) -> None:
    before = json.loads(path.read_bytes())

    def stripped(part: dict[str, Any]) -> dict[str, Any]:
        inner = {"components": [stripped(one) for one in part["components"]]} if "components" in part else {}
        return {**{name: value for name, value in part.items() if name != "properties"}, **inner}

    def holding(part: dict[str, Any]) -> set[str]:
        own = {part["id"]} if part.get("properties") else set()
        return own.union(*(holding(one) for one in part.get("components", ())))

    lost = losses(text(before), text(stripped(before)))

    assert {one.element_id for one in lost} == holding(before)
