"""A counted deadline keeps how it was counted, and says it."""

from datetime import UTC, date, datetime

import pytest

from app.domain.calendars import CalendarDay, DayKind, Notice, with_notice
from app.domain.counted import (
    Grounds,
    extended,
    in_words,
    last_day,
    provisional_in_words,
    record_of,
    recounted,
    shifted,
    with_recount,
)
from app.domain.deadlines import DayCount, DeadlineKind, count
from app.domain.errors import ConflictError, InvalidAnswersError
from app.domain.errors import in_words as read_by
from app.domain.periods import ensure_extendable, ensure_extension
from app.law.calendar import built_in_calendar

CALENDAR = built_in_calendar()
NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)
OF_2027 = with_notice(
    CALENDAR,
    Notice(2027, "通知", tuple(CalendarDay(date(2027, 1, day), DayKind.HOLIDAY, "元旦") for day in (1, 4, 5))),
    replaced=frozenset(),
)


def record(anchor: str, period: str, day_count: str = "CALENDAR", kind: str = "internal", longest: str = "") -> dict:  # type: ignore[type-arg]
    deadline = count(
        date.fromisoformat(anchor),
        period,
        calendar=CALENDAR,
        day_count=DayCount(day_count),
        kind=DeadlineKind(kind),
    )
    return record_of(deadline, period, Grounds(extension_max=longest))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            record("2026-03-05", "P10D", kind="regulation"),
            "自2026年3月5日起第10日为2026年3月15日，遇休假日顺延至2026年3月16日。法定期限（本办法）。",
        ),
        (record("2026-03-02", "P10D", kind="statute"), "自2026年3月2日起第10日为2026年3月12日。上位法期限。"),
        (record("2026-03-02", "P3D", "WORKING"), "自2026年3月2日起第3个工作日为2026年3月5日。内部时限。"),
        (record("2026-01-31", "P1M"), "自2026年1月31日起满1个月为2026年2月28日。内部时限。"),
        (
            record("2024-06-13", "-P3D", kind="regulation"),
            "2024年6月13日前第3日为2024年6月10日，遇休假日提前至2024年6月7日。法定期限（本办法）。",
        ),
    ],
)
def test_a_deadline_says_how_it_was_counted_and_what_kind_it_is(given: dict, sentence: str) -> None:  # type: ignore[type-arg]
    assert in_words(given) == sentence


def test_an_extension_counts_from_the_last_day_and_is_told() -> None:
    longer = extended(
        record("2026-03-02", "P10D"), calendar=CALENDAR, period="P5D", reason="案情复杂", by="高文远", at=NOON
    )

    assert last_day(longer) == date(2026, 3, 17)
    assert "经批准延期至2026年3月17日（案情复杂）" in in_words(longer)
    assert longer["base_day"] == "2026-03-12"


def test_a_suspension_moves_the_last_day_by_natural_days_and_rolls() -> None:
    longer = shifted(
        record("2026-03-02", "P10D"), 9, calendar=CALENDAR, since=date(2026, 3, 5), until=date(2026, 3, 14)
    )

    assert last_day(longer) == date(2026, 3, 23)  # 21 March is a Saturday
    assert "中止9日，顺延至2026年3月23日" in in_words(longer)


def test_a_notice_counts_again_what_it_settles_and_keeps_what_people_decided() -> None:
    plain = record("2026-12-25", "P10D")
    longer = extended(plain, calendar=CALENDAR, period="P3D", reason="等材料", by="高文远", at=NOON)
    assert str(provisional_in_words(plain)) == "2027年放假安排尚未公布，期限为暂定"

    again, longer_again = recounted(plain, OF_2027), recounted(longer, OF_2027)

    assert (plain["last_day"], again["last_day"]) == ("2027-01-04", "2027-01-06")
    assert provisional_in_words(again) is None
    assert [(c["change"], c["from"], c["to"]) for c in longer_again["changes"]] == [
        ("EXTENDED", "2027-01-06", "2027-01-11")
    ]
    told = with_recount(again, plain, year=2027, at=NOON)
    assert "2027年放假安排公布后改为2027年1月6日" in in_words(told)
    assert recounted(told, OF_2027) == told


def test_a_settled_deadline_is_not_counted_again_by_another_years_notice() -> None:
    before = record("2026-03-02", "P10D")

    assert recounted(before, OF_2027) == before


def test_only_what_the_law_lets_be_extended_is_extended() -> None:
    today = date(2026, 3, 10)
    statute = record("2026-03-02", "P60D", kind="statute", longest="P30D")

    with pytest.raises(ConflictError, match="本办法规定的期限"):
        ensure_extendable(record("2026-03-02", "P10D", kind="regulation"), today=today)
    with pytest.raises(ConflictError, match="法律没有规定可以延长"):
        ensure_extendable(record("2026-03-02", "P30D", kind="statute"), today=today)
    with pytest.raises(ConflictError, match="已经届满"):
        ensure_extendable(statute, today=date(2026, 6, 1))
    with pytest.raises(ConflictError, match="没有时限"):
        ensure_extendable({}, today=today)
    ensure_extendable(statute, today=today)
    ensure_extendable(record("2026-03-02", "P5D"), today=date(2026, 6, 1))

    by30 = extended(statute, calendar=CALENDAR, period="P30D", reason="复杂", by="甲", at=NOON)
    ensure_extension(statute, by30, calendar=CALENDAR)
    twice = extended(by30, calendar=CALENDAR, period="P1D", reason="再延", by="甲", at=NOON)
    with pytest.raises(InvalidAnswersError) as too_late:
        ensure_extension(by30, twice, calendar=CALENDAR)
    assert "最长延期" in too_late.value.fields["until"][0]
    earlier = extended(statute, calendar=CALENDAR, until=date(2026, 3, 20), reason="早", by="甲", at=NOON)
    with pytest.raises(InvalidAnswersError) as too_early:
        ensure_extension(statute, earlier, calendar=CALENDAR)
    assert "须晚于" in too_early.value.fields["until"][0]


def test_a_reader_of_english_reads_the_days_as_the_headings_write_them() -> None:
    told = read_by(in_words(record("2026-03-09", "P5D")), lambda sentence: sentence, english=True)

    assert "Mar 9, 2026" in told
    assert "2026年" not in told
