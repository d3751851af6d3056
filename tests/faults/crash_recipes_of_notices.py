"""Valid requests for notices, for what people want to hear of outside, and what the worker does about it."""

from datetime import timedelta

from tests.faults.crash_requests import Sent, Work, recipe
from tests.faults.crash_world import Desk


@recipe("POST /notices/read-all")
def _(desk: Desk) -> Sent:
    return Sent("/notices/read-all", "jmo.officer")


@recipe("POST /me/settings")
def _(desk: Desk) -> Sent:
    return Sent("/me/settings", "jmo.officer", form={"topic": "STEP", "quiet_since": "22:00", "quiet_until": "07:00"})


@recipe("POST /me/settings/test")
def _(desk: Desk) -> Sent:
    _planned(desk, "SENT")
    return Sent("/me/settings/test", "jmo.officer")


@recipe("POST /me/deliveries/again")
def _(desk: Desk) -> Sent:
    _planned(desk, "DEAD")
    return Sent("/me/deliveries/again", "jmo.officer")


@recipe("POST /me/feed")
def _(desk: Desk) -> Sent:
    return Sent("/me/feed", "jmo.officer")


@recipe("POST /me/feed/revoke")
def _(desk: Desk) -> Sent:
    from app.services import feeds  # noqa: PLC0415

    feeds.create(actor=desk.actor("jmo.officer"), now=desk.now)
    return Sent("/me/feed/revoke", "jmo.officer")


@recipe("worker: a message goes out")
def _(desk: Desk) -> Work:
    _planned(desk, "PENDING")
    return Work("notifying.sending.send_one")


@recipe("worker: deadlines are looked through")
def _(desk: Desk) -> Work:
    from app.domain.deadlines import office_day  # noqa: PLC0415
    from app.law.calendar import legal_calendar  # noqa: PLC0415

    days = 20
    while not legal_calendar().is_working(office_day(desk.now + timedelta(days=days))):
        days += 1
    return Work("notifying.reminders.remind", days=days)


def _planned(desk: Desk, status: str) -> None:
    from app.extensions import db  # noqa: PLC0415
    from app.storage.models import Delivery  # noqa: PLC0415
    from app.storage.transaction import transaction  # noqa: PLC0415

    with transaction():
        row = Delivery(id="d" * 32, person_id=desk.actor("jmo.officer").person_id, channel="EMAIL", topic="TEST")
        row.kind, row.status, row.created_at, row.due_at = "TEST", status, desk.now, desk.now
        db.session.add(row)
