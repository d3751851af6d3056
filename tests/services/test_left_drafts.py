"""What somebody left unfinished on a step goes along with it: 转办, 委派, 退回待领, 代理; on both databases."""

from typing import Any

import pytest

from app.domain.actors import Actor
from app.domain.errors import NotAllowedError, NotFoundError
from tests.services.conftest import Office
from tests.services.handling_hands import appoint, deputy, held_check, person


def write(office: Office, task: str, who: str | Actor, **answers: Any) -> None:
    from app.services import drafts  # noqa: PLC0415  (see tests.conftest)

    drafts.save(task, data=answers, actor=office.actor(who) if isinstance(who, str) else who, now=office.now)


def shown(office: Office, task: str, who: str | Actor) -> list[tuple[str, list[str]]]:
    """Whose unfinished words the person sees, and which."""
    from app.queries.drafts import left_behind  # noqa: PLC0415

    actor = office.actor(who) if isinstance(who, str) else who
    left = left_behind(actor, task, now=office.now, locale="zh")
    return [(draft.name, [row.text for row in draft.answers]) for draft in left]


def at_it(office: Office, task: str, who: str) -> list[bool]:
    """Of each who left words on the step, whether the person is told that he is still writing."""
    from app.queries.drafts import left_behind  # noqa: PLC0415

    return [draft.at_it for draft in left_behind(office.actor(who), task, now=office.now, locale="zh")]


def take_over(office: Office, task: str, who: str | Actor, from_whom: str) -> None:
    from app.services import drafts  # noqa: PLC0415

    actor = office.actor(who) if isinstance(who, str) else who
    drafts.take_over(task, from_person=person(office, from_whom), actor=actor, now=office.now)


def draft_of(task: str, person_id: str) -> Any:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import TaskDraft  # noqa: PLC0415

    kept = db.session.get(TaskDraft, (task, person_id), populate_existing=True)
    return kept.data if kept else None


def transferred(office: Office) -> str:
    """A check that officer1 began and handed to officer2."""
    from app.services import tasks  # noqa: PLC0415

    _, check = held_check(office)
    write(office, check, "officer1", opinion="材料还缺判决书")
    tasks.transfer(
        check, actor=office.actor("officer1"), now=office.now, to_person=person(office, "officer2"), reason="出差"
    )
    return check


def test_who_a_step_is_handed_to_reads_what_was_begun_and_goes_on_with_it(office: Office) -> None:
    check = transferred(office)

    assert shown(office, check, "officer2") == [(office.actor("officer1").name, ["材料还缺判决书"])]
    assert not any(at_it(office, check, "officer2")), "who has just handed a step on is not still at it"
    assert draft_of(check, person(office, "officer2")) is None, "nothing is taken over unasked"

    take_over(office, check, "officer2", "officer1")
    take_over(office, check, "officer2", "officer1")

    assert draft_of(check, person(office, "officer2")) == {"opinion": "材料还缺判决书"}
    assert shown(office, check, "officer2") == [(office.actor("officer1").name, [])], "nothing of it is new to him"


def test_what_one_has_answered_oneself_stays(office: Office) -> None:
    check = transferred(office)
    write(office, check, "officer2", opinion="齐全")

    take_over(office, check, "officer2", "officer1")

    assert draft_of(check, person(office, "officer2")) == {"opinion": "齐全"}
    assert draft_of(check, person(office, "officer1")) == {"opinion": "材料还缺判决书"}


def test_nobody_else_reads_or_takes_it(office: Office) -> None:
    check = transferred(office)

    for other in ("officer1", "officer3"):
        assert shown(office, check, other) == []
        with pytest.raises(NotAllowedError):
            take_over(office, check, other, "officer1")
    with pytest.raises(NotFoundError):
        shown(office, check, "reporter")
    with pytest.raises(NotFoundError):
        take_over(office, check, "officer2", "officer3")


def test_a_delegate_reads_it_and_its_owner_has_it_again(office: Office) -> None:
    from app.services.handling import delegation  # noqa: PLC0415

    _, check = held_check(office)
    write(office, check, "officer1", opinion="材料还缺判决书")
    to_person = person(office, "officer2")
    delegation.delegate(check, to_person=to_person, reason="请核对", actor=office.actor("officer1"), now=office.now)

    assert shown(office, check, "officer2") == [(office.actor("officer1").name, ["材料还缺判决书"])]
    with pytest.raises(NotAllowedError):
        take_over(office, check, "officer2", "officer1")

    delegation.hand_back(check, opinion="确实缺", actor=office.actor("officer2"), now=office.now)
    assert shown(office, check, "officer1") == []
    assert draft_of(check, person(office, "officer1")) == {"opinion": "材料还缺判决书"}


def test_a_step_given_back_to_its_role_shows_it_to_whoever_takes_it_and_not_before(office: Office) -> None:
    from app.services import tasks  # noqa: PLC0415

    _, check = held_check(office)
    write(office, check, "officer1", opinion="材料还缺判决书")
    tasks.release(check, actor=office.actor("officer1"), now=office.now, reason="出差")

    assert shown(office, check, "officer2") == []
    tasks.claim(check, actor=office.actor("officer2"), now=office.now)
    assert shown(office, check, "officer2") == [(office.actor("officer1").name, ["材料还缺判决书"])]


def test_a_deputy_goes_on_where_his_principal_stopped_and_the_other_way_round(office: Office) -> None:
    step = office.task(office.open_case(), "T_handle")
    write(office, step, "head", note="写了一半")
    appoint(office)
    stands_in = deputy(office, "remedy")

    assert shown(office, step, stands_in) == [(office.actor("head").name, ["写了一半"])]
    take_over(office, step, stands_in, "head")
    write(office, step, stands_in, note="写了一大半")

    assert shown(office, step, "head") == [(office.actor("remedy").name, ["写了一大半"])]
    office.later(days=30)
    with pytest.raises(NotFoundError):
        shown(office, step, deputy(office, "remedy"))


def test_who_has_stepped_aside_is_shown_nothing_and_hands_nothing_on(office: Office) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Task  # noqa: PLC0415

    check = transferred(office)

    def step_aside(who: str) -> None:
        db.session.get_one(Task, check).excluded_people = [person(office, who)]
        db.session.commit()

    step_aside("officer2")
    assert shown(office, check, "officer2") == []
    with pytest.raises(NotAllowedError):
        take_over(office, check, "officer2", "officer1")

    step_aside("officer1")
    assert shown(office, check, "officer2") == []
    with pytest.raises(NotFoundError):
        take_over(office, check, "officer2", "officer1")


def test_a_page_shows_so_much_of_it_and_no_more(office: Office) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.queries.drafts import LONGEST_ANSWER, MOST_LEFT  # noqa: PLC0415
    from app.storage.models import TaskDraft  # noqa: PLC0415

    check = transferred(office)
    for who in ("officer3", "head", "director", "reporter"):
        row = {"task_id": check, "person_id": person(office, who), "data": {"opinion": "长" * 5000}}
        db.session.add(TaskDraft(**row, saved_at=office.later(minutes=1)))
    db.session.commit()

    left = shown(office, check, "officer2")

    assert left[0][0] == office.actor("reporter").name
    assert len(left) == MOST_LEFT
    assert {len(text) for _, texts in left for text in texts} == {LONGEST_ANSWER + 2}
