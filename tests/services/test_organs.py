"""撤并: an organ ends, its name stays, and another one goes on with what it left."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from app.domain.actors import Actor, Grant
from app.domain.errors import AlreadyDoneError, ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError
from app.domain.organs import last_heir, predecessors
from tests.services.conftest import Office

ZJJ, LYJ = "beishan.zjj", "beishan.lyj"


def administrator(office: Office, role: str = "system.admin") -> Actor:
    return replace(office.actor("director"), username=role, grants=frozenset({Grant(role, None)}), county_id=None)


def dissolve(office: Office, organ: str = ZJJ, heir: str = LYJ, *, by: str = "system.admin", **more: Any) -> int:
    from app.services import organs  # noqa: PLC0415

    wanted = {"successor_id": heir, "basis": "北编发〔2026〕3号", **more}
    return organs.dissolve(organ, **wanted, actor=administrator(office, by), now=office.now)


def left_in(office: Office, organ: str) -> Any:
    from app.queries import organs  # noqa: PLC0415

    return organs.organ_page(administrator(office), organ, now=office.now).line


def test_successors_are_followed_to_the_last() -> None:
    successors = {"a": "b", "b": "c", "x": "c"}

    assert [last_heir(organ, successors) for organ in "abcx"] == ["c", "c", "c", "c"]
    assert predecessors(successors) == {"c": frozenset("abx")}


def test_of_two_organs_that_are_to_take_over_each_other_at_once_one_does(office: Office) -> None:
    together = threading.Barrier(2)

    def end(organ: str, heir: str) -> str:
        with office.app.app_context():
            together.wait()
            try:
                dissolve(office, organ, heir)
            except InvalidAnswersError:
                return "refused"
            return "done"

    with ThreadPoolExecutor(2) as people:
        answers = list(people.map(end, (ZJJ, LYJ), (LYJ, ZJJ)))

    assert sorted(answers) == ["done", "refused"]


def test_what_is_open_goes_to_the_successor_and_its_people_see_the_case(office: Office) -> None:
    from app.services import tasks  # noqa: PLC0415
    from app.services.handling.unfit_holders import give_back  # noqa: PLC0415
    from app.storage.visibility import may_see  # noqa: PLC0415

    case = office.open_case(handling_organ=ZJJ)
    before, stranger = left_in(office, ZJJ).left, may_see(office.actor("head.lyj"), case)

    moved = dissolve(office)
    give_back(office.now)
    tasks.claim(office.task(case, "T_handle"), actor=office.actor("head.lyj"), now=office.now)

    assert (before.people, before.roles, before.steps, before.cases) == (4, 4, 1, 1)
    assert moved == 1
    assert left_in(office, ZJJ).left.steps == 0
    assert not stranger
    assert may_see(office.actor("head.lyj"), case)


def test_a_step_that_comes_later_opens_for_the_last_successor(office: Office) -> None:
    from tests.services.handling_hands import tasks_of  # noqa: PLC0415

    dissolve(office, "beishan.m1", "beishan.m2")
    dissolve(office, "beishan.m2", LYJ)

    case = office.open_case(handling_organ="beishan.m1")

    assert [(task.candidate_organ, task.assignee_id) for task in tasks_of(case, "T_handle")] == [
        (LYJ, office.actor("head.lyj").person_id)
    ]


def test_the_seat_ends_and_the_name_stays(office: Office) -> None:
    from app.storage.organisation import member_units, organ_names  # noqa: PLC0415

    seated = left_in(office, "beishan.m1").left.seated
    dissolve(office, "beishan.m1", "beishan.m2")

    line = left_in(office, "beishan.m1")
    today = office.now.date()
    assert seated
    assert not line.left.seated
    assert "beishan.m1" not in member_units("beishan", on=today)
    assert "beishan.m1" in member_units("beishan", on=today - timedelta(days=1))
    assert (line.name, line.successor, line.ended_on) == ("beishanm1", "beishanm2", today)
    assert organ_names(["beishan.m1"]) == {"beishan.m1": "beishanm1"}


def test_a_dissolution_sent_again_is_told_as_done_and_another_successor_is_refused(office: Office) -> None:
    dissolve(office)

    with pytest.raises(AlreadyDoneError, match="beishanzjj此前已经撤并"):
        dissolve(office)
    with pytest.raises(ConflictError, match="由beishanlyj承接"):
        dissolve(office, heir="beishan.office")


def test_nobody_comes_to_a_role_by_it_and_a_step_that_nobody_can_do_is_listed(office: Office) -> None:
    from app.services.handling.unfit_holders import give_back  # noqa: PLC0415
    from app.storage.unfit_holders import of_nobody  # noqa: PLC0415

    case = office.open_case(handling_organ=ZJJ)
    held = office.actor("head.lyj").grants
    dissolve(office, ZJJ, "beishan.m7")

    given = give_back(office.now)

    assert {(grant.role, grant.organ_id) for grant in office.actor("head.lyj").grants} == {
        (grant.role, grant.organ_id) for grant in held
    }
    assert given == 1
    assert [(row.proceeding_id, row.step_id) for row in of_nobody(today=office.now.date(), most=9)] == [
        (case, "T_handle")
    ]


def test_nothing_new_begins_in_an_organ_that_was_dissolved(office: Office) -> None:
    from app.services import administration  # noqa: PLC0415

    dissolve(office)

    with pytest.raises(ConflictError, match="已经撤并"):
        office.open_case()
    with pytest.raises(InvalidAnswersError):
        administration.add_person(
            "beishan.new",
            name="新人",
            organ_id=ZJJ,
            position="",
            actor=administrator(office),
            now=office.now,
        )


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"heir": ""}, "successor_id"),
        ({"heir": ZJJ}, "successor_id"),
        ({"heir": "nanhe.lyj"}, "successor_id"),
        ({"heir": "beishan.nowhere"}, "successor_id"),
        ({"basis": " "}, "basis"),
        ({"basis": "长" * 201}, "basis"),
    ],
)
def test_a_successor_of_the_same_county_and_a_basis_are_asked_for(
    office: Office, more: dict[str, str], field: str
) -> None:
    with pytest.raises(InvalidAnswersError) as refused:
        dissolve(office, **more)

    assert list(refused.value.fields) == [field]
    assert not left_in(office, ZJJ).successor


def test_an_organ_that_ended_goes_on_with_nothing(office: Office) -> None:
    dissolve(office, LYJ, "beishan.office")

    with pytest.raises(InvalidAnswersError) as refused:
        dissolve(office, ZJJ, LYJ)

    assert "已经撤并" in refused.value.fields["successor_id"][0]


@pytest.mark.parametrize(("role", "refusal"), [("security.admin", NotAllowedError), ("jmo.director", NotFoundError)])
def test_the_system_administrator_alone_dissolves(office: Office, role: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        dissolve(office, by=role)


def test_the_journal_says_who_dissolved_what_and_why(office: Office) -> None:
    from sqlalchemy import select  # noqa: PLC0415

    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import JournalLine  # noqa: PLC0415

    dissolve(office)

    line = db.session.scalars(select(JournalLine).where(JournalLine.act == "dissolve organ")).one()
    assert (line.actor, line.object) == ("system.admin", ZJJ)
    assert left_in(office, ZJJ).basis == "北编发〔2026〕3号"
