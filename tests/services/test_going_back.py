"""退回 and 取回 at the commands, on both databases."""

import pytest

from app.domain.errors import ConflictError, InvalidAnswersError, NotAllowedError
from app.domain.tasks import TaskStatus
from tests.services.conftest import Office
from tests.services.handling_hands import last_line, taken, tasks_of


def draft_of(task_id: str, person_id: str) -> dict | None:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import TaskDraft  # noqa: PLC0415

    row = db.session.get(TaskDraft, (task_id, person_id))
    return row.data if row else None


def checked(office: Office) -> tuple[str, str]:
    """A case whose check officer1 has submitted; the review waits. Returns proceeding and review."""
    from app.services import tasks  # noqa: PLC0415

    case = office.open_case()
    check = office.task(case, "T_check")
    office.later(hours=1)
    tasks.claim(check, actor=office.actor("officer1"), now=office.now)
    office.complete(check, "officer1", {"opinion": "材料齐全"})
    return case, office.task(case, "T_review")


def send_back(office: Office, task_id: str, who: str, to_step: str, reason: str = "缺少判决书") -> str:
    from app.services.handling import back  # noqa: PLC0415

    return back.send_back(task_id, to_step=to_step, reason=reason, actor=office.actor(who), now=office.now)


def take_back(office: Office, task_id: str, who: str, reason: str = "填错了日期") -> str:
    from app.services.handling import back  # noqa: PLC0415

    return back.take_back(task_id, reason=reason, actor=office.actor(who), now=office.now)


def test_a_step_sent_back_waits_for_its_drafter_with_what_he_wrote_and_a_new_deadline(office: Office) -> None:
    case, review = checked(office)
    office.later(days=4)
    taken(office, review, "officer2")

    again = send_back(office, review, "officer2", "T_check")

    first, second = tasks_of(case, "T_check")
    assert (second.id, second.status, second.assignee_id) == (again, TaskStatus.OPEN, first.completed_by)
    assert draft_of(again, first.completed_by)["opinion"] == "材料齐全"
    assert second.deadline["last_day"] > first.deadline["last_day"]
    assert tasks_of(case, "T_review")[0].status is TaskStatus.WITHDRAWN
    assert (last_line(case).act, last_line(case).details["reason"]) == ("RETURNED", "缺少判决书")


def said_on(office: Office, task_id: str, who: str) -> list[tuple[str, str]]:
    from app.queries.tasks import task_page  # noqa: PLC0415

    page = task_page(office.actor(who), task_id, now=office.now, locale="zh")
    return [(line.act.value, line.details["reason"]) for line in page.said]


def test_the_words_with_which_a_step_came_back_or_was_handed_over_stand_on_its_page(office: Office) -> None:
    from app.services import tasks  # noqa: PLC0415
    from app.services.handling import urging  # noqa: PLC0415

    _, review = checked(office)
    taken(office, review, "officer2")
    assert said_on(office, review, "officer2") == []

    again = send_back(office, review, "officer2", "T_check", reason="缺少判决书")
    assert said_on(office, again, "officer1") == [("RETURNED", "缺少判决书")]

    office.later(hours=1)
    other = office.actor("officer2").person_id
    tasks.transfer(again, actor=office.actor("officer1"), now=office.now, to_person=other, reason="外出学习")
    office.later(hours=1)
    urging.urge(again, text="请今日办结", actor=office.actor("director"), now=office.now)
    assert said_on(office, again, "officer2") == [
        ("URGED", "请今日办结"),
        ("TRANSFERRED", "外出学习"),
        ("RETURNED", "缺少判决书"),
    ]

    office.complete(again, "officer2", {"opinion": "已补齐"})
    assert said_on(office, again, "officer2") == []


def test_what_was_sent_back_goes_on_as_before_and_its_timers_run_again(office: Office) -> None:
    from app.services import examination  # noqa: PLC0415

    case, review = checked(office)
    taken(office, review, "officer2")
    again = send_back(office, review, "officer2", "T_check")
    office.later(hours=1)

    office.complete(again, "officer1", {"opinion": "已补齐"})

    assert office.open_steps(case) == ["T_handle", "T_review"]
    assert len(tasks_of(case, "T_review")) == 2
    assert not examination.examine(case, now=office.now)


def test_a_parallel_branch_goes_back_alone_and_never_before_its_fork(office: Office) -> None:
    case, review = checked(office)
    taken(office, review, "officer2")

    with pytest.raises(ConflictError):
        send_back(office, review, "officer2", "T_register")

    assert office.open_steps(case) == ["T_handle", "T_review"]


def test_sending_back_needs_a_reason_and_the_holder(office: Office) -> None:
    _, review = checked(office)

    with pytest.raises(NotAllowedError):
        send_back(office, review, "officer2", "T_check")
    taken(office, review, "officer2")
    with pytest.raises(InvalidAnswersError):
        send_back(office, review, "officer2", "T_check", reason=" ")


def test_one_of_a_round_sends_the_whole_round_back(office: Office) -> None:
    from app.services import examination, meetings  # noqa: PLC0415

    meeting = meetings.open_meeting(actor=office.actor("director"), now=office.now, key="m").proceeding_id
    office.later(hours=1)
    office.complete(office.task(meeting, "T_propose"), "director", {"note": "请审议"})
    votes = tasks_of(meeting, "T_vote")
    office.later(hours=1)
    office.complete(votes[0].id, _member_of(votes[0]), {"decision": "AGREE"})

    again = send_back(office, votes[1].id, _member_of(votes[1]), "T_propose")

    assert office.open_steps(meeting) == ["T_propose"]
    assert draft_of(again, tasks_of(meeting, "T_propose")[0].completed_by)["note"] == "请审议"
    office.later(hours=1)
    office.complete(again, "director", {"note": "已修改"})
    assert len(office.open_steps(meeting)) == 7
    assert not examination.examine(meeting, now=office.now)


def _member_of(task) -> str:
    return task.candidate_organ.split(".")[-1]


def test_a_submission_is_taken_back_until_somebody_opened_what_followed(office: Office) -> None:
    case, _ = checked(office)
    check = tasks_of(case, "T_check")[0]

    again = take_back(office, check.id, "officer1")

    assert office.task(case, "T_check") == again
    assert draft_of(again, check.completed_by)["opinion"] == "材料齐全"
    assert last_line(case).act == "TAKEN_BACK"


def test_who_comes_next_reads_the_submission_that_counts_and_not_the_one_taken_back(office: Office) -> None:
    from app.queries.tasks import task_page  # noqa: PLC0415

    case, _ = checked(office)
    again = take_back(office, tasks_of(case, "T_check")[0].id, "officer1")
    office.complete(again, "officer1", {"opinion": "日期已更正"})
    review = office.task(case, "T_review")

    page = task_page(office.actor("officer2"), review, now=office.now, locale="zh_Hans_CN")

    checks = {row.id for row in tasks_of(case, "T_check")}
    assert [line.task_id for line in page.before if line.task_id in checks] == [again]


def test_after_the_next_person_took_it_the_refusal_says_why(office: Office) -> None:
    case, review = checked(office)
    check = tasks_of(case, "T_check")[0]
    office.later(minutes=5)
    taken(office, review, "officer2")

    with pytest.raises(ConflictError) as refused:
        take_back(office, check.id, "officer1")

    assert refused.value.sentence == "已签收，不可取回。"


def test_nobody_takes_back_what_another_submitted(office: Office) -> None:
    case, _ = checked(office)
    check = tasks_of(case, "T_check")[0]

    with pytest.raises(NotAllowedError):
        take_back(office, check.id, "officer2")
