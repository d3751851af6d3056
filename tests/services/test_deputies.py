"""代理: who stands in, for how long, what the history says, and whom four eyes and recusal still bind."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app.domain.actors import Actor
from app.domain.errors import ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError
from app.domain.recusals import RecusalGround
from tests.services.conftest import Office
from tests.services.handling_hands import TODAY, appoint, deputy, tasks_of


def complete(office: Office, task_id: str, actor: Actor, answers: dict[str, Any]) -> None:
    from app.services import tasks  # noqa: PLC0415

    tasks.complete(task_id, answers=answers, actor=actor, now=office.now, key=uuid4().hex)


def test_a_deputy_does_what_his_principal_holds_and_the_story_says_for_whom(office: Office) -> None:
    from sqlalchemy import select  # noqa: PLC0415

    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import HistoryEntry, Submission  # noqa: PLC0415

    case = office.open_case()
    step = office.task(case, "T_handle")
    assert tasks_of(case, "T_handle")[0].assignee_id == office.actor("head").person_id
    with pytest.raises(NotFoundError):
        complete(office, step, deputy(office, "remedy"), {"note": "已办"})
    appoint(office)

    complete(office, step, deputy(office, "remedy"), {"note": "已办"})

    line = db.session.scalars(select(HistoryEntry).where(HistoryEntry.task_id == step)).one()
    assert line.details["deputy_of"] == "head@beishan"
    kept = db.session.scalars(select(Submission).where(Submission.task_id == step)).one()
    assert kept.on_behalf_of == office.actor("head").person_id


def test_a_deputy_begins_and_ends_by_date(office: Office) -> None:
    appoint(office, since=TODAY + timedelta(days=1), until=TODAY + timedelta(days=2))

    seen = []
    for _ in range(4):
        seen.append(bool(deputy(office, "remedy").principals()))
        office.later(days=1)

    assert seen == [False, True, True, False]


def test_four_eyes_bind_the_deputy_and_whom_he_stands_in_for(office: Office) -> None:
    case = office.open_case()
    check = office.task(case, "T_check")
    appoint(office, "officer1", "remedy")
    office.later(hours=1)

    complete(office, check, deputy(office, "remedy"), {"opinion": "齐全"})

    review = tasks_of(case, "T_review")[0]
    people = {office.actor(name).person_id for name in ("officer1", "remedy")}
    assert people <= set(review.excluded_people)
    with pytest.raises(NotFoundError):
        complete(office, review.id, deputy(office, "remedy"), {"note": ""})


def test_a_recused_principal_cannot_be_stood_in_for(office: Office) -> None:
    from app.services import recusals  # noqa: PLC0415
    from app.storage.visibility import may_see  # noqa: PLC0415

    case = office.open_case()
    check = office.task(case, "T_check")
    appoint(office, "officer1", "blamed")
    assert may_see(deputy(office, "blamed"), case)
    whom, ground = office.actor("officer1").person_id, next(iter(RecusalGround)).value
    asked = recusals.request(
        case, person_id=whom, ground=ground, reason="有利害关系", actor=office.actor("officer2"), now=office.now
    )

    recusals.decide(asked, granted=True, reason="理由成立", actor=office.actor("director"), now=office.now)

    assert not may_see(deputy(office, "blamed"), case)
    with pytest.raises(NotFoundError):
        complete(office, check, deputy(office, "blamed"), {"opinion": "齐全"})


def test_somebody_stands_in_for_some_roles_only_and_never_for_a_subject(office: Office) -> None:
    with pytest.raises(InvalidAnswersError):
        appoint(office, roles=["jmo.director"])
    with pytest.raises(InvalidAnswersError):
        appoint(office, "blamed", "remedy")


def test_only_oneself_or_who_leads_appoints_and_one_at_a_time(office: Office) -> None:
    with pytest.raises(NotAllowedError):
        appoint(office, "officer1", "remedy", by="officer2")
    appoint(office, "officer1", "remedy", by="director")

    with pytest.raises(ConflictError):
        appoint(office, "officer1", "officer3")


def test_it_ends_at_once_when_somebody_concerned_ends_it(office: Office) -> None:
    from app.services.handling import deputies  # noqa: PLC0415

    row = appoint(office)
    with pytest.raises(NotFoundError):
        deputies.end(row, actor=office.actor("officer3"), now=office.now)

    deputies.end(row, actor=office.actor("remedy"), now=office.now)

    assert not deputy(office, "remedy").principals()


def test_what_a_deputy_took_goes_back_when_he_stands_in_for_other_roles_only(office: Office) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.services import tasks  # noqa: PLC0415
    from app.services.handling import deputies  # noqa: PLC0415
    from app.services.handling.unfit_holders import give_back  # noqa: PLC0415
    from app.storage.models import Deputy  # noqa: PLC0415

    case = office.open_case()
    step = office.task(case, "T_check")
    (role,) = {grant.role for grant in office.actor("officer1").grants}
    for roles, expected in ((), 0), ([role], 0), (["remedy.officer"], 1):
        row = appoint(office, "officer1", "remedy")
        if tasks_of(case, "T_check")[0].assignee_id is None:
            tasks.claim(step, actor=deputy(office, "remedy"), now=office.now)
        db.session.get_one(Deputy, row).roles = list(roles)
        db.session.commit()

        assert give_back(office.now) == expected, roles

        deputies.end(row, actor=office.actor("officer1"), now=office.now)


def test_what_a_deputy_took_goes_back_to_the_role_after_his_last_day(office: Office) -> None:
    from sqlalchemy import select  # noqa: PLC0415

    from app.extensions import db  # noqa: PLC0415
    from app.services import tasks  # noqa: PLC0415
    from app.services.handling.unfit_holders import give_back  # noqa: PLC0415
    from app.storage.journal import broken_links  # noqa: PLC0415
    from app.storage.models import HistoryEntry  # noqa: PLC0415

    case = office.open_case()
    step = office.task(case, "T_check")
    appoint(office, "officer1", "remedy")
    tasks.claim(step, actor=deputy(office, "remedy"), now=office.now)
    before = give_back(office.now)
    office.later(days=5)

    after = give_back(office.now)

    assert (before, after, give_back(office.now)) == (0, 1, 0)
    (task,) = tasks_of(case, "T_check")
    assert task.assignee_id is None
    query = select(HistoryEntry).where(HistoryEntry.proceeding_id == case).order_by(HistoryEntry.position.desc())
    line = db.session.scalars(query.limit(1)).one()
    assert (line.act, line.person_id) == ("RELEASED", None)
    assert broken_links() == []
