"""docs/wishes.md names a test for every wish of staff, every convention and every statement of accessibility."""

from app.web.accessibility import CONFORMS
from config import ROOT
from tests.evidence import lines_of, missing

LINES = lines_of(ROOT / "docs/wishes.md")


def test_every_wish_and_convention_has_a_line() -> None:
    wanted = [*(str(number) for number in range(1, 26)), *(str(number) for number in range(1, 16)), "keys", "words"]

    assert [line[0] for line in LINES if len(line) == 4] == wanted


def test_every_named_test_is_there() -> None:
    assert [line for line in LINES if missing(line[-1])] == []


def test_nothing_is_said_to_be_accessible_without_a_test() -> None:
    assert {line[0] for line in LINES if len(line) == 2} == set(CONFORMS)
