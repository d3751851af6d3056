"""The schema that the migrations build is the schema that the tables describe, on both databases."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect, text

from app.extensions import db
from app.queries import schema
from app.storage import searching
from config import ROOT


@pytest.fixture(autouse=True)
def _migrations_exist() -> None:
    if not any((ROOT / "migrations" / "versions").glob("*.py")):
        pytest.skip("no migration yet")


def test_migrations_and_tables_agree(app_on_both: Flask) -> None:
    with app_on_both.app_context(), db.engine.connect() as connection:
        others = {"include_name": lambda name, *_: not (name or "").startswith(searching.INDEX)}
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True, **others})

        differences = compare_metadata(context, db.metadata)

    assert differences == []


def test_a_migrated_database_is_current_and_an_unknown_revision_is_noticed(app_on_both: Flask) -> None:
    with app_on_both.app_context():
        assert schema.state(ROOT).is_current

        with db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = 'of a newer version'"))

        assert schema.state(ROOT).is_unknown
        assert not schema.state(ROOT).is_current


def test_there_is_one_line_of_migrations(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        assert schema.state(ROOT).head is not None
        assert "proceedings" in inspect(db.engine).get_table_names()
