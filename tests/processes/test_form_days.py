"""What the shipped forms say of days: nothing done tomorrow, no decision before its notice, public notice."""

import json
from typing import Any

import pytest

from app.domain.errors import InvalidAnswersError
from app.forms.answers import load
from app.forms.parse import parse_form
from authoring.past_days import DONE
from tests.processes.form_answers import FORMS, NOW, Anything, options, said_at


def test_public_notice_serves_after_thirty_days() -> None:
    notice = {"method": "PUBLIC_NOTICE", "notice_published_on": "2026-02-01"}

    early = said_at("served_on", "accountability/service", {}, **notice, served_on="2026-03-01")
    exact = said_at("served_on", "accountability/service", {}, **notice, served_on="2026-03-03")

    assert "2026-03-03" in early[0]
    assert exact == []


@pytest.mark.parametrize(
    ("form", "prefix", "rest"),
    [
        (
            "accountability/service",
            "",
            {
                "recipient": "王某",
                "notice_place": "县政府网站",
                "notice_reason": "其他方式无法送达",
                "proof": ["a-one"],
            },
        ),
        (
            "remedy/result_service",
            "result_",
            {"result_recipient": "王某", "result_proof": ["a-one"], "next_route": "CS_APPEAL"},
        ),
    ],
)
def test_the_day_of_service_by_public_notice_is_computed(form: str, prefix: str, rest: dict[str, Any]) -> None:
    parsed = parse_form((FORMS / f"{form}.form").read_bytes())
    answers = {**rest, f"{prefix}method": "PUBLIC_NOTICE", f"{prefix}notice_published_on": "2026-02-01"}

    kept = load(
        parsed, answers, options=options(), choices=Anything(), context={"subject": {}, "procedure": {}}, now=NOW
    )

    assert kept[f"{prefix}served_on"] == "2026-03-03"


def test_a_day_of_service_is_asked_where_no_notice_was_issued() -> None:
    assert said_at("served_on", "accountability/service", {}, method="DIRECT", notice_published_on="2026-02-01")


@pytest.mark.parametrize(
    ("form", "field", "rest"),
    [
        ("jinzhai-case/result_notice", "notified_on", {}),
        ("accountability/prior_notice", "notice_served", {}),
        ("yiyuan-defence/prior_notice", "notice_served", {}),
        ("accountability/service", "served_on", {"method": "SYSTEM"}),
        ("accountability/service", "notice_published_on", {"method": "PUBLIC_NOTICE"}),
        ("remedy/result_service", "result_served_on", {"result_method": "DIRECT"}),
        ("remedy/result_service", "result_notice_published_on", {"result_method": "PUBLIC_NOTICE"}),
        ("remedy/refusal", "refused_served_on", {}),
        ("remedy/redone_decision", "redo_served_on", {}),
        ("yiyuan-effects/award_bar", "award_notified_on", {}),
    ],
)
def test_nobody_was_told_or_served_tomorrow(form: str, field: str, rest: dict[str, Any]) -> None:
    context = {"subject": {"decided_on": None}, "procedure": {"decided_on": None}}

    assert said_at(field, form, context, **rest, **{field: "2026-03-02"}) == []
    assert said_at(field, form, context, **rest, **{field: "2026-03-03"}) == ["日期不能晚于今天。"]


@pytest.mark.parametrize("form", ["accountability/decision_sign", "yiyuan-decision/decision_sign"])
def test_no_decision_takes_effect_before_its_own_date(form: str) -> None:
    signed = {"sign_result": "SIGNED", "decided_on": "2026-03-02"}

    assert "不能早于决定日期" in said_at("effective_on", form, {}, **signed, effective_on="2026-03-01")[0]
    assert said_at("effective_on", form, {}, **signed, effective_on="2026-03-02") == []
    assert said_at("effective_on", form, {}, **signed)


ROWS = {
    "executions": {"sanction": "WRITTEN_SELF_EXAMINATION", "detail": "已提交书面检查"},
    "exchanges": {"organ": "fy", "body": "COURT", "method": "SYSTEM", "content": "问责情况"},
    "payments": {"amount": 100, "receipt_no": "0001"},
}
DONE_DAYS = [(form, field) for form, fields in DONE.items() for field in fields.split()]


@pytest.mark.parametrize(("form", "field"), DONE_DAYS)
def test_nothing_is_recorded_as_done_tomorrow(form: str, field: str) -> None:
    table, _, column = field.rpartition(".")

    def refused(day: str) -> bool:
        said_of = f"{day}T09:00:00+08:00" if field == "held_at" else day
        answers = {table: [{**ROWS[table], column: day}]} if table else {field: said_of}
        said = said_everywhere(form, **answers).get(table or field, [])
        return any("不能晚于今天" in sentence for sentence in said)

    assert refused("2026-03-03")
    assert not refused("2026-03-02")


def _without_condition(part: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name != "conditional"}


def said_everywhere(form: str, **answers: Any) -> dict[str, list[str]]:
    """The sentences at each field of a form that hides nothing."""
    data = json.loads((FORMS / f"{form}.form").read_text("utf-8"), object_hook=_without_condition)
    try:
        load(parse_form(json.dumps(data).encode()), answers, options=options(), choices=Anything(), context={}, now=NOW)
    except InvalidAnswersError as refusal:
        return {field: [str(sentence) for sentence in told] for field, told in refusal.fields.items()}
    return {}


@pytest.mark.parametrize("form", ["accountability/decision_sign", "yiyuan-decision/decision_sign"])
def test_no_decision_is_older_than_the_notice_before_it(form: str) -> None:
    context = {"subject": {"notice_served": "2026-02-20"}}

    early = said_at("decided_on", form, context, sign_result="SIGNED", decided_on="2026-02-19")

    assert "不能早于事先告知" in early[0]
    assert said_at("decided_on", form, context, sign_result="SIGNED", decided_on="2026-02-20") == []
