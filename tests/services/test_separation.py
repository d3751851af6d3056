"""三员分立: the database itself keeps the three administrators apart from each other and from all business."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.extensions import db
from app.storage.models import County, Deputy, Person, RoleAssignment

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def people(app_on_both: Flask) -> Flask:
    """Two people and a system administrator."""
    with app_on_both.app_context():
        db.session.add(County(id="k", name="甲县", name_en="K"))
        db.session.flush()
        db.session.add_all(Person(id=name, name=name, county_id="k") for name in ("wang", "li", "admin"))
        db.session.flush()
        db.session.add(RoleAssignment(person_id="admin", role="system.admin", organ_id=None))
        db.session.commit()
    return app_on_both


def insert(person: str, role: str) -> None:
    statement = "INSERT INTO role_assignments (person_id, role) VALUES (:person, :role)"
    db.session.execute(text(statement), {"person": person, "role": role})
    db.session.commit()


def test_no_statement_makes_one_person_two_administrators_or_gives_one_any_business(people: Flask) -> None:
    with people.app_context():
        for role in ("security.admin", "audit.admin", "jmo.officer", "owner"):
            with pytest.raises(DatabaseError, match="one role only"):
                insert("admin", role)
            db.session.rollback()


def test_who_does_business_becomes_no_administrator_by_a_new_row_or_a_changed_one(people: Flask) -> None:
    with people.app_context():
        insert("wang", "jmo.officer")
        insert("wang", "jmo.director")

        with pytest.raises(DatabaseError, match="one role only"):
            insert("wang", "audit.admin")
        db.session.rollback()
        with pytest.raises(DatabaseError, match="one role only"):
            db.session.execute(text("UPDATE role_assignments SET role = 'audit.admin' WHERE role = 'jmo.officer'"))
        db.session.rollback()
        with pytest.raises(DatabaseError, match="one role only"):
            db.session.execute(text("UPDATE role_assignments SET person_id = 'admin' WHERE role = 'jmo.officer'"))
        db.session.rollback()


def test_no_administrator_stands_in_for_anybody_and_nobody_for_him(people: Flask) -> None:
    with people.app_context():
        for principal, deputy in (("wang", "admin"), ("admin", "wang")):
            db.session.add(
                Deputy(
                    id="d",
                    county_id="k",
                    principal_id=principal,
                    deputy_id=deputy,
                    since=date(2026, 3, 2),
                    until=date(2026, 3, 3),
                    roles=[],
                    reason="外出",
                    set_by="wang",
                    set_by_name="王",
                    set_at=NOW,
                )
            )
            with pytest.raises(DatabaseError, match="one role only"):
                db.session.commit()
            db.session.rollback()
