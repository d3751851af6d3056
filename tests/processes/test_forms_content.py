"""The shipped forms, options and registers say all that the law asks for, in both languages."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from app import yamlfiles
from app.feel.checking import inspect
from app.forms.parse import parse_form

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parents[1] / "data"
FORMS = ROOT / "forms"
PROCESSES = ROOT / "processes"
KEYS = sorted(str(path.relative_to(FORMS).with_suffix("")) for path in FORMS.rglob("*.form"))
REGISTERS = sorted(path.name for path in PROCESSES.glob("*.law.yml"))

NAMES = ("case", "meeting", "procedure", "subject", "agenda_item", "adopted_item")
STANDARD = {"textfield", "textarea", "number", "select", "radio", "checklist", "checkbox", "datetime"}
OURS = {
    "person",
    "multi-person",
    "organ",
    "multi-organ",
    "case-ref",
    "multi-case-ref",
    "money",
    "table",
    "signature",
    "identity-number",
}
FIELD_TYPES = STANDARD | OURS | {"computed", "attachment", "multi-attachment"}
COLUMN_TYPES = {
    "text",
    "longtext",
    "select",
    "date",
    "datetime",
    "number",
    "organ",
    "person",
    "money",
    "checkbox",
    "identity-number",
}
CHOICES = {"select", "radio", "checklist"}
SOURCES = {"organs", "own_organs", "other_organs", "members", "persons", "investigators"}
SOURCES |= {"case_subjects", "pool_cases", "cases"}

# Reference form -> the shipped forms that carry its fields, one per actor's act.
CARRIED = {
    "F01": ["jinzhai-case/legal_document"],
    "F02": ["filing/analysis_report", "filing/legal_review", "filing/head_sign"],
    "F03": ["filing/filing_record"],
    "F04": ["filing/completeness_check"],
    "F05": ["screening/case_summary"],
    "F06": ["joint-meeting/proposal", "joint-meeting/consultation"],
    "F07": ["joint-meeting/pack_delivery", "joint-meeting/late_pack"],
    "F08": ["agenda-item/item_resolution"],
    "F09": ["agenda-item/countersign"],
    "F10": ["enforcement/transfer", "enforcement/transfer_receipt"],
    "F11": ["enforcement/docket_proposal", "enforcement/docket_deputy", "enforcement/docket_approval"],
    "F12": ["investigation/team", "investigation/recusal_statement", "investigation/recusal_decision"],
    "F13": ["investigation/investigation_notice", "investigation/file_reply", "investigation/non_cooperation"],
    "F14": ["investigation/evidence"],
    "F15": ["subject-finding/person_finding"],
    "F16": ["accountability/prior_notice", "accountability/statement", "accountability/statement_review"],
    "F17": ["accountability/supervisory_advice", "accountability/advice_reply"],
    "F18": ["accountability/decision_draft", "accountability/decision_sign"],
    "F19": ["accountability/service"],
    "F20": ["accountability/execution"],
    "F21": ["enforcement/feedback"],
    "F22": ["remedy/application", "remedy/admissibility"],
    "F23": ["remedy/examination", "remedy/decision"],
    "F24": [
        "recovery/compensation_payment",
        "recovery/recovery_opinion",
        "recovery/hearing",
        "recovery/decision",
        "recovery/payment",
        "recovery/unpaid",
    ],
    "F25": ["enforcement/referral", "enforcement/referral_receipt"],
    "F28": ["jinzhai-case/archive", "jinzhai-case/assessment_record"],
}
# Self-correction and award disqualification are not on the main path.
LATER = {"F26", "F27"}
# Fields that carry another name, because a diagram routes by it or several acts had one name.
RENAMED = {
    "F04.result": "check_result",
    "F07.member": "deliveries",
    "F07.sent_at": "deliveries",
    "F07.received_at": "deliveries",
    "F07.method": "deliveries",
    "F11.subjects": "docket_subjects",
    "F12.decision": "recusal_result",
    "F23.result": "remedy_outcome",
    **{f"F14.{name}": "interviews" for name in ("person", "position", "place", "start", "end", "interviewers")},
    **{f"F14.{name}": "interviews" for name in ("recorder", "rights_read", "content", "signed")},
    **{f"F20.{name}": "executions" for name in ("sanction", "done_on", "archived")},
}
# What the procedure knows and nobody types: numbers are issued, the element of a multi-instance names its subject.
KNOWN = {
    "F06.meeting_no": "the number of the meeting",
    "F06.member": "the organ of the step",
    "F08.item_no": "the agenda item of the step",
    "F08.case_id": "the agenda item of the step",
    "F09.item_no": "the agenda item of the step",
    "F09.member": "the organ of the step",
    "F10.cases": "the case itself",
    "F11.docket_no": "issued after approval",
    "F15.person": "the subject of the step",
    "F17.no": "issued",
    "F18.no": "issued",
    "F18.subject": "the subject of the step",
    "F21.case_id": "the case itself",
    "F22.decision_no": "the decision that the procedure is about",
    "F25.kind": "the element of the step: one referral for each kind",
}
# Reference type -> the component types that hold it. A body outside the county is named by an organ of its own.
TYPES = {
    "text": {"textfield"},
    "longtext": {"textarea"},
    "enum": {"select", "radio"},
    "multi": {"checklist"},
    "date": {"datetime"},
    "datetime": {"datetime"},
    "bool": {"radio", "checkbox"},
    "int": {"number"},
    "money": {"money"},
    "person": {"person"},
    "multi-person": {"multi-person"},
    "org": {"organ"},
    "multi-org": {"multi-organ"},
    "ref": {"case-ref", "textfield"},
    "multi-ref": {"multi-case-ref"},
    "file": {"attachment", "multi-attachment"},
    "multi-file": {"multi-attachment"},
    "table": {"table"},
    "computed": {"computed"},
    "signature": {"signature"},
}
# `issuing_body` is the kind of body that diagrams route by; `issuing_organ` beside it is the organ.
OTHER_TYPE = {"F01.issuing_body", "F20.proof", "F22.representative"}


@cache
def form(key: str) -> dict[str, Any]:
    return json.loads((FORMS / f"{key}.form").read_text("utf-8"))


def components(key: str) -> Iterator[dict[str, Any]]:
    def walk(found: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for component in found:
            yield component
            yield from walk(component.get("components", []))

    return walk(form(key)["components"])


def fields(key: str) -> dict[str, dict[str, Any]]:
    return {component["key"]: component for component in components(key) if "key" in component}


@cache
def options() -> dict[str, list[dict[str, Any]]]:
    return yamlfiles.read((FORMS / "options.yml").read_text("utf-8"))


@cache
def register(name: str) -> dict[str, Any]:
    return yamlfiles.read((PROCESSES / name).read_text("utf-8"))


@cache
def reference() -> list[dict[str, Any]]:
    return json.loads((DATA / "forms.json").read_text("utf-8"))


def reference_fields() -> Iterator[tuple[str, dict[str, Any], dict[str, dict[str, Any]]]]:
    """Reference name such as F01.doc_no, the reference field, the fields of the forms that carry it."""
    for sheet in reference():
        if sheet["id"] in CARRIED:
            carried = {name: field for key in CARRIED[sheet["id"]] for name, field in fields(key).items()}
            for field in sheet["fields"]:
                yield f"{sheet['id']}.{field['name']}", field, carried


@cache
def diagrams() -> tuple[ElementTree.Element, ...]:
    return tuple(ElementTree.parse(path).getroot() for path in sorted(PROCESSES.glob("*.bpmn")))


def properties(name: str) -> set[str]:
    return {
        element.get("value", "")
        for diagram in diagrams()
        for element in diagram.iter()
        if element.tag.endswith("}property") and element.get("name") == name
    }


@pytest.mark.parametrize("key", KEYS)
def test_a_form_has_one_field_per_name_and_labels_in_both_languages(key: str) -> None:
    found = list(components(key))
    names = [component["key"] for component in found if "key" in component]

    assert form(key)["id"] == key
    assert form(key)["schemaVersion"] == 19
    assert parse_form((FORMS / f"{key}.form").read_bytes()).title
    assert form(key)["properties"]["title_en"]
    assert len(names) == len(set(names))
    assert len({component["id"] for component in found}) == len(found)
    for component in found:
        english = component["properties"]
        if component["type"] == "text":
            assert component["text"]
            assert english["text_en"]
        else:
            assert component["label"], component["id"]
            assert english["label_en"], component["id"]
            assert ("description" in component) == ("description_en" in english), component["id"]


@pytest.mark.parametrize("key", KEYS)
def test_fields_use_known_types_options_and_sources(key: str) -> None:
    for name, field in fields(key).items():
        given = field["properties"]
        assert field["type"] in FIELD_TYPES, name
        if field["type"] in CHOICES:
            assert given["options"] in options(), name
        if "source" in given:
            assert given["source"] in SOURCES, name
        for column in field.get("columns", []):
            assert column["type"] in COLUMN_TYPES, (name, column)
            assert all((column["label"], column["label_en"])), (name, column)
            assert column["type"] != "select" or column["options"] in options(), (name, column)
            assert column["type"] not in ("organ", "person") or column["source"] in SOURCES, (name, column)


@pytest.mark.parametrize("key", KEYS)
def test_conditions_and_computed_fields_can_be_evaluated(key: str) -> None:
    scope = {**dict.fromkeys(NAMES, "any"), **dict.fromkeys(fields(key), "any")}
    expressions = [
        *(component["conditional"]["hide"] for component in components(key) if "conditional" in component),
        *(component["expression"] for component in components(key) if "expression" in component),
        *(
            text
            for component in components(key)
            for name, text in component.get("properties", {}).items()
            if re.fullmatch(r"check\d?", name)
        ),
    ]

    problems = [str(problem) for text in expressions for problem in inspect(text.lstrip("="), scope).problems]

    assert problems == []


def test_every_option_has_a_code_and_labels_in_both_languages() -> None:
    for name, entries in options().items():
        values = [entry["value"] for entry in entries]
        assert len(values) == len(set(values)), name
        for entry in entries:
            assert isinstance(entry["value"], str | bool), (name, entry)
            assert all((entry["zh"], entry["en"])), (name, entry)
            assert all(isinstance(entry[language], str) for language in ("zh", "en")), (name, entry)


def test_options_that_stand_for_a_clause_name_one_of_a_register() -> None:
    known = {clause["id"] for name in REGISTERS for clause in register(name)["clauses"]}

    named = {entry["clause"] for entries in options().values() for entry in entries if "clause" in entry}

    assert named - known == set()


def test_every_step_of_the_diagrams_has_its_form_and_no_form_is_idle() -> None:
    assert properties("formKey") == set(KEYS)


def test_every_reference_form_is_carried_or_known_to_come_later() -> None:
    assert {sheet["id"] for sheet in reference()} == set(CARRIED) | LATER


def test_every_field_of_the_reference_forms_is_in_a_form_or_known_to_the_procedure() -> None:
    missing = [
        name
        for name, field, carried in reference_fields()
        if name not in KNOWN and RENAMED.get(name, field["name"]) not in carried
    ]

    assert missing == []


def test_fields_keep_the_type_of_the_reference_forms() -> None:
    changed = [
        f"{name}: {field['type']} is a {carried[field['name']]['type']}"
        for name, field, carried in reference_fields()
        if name not in KNOWN | RENAMED and name not in OTHER_TYPE
        if carried[field["name"]]["type"] not in TYPES[field["type"]]
    ]

    assert changed == []


def test_required_fields_of_the_reference_forms_are_required() -> None:
    # What the system computes is never asked for; what it may compute is required where it cannot (`required_if`).
    loose = [
        name
        for name, field, carried in reference_fields()
        if field["required"] and name not in KNOWN and field["type"] != "computed"
        if not carried[RENAMED.get(name, field["name"])].get("validate", {}).get("required")
        if not carried[RENAMED.get(name, field["name"])].get("properties", {}).get("required_if")
        if RENAMED.get(name) != "interviews"
    ]

    assert loose == []


def test_enumerations_of_the_reference_forms_keep_all_their_options() -> None:
    few = [
        name
        for name, field, carried in reference_fields()
        if field["type"] == "enum" and field.get("options") and name not in RENAMED and name not in KNOWN
        if len(options()[carried[field["name"]]["properties"]["options"]]) < len(field["options"])
    ]

    assert few == []


def test_registers_hold_every_clause_once_and_say_what_carries_it() -> None:
    expected = [clause["id"] for clause in json.loads((DATA / "clauses.json").read_text("utf-8"))]

    found = [clause["id"] for name in REGISTERS for clause in register(name)["clauses"]]

    assert sorted(found) == sorted(expected)
    for name in REGISTERS:
        law = register(name)
        for clause in law["clauses"]:
            assert all((clause["reading"], clause["article"], clause["modality"])), clause["id"]
            carried = clause.get("carried_by") or clause.get("declaratory")
            assert carried or law["case_process"] is None, clause["id"]


def test_clauses_named_in_diagrams_are_in_a_register() -> None:
    known = {clause["id"] for name in REGISTERS for clause in register(name)["clauses"]}

    named = {clause for value in properties("clauses") for clause in value.split()}

    assert named - known == set()
