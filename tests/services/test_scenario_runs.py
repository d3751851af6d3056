"""Runs of a draft's scenarios: who plays, what came out, and whether it still counts at the approval."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain.differences import Difference, readable
from app.domain.errors import ConflictError, NotAllowedError, NotFoundError, Sentence
from app.queries.scenario_runs import missing_of, runs_of
from app.scenarios.scenario_runs import chosen
from app.services import settings
from app.services.studio import drafts, review
from app.services.studio import scenario_runs as runs
from app.services.studio.scenario_runs import Played
from config import ROOT
from tests.services.conftest import Office

GOOD = Played("small/a", "登记", went_well=True, seconds=0.1, act=2, verb="", step="")
BAD = Played("small/b", "核对", went_well=False, seconds=0.1, act=1, verb="do", step="small/T_check")


def drafted(office: Office) -> str:
    return drafts.open_draft("改名", actor=office.actor("owner1"), now=office.now)


def registered(office: Office, draft: str, *, total: int = 1, run_id: str = "r1", who: str = "owner1") -> None:
    digest = runs.digest_of(drafts.candidate_files(draft, actor=office.actor("owner1")))
    runs.register(
        draft, run_id=run_id, digest=digest, wanted="CHANGED", total=total, actor=office.actor(who), now=office.now
    )


def candidate(office: Office, draft: str) -> dict[str, bytes]:
    return dict(drafts.candidate_files(draft, actor=office.actor("owner1")))


def test_a_run_waits_for_the_worker_and_its_results_grow(office: Office) -> None:
    draft = drafted(office)
    registered(office, draft, total=2)

    claimed = runs.claim(office.now)
    runs.note("r1", [GOOD], now=office.now)
    shown = runs_of(office.actor("owner2"), draft)[0]
    runs.note("r1", [GOOD, BAD], now=office.now)
    runs.finish("r1", now=office.later(seconds=5))

    done = runs_of(office.actor("owner2"), draft)[0]
    assert claimed is not None
    assert (shown.status, shown.passed, shown.failed) == ("RUNNING", 1, 0)
    assert (done.status, done.passed, done.failed) == ("DONE", 1, 1)
    assert done.rows[0].name == "small/b"
    assert not runs.anything_to_do()


def test_one_run_of_a_draft_at_a_time_and_never_an_empty_one(office: Office) -> None:
    draft = drafted(office)
    with pytest.raises(ConflictError, match="没有情景"):
        registered(office, draft, total=0)
    registered(office, draft)

    with pytest.raises(ConflictError, match="正在运行"):
        registered(office, draft, run_id="r2")


def test_a_forsaken_run_is_begun_again_and_a_stopped_one_is_not(office: Office) -> None:
    draft = drafted(office)
    registered(office, draft)
    assert runs.claim(office.now) is not None

    assert runs.claim(office.later(seconds=30)) is None
    assert runs.claim(office.later(seconds=90)) is not None
    runs.stop("r1", actor=office.actor("owner2"), now=office.now)

    assert runs.note("r1", [GOOD], now=office.now) is False
    assert runs.claim(office.later(hours=1)) is None


def test_what_no_scenario_came_to_is_told_by_its_name(office: Office) -> None:
    draft = drafted(office)
    registered(office, draft)
    runs.claim(office.now)
    runs.note("r1", [GOOD], now=office.now)
    runs.finish("r1", missing=["small/T_check", "small/T_check -> T_urge", "gone#row_1"], now=office.now)
    files = {"small.bpmn": candidate(office, draft)["small.bpmn"].replace(b'name="T_check"', 'name="核对"'.encode())}

    step, flow, row = missing_of(runs_of(office.actor("owner1"), draft)[0], files)

    assert (step.file, step.element, step.name, step.towards) == ("small.bpmn", "T_check", "核对", "")
    assert (flow.name, flow.towards) == ("核对", "T_urge")
    assert (row.file, row.name) == ("gone.dmn", "row_1")


def test_a_run_that_ended_early_is_no_result(office: Office) -> None:
    draft = drafted(office)
    registered(office, draft, total=2)
    runs.claim(office.now)
    runs.note("r1", [GOOD], now=office.now)

    runs.finish("r1", now=office.now)

    assert runs_of(office.actor("owner1"), draft)[0].status == "FAILED"
    assert runs.find_run(candidate(office, draft)) is None


def test_the_approval_asks_for_a_green_run_of_the_very_contents(office: Office) -> None:
    draft = drafted(office)
    before = candidate(office, draft)
    registered(office, draft)
    runs.claim(office.now)
    runs.note("r1", [GOOD], now=office.now)
    runs.finish("r1", now=office.now)

    changed = before["small.bpmn"].replace(b'name="T_check"', 'name="核对"'.encode())
    found = runs.find_run(before)
    later = runs.find_run({**before, "small.bpmn": changed})

    assert found is not None
    assert found.green
    assert "通过1个" in found.summary
    assert later is None
    assert review.find_scenario_run is runs.find_run


def test_only_owners_of_the_county_start_stop_and_see_runs(office: Office) -> None:
    draft = drafted(office)
    registered(office, draft)

    with pytest.raises(NotAllowedError):
        registered(office, draft, run_id="r2", who="director")
    with pytest.raises(NotFoundError):
        runs.stop("r1", actor=office.actor("owner1", "nanhe"), now=office.now)
    with pytest.raises(NotFoundError):
        runs_of(office.actor("owner1", "nanhe"), draft)


def test_by_default_only_scenarios_are_played_that_pass_what_was_changed(tmp_path: Path) -> None:
    settings.configure(data_folder=tmp_path, root=ROOT, demo=False)
    scenario = b"title: x\nshows: [S-1]\ncounty: c\nbegins: 2026-03-02\nacts: [{look: A}]\n"
    after = b"title: x\nshows: [S-1]\ncontinues: a/new\nacts: [{look: A}]\n"
    base = {"filing.bpmn": b"1", "options.yml": b"{}", "scenarios/filing/late.yml": scenario}
    base |= {"scenarios/meeting-preparation/x.yml": scenario}

    diagram = chosen({**base, "filing.bpmn": b"2"}, base, everything=False)
    form = chosen({**base, "filing/report.form": b"{}"}, base, everything=False)
    new = chosen({**base, "scenarios/a/new.yml": scenario, "scenarios/a/then.yml": after}, base, everything=False)
    options = chosen({**base, "options.yml": b"{a: []}"}, base, everything=False)

    assert diagram == form
    assert "filing/late" in diagram
    assert new == ["a/new", "a/then"]
    assert options == ["filing/late", "meeting-preparation/x"]
    assert chosen(base, base, everything=False) == []
    assert chosen(base, base, everything=True) == options


def test_what_was_expected_and_what_came_is_read_again_in_the_words_of_its_reader(office: Office) -> None:
    draft = drafted(office)
    registered(office, draft)
    never = Difference("never", sentence=Sentence("实际有：%(names)s", names="a/T"))
    bad = replace(BAD, differences=(Difference("open", "", "b/T", "a/T"), never))

    runs.claim(office.now)
    runs.note("r1", [bad], now=office.now)

    opened, happened = runs_of(office.actor("owner2"), draft)[0].rows[0].differences
    assert (opened.check, opened.expected, opened.found) == ("open", "b/T", "a/T")
    assert isinstance(happened.sentence, Sentence)
    assert (happened.sentence.id, str(happened)) == ("实际有：%(names)s", "不应发生：实际有：a/T")


def test_values_are_told_as_a_scenario_writes_them() -> None:
    assert readable({"a/T": 1, "b/T": 3, "c/T": None}) == "a/T\nb/T: 3\nc/T"
    assert readable({"granted": True}) == "granted: True"
    assert (readable([]), readable(None), readable("x")) == ("—", "—", "x")


def test_a_run_that_nobody_knows_any_more_is_let_go(office: Office) -> None:
    """The rows are older than the worker's process after a backup was restored."""
    assert not runs.note("gone", [GOOD], now=office.now)
    runs.finish("gone", now=office.now)
