"""What an examination finds in the state itself, in held steps, on agendas and in the post."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import orjson
import zstandard
from sqlalchemy import delete, insert, select, update

from app.domain.examination import Code
from app.domain.proceedings import ProceedingStatus
from app.extensions import db
from app.services import definitions, examination, meetings, mending
from app.storage import releases
from app.storage.models import AgendaItem, Case, IncidentRow, Proceeding, ReleaseFile
from tests.services.conftest import Office
from tests.services.damages import at_work, closed, codes, damage, dead_letter, finish, listening, proceeding

READY, WAITING, CANCELLED = 16, 8, 256
Row = list[Any]
STATE, NAME, INTERNAL = 2, 4, 6
"""Places in a stored row of a task."""


def rewritten(case: str, change: Callable[[Row], None], *, format_: int = 1) -> Any:
    """The statement that stores the state with every row changed."""
    state = db.session.scalars(select(Proceeding.state).where(Proceeding.id == case)).one()
    document = orjson.loads(zstandard.decompress(state))
    document["format"] = format_
    for row in document["top"]["tasks"]:
        change(row)
    return proceeding(case).values(state=zstandard.compress(orjson.dumps(document)))


def forget_who_may(row: Row) -> None:
    """An open step as it was before it was opened for anybody."""
    if row[NAME] == "T_check" and row[STATE] == READY:
        row[INTERNAL] = {}


def cancel_all(row: Row) -> None:
    if row[STATE] in (READY, WAITING):
        row[STATE] = CANCELLED


def test_what_should_have_run_is_called_unsettled_and_is_run(office: Office) -> None:
    case = at_work(office)
    damage(rewritten(case, forget_who_may))

    assert codes(office, case) == {Code.UNSETTLED}
    mending.mend(case, by="tester", now=office.now)

    assert codes(office, case) == set()
    finish(office, case)
    assert office.open_steps(case) == []


def test_a_case_that_nothing_can_move_is_called_stuck(office: Office) -> None:
    case = at_work(office)
    damage(rewritten(case, cancel_all))

    assert Code.STUCK in codes(office, case)


def test_a_state_of_a_newer_program_and_a_release_without_files_are_told_apart(office: Office) -> None:
    newer, homeless = at_work(office), at_work(office)
    damage(rewritten(newer, lambda row: None, format_=99))
    assert codes(office, newer) == {Code.STATE_FORMAT}

    release = db.session.scalars(select(Proceeding.release_id).where(Proceeding.id == homeless)).one()
    damage(delete(ReleaseFile).where(ReleaseFile.release_id == release))
    releases.forget()
    definitions.definition_of.cache_clear()
    assert codes(office, homeless) == {Code.RELEASE_MISSING}


def test_a_held_step_is_told_and_one_that_nobody_sees_is_registered(office: Office) -> None:
    case = office.open_case(handling_organ=None)
    assert codes(office, case) == {Code.HELD}

    damage(delete(IncidentRow).where(IncidentRow.proceeding_id == case))
    assert codes(office, case) == {Code.HELD, Code.INCIDENT_MISSING, Code.MIRROR_DIFFERS}
    mending.mend(case, by="tester", now=office.now)

    assert codes(office, case) == {Code.HELD}


def test_a_message_that_the_worker_leaves_lying_is_found(office: Office) -> None:
    case = listening(office)
    damage(*[statement.values(status="PENDING", attempts=0) for statement in dead_letter(case)])

    assert codes(office, case) == set()
    office.later(minutes=10)
    assert codes(office, case) == {Code.LETTER_LATE}


def test_an_agenda_that_never_lets_go_of_a_case_is_found_and_mended(office: Office) -> None:
    case, over = at_work(office), closed(office)
    damage(update(Case).where(Case.proceeding_id == case).values(on_agenda=over))

    assert codes(office, case) == {Code.AGENDA_LEFT}
    mending.mend(case, by="tester", now=office.now)

    assert codes(office, case) == set()


def test_a_meeting_that_closed_with_an_undecided_item_is_found(office: Office) -> None:
    meeting = meetings.open_meeting(actor=office.actor("director"), now=office.now, key=uuid4().hex).proceeding_id
    item = {"id": uuid4().hex, "meeting_id": meeting, "item_no": 1, "kind": "RULES", "title": "工作规则", "recused": []}
    damage(
        insert(AgendaItem).values(**item, status="SCHEDULED"),
        proceeding(meeting).values(status=ProceedingStatus.CLOSED),
    )

    assert Code.AGENDA_UNDECIDED in codes(office, meeting)
    assert Code.AGENDA_UNDECIDED in {finding.code for finding in examination.examine_many(now=office.now)}
