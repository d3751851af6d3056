"""A play in a process of its own: it starts quickly, leaves no trace, and cannot take the product along."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from app.domain.errors import ConflictError, DomainError, NotFoundError
from app.scenarios import plays
from app.services import settings
from config import ROOT
from tests.keepers import end_keepers
from tests.scenarios.conftest import COUNTY, small_files

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
REPORTER = f"{COUNTY}.organ.reporter.zjj"


LONG = 900.0
"""Seconds: no test may depend on how much else the machine has to do."""


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plays, "WAIT", LONG)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder as the product has one, with one keeper for all tests: to load everything takes a while."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "wenze.db").write_bytes(b"whatever the office keeps")
    yield folder
    end_keepers()


@pytest.fixture
def data(folder: Path) -> Iterator[Path]:
    settings.configure(data_folder=folder, root=ROOT, demo=False)
    yield folder
    for play in plays._all():
        plays.end(play)


def begun(person: str = "p1") -> plays.Play:
    return plays.begin(
        small_files(),
        draft=("d1", "改名"),
        person_id=person,
        county=(COUNTY, "北山县"),
        day=date(2026, 3, 2),
        continues="",
        now=NOW,
    )


def asked_something() -> plays.Play:
    """A new play, whose process is there by now."""
    play = begun()
    plays.ask(play, "standing", name="")
    return play


def open_many(play: plays.Play) -> None:
    for _ in range(100):  # the kernel looks at the clock of a process at each tick only
        plays.ask(play, "open", what="case", by=REPORTER)


def traces(folder: Path) -> dict[str, str]:
    """What lies in the data folder, but for the keeper's own socket, lock and log."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.parent.name != "tryouts")
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in files
        if "tryouts/data/" not in path.as_posix()
    }


def test_a_play_starts_is_played_survives_the_end_of_its_process_and_leaves_no_trace(data: Path) -> None:
    before = traces(data)
    end_keepers()
    plays.end(asked_something())
    keepers = dict(plays._keepers)

    play = asked_something()
    plays.ask(play, "open", what="case", by=REPORTER)
    told = plays.ask(play, "standing", name="A")
    paper = plays.ask(play, "upload", content=b"%PDF-1.4 x".hex(), by=REPORTER, name="材料.pdf")
    plays._tell_keeper({"verb": "stop", "play": play.id})  # as the kernel would, or a restart
    time.sleep(0.2)
    again = plays.ask(play, "standing", name="A")

    assert paper
    assert [one["key"] for one in again["steps"]] == [one["key"] for one in told["steps"]] == ["small/T_register"]
    assert again["now"] == told["now"]
    assert plays._keepers == keepers, "the one that has loaded everything serves the next play too"
    plays.end(play)
    assert traces(data) == before
    assert plays.plays_of("p1") == []


def test_an_act_that_takes_too_long_is_stopped_and_the_play_goes_on(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    play = begun()
    plays.ask(play, "open", what="case", by=REPORTER)
    monkeypatch.setattr(plays, "BUDGET", 0.0001)

    with pytest.raises(plays.PlayEndedError):
        open_many(play)

    monkeypatch.undo()
    monkeypatch.setattr(plays, "WAIT", LONG)
    assert plays.ask(play, "standing", name="A")["steps"][0]["key"] == "small/T_register"
    plays.end(play)


def test_refusals_of_the_other_process_are_told_in_the_same_words(data: Path) -> None:
    play = begun()

    with pytest.raises(ConflictError, match="还没有可以退回的步骤"):
        plays.ask(play, "back")
    with pytest.raises(DomainError):
        plays.ask(play, "open", what="case", by="nobody")
    plays.end(play)


def test_a_person_has_three_plays_at_most_and_sees_no_others(data: Path) -> None:
    mine = [begun() for _ in range(plays.MOST_PLAYS)]

    with pytest.raises(ConflictError, match="先结束一个"):
        begun()
    with pytest.raises(NotFoundError):
        plays.get_play(mine[0].id, person_id="p2")
    with pytest.raises(NotFoundError):
        plays.get_play("../../wenze", person_id="p1")


def test_what_nobody_touches_for_hours_is_removed(data: Path) -> None:
    play = begun()
    now = datetime.now(UTC)

    kept, removed = plays.sweep(now), plays.sweep(now + timedelta(hours=4))

    assert (kept, removed) == (0, 1)
    assert plays.plays_of(play.person_id) == []


def test_a_deep_data_folder_is_reached_all_the_same(data: Path) -> None:
    deep = data / ("很深的文件夹" * 12)
    deep.mkdir()

    with plays.reachable(deep / "s") as path:
        assert len(path) < plays.LONGEST_ADDRESS
        Path(path).write_text("x")

    assert (deep / "s").read_text() == "x"


def test_each_data_folder_of_a_process_has_a_keeper_of_its_own(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        settings.configure(data_folder=folder, root=ROOT, demo=False)
        plays.warm_up()

    assert len([folder for folder in plays._keepers if tmp_path in folder.parents]) == len(folders)
