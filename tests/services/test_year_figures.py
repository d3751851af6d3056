"""A year of 60 cases in each county: every figure that pages and exports show is the one that its history tells."""

import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from config import ROOT
from tests.conftest import application_on
from tests.services.year_record import (
    Story,
    acts_of,
    lamp_of,
    lamp_of_case,
    office_day,
    posts_of,
    read,
    stages_of,
    steps_of,
)
from tests.services.year_sheet import entry_of, sheet_of

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 22, 1, tzinfo=UTC)
CASES = 60
READERS = {"jinzhai": "jinzhai.jmo.director", "yiyuan": "yiyuan.assessor"}
LEADERS = {"jinzhai": "jinzhai.jmo.director", "yiyuan": "yiyuan.registry.officer"}
"""Who sees how much lies with each person."""
REGULATIONS = {"jinzhai": "jinzhai-2017-50", "yiyuan": "yiyuan-2022-59"}
NO_STAGE = NOBODY = "-"
"""What addresses say for a case before the first stage, and for a step that nobody has taken."""
COUNTIES = sorted(READERS)
YEARS = {"jinzhai": 2026, "yiyuan": 2024}
UNCOUNTED = ("百分比", "系列并计", "败诉率：分母", "败诉率：未填")
"""Columns that follow from others, and what only an assessor could state, who did not."""
A_YEAR = 365
"""Days of the period that the pages measure unless they are asked for another."""


@pytest.fixture(scope="module")
def year(county_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, Path]]:
    """Played once for all tests, as `wenze demo year --cases 60` does."""
    from app.scenarios import year_runs  # noqa: PLC0415  (see tests.conftest)

    folder = tmp_path_factory.mktemp("year")
    file = folder / "wenze.db"
    shutil.copyfile(county_template, file)
    for app in application_on(f"sqlite:///{file}", folder):
        with app.app_context():
            list(year_runs.run(ROOT / "demo", password="only-For-Tests-1", now=NOW, cases=CASES))
        yield app, file


@pytest.fixture(scope="module")
def stories(year: tuple[Flask, Path]) -> dict[str, Story]:
    return read(year[1])


Ask = Callable[..., Any]


@pytest.fixture
def ask(year: tuple[Flask, Path]) -> Iterator[Ask]:
    """Calls one of the product's queries as a person of a county."""
    from app.queries.open_steps import actor_of_username  # noqa: PLC0415  (see tests.conftest)

    with year[0].test_request_context():
        yield lambda query, county, *rest, reader="", **more: query(
            actor_of_username(reader or READERS[county], now=NOW), *rest, now=NOW, **more
        )


@pytest.fixture
def table_of(year: tuple[Flask, Path], monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], list[tuple[Any, ...]]]:
    """The rows of an Excel file that a person of a county downloads."""
    from app.queries.open_steps import actor_of_username  # noqa: PLC0415  (see tests.conftest)
    from app.web import clock, reports  # noqa: PLC0415

    def rows(address: str, county: str) -> list[tuple[Any, ...]]:
        with year[0].test_request_context(address):
            actor = actor_of_username(READERS[county], now=NOW)
            monkeypatch.setattr(reports, "actor", lambda: actor)
            monkeypatch.setattr(clock, "now", lambda: NOW)
            export = reports.export_ledger if "ledger" in address else reports.export_assessment
            file = export.__wrapped__(suffix="xlsx").get_data()
            return [
                tuple(row) for row in CalamineWorkbook.from_filelike(BytesIO(file)).get_sheet_by_index(0).to_python()
            ]

    return rows


def cases_of(stories: dict[str, Story], county: str) -> list[Story]:
    return [one for one in stories.values() if one.process == f"{county}-case"]


def remedies_of(stories: dict[str, Story], county: str) -> list[Story]:
    return [one for one in stories.values() if one.process == f"{county}-remedy"]


# ---- the record itself


def test_the_record_agrees_with_itself_line_by_line(year: tuple[Flask, Path], stories: dict[str, Story]) -> None:
    acts = acts_of(year[1])

    for story in stories.values():
        moments = {line.at for line in story.lines}
        openings = {opening.id: opening for opening in story.openings}
        submitted = [line for line in story.lines if line.act == "SUBMITTED"]
        ended = Counter(str(line.task_id) for line in submitted)
        journal = acts[story.id]
        assert all(opening.at in moments for opening in story.openings)
        assert all(openings[task].key == line.key for task, line in ((str(one.task_id), one) for one in submitted))
        assert all(openings[str(line.task_id)].at <= line.at for line in submitted)
        assert set(ended.values()) <= {1}
        assert Counter(line.at for line in submitted) == Counter(
            {at: number for (act, at), number in journal.items() if act == "complete"}
        )
    assert {county: len(cases_of(stories, county)) for county in COUNTIES} == dict.fromkeys(COUNTIES, CASES)


