"""The demo organisations and cases fit the diagrams, the forms and the published sources."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.domain.roles import ROLES
from tests.processes.test_forms_content import CHOICES, DATA, REGISTERS, ROOT, fields, options, properties, register


@pytest.mark.parametrize("path", sorted((ROOT / "demo").glob("*.yml")), ids=lambda path: path.stem)
def test_demo_people_hold_known_roles_in_known_organs(path: Path) -> None:
    world = yaml.safe_load(path.read_text("utf-8"))
    organs = {organ["code"] for organ in world.get("organs", [])}
    people = world.get("people", [])

    assert len({person["username"] for person in people}) == len(people)
    for person in people:
        assert person["name"] and person["position"] and person["roles"]
        assert person["person_category"] in {entry["value"] for entry in options()["PERSON_CATEGORY"]}
        assert {grant["role"] for grant in person["roles"]} <= set(ROLES)
        assert {grant["organ"] for grant in person["roles"] if "organ" in grant} <= organs
        assert len(person["roles"]) == 1, "one account, one office: duties stay separate"
    assert {member["organ"] for member in world.get("members", [])} <= organs


def test_every_role_of_the_diagrams_is_held_in_the_demo_county() -> None:
    county = next(register(name)["county"] for name in REGISTERS if register(name)["case_process"])
    world = yaml.safe_load((ROOT / "demo" / f"{county}.yml").read_text("utf-8"))

    held = {grant["role"] for person in world["people"] for grant in person["roles"]}

    assert properties("candidateRole") - held == set()


def demo_cases() -> list[dict[str, Any]]:
    return yaml.safe_load((ROOT / "demo" / "cases.yml").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", demo_cases(), ids=lambda case: case["id"])
def test_a_demo_case_is_registered_completely(case: dict[str, Any]) -> None:
    asked = fields("jinzhai-case/legal_document")
    always = {
        name
        for name, field in asked.items()
        if field.get("validate", {}).get("required") and "conditional" not in field and not name.startswith("compens")
    }

    answered = set(case["legal_document"]) | set(case["papers"])

    assert always <= answered <= set(asked)
    for name, value in case["legal_document"].items():
        if asked[name]["type"] in CHOICES:
            assert value in {entry["value"] for entry in options()[asked[name]["properties"]["options"]]}, name


@pytest.mark.parametrize("case", demo_cases(), ids=lambda case: case["id"])
def test_a_demo_case_expects_what_its_published_source_does(case: dict[str, Any]) -> None:
    sources = json.loads((DATA / "cases.json").read_text("utf-8"))["cases"]
    source = next(source for source in sources if source["id"] == case["id"])

    found = case["findings"]

    assert [(subject["kind"], subject["role"]) for subject in found["subjects"]] == [
        (subject["kind"], subject["role"]) for subject in source["subjects"]
    ]
    for name in ("fault_circumstances", "mental_state", "circumstances"):
        assert found[name] == source[name]
    assert case["expected"]["outcome"] == source["expected"]["jinzhai"]["outcome"]
    assert case["expected"]["basis_articles"] == source["expected"]["jinzhai"]["basis_articles"]
