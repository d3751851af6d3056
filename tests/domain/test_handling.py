"""The words that every verb beside submitting asks for."""

import pytest

from app.domain.errors import InvalidAnswersError
from app.domain.handling import LONGEST_TEXT, given


@pytest.mark.parametrize("blank", ["", "  ", "\n\t", "\u3000"])
def test_a_missing_reason_is_told_at_its_field(blank: str) -> None:
    with pytest.raises(InvalidAnswersError) as refused:
        given(blank, "请填写退回意见。", at="opinion")

    assert refused.value.fields == {"opinion": ["请填写退回意见。"]}


def test_a_reason_that_is_too_long_is_refused_and_never_cut() -> None:
    with pytest.raises(InvalidAnswersError) as refused:
        given("字" * (LONGEST_TEXT + 1))

    assert refused.value.fields == {"reason": ["最多500个字，现有501个字，请删减。"]}


def test_a_line_break_counts_as_one_as_it_does_in_the_browser() -> None:
    assert given("一\r\n" + "字" * (LONGEST_TEXT - 2)) == "一\n" + "字" * (LONGEST_TEXT - 2)
