"""`wenze demo year`: a process for each county, joined at the end; what was interrupted goes on where it stood."""

import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT
from tests.conftest import application_on

pytestmark = pytest.mark.slow

DEMO = ROOT / "demo"
PASSWORD = "only-For-Tests-1"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
CASES = 2


def told_by(file: Path) -> Counter[tuple[str, ...]]:
    """The history of every case without the ids that are drawn anew each time."""
    query = (
        "SELECT p.number, h.at, h.act, h.process_key, h.step_id, h.name, coalesce(h.person_id, '')"
        " FROM history h JOIN proceedings p ON p.id = h.proceeding_id"
    )
    with closing(sqlite3.connect(file)) as connection:
        return Counter(connection.execute(query).fetchall())


def play(app: Flask, *, sentences: int | None = None, keep_every: float = 0.0) -> list[str]:
    """The year, or so many sentences of it: the terminal is closed then."""
    from app.scenarios import year_runs  # noqa: PLC0415  (see tests.conftest)

    with app.app_context():
        said = year_runs.run(DEMO, password=PASSWORD, now=NOW, cases=CASES, keep_every=keep_every)
        told = [sentence for sentence, _ in zip(said, range(sentences), strict=False)] if sentences else list(said)
        said.close()
    return told


def test_an_interrupted_year_goes_on_where_it_stood_and_is_the_same_year(county_template: Path, tmp_path: Path) -> None:
    from app.scenarios.year import NotEmptyError  # noqa: PLC0415  (see tests.conftest)
    from app.services import examination  # noqa: PLC0415
    from app.storage import journal, tallies  # noqa: PLC0415

    told, files = dict[str, list[str]](), dict[str, Path]()
    for name in ("whole", "interrupted"):
        folder = tmp_path / name
        folder.mkdir()
        files[name] = folder / "wenze.db"
        shutil.copyfile(county_template, files[name])
        for app in application_on(f"sqlite:///{files[name]}", folder):
            if name == "interrupted":
                first = play(app, sentences=8)
                assert told_by(files[name]) == Counter()
                assert (folder / "demo-year" / "order.json").is_file()
                assert any("jinzhai" in sentence or "yiyuan" in sentence for sentence in first)
            told[name] = play(app)
            with app.app_context():
                assert journal.broken_links() == []
                assert tallies.differences() == []
                assert list(examination.examine_many(now=NOW)) == []
            with pytest.raises(NotEmptyError):
                play(app)

    assert told_by(files["whole"]) == told_by(files["interrupted"])
    assert "继续" in told["interrupted"][0]
    assert len(told["interrupted"]) < len(told["whole"]) + 8
    assert not (tmp_path / "whole" / "demo-year").exists()


def test_the_counties_play_in_processes_of_their_own_whatever_the_database(app_on_both: Flask) -> None:
    from app.extensions import db  # noqa: PLC0415  (see tests.conftest)
    from app.queries import counts  # noqa: PLC0415
    from app.scenarios import year_runs  # noqa: PLC0415
    from app.services import examination  # noqa: PLC0415
    from app.storage import journal, tallies  # noqa: PLC0415

    with app_on_both.app_context():
        said = list(year_runs.run(DEMO, password=PASSWORD, now=NOW, cases=1))

        assert {sentence.partition(" ")[0] for sentence in said} >= {"jinzhai", "yiyuan"}
        assert [counts.cases_of(county) for county in ("jinzhai", "yiyuan")] == [1, 1]
        assert journal.broken_links() == []
        assert tallies.differences() == []
        assert list(examination.examine_many(now=NOW)) == []
        db.session.remove()


def test_a_copy_that_changed_what_it_began_with_is_not_taken_over(county_template: Path, tmp_path: Path) -> None:
    from app.services.joining import take_over  # noqa: PLC0415  (see tests.conftest)
    from app.storage.joining import ChangedError  # noqa: PLC0415

    changed, file = tmp_path / "changed.db", tmp_path / "wenze.db"
    for copied in (changed, file):
        shutil.copyfile(county_template, copied)
    with closing(sqlite3.connect(changed)) as connection:
        connection.execute("UPDATE organs SET name = 'x'")
        connection.commit()

    for app in application_on(f"sqlite:///{file}", tmp_path):
        with app.app_context(), pytest.raises(ChangedError, match="organs"):
            take_over([changed], beginning=county_template)
