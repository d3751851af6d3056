"""What single rows propose, each for the reason given."""

import pytest

from tests.law.examples import EXAMPLES, Example, answers


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.table}:{example.proposes[:1]}"[:60])
def test_a_table_proposes_what_the_text_says(example: Example) -> None:
    assert example.because
    assert answers(example) == example.proposes
