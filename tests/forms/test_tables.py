"""What a clerk types into the cells of a sheet, read as the fields of a form take it."""

import json
from typing import Any

import pytest

from app.forms.parse import parse_form
from app.forms.tables import read_table

OPTIONS = b"""KIND:
  - {value: BUILDING, zh: \xe5\xbb\xba\xe8\xae\xbe, en: Building}
  - {value: LAND, zh: \xe5\x9c\x9f\xe5\x9c\xb0, en: Land}
"""
FIELDS = [
    {"type": "money", "key": "paid", "label": "已支付赔偿"},
    {"type": "number", "key": "people", "label": "人数"},
    {"type": "checkbox", "key": "heard", "label": "已听证"},
    {"type": "checklist", "key": "kinds", "label": "领域", "properties": {"options": "KIND"}},
]


def read(label: str, cell: str) -> Any:
    components = [{"id": f"Field_{field['key']}", **field} for field in FIELDS]
    form = parse_form(
        json.dumps({"type": "default", "schemaVersion": 19, "id": "a/b", "components": components}).encode()
    )
    (line,) = read_table(f'{label}\n"{cell}"\n'.encode(), form, options=OPTIONS, organs={})
    (value,) = line.answers.values()
    return value


@pytest.mark.parametrize(
    ("cell", "fen"),
    [("8000", 800000), ("8,000.50", 800050), ("¥12，345元", 1234500), ("0.07", 7), ("12,5", "12,5"), ("三千", "三千")],
)
def test_an_amount_is_written_in_yuan_and_what_is_none_is_left_to_be_refused(cell: str, fen: object) -> None:
    assert read("已支付赔偿", cell) == fen


def test_numbers_ticks_and_several_choices_are_read() -> None:
    assert read("人数", "12") == 12
    assert read("人数", "3.5") == 3.5
    assert read("已听证", "是") is True
    assert read("已听证", "FALSE") is False
    assert read("领域", "建设、土地") == ["BUILDING", "LAND"]
