"""Who wrote something else than a day, a number or an address reads in the refusal how one is written."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.days import read_day
from config import ROOT

WANTS = re.compile(
    "(应为|不是)(有效的|不小于零的)?(日期|时间|数字|整数|金额)|请填写.*(日期|届满日|时限|整数)|邮箱.*不正确"
)
EXAMPLE = re.compile("如 |例如|应写作|应如")
CLEAR_ANYWAY = {"请填写允许范围内的整数。"}
"""Told beside a field that takes nothing but numbers, with the range that is allowed."""
FOR_AUTHORS = re.compile("/engine/|lint|findings")
"""What owners read of their diagrams and forms: they choose a field there and write no day."""


def sentences(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("N_", "gettext"):
            yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str))


def test_every_sentence_that_wants_a_day_or_a_number_shows_one() -> None:
    files = [path for path in sorted((ROOT / "app").rglob("*.py")) if not FOR_AUTHORS.search(path.as_posix())]
    asking = {text for path in files for text in sentences(path) if WANTS.search(text)}

    assert len(asking) > 10
    assert {text for text in asking if not EXAMPLE.search(text)} <= CLEAR_ANYWAY


def test_the_pages_say_the_same_before_anything_is_sent() -> None:
    told = re.findall(r"say\('(“\{label\}”应为[^']*)'", (ROOT / "frontend/form/check.mjs").read_text("utf-8"))

    assert len(told) > 4
    assert [text for text in told if not EXAMPLE.search(text)] == []


WIDE = "\uff12\uff10\uff12\uff16-\uff11\uff11-\uff12\uff13"
"""What a Chinese input method types."""


@pytest.mark.parametrize("written", ["2026-11-23", "2026/11/23", "2026.11.23", "2026年11月23日", f" {WIDE} "])
def test_a_day_is_read_as_people_write_it(written: str) -> None:
    day = read_day(written)

    assert day is not None
    assert day.isoformat() == "2026-11-23"
