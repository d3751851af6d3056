"""The yearly notice as offices have it: pasted lines, tables, calendar files; every wrong line is named."""

from datetime import date

import pytest

from app.domain.calendars import DayKind
from app.domain.errors import InvalidFileError
from app.law.calendar import built_in, built_in_calendar
from app.law.notices import Reading, decode, read_notice

LINES = """\
日期 类别 节日
2027-01-01至2027-01-03 休 元旦
2027年1月10日 补班
2026-12-31,休,元旦
"""


def read(text: str) -> Reading:
    return read_notice(text, source="国办发明电〔2026〕1号", owners={})


def wrong(text: str) -> list[tuple[int, str]]:
    return [(error.number, str(error.sentence)) for error in read(text).errors]


def test_lines_with_ranges_in_several_spellings_are_one_notice() -> None:
    notice = read(LINES).notice

    assert notice is not None
    assert notice.year == 2027
    assert [(d.day.isoformat(), d.kind.value) for d in notice.days] == [
        ("2026-12-31", "HOLIDAY"),
        ("2027-01-01", "HOLIDAY"),
        ("2027-01-02", "HOLIDAY"),
        ("2027-01-03", "HOLIDAY"),
        ("2027-01-10", "MAKE_UP_WORKDAY"),
    ]


def test_a_calendar_file_gives_the_same_notice() -> None:
    event = "BEGIN:VEVENT\nDTSTART;VALUE=DATE:{}\nDTEND;VALUE=DATE:{}\nSUMMARY:{}\nEND:VEVENT\n"
    events = event.format("20270101", "20270104", "元旦 休") + event.format("20270110", "20270111", "元旦（补班）")

    notice = read(f"BEGIN:VCALENDAR\n{events}END:VCALENDAR").notice

    assert notice is not None
    assert [d.kind for d in notice.days] == [DayKind.HOLIDAY] * 3 + [DayKind.MAKE_UP_WORKDAY]
    assert {d.name for d in notice.days} == {"元旦"}


def test_every_wrong_line_is_named_with_what_is_wrong() -> None:
    text = "\n".join(
        (
            "2027-01-01 休 元旦",
            "2027-01-04 班",
            "2027-02-30 休 春节",
            "2027-01-01 休 元旦",
            "2027-03-01 也许",
            "2027-03-02 休",
            "随便写的",
            "2027-05-05至2027-05-01 休 劳动节",
            "2026-11-01 休 元旦",
        )
    )

    assert [number for number, _ in wrong(text)] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert read(text).notice is None
    assert wrong("") == [(0, "没有读到日期，每行请写成“2027-01-01 休 元旦”或“2027-01-03 班”。")]


def test_a_day_that_another_years_notice_has_fixed_is_refused() -> None:
    reading = read_notice(LINES, source="x", owners={date(2026, 12, 31): 2026})

    assert [(e.number, str(e.sentence)) for e in reading.errors] == [(4, "该日已由2026年的通知规定")]


def test_an_incomplete_notice_is_read_with_a_warning() -> None:
    warnings = [str(warning) for warning in read("2027-01-01 休 元旦").warnings]

    assert any("春节" in warning for warning in warnings)
    assert any("补班" in warning for warning in warnings)


def test_files_in_both_chinese_encodings_are_read_and_others_refused() -> None:
    assert decode(LINES.encode("gb18030")) == decode(LINES.encode("utf-8-sig")) == LINES
    with pytest.raises(InvalidFileError):
        decode(b"\xff\xfe\x00\x81")


def test_the_product_knows_all_years_from_2017_to_2026_and_their_decembers() -> None:
    calendar = built_in_calendar()

    assert set(range(2017, 2027)) <= {notice.year for notice in built_in()}
    assert not calendar.is_working(date(2018, 12, 31))
    assert calendar.is_working(date(2018, 12, 29))
    assert next(n for n in built_in() if n.year == 2019).days[0].day == date(2018, 12, 29)
    assert calendar.days[date(2026, 10, 1)].name == "国庆节"
