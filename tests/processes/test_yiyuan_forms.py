"""The reference sheets that both regulations share, and those of the second alone, are carried field by field."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.processes.test_forms_content import DATA, TYPES, fields, options

# Reference form -> the shipped forms of this procedure that carry its fields, one per actor's act.
CARRIED = {
    "F01": ["yiyuan-case/legal_document"],
    "F11": [
        "procedure-supervision/verification",
        "procedure-unit/preliminary",
        "procedure-organisation/check_report",
        "yiyuan-person/docket_approval",
    ],
    "F12": ["yiyuan-inquiry/team", "investigation/recusal_statement", "investigation/recusal_decision"],
    "F13": ["investigation/investigation_notice", "investigation/file_reply", "investigation/non_cooperation"],
    "F14": ["investigation/evidence"],
    "F15": ["yiyuan-routing/authority", "yiyuan-finding/person_finding", "yiyuan-finding/opinion"],
    "F16": ["yiyuan-defence/prior_notice", "accountability/statement", "accountability/statement_review"],
    "F18": ["yiyuan-decision/decision_draft", "yiyuan-decision/decision_sign"],
    "F19": ["accountability/service"],
    "F20": ["yiyuan-effects/execution"],
    "F24": [
        "recovery/compensation_payment",
        "recovery/recovery_opinion",
        "recovery/hearing",
        "recovery/decision",
        "recovery/payment",
        "recovery/unpaid",
    ],
    "F25": ["yiyuan-decision/referral"],
    "F26": ["self-correction/record", "self-correction/legal_check", "self-correction/outcome"],
    "F27": ["yiyuan-effects/award_bar"],
    "F28": ["yiyuan-closing/archive", "yiyuan-closing/assessment_record"],
}
# Fields that carry another name, because a diagram routes by it or several acts had one name.
RENAMED = {
    "F12.decision": "recusal_result",
    **{f"F14.{name}": "interviews" for name in ("person", "position", "place", "start", "end", "interviewers")},
    **{f"F14.{name}": "interviews" for name in ("recorder", "rights_read", "content", "signed")},
    **{f"F20.{name}": "executions" for name in ("sanction", "done_on", "archived")},
    "F25.kind": "referral_kind",
    "F25.to": "referral_to",
    "F27.person": "award_person",
    "F27.year": "award_year",
    "F27.decision_no": "award_decision_no",
}
# What the procedure knows and nobody types, or what this regulation has not.
KNOWN = {
    "F11.subjects": "one person at a time",
    "F11.deputy_opinion": "no deputy among the offices of this regulation",
    "F11.docket_no": "issued after approval",
    "F15.person": "the subject of the step",
    "F18.no": "issued",
    "F18.subject": "the subject of the step",
    "F27.lifted_on": "the day on which a remedy lifts the bar",
    "F28.filed_on_time": "this regulation has no filing period",
}
OTHER_TYPE = {"F01.issuing_body", "F20.proof", "F01.series_id", "F27.decision_no"}
# The documents and losses that only the other regulation refers to.
FEWER = {"F01.legal_doc_type", "F01.case_type"}


@cache
def sheets() -> list[dict[str, Any]]:
    return [sheet for sheet in json.loads((DATA / "forms.json").read_text("utf-8")) if sheet["id"] in CARRIED]


def asked() -> Iterator[tuple[str, dict[str, Any], dict[str, Any] | None]]:
    """Reference name, reference field, and the field that carries it."""
    for sheet in sheets():
        carried = {name: field for key in CARRIED[sheet["id"]] for name, field in fields(key).items()}
        for field in sheet["fields"]:
            name = f"{sheet['id']}.{field['name']}"
            if name not in KNOWN:
                yield name, field, carried.get(RENAMED.get(name, field["name"]))


def test_every_sheet_of_this_regulation_is_carried_but_those_of_the_remedy() -> None:
    every = json.loads((DATA / "forms.json").read_text("utf-8"))

    meant = {sheet["id"] for sheet in every if sheet["regime"] in ("BOTH", "YY")}

    assert meant - set(CARRIED) == {"F22", "F23"}


def test_every_field_of_the_sheets_is_in_a_form() -> None:
    assert [name for name, _, carried in asked() if carried is None] == []


def test_fields_keep_the_type_of_the_sheets() -> None:
    changed = [
        f"{name}: {field['type']} is a {carried['type']}"
        for name, field, carried in asked()
        if carried and name not in RENAMED and name not in OTHER_TYPE
        if carried["type"] not in TYPES[field["type"]]
    ]

    assert changed == []


def test_required_fields_of_the_sheets_are_required() -> None:
    loose = [
        name
        for name, field, carried in asked()
        if carried and field["required"] and field["type"] != "computed" and RENAMED.get(name) != "interviews"
        if not (carried.get("validate", {}).get("required") or carried["properties"].get("required_if"))
    ]

    assert loose == []


def test_enumerations_of_the_sheets_keep_all_their_options() -> None:
    few = [
        name
        for name, field, carried in asked()
        if carried and field["type"] == "enum" and field.get("options") and name not in RENAMED and name not in FEWER
        if len(options()[carried["properties"]["options"]]) < len(field["options"])
    ]

    assert few == []


def test_the_six_measures_are_offered_and_no_other() -> None:
    clauses = [entry["clause"] for entry in options()["SANCTION_YY"]]

    assert clauses == [f"YY-10({n})" for n in range(1, 7)]


def test_exempt_and_not_pursued_are_two_kinds_of_decision() -> None:
    assert {"EXEMPT", "NOT_PURSUED"} <= {entry["value"] for entry in options()["DECISION_KIND"]}
