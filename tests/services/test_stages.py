"""The stepper moves with steps that open, and with waits that begin: a period for appeals is a stage too."""

from datetime import UTC, datetime

import pytest

from app.domain.advance import Advance, OpenTask, StepTaken, Subscription, WaitingTimer
from app.law.register import Register, parse
from app.services import stages
from app.storage.models import Proceeding
from config import ROOT

NOW = datetime(2025, 3, 3, 1, tzinfo=UTC)
ANSWER = Subscription("w1", "W_answer", "shifan-case", "ReviewDecided", {"case_no": "1"})
PERIOD = WaitingTimer("t1", "W_period", "shifan-case", NOW)
STEP = OpenTask("s1", "T_archive", "shifan-case", "归档", "档案室", {}, None, None, None, {}, {})


@pytest.fixture
def register() -> Register:
    content = (ROOT / "packs" / "shifan" / "processes" / "shifan-2025-1.law.yml").read_text("utf-8")
    line = "  - {key: ARCHIVE,"
    waits = "  - {key: WAITS, zh: 等待复查, en: Waiting, steps: [shifan-case/W_answer, shifan-case/W_period]}\n"
    return parse(content.replace(line, waits + line).encode())


def case(**waiting: object) -> Proceeding:
    return Proceeding(stage="SERVICE", waiting=waiting)


@pytest.mark.parametrize(
    "advance", [Advance(b"x", subscriptions=(ANSWER,)), Advance(b"x", timers=(PERIOD,))], ids=["message", "day"]
)
def test_a_wait_that_begins_reaches_its_stage(register: Register, advance: Advance) -> None:
    proceeding = case()

    stages.reach(proceeding, register, advance=advance, now=NOW)

    assert proceeding.stage == "WAITS"
    assert proceeding.waiting["stages"] == {"WAITS": NOW.isoformat()}


def test_a_wait_that_goes_on_takes_no_stage_back(register: Register) -> None:
    proceeding = case(subscriptions=["w1/ReviewDecided"], timers={"t1": NOW.isoformat()})

    stages.reach(proceeding, register, advance=Advance(b"x", subscriptions=(ANSWER,), timers=(PERIOD,)), now=NOW)

    assert proceeding.stage == "SERVICE"


def test_what_somebody_has_to_do_says_more_than_a_wait_beside_it(register: Register) -> None:
    proceeding = case()

    stages.reach(proceeding, register, advance=Advance(b"x", opened=(STEP,), subscriptions=(ANSWER,)), now=NOW)

    assert proceeding.stage == "ARCHIVE"


def test_a_stage_that_was_passed_within_one_move_was_reached_though_nobody_stood_there(register: Register) -> None:
    proceeding = case()
    passed = StepTaken("W_answer", "shifan-case", "复查", "scriptTask")

    stages.reach(proceeding, register, advance=Advance(b"x", opened=(STEP,), steps=(passed,)), now=NOW)

    assert proceeding.stage == "ARCHIVE"
    assert set(proceeding.waiting["stages"]) == {"WAITS", "ARCHIVE"}