@pytest.mark.parametrize("county", COUNTIES)
def test_a_year_has_cases_that_stand_still_take_longer_are_urged_and_reviewed(
    county: str, stories: dict[str, Story]
) -> None:
    cases, remedies = cases_of(stories, county), remedies_of(stories, county)

    acts = {line.act for case in cases for line in case.lines}
    outcomes = {one.facts()["remedy_outcome"] for one in remedies if one.closed is not None}

    assert acts >= {"SUSPENDED", "RESUMED", "EXTENSION_REQUESTED", "EXTENDED", "URGED"}
    assert any(case.suspended and case.closed is None for case in cases)
    assert any(one.closed is None for one in remedies)
    assert outcomes >= {"UPHELD", "REVOKED", "TERMINATED"}


# ---- pages


@pytest.mark.parametrize("county", COUNTIES)
def test_the_overview_shows_what_the_history_tells(county: str, stories: dict[str, Story], ask: Ask) -> None:
    from app.queries.overview import overview  # noqa: PLC0415  (see tests.conftest)

    cases = cases_of(stories, county)
    running = [case for case in cases if case.closed is None]
    closed = [case.closed for case in cases if case.closed is not None]

    page = ask(overview, county)

    lamps = Counter(lamp_of_case(case, now=NOW) for case in running)
    assert (page.open.number, page.closed.number) == (len(running), len(closed))
    assert page.closed_this_year.number == sum(office_day(at).year == NOW.year for at in closed)
    assert (page.late.number, page.soon.number, page.suspended.number) == (
        lamps["OVERDUE"],
        lamps["SOON"],
        lamps["SUSPENDED"],
    )
    assert page.meeting.number == sum(case.in_pool() for case in running)
    remedies = {one.opened.name for one in remedies_of(stories, county) if one.closed is None}
    assert page.remedy.number == sum(not remedies.isdisjoint(case.told("reason")) for case in cases) > 0
    told = Counter((case.opened.organ, lamp_of_case(case, now=NOW)) for case in running)
    assert {one.key: one.open.number for one in page.organs} == Counter(case.opened.organ for case in running)
    for one in page.organs:
        assert (one.late.number, one.soon.number, one.suspended.number) == (
            told[one.key, "OVERDUE"],
            told[one.key, "SOON"],
            told[one.key, "SUSPENDED"],
        ), one.key
    for month in page.months:
        this = (month.first.year, month.first.month)
        assert month.opened.number == sum(month_of(case.opened.at) == this for case in cases)
        assert month.closed.number == sum(month_of(at) == this for at in closed)


def month_of(moment: datetime) -> tuple[int, int]:
    day = office_day(moment)
    return day.year, day.month


@pytest.mark.parametrize("county", COUNTIES)
def test_every_stage_of_the_overview_has_the_cases_whose_history_ends_in_it(
    county: str, stories: dict[str, Story], ask: Ask
) -> None:
    from app.queries.overview import overview  # noqa: PLC0415  (see tests.conftest)

    stages = stages_of(REGULATIONS[county])
    steps = {key: of for key, (_, of) in stages.items()}
    running = [case for case in cases_of(stories, county) if case.closed is None]
    told = Counter((case.stage(steps), lamp_of_case(case, now=NOW)) for case in running)
    by_stage = Counter(case.stage(steps) for case in running)

    shown = ask(overview, county).stages

    keys = ["" if one.key == NO_STAGE else one.key for one in shown]
    assert keys == [key for key in ("", *stages) if by_stage[key]]
    assert len(keys) > 1
    for key, group in zip(keys, shown, strict=True):
        assert (group.zh, group.open.number) == (stages[key][0] if key else "", by_stage[key])
        assert (group.late.number, group.soon.number, group.suspended.number) == (
            told[key, "OVERDUE"],
            told[key, "SOON"],
            told[key, "SUSPENDED"],
        ), key


