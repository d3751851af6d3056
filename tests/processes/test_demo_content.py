"""The demo organisations and cases fit the diagrams, the forms and the published sources."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app import yamlfiles
from app.domain.roles import ROLES
from app.forms.answers import load, unknown_names
from app.forms.parse import parse_form
from app.law.register import parse as parse_register
from tests.processes.offices import shipped
from tests.processes.test_forms_content import DATA, FORMS, REGISTERS, ROOT, options


@pytest.mark.parametrize("path", sorted((ROOT / "demo").glob("*.yml")), ids=lambda path: path.stem)
def test_demo_people_hold_known_roles_in_known_organs(path: Path) -> None:
    world = yamlfiles.read(path.read_text("utf-8"))
    organs = {organ["code"] for organ in world.get("organs", [])}
    people = world.get("people", [])

    assert len({person["username"] for person in people}) == len(people)
    for person in people:
        assert all((person["name"], person["position"], person["roles"]))
        assert person["person_category"] in {entry["value"] for entry in options()["PERSON_CATEGORY"]}
        assert {grant["role"] for grant in person["roles"]} <= set(ROLES)
        assert {grant["organ"] for grant in person["roles"] if "organ" in grant} <= organs
    assert {member["organ"] for member in world.get("members", [])} <= organs


@pytest.mark.parametrize("path", sorted((ROOT / "demo").glob("*.yml")), ids=lambda path: path.stem)
def test_nobody_investigates_and_adjudicates_or_hears_the_remedy(path: Path) -> None:
    duties = {"team.leader": "I", "team.member": "I", "sup.adjudicator": "A", "remedy.officer": "R"}

    for person in yamlfiles.read(path.read_text("utf-8")).get("people", []):
        held = {duties[grant["role"]] for grant in person["roles"] if grant["role"] in duties}

        assert len(held) <= 1, person["username"]


@pytest.mark.parametrize("name", REGISTERS)
def test_every_role_of_the_diagrams_is_held_in_the_demo_county(name: str) -> None:
    law = parse_register((ROOT / "processes" / name).read_bytes())
    world = yamlfiles.read((ROOT / "demo" / f"{law.county}.yml").read_text("utf-8"))
    held = {grant["role"] for person in world["people"] for grant in person["roles"]}

    asked = {
        step.properties["candidateRole"]
        for process in law.processes
        for step in shipped(process).steps_by_process.values()
        if "candidateRole" in step.properties
    }

    assert asked - held == set()


def demo_cases() -> list[dict[str, Any]]:
    return yamlfiles.read((ROOT / "demo" / "cases.yml").read_text("utf-8"))["cases"]


class Everybody:
    """Whoever is named may be chosen."""

    def allowed(self, source: str, ids: Iterable[str]) -> frozenset[str]:
        return frozenset(ids)

    def held(self, role: str, organs: Iterable[str]) -> frozenset[str]:
        return frozenset(organs)


def ensure_registered_as_written(case: dict[str, Any], *, process: str, now: datetime) -> None:
    """The registration form of that process takes everything that the file says of the judgment."""
    registration = parse_form((FORMS / process / "legal_document.form").read_bytes())
    papers = {name: ["demo-paper"] for name in case["papers"]}

    answers = load(
        registration,
        case["legal_document"] | papers,
        options=(FORMS / "options.yml").read_bytes(),
        choices=Everybody(),
        context={"case": {}},
        now=now,
    )

    assert unknown_names(registration, case["legal_document"]) == ()
    assert {name: answers[name] for name in case["legal_document"]} == case["legal_document"]


@pytest.mark.parametrize("case", demo_cases(), ids=lambda case: case["id"])
def test_a_demo_case_is_registered_without_complaint(case: dict[str, Any]) -> None:
    ensure_registered_as_written(case, process="jinzhai-case", now=datetime(2026, 11, 2, tzinfo=UTC))


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
