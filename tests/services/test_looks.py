"""Who looks at the file of somebody who answers is told in the journal, once an hour for each person and thing."""

from sqlalchemy import select

from app.domain.readings import Shown
from app.extensions import db
from app.services import traces
from app.storage.models import JournalLine
from app.storage.readings import READ_PAGE
from tests.services.conftest import Office
from tests.services.test_procedures import decide


def told(office: Office) -> list[tuple[str, str]]:
    db.session.rollback()
    lines = select(JournalLine.actor, JournalLine.object).where(JournalLine.act == READ_PAGE).order_by(JournalLine.id)
    return [(actor, place) for actor, place in db.session.execute(lines)]


def look(office: Office, who: str, shown: Shown, key: str) -> bool:
    return traces.looked(office.actor(who).username, shown, key, now=office.now)


def test_a_file_in_which_nobody_answers_is_looked_at_without_a_line(office: Office) -> None:
    case = office.open_case()

    assert not look(office, "officer1", Shown.FILE, case)
    assert not look(office, "officer1", Shown.FILE, "no-such-case")
    assert told(office) == []


def test_a_look_is_told_once_an_hour_for_each_person_and_thing(office: Office) -> None:
    case = office.open_case()
    subject, step = decide(office, case), office.task(case, "T_check")

    looks = [look(office, who, Shown.FILE, case) for who in ("officer1", "officer1", "officer2")]
    parts = [look(office, "officer1", Shown.STEP, step), look(office, "officer1", Shown.SUBJECT, subject)]
    office.later(minutes=61)
    again = look(office, "officer1", Shown.FILE, case)

    assert (looks, parts, again) == ([True, False, True], [True, True], True)
    assert told(office) == [
        ("beishan.officer1", f"/cases/{case}"),
        ("beishan.officer2", f"/cases/{case}"),
        ("beishan.officer1", f"/cases/{case}/steps/{step}"),
        ("beishan.officer1", f"/cases/{case}/subjects/{subject}"),
        ("beishan.officer1", f"/cases/{case}"),
    ]
