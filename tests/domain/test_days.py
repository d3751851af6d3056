"""Days as they are written."""

from datetime import date

import pytest

from app.domain.days import read_day


@pytest.mark.parametrize("text", ["2026-03-05", "2026/3/5", "2026.3.5", "2026年3月5日", "2026 年 3 月 5 日"])
def test_a_day_is_read_however_a_clerk_writes_it(text: str) -> None:
    assert read_day(text) == date(2026, 3, 5)


@pytest.mark.parametrize("text", ["2026年2月30日", "三月五日", "2026-03", "2026-03-05 上午"])
def test_what_names_no_day_is_none(text: str) -> None:
    assert read_day(text) is None
