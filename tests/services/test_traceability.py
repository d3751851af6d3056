"""The studio tells clauses that nothing carries, carriers that are not there, and citations that nobody listed."""

from collections.abc import Mapping

import pytest

from app.documents import packs as zips
from app.domain.definitions import Severity
from app.domain.lint_rules import RULES
from app.services import linting, traceability
from config import ROOT

NAME = "shifan-2025-1.law.yml"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return zips.files_in(ROOT / "packs" / "shifan")


def hints(files: Mapping[str, bytes], old: bytes = b"", new: bytes = b"", *, in_: str = NAME) -> list[str]:
    assert old in files[in_]
    changed = {**files, in_: files[in_].replace(old, new, 1)}
    found = list(traceability.findings(changed, NAME, linting.registers_in(changed)[NAME]))
    assert all(hint.severity is Severity.WARNING for hint in found)
    assert {hint.rule for hint in found} <= RULES.keys()
    return [str(hint) for hint in found]


def test_a_regulation_whose_clauses_are_all_carried_has_no_hints(files: dict[str, bytes]) -> None:
    assert hints(files) == []


def test_a_clause_that_nothing_carries_is_told(files: dict[str, bytes]) -> None:
    (hint,) = hints(files, "declaratory: 施行日期登记在办法的信息中".encode(), b"trigger: x")

    assert "SF-10 没有写明由什么落实" in hint


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"carried_by: [shifan-case/T_archive]", b"carried_by: [shifan-case/T_archive, shifan-case/T_none]", "T_none"),
        (b'"switch:simpleTrack"', b'"switch:other"', "switch:other"),
        (b'"shifan-measure#serious"]', b'"shifan-measure#serious", "check:none"]', "check:none"),
        (b'"shifan-measure#serious"]', b'"shifan-measure#serious", shifan-none]', "shifan-none"),
    ],
)
def test_a_carrier_that_is_not_there_is_told(files: dict[str, bytes], old: bytes, new: bytes, told: str) -> None:
    assert any(told in hint for hint in hints(files, old, new))


def test_a_step_or_row_that_cites_a_clause_which_does_not_list_it_is_told(files: dict[str, bytes]) -> None:
    step = hints(files, b"carried_by: [shifan-case/T_archive]", b'carried_by: ["switch:simpleTrack"]')
    row = hints(files, b"SF-6</text>", b"SF-7</text>", in_="shifan-measure.dmn")

    assert any("shifan-case/T_archive 引用了条款 SF-9" in hint for hint in step)
    assert any("shifan-measure#slight_corrected 引用了条款 SF-7" in hint for hint in row)
