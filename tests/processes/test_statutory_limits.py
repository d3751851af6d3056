"""Every limit that a text fixes: from which event it runs, how long, how its days are counted, who may prolong it.

The days were worked out by hand on the calendar of 2026 (金政〔2017〕50号 10, 18, 21; 源政办字〔2022〕59号 16;
公务员法 95, 监察法 56, 事业单位工作人员申诉规定). The Yiyuan text fixes no limit of its own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import fromstring

import pytest

from app.domain.counted import Grounds, extended, last_day, record_of, shifted
from app.domain.deadlines import DayCount, Deadline, DeadlineKind, count
from app.law.calendar import built_in_calendar
from tests.law.example import JZ, YY, Example, answers
from tests.law.regimes import NoRowError
from tests.processes.offices import FOLDER, MONDAY


@dataclass(frozen=True)
class Limit:
    runs_from: str
    kind: str
    days: Mapping[str, str]
    """Day of the event -> last day, both of 2026 and in natural days."""
    extension: str = ""
    """What the statute allows to add."""


OF_APPLICATION, OF_ADMISSION = "procedure.applied_on", "procedure.admitted_on"
LIMITS = {
    # 收到之日起10日内; the later of receipt and effect is the anchor. Spring Festival ends on 23 February, Saturday the
    # 28th is a day of work, Labour Day rolls to 6 May.
    "filing-report/T_file": Limit(
        "case.filing_anchor",
        "regulation",
        {"03-02": "03-12", "02-06": "02-24", "02-18": "02-28", "04-24": "05-06"},
    ),
    # 召开前3天: a last day of rest goes to the working day before it, Saturday 14 February is one.
    "meeting-preparation/T_pack": Limit(
        "meeting.meeting_date", "regulation", {"03-12": "03-09", "03-11": "03-06", "02-26": "02-14", "05-12": "05-09"}
    ),
    # 复核: 接到申请书后三十日内
    "remedy-examination/T_examine_30d": Limit(OF_APPLICATION, "statute", {"03-02": "04-01", "01-20": "02-24"}),
    # 申诉: 受理之日起六十日内, 案情复杂的不超过三十日
    "remedy-examination/T_examine_60d": Limit(
        OF_ADMISSION, "statute", {"03-02": "05-06", "03-06": "05-06", "03-09": "05-08"}, extension="P30D"
    ),
    # 复审: 一个月内; 复核: 二个月内
    "remedy-examination/T_examine_1m": Limit(OF_APPLICATION, "statute", {"03-31": "04-30", "01-31": "02-28"}),
    "remedy-examination/T_examine_2m": Limit(OF_APPLICATION, "statute", {"07-31": "09-30", "08-03": "10-08"}),
    # 复议意见书 and other papers say themselves until when; that day is kept, or rolls
    "incoming-advice/T_advice_answer": Limit(
        'string(date(reply_until) - duration("P1D"))', "statute", {"03-11": "03-12", "05-01": "05-06"}
    ),
}
"""By step. An event of 05-01 in the last line is the day before the one named in the paper."""

REMEDIES = [
    ("CS_REVIEW", ("APPOINTING", "CIVIL_SERVANT", "FIRST", False), ("03-02", "04-01"), "T_examine_30d"),
    ("CS_DIRECT_APPEAL", ("APPOINTING", "CIVIL_SERVANT", "FIRST", True), ("01-20", "02-24"), "T_examine_60d"),
    ("CS_APPEAL", ("APPOINTING", "CIVIL_SERVANT", "SECOND", None), ("03-06", "03-23"), "T_examine_60d"),
    ("INST_REVIEW", ("APPOINTING", "PUBLIC_INSTITUTION", "FIRST", None), ("03-02", "04-01"), "T_examine_30d"),
    ("INST_APPEAL", ("APPOINTING", "PUBLIC_INSTITUTION", "SECOND", None), ("03-06", "04-07"), "T_examine_60d"),
    ("SUP_REEXAMINATION", ("SUPERVISORY", "CIVIL_SERVANT", "FIRST", None), ("01-31", "02-28"), "T_examine_1m"),
    ("SUP_REVIEW", ("SUPERVISORY", "CIVIL_SERVANT", "SECOND", None), ("04-01", "05-06"), "T_examine_2m"),
    ("LEADER_APPEAL", ("LEADER_ACCOUNTABILITY", "CIVIL_SERVANT", "FIRST", None), ("03-02", "03-17"), "T_examine_30d"),
]
"""Route; who decided on whom, at which step, without a review; day on which it was known and last day to apply; where
the time to decide stands."""


def of_2026(day: str) -> date:
    return date.fromisoformat(f"2026-{day}")


def steps_of(diagram: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Id and properties of every step that a person does."""
    for element in fromstring(diagram).findall(".//{*}userTask"):
        properties = {part.get("name", ""): part.get("value", "") for part in element.findall(".//{*}property")}
        yield element.get("id", ""), properties


