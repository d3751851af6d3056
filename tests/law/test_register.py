"""What a clause register says of its processes."""

from app.domain.proceedings import ProceedingKind
from app.law.register import parse
from config import ROOT


def test_a_register_tells_the_kind_of_every_process_that_starts_by_itself() -> None:
    register = parse((ROOT / "processes" / "jinzhai-2017-50.law.yml").read_bytes())

    assert {process: register.kind_of(process) for process in register.processes} == {
        "jinzhai-case": ProceedingKind.CASE,
        "joint-meeting": ProceedingKind.MEETING,
        **dict.fromkeys([kind.process for kind in register.procedures], ProceedingKind.PROCEDURE),
    }
    assert register.procedures
