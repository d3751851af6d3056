"""Who has which post, decided by several people at the same moment: each rule holds for all of them together."""

from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.errors import ConflictError
from app.extensions import db
from app.services import administration
from app.services.handling import deputies
from app.storage.accounts import actor_of
from app.storage.models import Account, Deputy, GrantRequest, Organ, Person, RoleAssignment
from tests.services.checks import at_once, count
from tests.services.conftest import MORNING, Office


def administrator(name: str, role: str) -> tuple[Actor, int]:
    """Somebody with one of the three offices, and the number of his assignment."""
    db.session.add(Person(id=name, county_id=None, organ_id=None, name=name))
    db.session.flush()
    db.session.add(Account(username=name, person_id=name, password_hash="", demo=False, created_at=MORNING))
    db.session.add(assignment := RoleAssignment(person_id=name, role=role, organ_id=None))
    db.session.commit()
    found = actor_of(name)
    assert found is not None
    return found, assignment.id


@pytest.fixture(autouse=True)
def _confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(administration, "ensure_recently_confirmed", lambda *_, **__: None)


def test_of_three_deputies_appointed_at_one_moment_one_stays(office: Office) -> None:
    day, head = date(2026, 3, 2), office.actor("head")
    wanted: dict[str, Any] = {"since": day, "until": day + timedelta(days=4), "roles": (), "reason": "外出学习"}
    names = ("remedy", "officer1", "reporter")
    acts = [
        partial(
            deputies.appoint,
            principal_id=head.person_id,
            deputy_id=office.actor(name).person_id,
            **wanted,
            actor=head,
            now=office.now,
        )
        for name in names
    ]

    answers = at_once(office, *acts)

    assert sum(isinstance(answer, ConflictError) for answer in answers) == 2
    assert count(Deputy, Deputy.principal_id == head.person_id) == 1


def test_two_administrators_who_revoke_each_other_leave_one(office: Office) -> None:
    one, of_one = administrator("guard1", "security.admin")
    two, of_two = administrator("guard2", "security.admin")
    acts = [
        partial(administration.revoke, "guard2", of_two, actor=one, now=office.now),
        partial(administration.revoke, "guard1", of_one, actor=two, now=office.now),
    ]

    answers = at_once(office, *acts)

    assert sorted(type(answer).__name__ for answer in answers) == ["ConflictError", "NoneType"]
    assert count(RoleAssignment, RoleAssignment.role == "security.admin") == 1


def test_nobody_gets_an_office_and_a_post_that_exclude_each_other_at_one_moment(office: Office) -> None:
    guard, _ = administrator("guard1", "security.admin")
    operator, _ = administrator("operator1", "system.admin")
    organ = db.session.scalars(select(Organ.id).where(Organ.id == "beishan.zjj")).one()
    db.session.add(Person(id="newcomer", county_id="beishan", organ_id=organ, name="新来"))
    db.session.flush()
    asked = GrantRequest(
        id=uuid4().hex, person_id="newcomer", role="audit.admin", asked_by=guard.person_id, asked_at=office.now
    )
    db.session.add(asked)
    db.session.commit()
    acts = [
        partial(administration.decide, asked.id, agrees=True, actor=operator, now=office.now),
        partial(administration.grant, "newcomer", role="organ.reporter", organ_id=organ, actor=guard, now=office.now),
    ]

    answers = at_once(office, *acts)

    assert sum(isinstance(answer, ConflictError) for answer in answers) == 1
    assert count(RoleAssignment, RoleAssignment.person_id == "newcomer") == 1
