"""Notices: who has them, who is told outside, and what that costs."""

from sqlalchemy import select

from app.extensions import db
from app.queries.inbox import Box, Filters, inbox
from app.services import clockwork
from app.services import notices as service
from app.services.command import Command
from app.services.operations.registry import perform
from app.storage import notices, proceedings
from app.storage.models import Notice, OutboxRow
from app.storage.transaction import transaction
from tests.e2e.statements import Meter
from tests.services.conftest import Office


def put(office: Office, case: str, **to: object) -> list[str]:
    with transaction():
        found = proceedings.get_for_update(case).proceeding
        return notices.put(found, kind="URGED", now=office.now, **to)  # type: ignore[arg-type]


def unread(office: Office, who: str) -> list[str | None]:
    found = inbox(office.actor(who), Box.NOTICES, filters=Filters(), now=office.now)
    assert found.counts[Box.NOTICES] == len(found.rows)
    return [row.notice_id for row in found.rows]


def test_a_notice_to_a_person_lies_in_his_box_alone_and_never_in_that_of_who_sent_it(office: Office) -> None:
    case = office.open_case()
    officer, other = office.actor("officer1"), office.actor("officer2")

    (written,) = put(office, case, person_ids=[officer.person_id, other.person_id], by=other.person_id)

    assert unread(office, "officer1") == [written]
    assert unread(office, "officer2") == []


def test_a_procedure_tells_people_in_the_words_of_its_own_regulation(office: Office) -> None:
    case, officer = office.open_case(), office.actor("officer1")
    words = "请在两日内提出评议意见。"

    with transaction():
        command = Command(proceedings.get_for_update(case), actor=None, now=office.now)
        perform(command, "notify/tell", {"role": "jmo.officer", "person": officer.person_id, "text": words})
        db.session.add_all(command.outbox)
    clockwork.tick(office.now)

    found = inbox(officer, Box.NOTICES, filters=Filters(), now=office.now)
    assert [(row.step, row.text) for row in found.rows] == [("TOLD", words)]
    assert unread(office, "officer2") == []


def test_a_read_notice_leaves_the_box_and_nobody_reads_anothers(office: Office) -> None:
    case = office.open_case()
    (written,) = put(office, case, person_ids=[office.actor("officer1").person_id])

    service.mark_read(written, actor=office.actor("officer1"), now=office.now)

    assert unread(office, "officer1") == []


def test_each_notice_has_one_outbox_row_of_its_name_and_both_kinds_of_rows_cost_one_statement(office: Office) -> None:
    case = office.open_case()
    people = [office.actor(who).person_id for who in ("officer1", "officer2", "head")]
    meter = Meter(db.engine)

    with meter.measure("put"):
        written = put(office, case, person_ids=people, role="organ.head")

    writes = [text for text in meter.counts[0].statements if text.startswith("INSERT")]
    assert len(writes) == 2
    rows = db.session.scalars(select(OutboxRow).where(OutboxRow.kind == notices.NOTIFY)).all()
    assert sorted(row.id for row in rows) == sorted(written)
    assert len(written) == 4


def test_a_notice_that_a_procedure_sends_has_the_name_of_its_outbox_row(office: Office) -> None:
    case = office.open_case()
    with transaction():
        found = proceedings.get_for_update(case).proceeding
        row = notices.to_tell(found, "n1", kind="RESULT", payload={"role": "organ.head"}, now=office.now)
        row.kind = "NOTICE"
        db.session.add(row)

    while clockwork.tick(office.now):
        pass

    db.session.rollback()
    assert db.session.get(Notice, "n1") is not None
