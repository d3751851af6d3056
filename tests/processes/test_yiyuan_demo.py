"""The demonstration cases of the second county fit its forms, its people and the published sources."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from app import yamlfiles
from tests.processes.test_demo_content import ensure_registered_as_written
from tests.processes.test_forms_content import DATA, ROOT

CASES: list[dict[str, Any]] = yamlfiles.read((ROOT / "demo" / "cases-yiyuan.yml").read_text("utf-8"))["cases"]
PLAN: dict[str, Any] = yamlfiles.read((ROOT / "demo" / "plan-yiyuan.yml").read_text("utf-8"))
SOURCES = {case["id"]: case for case in json.loads((DATA / "cases.json").read_text("utf-8"))["cases"]}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_a_case_is_registered_without_complaint(case: dict[str, Any]) -> None:
    ensure_registered_as_written(case, process="yiyuan-case", now=datetime(2024, 11, 20, tzinfo=UTC))


@pytest.mark.parametrize("case", [case for case in CASES if case["id"] in SOURCES], ids=lambda case: case["id"])
def test_a_case_expects_what_its_published_source_does(case: dict[str, Any]) -> None:
    expected = SOURCES[case["id"]]["expected"]["yiyuan"]

    assert case["findings"]["fault_circumstances"] == SOURCES[case["id"]]["fault_circumstances"]
    assert case["findings"]["mental_state"] == SOURCES[case["id"]]["mental_state"]
    assert case["expected"]["outcome"] == expected["outcome"]
    assert case["expected"]["basis_articles"] == expected["basis_articles"]


def test_only_persons_are_found_responsible() -> None:
    assert {subject["kind"] for case in CASES for subject in case["findings"]["subjects"]} == {"PERSON"}


def test_the_plan_opens_every_case_while_the_regulation_was_in_force() -> None:
    opened = {act["open"]: str(act["day"]) for act in PLAN["acts"] if "open" in act}

    assert set(opened) == {case["id"] for case in CASES}
    assert max(opened.values()) <= "2024-12-15"
