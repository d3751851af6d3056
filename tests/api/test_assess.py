"""`POST /regulations/{id}/assess`: published cases come out as their expectations say; wrong facts are told where."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask
from werkzeug.test import TestResponse

from app import yamlfiles
from config import ROOT
from tests.api.conftest import STARTED, problem_of
from tests.conftest import application_on

CASES = json.loads((ROOT / "tests" / "data" / "cases.json").read_text("utf-8"))
REGULATIONS = {"jinzhai": "jinzhai-2017-50", "yiyuan": "yiyuan-2022-59"}
TOLD = {"why", "negative_test"}
"""Keys of an expectation that explain it to a reader."""
FACTS: dict[str, Any] = {
    "issuing_body": "COURT",
    "case_type": "REVOKE",
    "legal_effect": True,
    "fault_circumstances": ["FAULT_PROCEDURE"],
    "mental_state": "GROSS_NEGLIGENCE",
    "subjects": [{"kind": "PERSON", "role": "HANDLER"}],
    "circumstances": [],
}


def county(name: str) -> dict[str, Any]:
    return {
        "county": {"id": name, "name": name, "name_en": name},
        "organs": [{"code": "sfj", "name": "司法局", "short": "司法局", "kind": "ADMIN_ORGAN"}],
        "members": [{"organ": "sfj"}],
        "people": [{"username": f"{name}.officer", "name": "甲", "organ": "sfj", "roles": [{"role": "jmo.officer"}]}],
    }


def seeds_in(folder: Path) -> Path:
    """Registers and tables as they are shipped, without the procedures: nothing else is needed to assess."""
    folder.mkdir()
    for path in (ROOT / "processes").glob("*.dmn"):
        (folder / path.name).write_bytes(path.read_bytes())
    for path in (ROOT / "processes").glob("*.law.yml"):
        law = yamlfiles.read(path.read_bytes())
        law |= {"case_process": None, "meeting_process": None, "procedures": []}
        (folder / path.name).write_text(yaml.safe_dump(law, allow_unicode=True), "utf-8")
    return folder


@dataclass(frozen=True)
class Assessor:
    app: Flask
    token: str

    def ask(self, body: Any, *, regulation: str = "jinzhai-2017-50", token: str | None = None) -> TestResponse:
        headers = {"Authorization": f"Bearer {token or self.token}"}
        client = self.app.test_client(use_cookies=False)
        return client.post(f"/api/v1/regulations/{regulation}/assess", json=body, headers=headers)

    def answer(self, body: Any, *, regulation: str = "jinzhai-2017-50") -> dict[str, Any]:
        answer = self.ask(body, regulation=regulation)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json
        return found

    def errors(self, **facts: Any) -> dict[str, str]:
        document = problem_of(self.ask({**FACTS, **facts}), 422)
        return {error["field"]: error["detail"] for error in document["errors"]}


@pytest.fixture(scope="module")
def assessor(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assessor]:
    """An application with both regulations; the token is one of the first county."""
    from app.services import accounts, definitions, organisation  # noqa: PLC0415  (see tests.conftest)

    folder = tmp_path_factory.mktemp("assess")
    (folder / "wenze.db").write_bytes(sqlite_template.read_bytes())
    for app in application_on(f"sqlite:///{folder / 'wenze.db'}", folder):
        with app.app_context():
            for name in REGULATIONS:
                file = folder / f"{name}.yml"
                file.write_text(yaml.safe_dump(county(name)), "utf-8")
                organisation.import_file(file, password="only-For-Tests-1", demo=False, now=STARTED)
            definitions.publish_seeds(seeds_in(folder / "seeds"), ROOT / "forms", by="tests", now=STARTED)
            token = accounts.create_token("jinzhai.officer", "tests", now=STARTED)
        yield Assessor(app, token)


def published() -> list[Any]:
    return [
        pytest.param(entry.get("facts", entry), regime, expected, id=f"{entry['id']}-{regime}")
        for entry in (*CASES["cases"], *CASES["synthetic"])
        for variant in (entry, *entry.get("variants", ()))
        for regime, expected in variant["expected"].items()
    ]


def comparable(value: Any) -> Any:
    """Lists of codes have no order of their own."""
    if isinstance(value, dict):
        return {key: comparable(item) for key, item in value.items()}
    return sorted(value) if isinstance(value, list) else value


@pytest.mark.parametrize(("facts", "regime", "expected"), published())
def test_a_published_case_is_assessed_as_expected(
    assessor: Assessor, facts: dict[str, Any], regime: str, expected: dict[str, Any]
) -> None:
    found = assessor.answer(facts, regulation=REGULATIONS[regime])

    wanted = {name: value for name, value in expected.items() if name not in TOLD}
    assert {name: comparable(found[name]) for name in wanted} == comparable(wanted)
    assert all(reason["clause"] and reason["row"] and reason["sentence"] for reason in found["reasons"])


def test_the_same_facts_give_the_same_answer_byte_by_byte(assessor: Assessor) -> None:
    facts = CASES["cases"][2]

    assert assessor.ask(facts).data == assessor.ask(facts).data


def test_an_account_of_one_county_may_assess_under_the_regulation_of_another(assessor: Assessor) -> None:
    assert assessor.answer(FACTS, regulation="yiyuan-2022-59")["eligible_sanctions"]["organ"] == []
    assert assessor.answer(FACTS, regulation="yiyuan")["regulation"] == "yiyuan-2022-59"


def test_nobody_assesses_without_a_token_or_under_a_regulation_that_is_not_there(assessor: Assessor) -> None:
    problem_of(assessor.ask(FACTS, token="no-such-token"), 401)
    problem_of(assessor.ask(FACTS, regulation="nowhere-2000-1"), 404)


def test_a_wrong_code_is_told_with_the_nearest_right_ones(assessor: Assessor) -> None:
    errors = assessor.errors(
        case_type="REVOKED",
        circumstances=["MINOR_NO_HARM", "SELF_CORECTED"],
        subjects=[{"kind": "PERSON", "role": "HANDLE"}, {"kind": "ORGAN", "role": "HANDLER"}],
    )

    assert "REVOKE" in errors["case_type"]
    assert "SELF_CORRECTED" in errors["circumstances.1"]
    assert "HANDLER" in errors["subjects.0.role"]
    assert "IMPLEMENTING" in errors["subjects.1.role"]


def test_an_unknown_field_is_refused_with_fields_that_resemble_it(assessor: Assessor) -> None:
    errors = assessor.errors(mental_sate="INTENT", subjects=[{"kind": "PERSON", "role": "HANDLER", "leader": True}])

    assert "mental_state" in errors["mental_sate"]
    assert "leading_cadre" in errors["subjects.0.leader"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"legal_effect": "yes"}, "legal_effect"),
        ({"legal_effect": None}, "legal_effect"),
        ({"act_date": "2024-02-30"}, "act_date"),
        ({"act_date": 20240101}, "act_date"),
        ({"effective_date": "01/02/2024"}, "effective_date"),
        ({"compensation_amount": -1}, "compensation_amount"),
        ({"compensation_amount": "80000"}, "compensation_amount"),
        ({"compensation_paid": 1}, "compensation_paid"),
        ({"fault_circumstances": "FAULT_PROCEDURE"}, "fault_circumstances"),
        ({"fault_circumstances": [3]}, "fault_circumstances.0"),
        ({"mental_state": ["INTENT"]}, "mental_state"),
        ({"subjects": [3]}, "subjects.0"),
        ({"subjects": [{"kind": "ORGAN"}]}, "subjects.0.role"),
        ({"history": [{"fault": "FAULT_PROCEDURE"}]}, "history.0.act_date"),
        ({"series_id": "x" * 300}, "series_id"),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_at_its_field(assessor: Assessor, facts: dict[str, Any], field: str) -> None:
    assert field in assessor.errors(**facts)


@pytest.mark.parametrize("body", [[], "REVOKE", 3, None, {}, {"facts": FACTS}])
def test_a_body_that_states_no_case_is_refused(assessor: Assessor, body: Any) -> None:
    assert 400 <= assessor.ask(body).status_code < 500


def test_what_is_left_out_and_what_is_null_are_the_same(assessor: Assessor) -> None:
    bare = {name: FACTS[name] for name in ("issuing_body", "case_type", "legal_effect")}
    nulls = dict.fromkeys(("mental_state", "subjects", "circumstances", "history", "act_date", "compensation_paid"))

    assert assessor.answer(bare) == assessor.answer({**bare, **nulls})


def test_the_document_lists_the_words_of_the_vocabulary(assessor: Assessor) -> None:
    document = assessor.app.test_client().get("/api/v1/openapi.json").json

    case = document["components"]["schemas"]["AssessedCase"]["properties"]
    assert "REF_HEAD_ABSENT" in case["case_type"]["enum"]
    assert "FAULT_DEFENCE_EVIDENCE" in case["fault_circumstances"]["items"]["enum"]
