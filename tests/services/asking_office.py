"""A small office whose check asks for identity numbers, made once per database kind and copied for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.identity_numbers import is_valid
from app.extensions import db
from app.storage.models import SealedIdentityNumber, Submission
from tests import postgresql
from tests.conftest import BOTH, application_on
from tests.services import procedure
from tests.services.conftest import Office, settle_world

NUMBER, OTHER = "11010519491231002X", "440524199001010014"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def valid(body: str) -> str:
    """The number with the check digit that belongs to its first seventeen."""
    return next(body + last for last in "0123456789X" if is_valid(body + last))


OTHER = valid(OTHER[:17])
TABLE = procedure.field(
    "subjects",
    "table",
    columns=[
        {"key": "person", "label": "人员", "type": "person"},
        {"key": "id_number", "label": "身份证号码", "type": "identity-number"},
    ],
)


def settle(app: Flask, folder: Path) -> None:
    """The small world, whose check asks for numbers."""
    asked = (*procedure.FORMS["check"], procedure.field("id_number", "identity-number"), TABLE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(procedure.FORMS, "check", asked)
        patch.setattr(procedure, "LAW", procedure.LAW + "series_steps: [small/T_check]\n")
        settle_world(app, folder)


@pytest.fixture(scope="module")
def asking_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asking")
    shutil.copyfile(sqlite_template, folder / "wenze.db")
    for app in application_on(f"sqlite:///{folder / 'wenze.db'}", folder):
        settle(app, folder)
    return folder / "wenze.db"


@pytest.fixture(scope="module")
def asking_postgresql(
    postgresql_server: str, postgresql_template: str, tmp_path_factory: pytest.TempPathFactory
) -> str:
    folder, name = tmp_path_factory.mktemp("asking"), f"asking_{uuid4().hex}"
    for app in application_on(postgresql.make_database(postgresql_server, name, postgresql_template), folder):
        settle(app, folder)
    return name


@pytest.fixture
def sqlite_url(asking_sqlite: Path, tmp_path: Path) -> str:
    shutil.copyfile(asking_sqlite, tmp_path / "wenze.db")
    return f"sqlite:///{tmp_path / 'wenze.db'}"


@pytest.fixture
def postgresql_url(postgresql_server: str, asking_postgresql: str) -> Iterator[str]:
    name = f"a_{uuid4().hex}"
    yield postgresql.make_database(postgresql_server, name, asking_postgresql)
    postgresql.drop_database(postgresql_server, name)


def open_office(url: str, folder: Path) -> Iterator[Office]:
    for app in application_on(url, folder):
        with app.app_context():
            yield Office(app)


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[Office]:
    yield from open_office(sqlite_url, tmp_path)


@pytest.fixture(params=BOTH)
def office_on_both(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    yield from open_office(request.getfixturevalue(f"{request.param}_url"), tmp_path)


def checked(office: Office, **more: Any) -> tuple[str, Submission]:
    """A case whose check was submitted with these answers."""
    case = office.open_case(waits="no")
    office.complete(office.task(case, "T_check"), "officer1", {"opinion": "齐全", **more})
    return case, db.session.scalars(select(Submission).where(Submission.form_key == "check")).one()


def numbers() -> list[SealedIdentityNumber]:
    db.session.rollback()
    return list(db.session.scalars(select(SealedIdentityNumber).order_by(SealedIdentityNumber.entered_at)))
