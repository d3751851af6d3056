"""Status on the diagram: every number is that of its list, days are those of the records, on both databases."""

from datetime import timedelta
from random import Random
from statistics import median
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import insert, select

from app.domain.errors import NotFoundError, UnknownChoiceError
from app.extensions import db
from tests.services.conftest import Office
from tests.statements import statements_of

DAY = 86400


@pytest.fixture
def busy(office: Office) -> Office:
    """Some cases: at the check, late there, suspended, and done."""
    for number in range(4):
        case = office.open_case(matter=f"第{number}件")
        office.later(days=2)
        if number:
            office.complete(office.task(case, "T_check"), "officer1")
    office.later(days=40)
    return office


def _status(office: Office, who: str = "director", **filters: Any):  # type: ignore[no-untyped-def]
    from app.queries.process_status import Span, StatusFilters, process_status  # noqa: PLC0415

    return process_status(office.actor(who), "small", StatusFilters(span=Span.EVER, **filters), now=office.now)


def _listed(office: Office, page: Any, row: Any, standing: Any, lamp: str = "") -> int:
    from app.queries.standing_steps import StepFilters, step_list  # noqa: PLC0415

    filters = StepFilters(process=row.process_key, step=row.step_id, main=page.key, lamp=lamp)
    return step_list(office.actor("director"), standing, filters, now=office.now).total


def test_every_number_at_a_step_is_the_length_of_the_list_behind_it(busy: Office) -> None:
    from app.queries.standing_steps import Standing  # noqa: PLC0415

    page = _status(busy)

    assert page.running == 4
    assert page.tokens > 0
    for row in page.figures.values():
        assert row.open == _listed(busy, page, row, Standing.TASK)
        assert row.late == _listed(busy, page, row, Standing.TASK, "OVERDUE")
        assert row.soon == _listed(busy, page, row, Standing.TASK, "SOON")
        assert row.held == _listed(busy, page, row, Standing.HELD)
        assert row.waiting == _listed(busy, page, row, Standing.WAITING)


def test_what_runs_is_counted_for_the_organ_that_was_chosen(busy: Office) -> None:
    from app.queries.names import organ_names  # noqa: PLC0415

    (organ, _), *others = _status(busy).organs

    chosen = _status(busy, organ=organ)
    nobody = next(one for one in organ_names("beishan") if one != organ)
    other = _status(busy, organ=nobody)

    assert (chosen.running, other.running) == (4, 0)
    assert [version.running for version in other.versions] == [0]
    assert others == []
    with pytest.raises(UnknownChoiceError, match="organ=another"):
        _status(busy, organ="another")


def test_days_are_the_median_and_the_ninetieth_percentile_of_what_was_done(busy: Office) -> None:
    from app.storage.models import Task  # noqa: PLC0415

    sample = db.session.execute(select(Task.__table__).where(Task.step_id == "T_check").limit(1)).mappings().one()
    chance = Random(7)
    days = [chance.uniform(0.1, 90) for _ in range(37)]
    rows = [_done(dict(sample), busy.now - timedelta(days=days_each), busy.now) for days_each in days]
    db.session.execute(insert(Task.__table__), rows)
    db.session.commit()

    row = next(row for (_, step), row in _status(busy).figures.items() if step == "T_measured")

    assert row.done == len(days)
    assert row.median == pytest.approx(median(days), abs=1e-4)
    assert row.ninetieth == pytest.approx(sorted(days)[33], abs=1e-4)  # the 34th of 37: nine tenths do not exceed it


def _done(sample: dict[str, Any], opened: Any, completed: Any) -> dict[str, Any]:
    changed = {"id": uuid4().hex, "step_id": "T_measured", "status": "COMPLETED", "due_at": None, "assignee_id": None}
    return sample | changed | {"opened_at": opened, "completed_at": completed, "completion_answer": None}


def test_more_cases_cost_no_more_statements(busy: Office) -> None:
    _status(busy)
    with statements_of(db.engine) as few:
        _status(busy)
    for number in range(3):
        busy.open_case(matter=f"再{number}件")

    with statements_of(db.engine) as many:
        _status(busy)

    assert len(many) == len(few) <= 7


def test_counting_reads_open_steps_and_measuring_done_ones_by_their_indexes(busy: Office) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL reads small tables whole; the indexes are the same")
    with statements_of(db.engine) as seen:
        _status(busy)
    plans = [_plan(statement) for statement in seen if "FROM tasks" in statement or "JOIN tasks" in statement]

    assert plans
    assert not [plan for plan in plans if "SCAN tasks" in plan and "USING" not in plan]
    assert any("ix_tasks_took" in plan for plan in plans)


def _plan(statement: str) -> str:
    marks = statement.count("?")
    connection = db.session.connection()
    return "\n".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("",) * marks))


def test_the_sum_at_a_call_is_what_happens_inside_it() -> None:
    from app.queries.process_status import ProcessStatus, StatusFilters  # noqa: PLC0415
    from app.queries.step_figures import StepFigures  # noqa: PLC0415

    inner = StepFigures("inner", "T_a", open=3, late=1, longest=9.0)
    deeper = StepFigures("deeper", "T_b", open=2, held=1)
    page = ProcessStatus(
        key="main",
        name="",
        county="",
        drawn="",
        versions=(),
        organs=(),
        figures={("inner", "T_a"): inner, ("deeper", "T_b"): deeper},
        callers={"inner": ("main", "C_inner"), "deeper": ("inner", "C_deeper")},
        filters=StatusFilters(),
    )

    top, middle = page.drawn_in("main")["C_inner"], page.drawn_in("inner")["C_deeper"]

    assert (top.open, top.late, top.held, top.longest) == (5, 1, 1, 9.0)
    assert (middle.open, middle.held) == (2, 1)


def test_another_county_and_who_sees_only_steps_have_no_status(busy: Office) -> None:
    from app.queries.bottlenecks import Ranking, bottlenecks  # noqa: PLC0415
    from app.queries.process_status import Span  # noqa: PLC0415

    with pytest.raises(NotFoundError):
        _status(busy, who="reporter")
    with pytest.raises(NotFoundError):
        bottlenecks(busy.actor("reporter"), Ranking.LATE, Span.YEAR, now=busy.now)


def test_bottlenecks_name_the_step_where_most_is_late_with_its_cases(busy: Office) -> None:
    from app.queries.bottlenecks import Ranking, bottlenecks  # noqa: PLC0415
    from app.queries.process_status import Span  # noqa: PLC0415

    page = bottlenecks(busy.actor("director"), Ranking.WAIT, Span.EVER, now=busy.now)

    waits = [one.figures.longest for one in page.steps]
    assert waits == sorted(waits, reverse=True)
    assert all(len(one.cases) == min(5, one.figures.open) for one in page.steps)
    assert sum(holder.open or 0 for holder in page.people) == sum(one.figures.open for one in page.steps)


def test_who_only_supervises_is_told_no_small_figures_about_people() -> None:
    from app.domain.actors import Actor, Grant  # noqa: PLC0415
    from app.domain.loads import LoadSeen, load_seen, told  # noqa: PLC0415

    def holder(role: str) -> Actor:
        return Actor("x", "x", "X", "c", grants=frozenset({Grant(role, "o")}))

    assert load_seen(holder("manager")) is LoadSeen.SUPPRESSED
    assert load_seen(holder("jmo.director")) is LoadSeen.EXACT
    assert load_seen(holder("archivist")) is LoadSeen.NOTHING
    assert [told(number, LoadSeen.SUPPRESSED) for number in (0, 1, 4, 5)] == [0, None, None, 5]
