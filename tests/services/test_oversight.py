"""延期申请, 督办 and 撤销案件 at the commands, on both databases."""

from datetime import date, timedelta

import pytest

from app.domain.errors import ConflictError, NotAllowedError, NotFoundError
from app.domain.handling import SheetColour, SideKind
from tests.services.conftest import Office
from tests.services.handling_hands import ask, held_check, last_line, tasks_of

NEXT_MONTH = date(2026, 4, 1)


def request(office: Office, task_id: str, until: date = NEXT_MONTH, reason: str = "等待法院回函") -> str:
    from app.services.handling import extensions  # noqa: PLC0415

    return extensions.request(task_id, until=until, reason=reason, actor=office.actor("officer1"), now=office.now)


def decide(office: Office, request_id: str, who: str, *, granted: bool = True) -> None:
    from app.services.handling import extensions  # noqa: PLC0415

    extensions.decide(request_id, granted=granted, reason="情况属实", actor=office.actor(who), now=office.now)


def issue(office: Office, task_id: str, who: str = "director", colour: SheetColour = SheetColour.RED) -> str:
    from app.services.handling import oversight  # noqa: PLC0415

    term = office.now.date() + timedelta(days=3)
    return oversight.issue(
        task_id, colour=colour, demand="三日内办结", term=term, actor=office.actor(who), now=office.now
    )


def revoke(office: Office, case: str, who: str = "director") -> None:
    from app.services.handling import ending  # noqa: PLC0415

    ending.revoke(case, reason="重复立卷", basis="内部规程", actor=office.actor(who), now=office.now)


def test_a_request_granted_moves_the_deadline_and_a_refused_one_does_not(office: Office) -> None:
    case, check = held_check(office)
    before = tasks_of(case, "T_check")[0].deadline["last_day"]
    decide(office, request(office, check), "director", granted=False)
    assert tasks_of(case, "T_check")[0].deadline["last_day"] == before

    decide(office, request(office, check), "director")

    assert tasks_of(case, "T_check")[0].deadline["last_day"] == NEXT_MONTH.isoformat()


def test_time_is_asked_for_before_the_deadline_has_passed_and_once(office: Office) -> None:
    _, check = held_check(office)
    request(office, check)
    with pytest.raises(ConflictError):
        request(office, check)

    office.later(days=9)
    with pytest.raises(ConflictError):
        request(office, check)


def test_nobody_but_who_answers_for_the_time_decides(office: Office) -> None:
    _, check = held_check(office)
    asked = request(office, check)

    with pytest.raises(NotAllowedError):
        decide(office, asked, "officer2")


def test_a_sheet_is_issued_answered_and_closed(office: Office) -> None:
    from app.services.handling import oversight  # noqa: PLC0415

    case, check = held_check(office)
    sheet = issue(office, check)
    with pytest.raises(ConflictError):
        oversight.close(sheet, note="已办结", actor=office.actor("director"), now=office.now)
    oversight.answer(sheet, text="正在补正，明日提交", actor=office.actor("officer1"), now=office.now)

    oversight.close(sheet, note="同意销号", actor=office.actor("director"), now=office.now)

    assert (last_line(case).act, last_line(case).details["status"]) == ("SUPERVISED", "CLOSED")


def test_only_who_supervises_issues_and_only_the_responsible_answers(office: Office) -> None:
    from app.services.handling import oversight  # noqa: PLC0415

    _, check = held_check(office)
    with pytest.raises(NotAllowedError):
        issue(office, check, "officer2")
    sheet = issue(office, check)

    with pytest.raises(NotAllowedError):
        oversight.answer(sheet, text="已办", actor=office.actor("head"), now=office.now)
    with pytest.raises(NotFoundError):
        oversight.answer(sheet, text="已办", actor=office.actor("officer1", "nanhe"), now=office.now)


def test_a_revoked_case_ends_where_it_stands_and_stays_readable(office: Office) -> None:
    from app.domain.proceedings import ProceedingStatus  # noqa: PLC0415
    from app.extensions import db  # noqa: PLC0415
    from app.queries.inbox import Box, Filters, inbox  # noqa: PLC0415
    from app.services import examination  # noqa: PLC0415
    from app.storage.models import Proceeding  # noqa: PLC0415

    case, check = held_check(office)

    revoke(office, case)

    assert db.session.get_one(Proceeding, case).status is ProceedingStatus.CANCELLED
    assert office.open_steps(case) == []
    assert last_line(case).act in ("REVOKED", "CLOSED")
    assert not examination.examine(case, now=office.now)
    lying = inbox(office.actor("reporter"), Box.CLOSED, filters=Filters(), now=office.now)
    assert [row.proceeding_id for row in lying.rows] == [case]
    with pytest.raises(ConflictError):
        office.complete(check, "officer1")


def test_who_works_on_a_revoked_case_is_told_why(office: Office) -> None:
    from sqlalchemy import select  # noqa: PLC0415

    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Notice  # noqa: PLC0415

    case, check = held_check(office)
    ask(office, check, SideKind.OPINION, "remedy")

    revoke(office, case)

    told = db.session.execute(select(Notice.person_id, Notice.text).where(Notice.kind == "REVOKED")).all()
    people = {office.actor(name).person_id for name in ("officer1", "remedy")}
    assert people <= {person for person, _ in told}
    assert {text for _, text in told} == {"重复立卷"}
    assert office.actor("director").person_id not in {person for person, _ in told}, "he did it himself"


def test_a_case_is_revoked_once_and_by_who_leads(office: Office) -> None:
    case, _ = held_check(office)
    with pytest.raises(NotAllowedError):
        revoke(office, case, "officer1")
    revoke(office, case)

    with pytest.raises(ConflictError):
        revoke(office, case)