FIXED = {
    f"{path.stem}/{step}": properties
    for path in sorted(FOLDER.glob("*.bpmn"))
    for step, properties in steps_of(path.read_bytes())
    if properties.get("deadlineKind", "internal") != "internal"
}
"""Every shipped step whose limit is no internal one, with its properties."""


def last_day_from(event: date, properties: Mapping[str, str], day_count: str = "") -> Deadline:
    kind, counted = DeadlineKind(properties["deadlineKind"]), DayCount(day_count or properties["dayCount"])
    return count(event, properties["deadline"], calendar=built_in_calendar(), day_count=counted, kind=kind)


def test_every_limit_that_a_text_fixes_is_one_of_these_and_the_yiyuan_text_fixes_none() -> None:
    assert FIXED.keys() == LIMITS.keys()
    assert {step for step, properties in FIXED.items() if "YY-" in properties["clauses"]} == {
        step for step, limit in LIMITS.items() if step.startswith("remedy-examination/")
    }
    assert not any(step.startswith("yiyuan") for step in FIXED)


@pytest.mark.parametrize(("step", "limit"), LIMITS.items(), ids=LIMITS)
def test_a_limit_runs_from_its_event_in_natural_days_and_is_prolonged_only_by_its_statute(
    step: str, limit: Limit
) -> None:
    properties = FIXED[step]

    assert (properties["deadlineFrom"], properties["deadlineKind"]) == (limit.runs_from, limit.kind)
    assert properties.get("deadlineExtension", "") == limit.extension
    assert {day: f"{last_day_from(of_2026(day), properties).last_day:%m-%d}" for day in limit.days} == limit.days


@pytest.mark.parametrize(
    ("step", "event", "last"),
    [("filing-report/T_file", "02-11", "03-03"), ("meeting-preparation/T_pack", "02-25", "02-13")],
)
def test_where_the_office_counts_working_days_the_limits_of_the_regulation_do(step: str, event: str, last: str) -> None:
    assert last_day_from(of_2026(event), FIXED[step], "WORKING").last_day == of_2026(last)


def test_sixty_days_are_prolonged_by_thirty_and_a_limit_that_stood_still_ends_later_by_these_days() -> None:
    properties, at = FIXED["remedy-examination/T_examine_60d"], MONDAY
    record = record_of(last_day_from(of_2026("03-02"), properties), "P60D", Grounds(extension_max="P30D"))
    told = {"reason": "案情复杂", "by": "负责人", "at": at}

    prolonged = extended(record, calendar=built_in_calendar(), period="P30D", **told)
    stood = shifted(record, 20, calendar=built_in_calendar(), since=of_2026("03-10"), until=of_2026("03-30"))

    assert (last_day(record), last_day(prolonged), last_day(stood)) == (
        of_2026("05-06"),
        of_2026("06-05"),
        of_2026("05-26"),
    )


@pytest.mark.parametrize("regime", [JZ, YY])
@pytest.mark.parametrize(("route", "facts", "days", "examined"), REMEDIES, ids=[row[0] for row in REMEDIES])
def test_each_way_of_remedy_has_its_period_to_apply_and_its_time_to_decide(
    regime: str, route: str, facts: tuple[str, str, str, bool | None], days: tuple[str, str], examined: str
) -> None:
    inputs = ("decision_maker", "person_category", "remedy_step", "review_skipped")
    known = {"subject_kind": "PERSON", "remedy_scope": "BY_REFERENCE", "sanctions": ["ADMONITION"]}
    proposed = answers(Example(f"{regime}-remedy-route", known | dict(zip(inputs, facts, strict=True)), (), ""))

    assert not isinstance(proposed, NoRowError)
    ((_, found),) = proposed
    limit = FIXED[f"remedy-examination/{examined}"]
    asked = {"deadline": found["remedy_apply_within"], "deadlineKind": "statute", "dayCount": "CALENDAR"}
    assert found["remedy_route"] == route
    assert last_day_from(of_2026(days[0]), asked).last_day == of_2026(days[1])
    assert found["remedy_decide_within"] == limit["deadline"]
    assert found.get("remedy_extension", "") == limit.get("deadlineExtension", "")
