"""Rule settings: who may change them, from when they count, and that open cases keep what they were opened with."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from flask import Flask

from app.domain.errors import ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
REGULATION = "jinzhai-2017-50"
GOOD = {"name": "dayCount", "value": "WORKING", "valid_from": "2026-03-02", "reason": "县司法局批复按工作日计算。"}


@pytest.fixture
def office(county: Flask) -> Iterator[SimpleNamespace]:
    from app.services import cases, rules  # noqa: PLC0415  (see tests.conftest)
    from app.storage.accounts import actor_of  # noqa: PLC0415

    def set_rule(by: str = "jinzhai.rule.admin", at: datetime = NOW, **said: str) -> str:
        return rules.set_rule(REGULATION, actor=actor_of(by), now=at, **{**GOOD, **said})

    def open_case(at: datetime = NOW, organ: str = "zjj") -> str:
        reporter = actor_of(f"jinzhai.organ.reporter.{organ}")
        return cases.open_case(actor=reporter, now=at, key=uuid4().hex).proceeding_id

    with county.app_context():
        yield SimpleNamespace(set_rule=set_rule, open_case=open_case)


def switches_of(proceeding_id: str) -> dict[str, str]:
    from app.services.command import Command  # noqa: PLC0415
    from app.storage.proceedings import get_for_update  # noqa: PLC0415
    from app.storage.transaction import transaction  # noqa: PLC0415

    with transaction():
        return dict(Command(get_for_update(proceeding_id), actor=None, now=NOW).switches)


def test_a_case_follows_the_recommended_values_until_somebody_changes_them(office: SimpleNamespace) -> None:
    case = office.open_case()

    assert switches_of(case)["dayCount"] == "CALENDAR"


def test_a_case_keeps_the_settings_of_the_day_it_was_opened(office: SimpleNamespace) -> None:
    before = office.open_case()

    office.set_rule()
    after = office.open_case()

    assert switches_of(before)["dayCount"] == "CALENDAR"
    assert switches_of(after)["dayCount"] == "WORKING"


def test_a_setting_counts_from_its_day_on(office: SimpleNamespace) -> None:
    office.set_rule(valid_from="2026-03-10")

    assert switches_of(office.open_case())["dayCount"] == "CALENDAR"
    assert switches_of(office.open_case(at=NOW + timedelta(days=8)))["dayCount"] == "WORKING"


def test_the_setting_made_last_for_a_day_counts(office: SimpleNamespace) -> None:
    office.set_rule()
    office.set_rule(value="CALENDAR", at=NOW + timedelta(hours=1))

    assert switches_of(office.open_case(at=NOW + timedelta(hours=2)))["dayCount"] == "CALENDAR"


def test_an_organ_may_have_its_own_internal_deadline(office: SimpleNamespace) -> None:
    own = {
        "name": "deadline:filing/T_supplement",
        "value": "P3D",
        "organ_id": "jinzhai.zjj",
        "basis": "建规〔2026〕2号",
    }

    office.set_rule(**own)

    assert switches_of(office.open_case())[own["name"]] == "P3D"
    assert own["name"] not in switches_of(office.open_case(organ="zrj"))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"value": "SOMETIMES"}, "value"),
        ({"name": "deadline:filing/T_supplement", "value": "soon"}, "value"),
        ({"name": "deadline:filing/T_supplement", "value": "-P3D"}, "value"),
        ({"valid_from": "2026-03-01"}, "valid_from"),
        ({"valid_from": "morgen"}, "valid_from"),
        ({"reason": "  "}, "reason"),
        ({"name": "filingScope", "value": "ALL", "organ_id": "jinzhai.zjj"}, "basis"),
        ({"name": "filingScope", "value": "ALL", "organ_id": "yiyuan.zjj", "basis": "细则"}, "organ_id"),
    ],
)
def test_a_wrong_setting_is_refused_at_its_field(office: SimpleNamespace, said: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidAnswersError) as refused:
        office.set_rule(**said)

    assert list(refused.value.fields) == [field]


@pytest.mark.parametrize("name", ["filingPeriod", "dueProcess", "conflictPolicy", "deadline:filing/T_nowhere"])
def test_what_the_text_or_higher_law_fixes_cannot_be_set(office: SimpleNamespace, name: str) -> None:
    with pytest.raises(ConflictError):
        office.set_rule(name=name)


def test_an_organ_cannot_change_how_the_county_counts(office: SimpleNamespace) -> None:
    with pytest.raises(ConflictError):
        office.set_rule(organ_id="jinzhai.zjj", basis="建规〔2026〕2号")


@pytest.mark.parametrize("person", ["jinzhai.jmo.director", "jinzhai.owner", "jinzhai.manager"])
def test_only_the_rule_administrator_sets_rules(office: SimpleNamespace, person: str) -> None:
    with pytest.raises(NotAllowedError):
        office.set_rule(by=person)


def test_another_countys_rule_administrator_finds_no_such_regulation(office: SimpleNamespace) -> None:
    with pytest.raises(NotFoundError):
        office.set_rule(by="yiyuan.rule.admin")


def test_every_question_that_has_more_than_one_answer_is_asked_somewhere() -> None:
    """A setting nobody reads would be a promise without effect."""
    from app.law.register import parse  # noqa: PLC0415
    from config import ROOT  # noqa: PLC0415

    readers = "".join(
        path.read_text("utf-8")
        for folder, pattern in (("app", "**/*.py"), ("processes", "*.bpmn"), ("processes", "*.dmn"))
        for path in (ROOT / folder).glob(pattern)
    )
    registers = [parse(path.read_bytes()) for path in sorted((ROOT / "processes").glob("*.law.yml"))]
    unread = {
        rule.name
        for register in registers
        for rule in register.rules.values()
        if not rule.fixed
        and rule.name not in readers
        and _snake(rule.name) not in readers
        and rule.name not in {one.switch for report in register.reports.values() for one in report.indicators}
    }

    assert unread == set()


def _snake(name: str) -> str:
    return "switch_" + "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
