"""The small world of the commands' tests, made once per database kind and copied for each test."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.tasks import TaskStatus
from tests import postgresql
from tests.conftest import BOTH, application_on
from tests.e2e import conftest as of_county
from tests.services.procedure import write_seeds

MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PASSWORD = "only-For-Tests-1"
COUNTIES = ("beishan", "nanhe")

county, county_template = of_county.county, of_county.county_template
"""The real county's fixtures."""


def settle_world(app: Flask, folder: Path) -> None:
    """People and released procedures of two counties, no cases."""
    from app.extensions import db  # noqa: PLC0415  (see tests.conftest)
    from app.services import definitions, organisation  # noqa: PLC0415
    from app.storage.models import Account  # noqa: PLC0415

    seeds = folder / "seeds"
    write_seeds(seeds, COUNTIES)
    with app.app_context():
        for path in sorted((seeds / "organisation").glob("*.yml")):
            organisation.import_file(path, password=PASSWORD, demo=False, now=MORNING)
        definitions.publish_seeds(seeds / "processes", seeds / "forms", by="tests", now=MORNING)
        for account in db.session.scalars(select(Account)):
            account.used_at = datetime.now(UTC)  # by the clock of pages that sign people in: nobody is frozen
        db.session.commit()


@pytest.fixture(scope="session")
def small_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    file = folder / "wenze.db"
    shutil.copyfile(sqlite_template, file)
    for app in application_on(f"sqlite:///{file}", folder):
        settle_world(app, folder)
    return file


@pytest.fixture(scope="session")
def small_postgresql(postgresql_server: str, postgresql_template: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("small")
    name = f"small_{uuid4().hex}"  # several folders of tests share this fixture, each has one of its own
    url = postgresql.make_database(postgresql_server, name, postgresql_template)
    for app in application_on(url, folder):
        settle_world(app, folder)
    return name


@pytest.fixture(params=BOTH)
def small_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """URL of a copy of the small world, on each of the two databases."""
    if request.param == "sqlite":
        file = tmp_path / "wenze.db"
        shutil.copyfile(request.getfixturevalue("small_sqlite"), file)
        yield f"sqlite:///{file}"
        return
    template = request.getfixturevalue("small_postgresql")
    server = request.getfixturevalue("postgresql_server")
    name = f"s_{uuid4().hex}"
    yield postgresql.make_database(server, name, template)
    postgresql.drop_database(server, name)


@pytest.fixture
def small_app(small_url: str, tmp_path: Path) -> Iterator[Flask]:
    yield from application_on(small_url, tmp_path)


class Office:
    """Short ways to act in the small world. One application context for the test's own thread."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.now = MORNING

    def later(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now

    def actor(self, name: str, county: str = "beishan") -> Actor:
        from app.storage.accounts import actor_of  # noqa: PLC0415

        found = actor_of(f"{county}.{name}")
        assert found is not None
        return found

    def open_case(self, **answers: Any) -> str:
        """A registered case: the check and the organ's work are open. Returns the proceeding's id."""
        from app.services import cases  # noqa: PLC0415

        data = {"matter": "违法拆除", "handling_organ": "beishan.zjj", **answers}
        return cases.open_case(actor=self.actor("reporter"), now=self.now, key=uuid4().hex, data=data).proceeding_id

    def task(self, proceeding_id: str, step: str) -> str:
        """The open task of a step."""
        from app.extensions import db  # noqa: PLC0415
        from app.storage.models import Task  # noqa: PLC0415

        db.session.rollback()
        of_step = (Task.proceeding_id == proceeding_id, Task.step_id == step, Task.status == TaskStatus.OPEN)
        return db.session.scalars(select(Task.id).where(*of_step)).one()

    def open_steps(self, proceeding_id: str) -> list[str]:
        from app.extensions import db  # noqa: PLC0415
        from app.storage.models import Task  # noqa: PLC0415

        db.session.rollback()
        is_open = (Task.proceeding_id == proceeding_id, Task.status == TaskStatus.OPEN)
        return sorted(db.session.scalars(select(Task.step_id).where(*is_open)))

    def complete(
        self,
        task_id: str,
        who: str,
        answers: Any = None,
        *,
        key: str = "",
        county: str = "beishan",
    ) -> Any:
        from app.services import tasks  # noqa: PLC0415

        given = {"opinion": "齐全"} if answers is None else answers
        return tasks.complete(
            task_id, answers=given, actor=self.actor(who, county), now=self.now, key=key or uuid4().hex
        )


@pytest.fixture
def office(small_app: Flask) -> Iterator[Office]:
    with small_app.app_context():
        yield Office(small_app)
