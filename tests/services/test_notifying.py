"""People are told outside what lies here: who, what, when, by which way, and what happens when it fails."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.notifications import CHOICES, Channel, Topic
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.services import clockwork
from app.services.notifying import choices, outlets, reminders, sending
from app.services.notifying.choices import Chosen
from app.storage import notices, proceedings
from app.storage.models import Delivery, Notice, Task
from app.storage.transaction import transaction
from tests.services.conftest import MORNING, Office
from tests.services.sinks import Sink, mail_sink, web_sink


@pytest.fixture
def mail() -> Iterator[Sink]:
    with mail_sink() as sink:
        opened(smtp=f"smtp://127.0.0.1:{sink.port}")
        yield sink
    opened()


@pytest.fixture
def web() -> Iterator[Sink]:
    with web_sink() as sink:
        here = f"http://127.0.0.1:{sink.port}"
        robots = {"wecom": f"{here}/wecom", "dingtalk": f"{here}/ding?x=1", "feishu": f"{here}/feishu"}
        opened(robots=robots, webhook_hosts=(f"127.0.0.1:{sink.port}",))
        yield sink
    opened()


def opened(**ways: Any) -> None:
    closed: dict[str, Any] = {"smtp": None, "domains": (), "robots": {}, "webhook_hosts": ()}
    outlets.configure(url="https://wenze.test", sender="问责 <wenze@beishan.test>", **(closed | ways))


def chooses(office: Office, who: str, channel: Channel = Channel.EMAIL, address: str = "", **more: Any) -> None:
    given = {channel: address or f"{who}@beishan.test"}
    more.setdefault("topics", tuple(CHOICES))
    choices.choose(Chosen(addresses=given, **more), actor=office.actor(who), now=office.now)


def all_is_sent(now: datetime) -> None:
    while clockwork.tick(now) or sending.send_some(now):
        pass


def deliveries() -> dict[str, str]:
    db.session.rollback()
    return {row.id: row.status for row in db.session.scalars(select(Delivery))}


def urged(office: Office, case: str, who: str, **more: Any) -> str:
    with transaction():
        found = proceedings.get_for_update(case).proceeding
        people = [office.actor(who).person_id]
        return notices.put(found, kind="URGED", person_ids=people, text="请尽快", now=office.now, **more)[0]


def test_nothing_is_planned_or_sent_where_no_way_out_is_configured(office: Office) -> None:
    opened()
    case = office.open_case()
    urged(office, case, "officer1")

    all_is_sent(office.now)

    assert deliveries() == {}


def test_a_new_step_is_mailed_to_who_may_take_it_with_its_case_organ_and_step(office: Office, mail: Sink) -> None:
    chooses(office, "officer1")
    chooses(office, "head", topics=(Topic.URGED,))

    case = office.open_case()
    all_is_sent(office.now)

    (letter,) = mail.letters
    number = db.session.scalars(select(proceedings.Proceeding.number).where(proceedings.Proceeding.id == case)).one()
    task = office.task(case, "T_check")
    assert letter["To"] == "officer1@beishan.test"
    organ = re.search(r"机关：(\S+)", letter.get_content())[1]  # type: ignore[index]
    assert str(letter["Subject"]).startswith(f"{number} {organ} ")
    text = letter.get_content()
    assert f"https://wenze.test/tasks/{task}" in text
    assert "机关：" in text


def test_the_same_delivery_has_the_same_message_id_and_is_sent_again_after_a_crash_before_it_was_marked(
    office: Office, mail: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    chooses(office, "officer1")
    urged(office, office.open_case(), "officer1")
    while clockwork.tick(office.now):
        pass

    class KilledError(BaseException):
        """As SIGKILL would: nothing after it runs."""

    def killed(*_: object, **__: object) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_mark", killed)
        with pytest.raises(KilledError):
            sending.send_one(office.now)
    sent_before = len(mail.letters)
    assert sent_before == 1
    all_is_sent(office.now)
    assert mail.letters[0]["Message-ID"] not in {letter["Message-ID"] for letter in mail.letters[1:]}
    all_is_sent(office.now + sending.LEASE)

    ids = [letter["Message-ID"] for letter in mail.letters]
    assert ids.count(ids[0]) == 2
    assert set(deliveries().values()) == {"SENT"}
    assert len(db.session.scalars(select(Notice)).all()) == 1


def test_what_the_mail_server_refuses_for_now_is_tried_again_and_what_it_refuses_for_good_is_dead(
    office: Office, mail: Sink
) -> None:
    chooses(office, "officer1")
    choices.test(actor=office.actor("officer1"), now=office.now)
    mail.answers += ["450 later", "550 nobody here"]

    sending.send_some(office.now)
    assert list(deliveries().values()) == ["PENDING"]
    sending.send_some(office.now + timedelta(minutes=2))

    assert list(deliveries().values()) == ["DEAD"]
    assert choices.send_again(actor=office.actor("officer1"), now=office.now) == 1
    sending.send_some(office.now + timedelta(minutes=3))
    assert list(deliveries().values()) == ["SENT"]


@pytest.mark.parametrize(
    ("channel", "path"),
    [
        (Channel.WECOM, "/wecom?key=key-12345"),
        (Channel.DINGTALK, "/ding?x=1&access_token=key-12345"),
        (Channel.FEISHU, "/feishu/key-12345"),
    ],
)
def test_a_robot_that_refuses_with_status_200_has_not_taken_the_message(
    office: Office, web: Sink, channel: Channel, path: str
) -> None:
    chooses(office, "officer1", channel, "key-12345")
    choices.test(actor=office.actor("officer1"), now=office.now)
    web.answers.append({"errcode": 45009, "code": 9499})

    sending.send_some(office.now)
    assert list(deliveries().values()) == ["PENDING"]
    sending.send_some(office.now + timedelta(minutes=2))

    assert list(deliveries().values()) == ["SENT"]
    assert [post[0] for post in web.posts] == [path, path]
    assert web.posts[0][1]["Idempotency-Key"] == web.posts[1][1]["Idempotency-Key"] == next(iter(deliveries()))


def test_a_webhook_gets_the_case_and_the_kind_and_is_not_followed_elsewhere(office: Office, web: Sink) -> None:
    chooses(office, "officer1", Channel.WEBHOOK, f"http://127.0.0.1:{web.port}/hook")
    urged(office, office.open_case(), "officer1")
    web.answers += [302]

    all_is_sent(office.now)

    assert sorted(deliveries().values()) == ["DEAD", "SENT"]
    assert {post[2]["kind"] for post in web.posts} == {"URGED", "STEP"}
    assert all("请尽快" not in str(post) for post in web.posts)


def test_who_has_read_it_has_finished_it_or_may_not_see_it_any_more_is_not_told(office: Office, mail: Sink) -> None:
    from app.services import notices as service  # noqa: PLC0415

    chooses(office, "officer1")
    case = office.open_case()
    read = urged(office, case, "officer1")
    service.mark_read(read, actor=office.actor("officer1"), now=office.now)
    task = office.task(case, "T_check")
    with transaction():
        row = db.session.get(Task, task)
        assert row is not None
        row.excluded_people = [office.actor("officer1").person_id]

    all_is_sent(office.now)

    assert mail.letters == []
    assert set(deliveries().values()) == {"DROPPED"}


def test_in_quiet_hours_messages_wait_for_their_end(office: Office, mail: Sink) -> None:
    night = MORNING.replace(hour=15)  # 23:00 in the offices
    chooses(office, "officer1", quiet_since="22:00", quiet_until="07:30")
    urged(office, office.open_case(), "officer1")

    all_is_sent(night)
    assert mail.letters == []
    all_is_sent(night + timedelta(hours=8))
    assert mail.letters == []
    all_is_sent(night + timedelta(hours=8, minutes=30))

    assert {letter["To"] for letter in mail.letters} == {"officer1@beishan.test"}


def due(office: Office, task: str, at: datetime) -> None:
    with transaction():
        row = db.session.get(Task, task)
        assert row is not None
        row.due_at = at


def test_deadlines_are_told_once_a_working_day_and_lie_in_the_inbox_once(office: Office, mail: Sink) -> None:
    chooses(office, "officer1", topics=(Topic.SOON, Topic.OVERDUE))
    case = office.open_case()
    due(office, office.task(case, "T_check"), MORNING + timedelta(days=1))

    for day in range(7):  # from Monday: near, near, late until Friday, then a weekend
        for hour in (0, 1):
            now = MORNING + timedelta(days=day, hours=hour)
            reminders.remind(now)
            all_is_sent(now)

    subjects = [str(letter["Subject"]) for letter in mail.letters]
    assert [("期限临近" in text, "已经超期" in text) for text in subjects] == [(True, False)] * 2 + [(False, True)] * 3
    kinds = sorted(db.session.scalars(select(Notice.kind).where(Notice.task_id.is_not(None))))
    assert kinds == ["DUE_SOON", "OVERDUE"]


def test_before_office_hours_and_on_days_off_nobody_is_reminded(office: Office, mail: Sink) -> None:
    case = office.open_case()
    due(office, office.task(case, "T_check"), MORNING)

    assert reminders.remind(MORNING - timedelta(hours=2)) == 0
    assert reminders.remind(MORNING + timedelta(days=5)) == 0
    assert reminders.remind(MORNING + timedelta(days=1)) == 1
    assert reminders.remind(MORNING + timedelta(days=1, minutes=1)) == 0


def test_a_digest_comes_once_a_working_day_and_names_what_is_late_due_and_new(office: Office, mail: Sink) -> None:
    chooses(office, "officer1", topics=(), digest_at="09:30")
    case = office.open_case()
    due(office, office.task(case, "T_check"), MORNING - timedelta(hours=1))

    for minutes in (0, 29, 30, 31, 60):
        now = MORNING + timedelta(minutes=minutes)
        reminders.plan_digests(now)
        all_is_sent(now)

    (letter,) = mail.letters
    assert "已经超期1项" in letter["Subject"]
    number = db.session.get_one(proceedings.Proceeding, case).number
    assert number in letter.get_content()


def test_a_digest_with_nothing_to_say_is_not_sent(office: Office, mail: Sink) -> None:
    chooses(office, "officer1", digest_at="09:30")

    reminders.plan_digests(MORNING + timedelta(hours=1))
    all_is_sent(MORNING + timedelta(hours=1))

    assert mail.letters == []
    assert set(deliveries().values()) == {"DROPPED"}


def test_two_workers_never_plan_or_take_the_same_thing(office: Office, mail: Sink) -> None:
    chooses(office, "officer1")
    urged(office, office.open_case(), "officer1")
    while clockwork.tick(office.now):
        pass
    before = deliveries()

    while clockwork.tick(office.now):
        pass
    with transaction():
        first = sending.rows.claim(office.now, lease=sending.LEASE)
        db.session.flush()
        second = sending.rows.claim(office.now, lease=sending.LEASE)

    assert deliveries().keys() == before.keys()
    assert first is not None
    assert second is None or second.id != first.id


def test_a_reminder_goes_from_the_inbox_when_its_step_is_done(office: Office) -> None:
    from app.queries.inbox import Box, Filters, inbox  # noqa: PLC0415

    opened()
    case = office.open_case(waits="no")
    task = office.task(case, "T_check")
    due(office, task, MORNING - timedelta(hours=1))
    reminders.remind(MORNING)
    box = inbox(office.actor("officer1"), Box.NOTICES, filters=Filters(), now=office.now)
    assert [row.step for row in box.rows] == ["OVERDUE"]

    office.complete(task, "officer1")

    assert db.session.get_one(Task, task).status is TaskStatus.COMPLETED
    assert inbox(office.actor("officer1"), Box.NOTICES, filters=Filters(), now=office.now).rows == ()
