"""Whoever comes second learns it in a sentence: a key taken, a row gone, whichever service it happens in."""

from uuid import uuid4

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError

from app.domain.errors import ConflictError
from app.extensions import db
from app.storage.models import Account, Organ, Person, Phrase
from app.storage.transaction import transaction
from tests.services.conftest import MORNING, Office


def test_a_key_that_somebody_else_made_meanwhile_is_a_conflict(office: Office) -> None:
    taken = db.session.scalars(select(Organ)).first()
    assert taken is not None
    values = {column.name: getattr(taken, column.name) for column in Organ.__table__.columns}
    db.session.expunge_all()

    with pytest.raises(ConflictError), transaction():
        db.session.add(Organ(**values))

    assert not db.session.new


def test_a_row_that_points_at_what_is_gone_is_a_conflict(office: Office) -> None:
    with pytest.raises(ConflictError), transaction():
        db.session.add(
            Account(username=uuid4().hex, person_id="nobody", password_hash="", demo=False, created_at=MORNING)
        )


def test_a_row_that_is_gone_when_it_is_written_is_a_conflict(office: Office) -> None:
    person = db.session.scalars(select(Person)).first()
    assert person is not None
    with transaction():
        made = Phrase(id=uuid4().hex, person_id=person.id, organ_id=None, text="一句", created_at=MORNING)
        db.session.add(made)

    with pytest.raises(ConflictError):
        _change_what_goes_meanwhile(made.id)


def test_a_row_that_is_gone_when_it_is_removed_is_a_conflict(office: Office) -> None:
    person = db.session.scalars(select(Person)).first()
    assert person is not None
    with transaction():
        made = Phrase(id=uuid4().hex, person_id=person.id, organ_id=None, text="一句", created_at=MORNING)
        db.session.add(made)

    with pytest.raises(ConflictError):
        _remove_what_goes_meanwhile(made.id)


def _remove_what_goes_meanwhile(phrase_id: str) -> None:
    with transaction():
        row = db.session.get_one(Phrase, phrase_id)
        gone = delete(Phrase).where(Phrase.id == phrase_id)
        db.session.execute(gone, execution_options={"synchronize_session": False})
        db.session.delete(row)


def _change_what_goes_meanwhile(phrase_id: str) -> None:
    with transaction():
        row = db.session.get_one(Phrase, phrase_id)
        gone = delete(Phrase).where(Phrase.id == phrase_id)
        db.session.execute(gone, execution_options={"synchronize_session": False})
        row.text = "另一句"


def test_a_value_that_no_row_may_have_stays_a_fault(office: Office) -> None:
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(text("insert into organs (id) values ('x')"))
