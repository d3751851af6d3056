"""What the database counts by itself is what its rows say, whatever is done to them."""

from sqlalchemy import delete, func, insert, select, update

from app.cli.doctor import doctor
from app.cli.schema import schema
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.queries.inbox import Box, box_counts
from app.services import tallies as service
from app.services import tasks
from app.storage import tallies
from app.storage.models import Tally, Task
from tests.services.conftest import Office


def test_every_act_leaves_the_counts_as_they_should_be(office: Office) -> None:
    for _ in range(3):
        case = office.open_case(waits="no")
    actor = office.actor("officer1")
    task = office.task(case, "T_check")

    tasks.claim(task, actor=actor, now=office.now)
    claimed = box_counts(actor)
    tasks.release(task, actor=actor, now=office.now, reason="另有安排")
    released = box_counts(actor)
    office.complete(task, "officer1")
    done = box_counts(actor)

    assert (claimed[Box.TODO], claimed[Box.POOL]) == (released[Box.TODO] + 1, released[Box.POOL] - 1)
    assert done[Box.DONE] == released[Box.DONE] + 1
    assert tallies.differences() == []


def test_whoever_is_shut_out_counts_one_less(office: Office) -> None:
    task = office.task(office.open_case(waits="no"), "T_check")
    actor = office.actor("officer1")
    before = box_counts(actor)[Box.POOL]

    db.session.execute(update(Task).where(Task.id == task).values(excluded_people=[actor.person_id, "somebody"]))
    db.session.commit()

    assert box_counts(actor)[Box.POOL] == before - 1
    assert tallies.differences() == []


def test_what_is_written_past_the_program_is_counted_too(office: Office) -> None:
    task = office.task(office.open_case(waits="no"), "T_check")
    row = dict(db.session.execute(select(Task.__table__).where(Task.id == task)).mappings().one())

    db.session.execute(insert(Task.__table__), [{**row, "id": f"copy{n}"} for n in range(20)])
    db.session.execute(update(Task).where(Task.id.like("copy1%")).values(status=TaskStatus.WITHDRAWN))
    db.session.execute(delete(Task).where(Task.id == "copy2"))
    db.session.commit()

    assert tallies.differences() == []


def test_summing_up_changes_no_sum(office: Office) -> None:
    for _ in range(4):
        office.open_case(waits="no")
    actor = office.actor("officer1")
    before = box_counts(actor)

    summed = service.sum_up(most=0)

    assert summed > 0
    assert box_counts(actor) == before
    assert tallies.differences() == []
    assert service.sum_up(most=0) == 0


def test_a_box_has_as_many_sums_as_it_has_steps_deadlines_and_organs(office: Office) -> None:
    office.open_case(waits="no")
    service.sum_up(most=0)
    rows = select(func.count()).select_from(Tally)
    before, counts = db.session.scalar(rows), box_counts(office.actor("officer1"))

    for _ in range(3):
        office.open_case(waits="no")
    grown = db.session.scalar(rows)
    service.sum_up(most=0)

    assert counts[Box.POOL] + 3 == box_counts(office.actor("officer1"))[Box.POOL]
    assert db.session.scalar(rows) == before < grown


def test_a_wrong_count_is_found_and_made_anew(office: Office) -> None:
    office.open_case(waits="no")
    db.session.execute(insert(Tally.__table__), [{"holder": "todo/x", "step": "y", "number": 1}])
    db.session.commit()
    found = tallies.differences()

    service.recount()

    assert found == ["todo/x"]
    assert tallies.differences() == []


def test_the_doctor_sees_a_wrong_count_and_recounting_heals_it(office: Office) -> None:
    runner = office.app.test_cli_runner()
    office.open_case(waits="no")
    db.session.execute(insert(Tally.__table__), [{"holder": "todo/x", "step": "y", "number": 1}])
    db.session.commit()

    sick = runner.invoke(doctor).output
    runner.invoke(schema, ["recount"])
    healed = runner.invoke(doctor).output

    assert "todo/x" in sick
    assert "todo/x" not in healed


def test_what_a_suspension_stopped_is_counted_and_listed_as_suspended(office: Office) -> None:
    from app.domain.tasks import Lamp  # noqa: PLC0415
    from app.queries.inbox import Box, Filters, inbox  # noqa: PLC0415
    from app.services import periods, tasks  # noqa: PLC0415

    case = office.open_case()
    officer = office.actor("officer1")
    tasks.claim(office.task(case, "T_check"), actor=officer, now=office.now)
    periods.suspend_case(case, reason="等待另案", basis="第一条", actor=office.actor("director"), now=office.now)

    whole = inbox(officer, Box.TODO, filters=Filters(), now=office.now)
    listed = {lamp: len(inbox(officer, Box.TODO, filters=Filters(lamp=lamp), now=office.now).rows) for lamp in Lamp}

    assert dict(whole.lamps) == listed
    assert listed[Lamp.SUSPENDED] == 1
    assert [row.lamp.lamp for row in whole.rows] == [Lamp.SUSPENDED]
    periods.resume_case(case, reason="另案已结", actor=office.actor("director"), now=office.later(days=1))
    again = inbox(officer, Box.TODO, filters=Filters(), now=office.now)
    assert again.lamps[Lamp.SUSPENDED] == 0
