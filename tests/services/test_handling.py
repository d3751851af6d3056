"""委派, 加签, 征求意见 and 催办 at the commands, on both databases."""

import pytest

from app.domain.deadlines import OFFICE_ZONE
from app.domain.errors import ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError
from app.domain.handling import SideKind
from tests.services.conftest import Office
from tests.services.handling_hands import ask, held_check, last_line, person, tasks_of


def answer(office: Office, question: str, who: str, opinion: str = "属于") -> None:
    from app.services.handling import asking  # noqa: PLC0415

    asking.answer(question, opinion=opinion, actor=office.actor(who), now=office.now)


def test_a_delegate_gives_his_opinion_and_the_owner_submits(office: Office) -> None:
    from app.services.handling import delegation  # noqa: PLC0415

    case, check = held_check(office)
    to_person, reason = person(office, "officer2"), "请核对判决日期"
    delegation.delegate(check, to_person=to_person, reason=reason, actor=office.actor("officer1"), now=office.now)
    with pytest.raises(NotAllowedError):
        office.complete(check, "officer2")
    with pytest.raises(NotAllowedError):
        office.complete(check, "officer1")

    delegation.hand_back(check, opinion="日期无误", actor=office.actor("officer2"), now=office.now)

    assert (last_line(case).act, last_line(case).details["opinion"]) == ("HANDED_BACK", "日期无误")
    office.complete(check, "officer1")
    assert "T_review" in office.open_steps(case)


def test_the_owner_recalls_what_he_delegated(office: Office) -> None:
    from app.services.handling import delegation  # noqa: PLC0415

    case, check = held_check(office)
    to_person = person(office, "officer2")
    delegation.delegate(check, to_person=to_person, reason="出差", actor=office.actor("officer1"), now=office.now)
    with pytest.raises(NotAllowedError):
        delegation.recall(check, reason="已回来", actor=office.actor("officer3"), now=office.now)

    delegation.recall(check, reason="已回来", actor=office.actor("officer1"), now=office.now)

    assert tasks_of(case, "T_check")[0].assignee_id == person(office, "officer1")


def test_a_step_is_delegated_only_to_who_may_hold_it(office: Office) -> None:
    from app.services.handling import delegation  # noqa: PLC0415

    _, check = held_check(office)

    with pytest.raises(NotAllowedError):
        delegation.delegate(
            check, to_person=person(office, "head"), reason="请办", actor=office.actor("officer1"), now=office.now
        )


def test_a_countersignature_keeps_the_step_from_being_submitted_until_it_is_given(office: Office) -> None:
    case, check = held_check(office)
    question = ask(office, check, SideKind.COUNTERSIGN, "head")
    with pytest.raises(ConflictError):
        office.complete(check, "officer1")

    answer(office, question, "head")

    assert (last_line(case).act, last_line(case).details["opinion"]) == ("ASKED", "属于")
    office.complete(check, "officer1")


def test_a_question_keeps_nobody_waiting_and_dies_with_its_step(office: Office) -> None:
    _, check = held_check(office)
    question = ask(office, check, SideKind.OPINION, "head")
    office.complete(check, "officer1")

    with pytest.raises(ConflictError):
        answer(office, question, "head")


def test_only_who_was_asked_answers_and_only_once(office: Office) -> None:
    _, check = held_check(office)
    question = ask(office, check, SideKind.COUNTERSIGN, "head")
    with pytest.raises(NotFoundError):
        answer(office, question, "director")
    answer(office, question, "head")

    with pytest.raises(ConflictError):
        answer(office, question, "head", "不属于")


def test_who_asked_may_do_without_the_answer(office: Office) -> None:
    from app.services.handling import asking  # noqa: PLC0415

    _, check = held_check(office)
    question = ask(office, check, SideKind.COUNTERSIGN, "head")

    asking.withdraw(question, reason="已电话沟通", actor=office.actor("officer1"), now=office.now)

    office.complete(check, "officer1")


def test_nobody_is_asked_twice_at_once_or_without_a_question(office: Office) -> None:
    from app.services.handling import asking  # noqa: PLC0415

    _, check = held_check(office)
    ask(office, check, SideKind.OPINION, "head")

    with pytest.raises(ConflictError):
        ask(office, check, SideKind.COUNTERSIGN, "head")
    with pytest.raises(InvalidAnswersError):
        asking.ask(
            check,
            kind=SideKind.OPINION,
            person_id=person(office, "director"),
            question=" ",
            actor=office.actor("officer1"),
            now=office.now,
        )


def test_a_step_is_urged_once_a_day_and_its_holder_is_told(office: Office) -> None:
    from app.services.handling import urging  # noqa: PLC0415

    case, check = held_check(office)
    urging.urge(check, text="请尽快核对", actor=office.actor("director"), now=office.now)
    with pytest.raises(ConflictError):
        urging.urge(check, actor=office.actor("officer2"), now=office.later(hours=3))

    urging.urge(check, actor=office.actor("director"), now=office.later(days=1))

    assert last_line(case).act == "URGED"
    assert urged_people(case) == [person(office, "officer1")] * 2


def test_nobody_is_urged_to_do_what_is_suspended(office: Office) -> None:
    from app.queries.handling import handling_page  # noqa: PLC0415
    from app.services import periods  # noqa: PLC0415
    from app.services.handling import urging  # noqa: PLC0415

    case, check = held_check(office)
    director = office.actor("director")

    def offered() -> bool:
        page = handling_page(director, case, now=office.now, locale="zh")
        return any(step.may_urge for step in page.steps)

    assert offered()
    periods.suspend_case(case, reason="等待鉴定", basis="内部规程", actor=director, now=office.now)

    with pytest.raises(ConflictError):
        urging.urge(check, actor=director, now=office.now)

    assert not offered()
    assert urged_people(case) == []


def urged_people(proceeding_id: str) -> list[str | None]:
    from sqlalchemy import select  # noqa: PLC0415

    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Notice  # noqa: PLC0415

    query = select(Notice.person_id).where(Notice.proceeding_id == proceeding_id, Notice.kind == "URGED")
    return list(db.session.scalars(query))


def test_nobody_urges_himself_or_what_he_may_not_see(office: Office) -> None:
    from app.services.handling import urging  # noqa: PLC0415

    _, check = held_check(office)

    with pytest.raises(NotAllowedError):
        urging.urge(check, actor=office.actor("officer1"), now=office.now)
    with pytest.raises(NotFoundError):
        urging.urge(check, actor=office.actor("director", "nanhe"), now=office.now)


def test_who_acts_on_a_step_that_is_done_is_told_who_did_it_and_when(office: Office) -> None:
    from app.services.handling import delegation, urging  # noqa: PLC0415

    _, check = held_check(office)
    office.complete(check, "officer1")
    told = {"name": office.actor("officer1").name, "at": office.now.astimezone(OFFICE_ZONE).strftime("%Y-%m-%d %H:%M")}

    with pytest.raises(ConflictError) as urged:
        urging.urge(check, actor=office.actor("director"), now=office.now)
    with pytest.raises(ConflictError) as delegated:
        delegation.delegate(
            check, to_person=person(office, "officer2"), reason="x", actor=office.actor("officer1"), now=office.now
        )

    assert [urged.value.values, delegated.value.values] == [told, told]