@pytest.mark.parametrize("county", COUNTIES)
def test_how_much_lies_with_each_person_is_what_the_history_left_there(
    county: str, year: tuple[Flask, Path], stories: dict[str, Story], ask: Ask
) -> None:
    from app.queries.bottlenecks import MOST_HOLDERS, Ranking, bottlenecks  # noqa: PLC0415  (see tests.conftest)
    from app.queries.process_status import Span  # noqa: PLC0415

    posts = posts_of(year[1], county)
    standing = [
        (one.holder(step, posts), step) for one in stories.values() if one.county == county for step in one.standing()
    ]
    held = Counter(person or NOBODY for person, _ in standing)
    late = Counter(person or NOBODY for person, step in standing if lamp_of(step, now=NOW) == "OVERDUE")

    page = ask(bottlenecks, county, Ranking.LATE, Span.YEAR, reader=LEADERS[county])

    assert page.load.value == "EXACT"
    shown = {one.filters.person: (one.open, one.late) for one in page.people}
    ranked = sorted(held, key=lambda person: (-late[person], -held[person]))
    assert len(shown) == min(len(held), MOST_HOLDERS)
    assert shown == {person: (held[person], late[person]) for person in shown}
    assert [pair[1] for pair in shown.values()] == [late[person] for person in ranked[:MOST_HOLDERS]]


@pytest.mark.parametrize("county", COUNTIES)
@pytest.mark.parametrize(("span", "days"), [("365", A_YEAR), ("90", 90), ("ever", 5_000)])
def test_every_step_of_the_status_page_has_the_figures_of_its_history(
    county: str, span: str, days: int, stories: dict[str, Story], ask: Ask
) -> None:
    from app.queries.process_status import Span, StatusFilters, process_status  # noqa: PLC0415  (see tests.conftest)

    page = ask(process_status, county, f"{county}-case", StatusFilters(span=Span(span)))

    compare(page.figures, cases_of(stories, county), days=days)


@pytest.mark.parametrize("county", COUNTIES)
def test_the_card_of_every_process_counts_what_runs_and_what_stands(
    county: str, stories: dict[str, Story], ask: Ask
) -> None:
    from app.queries.process_status import process_cards  # noqa: PLC0415  (see tests.conftest)

    running = [one for one in stories.values() if one.county == county and one.closed is None]
    standing = [(one.process, lamp_of(step, now=NOW)) for one in running for step in one.standing()]

    cards = ask(process_cards, county)

    told = Counter(one.process for one in running)
    steps, late = Counter(process for process, _ in standing), Counter(standing)
    assert {f"{county}-case", f"{county}-remedy"} <= {card.key for card in cards if card.running}
    assert told.keys() <= {card.key for card in cards}
    for card in cards:
        assert (card.running, card.steps, card.late) == (
            told[card.key],
            steps[card.key],
            late[card.key, "OVERDUE"],
        ), card.key


def compare(figures: Any, of: list[Story], *, days: int) -> None:
    told = steps_of(of, now=NOW, days=days)
    shown = {key: row for key, row in figures.items() if row.open or row.done}
    assert shown.keys() == told.keys()
    for key, step in told.items():
        row = shown[key]
        assert (row.open, row.cases, row.late, row.soon, row.suspended) == (
            step.open,
            len(step.cases),
            step.late,
            step.soon,
            step.suspended,
        ), key
        assert row.done == len(step.took), key
        assert row.median == pytest.approx(step.median, abs=1e-4), key
        assert row.ninetieth == pytest.approx(step.ninetieth, abs=1e-4), key
        if step.oldest is not None:
            assert row.longest == pytest.approx((NOW - step.oldest) / timedelta(days=1), abs=1e-4), key


