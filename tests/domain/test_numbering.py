"""Numbers are a county's text with a year and a serial in it; what else stands in a format never runs."""

import pytest

from app.domain.numbering import is_format, number_of, shape_of


def test_year_and_serial_take_their_places() -> None:
    assert number_of("金败责〔{year}〕{serial:04d}号", year=2026, serial=7) == "金败责〔2026〕0007号"
    assert number_of("{year}-{serial}", year=2026, serial=12345) == "2026-12345"
    assert number_of("{year}-{serial:03d}", year=2026, serial="××") == "2026-××"


@pytest.mark.parametrize(
    "text",
    [
        "金败责〔{year}〕x号",
        "金败责{serial:04d}号",
        "{year}{year}{serial}",
        "{year}{serial}{serial:02d}",
        "{year.__class__}{serial}",
        "{year!r}{serial}",
        "{year}{serial:99999999999d}",
        "{year}{serial:>9}",
        "{{year}}{serial}",
        "{yeer}{serial}",
        "{year}{serial}\n",
        "{year}{serial}" + "长" * 60,
        "",
        None,
        5,
    ],
)
def test_what_gives_numbers_twice_or_is_no_format_is_refused(text: object) -> None:
    assert not is_format(text)


def test_formats_that_may_give_the_same_number_one_day_have_one_shape() -> None:
    assert shape_of("a{year}-{serial:02d}") == shape_of("a{year}-{serial}") != shape_of("b{year}-{serial}")
