"""The assessments name evidence that exists, or say that something is not done."""

import importlib.util
import re
from types import ModuleType

import pytest

from config import ROOT, Config
from tests.evidence import lines_of, missing

FOLDER = ROOT / "docs" / "security"
ASSESSMENTS = ("djcp-2.0-level-3.md", "asvs-5.0-level-2.md")
KINDS = ("test: ", "setting: ", "organ: ", "not done")


@pytest.mark.parametrize("name", ASSESSMENTS)
def test_every_line_of_an_assessment_has_evidence_that_exists(name: str) -> None:
    rows = lines_of(FOLDER / name)
    settings = {
        *Config.__dataclass_fields__,
        *re.findall(r"`([A-Z_]+)`", (ROOT / "docs/operations.md").read_text("utf-8")),
    }

    assert len(rows) > 25
    for row in rows:
        evidence = row[-1]
        assert len(row) == 4, row
        assert evidence.startswith(KINDS), row
        if evidence.startswith("test: "):
            assert not missing(evidence.removeprefix("test: ")), row
        if evidence.startswith("setting: "):
            assert evidence.removeprefix("setting: ") in settings, row


def test_the_threat_model_names_tests_that_exist() -> None:
    named = re.findall(r"tests/[\w/]+\.py", (FOLDER / "threat-model.md").read_text("utf-8"))

    assert named
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_the_list_of_parts_names_every_locked_package() -> None:
    made = sbom().list_of_parts()

    names = {part["name"] for part in made["components"]}
    locked = re.findall(
        r"^([A-Za-z0-9][\w.-]*)(?:\[.*?\])?==", (ROOT / "requirements/run.txt").read_text("utf-8"), re.M
    )
    assert made["bomFormat"] == "CycloneDX"
    assert {name.lower() for name in locked} <= names
    assert any(part["purl"].startswith("pkg:npm/") for part in made["components"])
    assert all(part["hashes"] for part in made["components"] if part["purl"].startswith("pkg:pypi/"))


def sbom() -> ModuleType:
    spec = importlib.util.spec_from_file_location("sbom", ROOT / "scripts" / "sbom.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