@pytest.mark.parametrize("county", COUNTIES)
def test_bottlenecks_are_those_of_the_history_and_in_its_order(
    county: str, stories: dict[str, Story], ask: Ask
) -> None:
    from app.queries.bottlenecks import MOST_STEPS, Ranking, bottlenecks  # noqa: PLC0415  (see tests.conftest)
    from app.queries.process_status import Span  # noqa: PLC0415

    everything = [story for story in stories.values() if story.county == county]
    told = steps_of(everything, now=NOW, days=A_YEAR)
    standing = [one for story in everything for one in story.standing()]
    by_organ = Counter(one.organ for one in standing if one.organ)

    late, wait, slow = (
        ask(bottlenecks, county, ranking, Span.YEAR) for ranking in (Ranking.LATE, Ranking.WAIT, Ranking.MEDIAN)
    )

    assert [row.figures.late for row in late.steps] == sorted(
        (step.late for step in told.values() if step.late), reverse=True
    )[:MOST_STEPS]
    oldest = sorted(step.oldest for step in told.values() if step.oldest is not None)[:MOST_STEPS]
    slowest = sorted((step.median for step in told.values() if step.median is not None), reverse=True)[:MOST_STEPS]
    assert [row.figures.longest for row in wait.steps] == pytest.approx(
        [(NOW - at) / timedelta(days=1) for at in oldest], abs=1e-4
    )
    assert [row.figures.median for row in slow.steps] == pytest.approx(slowest, abs=1e-4)
    for row in late.steps:
        step = told[row.figures.process_key, row.figures.step_id]
        assert (row.figures.open, row.figures.late, row.figures.done) == (step.open, step.late, len(step.took))
    if late.load.value == "EXACT":
        shown = {holder.filters.organ: (holder.open, holder.late) for holder in late.organs if holder.filters}
        overdue = Counter(one.organ for one in standing if one.organ and lamp_of(one, now=NOW) == "OVERDUE")
        assert all(pair == (by_organ[organ], overdue[organ]) for organ, pair in shown.items())
        assert shown.keys() <= by_organ.keys()


@pytest.mark.parametrize("county", COUNTIES)
def test_the_way_of_a_closed_case_goes_to_the_end_of_every_diagram(
    county: str, year: tuple[Flask, Path], stories: dict[str, Story]
) -> None:
    from app.extensions import db  # noqa: PLC0415  (see tests.conftest)
    from app.queries.diagrams import drawn  # noqa: PLC0415
    from app.storage.models import Proceeding  # noqa: PLC0415

    reached, open_ended = Counter[str](), Counter[str]()
    with year[0].app_context():
        for case in [one for one in cases_of(stories, county) if one.closed is not None]:
            row = db.session.get_one(Proceeding, case.id)
            for key, drawing in drawn(row.release_id, row.process_key, row.id, now=NOW).drawings.items():
                into_end = set(re.findall(r"(?s)<bpmn:endEvent .*?<bpmn:incoming>(.*?)<", drawing.xml))
                (reached if into_end & set(drawing.way) else open_ended)[key] += 1

    assert reached[f"{county}-case"]
    assert sum(open_ended.values()) * 10 < sum(reached.values()), open_ended


# ---- exports


@pytest.mark.parametrize("county", COUNTIES)
def test_every_line_of_the_ledger_says_what_was_submitted(
    county: str, stories: dict[str, Story], table_of: Callable[[str, str], list[tuple[Any, ...]]]
) -> None:
    by_number = {case.opened.name: case for case in cases_of(stories, county)}

    heading, *rows = table_of("/ledger.xlsx", county)

    place = {title: number for number, title in enumerate(heading)}
    assert {row[place["编号"]] for row in rows} == by_number.keys()
    for row in rows:
        case = by_number[str(row[place["编号"]])]
        told = entry_of(case)
        assert {title: str(row[place[title]] or "") for title in told} == {
            title: str(value or "") for title, value in told.items()
        }, case.opened.name


@pytest.mark.parametrize("county", COUNTIES)
def test_the_sheet_counts_what_the_history_tells(
    county: str,
    year: tuple[Flask, Path],
    stories: dict[str, Story],
    table_of: Callable[[str, str], list[tuple[Any, ...]]],
) -> None:
    cases = [case for case in cases_of(stories, county) if (case.effective() or date.min).year == YEARS[county]]

    heading, *rows = table_of(f"/reports/assessment.xlsx?year={YEARS[county]}", county)

    titles, names = [str(title) for title in heading], organs_in(year[1])
    wanted = sheet_of(cases, filings=county == "jinzhai", today=office_day(NOW))
    for row in rows:
        cells = dict(zip(titles, (str(cell or "") for cell in row), strict=True))
        of = wanted["" if row[0] == "合计" else names[str(row[0])]]
        counted = [title for title in titles[1:] if not title.endswith(UNCOUNTED)]
        assert {title: int(cells[title] or 0) for title in counted} == {title: of[title] for title in counted}, row[0]
        assert "败诉率" in counted
        assert "问责决定执行：分母" in counted
    assert {name for name, key in names.items() if any(wanted[key].values())} <= {row[0] for row in rows}


def organs_in(file: Path) -> dict[str, str]:
    """Ids of organs by their names."""
    with closing(sqlite3.connect(file)) as connection:
        return dict(connection.execute("SELECT name, id FROM organs").fetchall())
