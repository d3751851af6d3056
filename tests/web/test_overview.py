"""概览: every figure is the number of cases that its link lists, for everybody who sees it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from app.domain.errors import NotFoundError
from app.extensions import db
from app.storage.models import Regulation
from tests.statements import statements_of
from tests.web import lost_cases
from tests.web.pages import Browser
from tests.web.world import World

SignIn = Callable[[str], Browser]
NOW = datetime(2025, 3, 3, 2, 0, tzinfo=UTC)
ZH = "zh_Hans_CN"


@pytest.fixture
def inside(app: Flask, world: World) -> Iterator[Flask]:
    with app.app_context():
        appoint_manager()
        lost_cases.build()
        spread()
        yield app


def appoint_manager() -> None:
    """The small world has nobody who only supervises."""
    from app.extensions import db  # noqa: PLC0415  (see tests.conftest)
    from app.storage import models as m  # noqa: PLC0415

    director = db.session.get_one(m.Account, "north.director")
    db.session.add(m.Person(id="north.manager", county_id="north", organ_id="north.sfj", name="方正"))
    db.session.flush()
    values = {"password_hash": director.password_hash, "demo": False, "created_at": director.created_at}
    db.session.add(m.Account(username="north.manager", person_id="north.manager", **values))
    db.session.add(m.RoleAssignment(person_id="north.manager", role="manager", organ_id="north.sfj"))
    db.session.commit()


def spread() -> None:
    """Make the cases differ: late, due soon, suspended, waiting for the meeting."""
    from sqlalchemy import select  # noqa: PLC0415  (see tests.conftest)

    from app.domain.proceedings import ProceedingKind, ProceedingStatus  # noqa: PLC0415
    from app.extensions import db  # noqa: PLC0415
    from app.storage import models as m  # noqa: PLC0415
    from tests.web.rows import make_task  # noqa: PLC0415

    query = select(m.Proceeding).where(
        m.Proceeding.kind == ProceedingKind.CASE, m.Proceeding.status == ProceedingStatus.RUNNING
    )
    cases = list(db.session.scalars(query.order_by(m.Proceeding.number)))
    dues = (NOW - timedelta(days=3), NOW + timedelta(days=1), NOW + timedelta(days=60), None)
    for position, case in enumerate(cases):
        due = dues[position % len(dues)]
        task = make_task(
            case, "filing/T_file", "报送", "organ.reporter", form_key="filing/file", opened_at=NOW, due_at=due
        )
        if due is None:
            case.suspended_at = NOW
            task.deadline = {"suspended_since": "2025-03-03"}
        if position % 2:
            waits = m.SubscriptionRow(message="AgendaDecided", step_id="R_wait", correlation=case.number, since=NOW)
            waits.engine_task_id, waits.proceeding_id = f"wait-{position}", case.id
            db.session.add(waits)
    db.session.commit()


def someone(username: str):  # type: ignore[no-untyped-def]
    from app.storage.accounts import actor_of  # noqa: PLC0415

    return actor_of(username)


def figures_of(page):  # type: ignore[no-untyped-def]
    """Every figure that the page tells."""
    yield from (page.open, page.late, page.soon, page.suspended, page.meeting, page.remedy)
    yield from (page.closed, page.closed_this_year)
    for group in (*page.stages, *page.organs):
        yield from (group.open, group.late, group.soon, group.suspended)
    for month in page.months:
        yield from (month.opened, month.closed)


@pytest.mark.parametrize("who", ["north.director", "north.manager", "north.reporter", "north.officer"])
def test_each_number_is_the_number_of_cases_that_its_link_lists(inside: Flask, who: str) -> None:
    from app.queries.cases import case_register  # noqa: PLC0415
    from app.queries.overview import overview  # noqa: PLC0415

    actor = someone(who)

    page = overview(actor, now=NOW)

    told = [(figure.number, figure.filters) for figure in figures_of(page)]
    listed = [case_register(actor, filters, now=NOW, locale=ZH).total for _, filters in told]
    assert [number for number, _ in told] == listed
    assert page.open.number > 0


def test_the_figures_differ_where_the_cases_do(inside: Flask) -> None:
    from app.queries.overview import overview  # noqa: PLC0415

    page = overview(someone("north.director"), now=NOW)

    assert min(page.late.number, page.soon.number, page.suspended.number, page.meeting.number, page.closed.number) > 0
    assert page.open.number == sum(group.open.number for group in page.stages)
    assert sum(month.opened.number for month in page.months) > 0


def test_who_sees_no_case_as_a_whole_has_no_overview(inside: Flask) -> None:
    from app.queries.overview import overview  # noqa: PLC0415

    with pytest.raises(NotFoundError):
        overview(someone("north.signatory_sfj"), now=NOW)


def test_the_overview_asks_as_little_of_many_cases_as_of_few(inside: Flask) -> None:
    from app.queries.overview import overview  # noqa: PLC0415

    actor = someone("north.director")
    overview(actor, now=NOW)

    with statements_of(db.engine) as seen:
        overview(actor, now=NOW)

    assert len(seen) <= 3


def test_who_only_supervises_begins_with_the_overview(app: Flask, world: World, signed_in: SignIn) -> None:
    with app.app_context():
        appoint_manager()

    page = signed_in("north.manager").get("/")

    assert page.headings == ["概览"]
    assert "关键数字" in str(page.tags)


def test_a_county_without_cases_says_so(signed_in: SignIn) -> None:
    page = signed_in("south.director").get("/overview")

    assert "还没有案件" in page.text


def test_a_county_without_a_joint_meeting_reads_of_none(app: Flask, signed_in: SignIn) -> None:
    meets = signed_in("north.director").get("/overview").text
    with app.app_context():
        db.session.execute(update(Regulation).where(Regulation.county_id == "north").values(meeting_process=None))
        db.session.commit()

    without = signed_in("north.director").get("/overview").text

    assert "待会议决定" in meets
    assert "待会议决定" not in without
    assert "救济中" in without
