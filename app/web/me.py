"""通知设置: where a person is told, of what and when; and the feed of his deadlines for his own calendar."""

from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from app.domain.errors import AlreadyDoneError, ConflictError, NotFoundError
from app.domain.notifications import CHOICES, Channel
from app.queries import settings as query
from app.queries.settings import DeadlineView
from app.services import feeds
from app.services.notifying import choices
from app.services.notifying.choices import Chosen
from app.services.notifying.outlets import outlets
from app.web import clock
from app.web.once import once
from app.web.permission import actor, needs_sign_in, public
from app.web.problems import back_with, sentence_of
from app.web.words import gettext, ngettext

if TYPE_CHECKING:
    from icalendar import Event

screen = Blueprint("me", __name__)

NEW_FEED = "new_feed"
"""Where the browser's own cookie holds a new token until the next page has shown it."""
ALARM = timedelta(hours=-15)
"""Before the last day begins: at nine in the morning of the day before."""


@screen.get("/me/settings")
@needs_sign_in
def settings() -> str:
    token = session.pop(NEW_FEED, "")
    here = outlets().url or request.url_root.rstrip("/")
    return _page(feed=here + url_for("me.feed", token=token) if token else "")


@screen.post("/me/settings")
@needs_sign_in
def keep() -> Response | tuple[str, int]:
    try:
        with once():
            choices.choose(_chosen(), actor=actor(), now=clock.now())
    except AlreadyDoneError as error:
        return back_with(error, url_for("me.settings"))
    except ConflictError as error:
        return _page(entered=_chosen(), refusal=sentence_of(error)), 422
    flash(gettext("通知设置已保存。"), "done")
    return redirect(url_for("me.settings"))


@screen.post("/me/settings/test")
@needs_sign_in
def test() -> Response:
    try:
        with once():
            count = choices.test(actor=actor(), now=clock.now())
    except ConflictError as error:
        return back_with(error, url_for("me.settings"))
    flash(
        ngettext(
            "测试消息已发往%(count)s种接收方式，结果见“发送情况”。",
            "测试消息已发往%(count)s种接收方式，结果见“发送情况”。",
            count,
            count=count,
        ),
        "done",
    )
    return redirect(url_for("me.settings"))


@screen.post("/me/deliveries/again")
@needs_sign_in
def send_again() -> Response:
    try:
        with once():
            count = choices.send_again(actor=actor(), now=clock.now())
    except AlreadyDoneError as error:
        return back_with(error, url_for("me.settings"))
    flash(ngettext("%(count)s条消息将重新发送。", "%(count)s条消息将重新发送。", count, count=count), "done")
    return redirect(url_for("me.settings"))


@screen.post("/me/feed")
@needs_sign_in
def make_feed() -> Response:
    """A new address. The next page shows it, this once: only its digest is kept."""
    try:
        with once():
            session[NEW_FEED] = feeds.create(actor=actor(), now=clock.now())
    except AlreadyDoneError as error:
        return back_with(error, url_for("me.settings"))
    return redirect(url_for("me.settings"))


@screen.post("/me/feed/revoke")
@needs_sign_in
def revoke_feed() -> Response:
    try:
        with once():
            feeds.revoke(actor=actor(), now=clock.now())
    except AlreadyDoneError as error:
        return back_with(error, url_for("me.settings"))
    flash(gettext("日历订阅已停用，原地址不再有效。"), "done")
    return redirect(url_for("me.settings"))


def _page(*, entered: Chosen | None = None, refusal: str = "", feed: str = "") -> str:
    page = query.settings_page(actor())
    kept = Chosen(
        addresses={Channel(channel): address for channel, address in page.addresses.items()},
        topics=[topic for topic in CHOICES if topic.value not in page.muted],
        quiet_since=page.quiet_since,
        quiet_until=page.quiet_until,
        digest_at=page.digest_at,
    )
    return render_template(
        "me_settings.html",
        page=page,
        chosen=entered or kept,
        channels=outlets().channels(),
        topics=CHOICES,
        refusal=refusal,
        feed=feed,
    )


def _chosen() -> Chosen:
    """What the form says. A channel that is closed here is not in the form and is forgotten."""
    form = request.form
    return Chosen(
        addresses={channel: form.get(f"address-{channel}", "").strip()[:500] for channel in outlets().channels()},
        topics=[topic for topic in CHOICES if topic.value in form.getlist("topic")],
        quiet_since=form.get("quiet_since", "").strip()[:5],
        quiet_until=form.get("quiet_until", "").strip()[:5],
        digest_at=form.get("digest_at", "").strip()[:5],
    )


@screen.get("/calendar/<token>.ics")
@public
def feed(token: str) -> Response:
    """The deadlines of the person whose secret address this is, as he may see them now."""
    reader = feeds.reader_of(token)
    if reader is None:
        raise NotFoundError
    content = calendar_of(query.deadlines_of(reader))
    response = make_response(content)
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = 'inline; filename="wenze.ics"'
    response.set_etag(sha256(content).hexdigest()[:32])
    return response.make_conditional(request)


def calendar_of(deadlines: tuple[DeadlineView, ...]) -> bytes:
    """All-day events on the last days. The same deadlines give the same bytes, so that nothing is fetched twice."""
    from icalendar import Calendar, vText  # noqa: PLC0415  (loads much, which few requests need)

    calendar = Calendar()
    calendar.add("prodid", "-//Wenze//deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", gettext("问责办理期限"))
    calendar.add("refresh-interval", vText("PT1H"), parameters={"VALUE": "DURATION"})
    for deadline in deadlines:
        calendar.add_component(_event(deadline))
    return bytes(calendar.to_ical())


def _event(deadline: DeadlineView) -> "Event":
    from icalendar import Alarm, Event  # noqa: PLC0415  (as above)

    event = Event()
    event.add("uid", f"{deadline.task_id}@wenze")
    event.add("dtstamp", deadline.since)
    event.add("dtstart", deadline.last_day)
    event.add("dtend", deadline.last_day + timedelta(days=1))
    step = gettext(deadline.step) if deadline.step else gettext("本人办理的事项")
    summary = gettext("期限：%(number)s %(step)s", number=deadline.number, step=step)
    event.add("summary", summary)
    if deadline.organ:
        event.add("description", deadline.organ)
    if outlets().url:
        event.add("url", f"{outlets().url}{url_for('tasks.show', task_id=deadline.task_id)}")
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", ALARM)
    alarm.add("description", summary)
    event.add_component(alarm)
    return event
