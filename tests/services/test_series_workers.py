"""Several workers on one run over a series, on both databases: every row is done once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.services.conftest import Office

ROWS = 12


@pytest.fixture(autouse=True)
def _told_apart_by_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small world registers no numbers of judgments."""
    from app.services import series  # noqa: PLC0415  (see tests.conftest)

    monkeypatch.setattr(series, "TELLING", "matter")


def begin(office: Office) -> tuple[str, str]:
    """A registered case, and a run of ROWS rows made from it; their ids."""
    from app.services import series  # noqa: PLC0415  (see tests.conftest)

    case_id = office.open_case()
    table = "matter\n" + "".join(f"违法拆除{n}号房屋\n" for n in range(ROWS))
    run_id = series.open_series(case_id, table=table.encode(), actor=office.actor("reporter"), now=office.now)
    return case_id, run_id


def work(app: Flask, now: datetime) -> int:
    from app.services.clockwork import tick  # noqa: PLC0415

    with app.app_context():
        done = 0
        while some := tick(now):
            done += some
        return done


def _die(*_: object, **__: object) -> None:
    raise SystemExit


def states(run_id: str) -> dict[str, int]:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import SeriesItem  # noqa: PLC0415

    db.session.rollback()
    query = select(SeriesItem.status, func.count()).where(SeriesItem.run_id == run_id).group_by(SeriesItem.status)
    return dict(iter(db.session.execute(query)))


def test_three_workers_open_every_case_of_a_table_once(office: Office) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Case  # noqa: PLC0415

    _, run_id = begin(office)
    db.session.rollback()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: work(office.app, office.now), range(3)))

    assert states(run_id) == {"DONE": ROWS}
    assert db.session.scalar(select(func.count(Case.proceeding_id.distinct()))) == ROWS + 1


def test_a_worker_that_dies_in_a_row_leaves_it_to_the_next(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.services import runs, series  # noqa: PLC0415

    _, run_id = begin(office)
    series.do_next(office.now)
    with monkeypatch.context() as dying:
        dying.setattr(runs, "settle", _die)
        with pytest.raises(SystemExit):
            series.do_next(office.now)

    assert states(run_id) == {"DONE": 1, "WAITING": ROWS - 1}
    work(office.app, office.now)
    assert states(run_id) == {"DONE": ROWS}
