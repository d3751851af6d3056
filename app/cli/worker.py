"""`wenze worker`: calls the clock's service again and again. Several may run, on any number of hosts."""

import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

if TYPE_CHECKING:
    from app.queries.health import ClockState

PAUSE = 1.0
"""Seconds between two rounds that found nothing to do."""
LONGEST_PAUSE = 60.0
"""Seconds, at most, between two tries while rounds fail; each failure doubles the pause."""
BEAT_EVERY = 10.0
"""Seconds between two signs of life; readiness allows a minute."""

MAKER_GRACE = 5.0
"""Seconds that a file being made gets when we are told to stop; its office program is ended at once. The next worker
makes it again."""

SENDER_GRACE = 18.0
"""Seconds that a message being sent gets when we are told to stop."""

LEAP = timedelta(minutes=5)
"""The wall clock may run this much ahead of the seconds that passed between two looks; more is a leap."""

log = logging.getLogger(__name__)


class Watch:
    """The time for the worker: the wall clock, as long as it does not leap forward.

    A clock that leaps would let every period end early. The time then goes on from the last look by the machine's own
    count of seconds, until the wall clock agrees again; where the wall clock was set right, the worker is started anew.
    A clock that went back is believed here: `clockwork.tick` refuses to fire while it is behind the last act.
    """

    def __init__(self, wall: Callable[[], datetime], seconds: Callable[[], float]) -> None:
        self._wall, self._seconds = wall, seconds
        self._seen, self._at = wall(), seconds()
        self.ahead = timedelta()
        """By how much the wall clock has leapt forward."""

    def now(self) -> datetime:
        wall, seconds = self._wall(), self._seconds()
        expected = self._seen + timedelta(seconds=seconds - self._at)
        if wall - expected > LEAP:
            self.ahead = wall - expected
            return expected
        self.ahead = timedelta()
        if expected - wall <= LEAP:  # else the last look stays: a clock that went back and is set right does not leap
            self._seen, self._at = wall, seconds
        return wall


def wall_clock() -> datetime:
    return datetime.now(UTC)


def seconds_passed() -> float:
    """Counted by the machine whatever the wall clock shows; sleep of the machine counts, where it can be known."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


@click.command(help="单独启动定时服务：到期的期限、待发的消息和通知。可以同时运行多个。")
@click.option("--once", is_flag=True, help="办完当前到期的事项即退出。")
@with_appcontext
def worker(once: bool) -> None:
    from app.queries.archive_contents import contents_of  # noqa: PLC0415  (loads much, which `wenze --help` need not)
    from app.services.archives.making import make_one  # noqa: PLC0415
    from app.services.clockwork import tick  # noqa: PLC0415
    from app.services.notifying.sending import send_some  # noqa: PLC0415
    from app.services.searching import catch_up  # noqa: PLC0415

    if not once:
        work_until_told()
        return
    while tick(datetime.now(UTC)) or catch_up() or send_some(datetime.now(UTC)):
        pass
    while make_one(datetime.now(UTC), read=contents_of):
        pass


def work_until_told() -> None:
    """Tick until SIGTERM or SIGINT; a round in progress is finished first."""
    from app.documents.letters.pdf import end_running  # noqa: PLC0415
    from app.queries.health import clock_state  # noqa: PLC0415  (as above)
    from app.scenarios import scenario_runs  # noqa: PLC0415
    from app.services import anchoring  # noqa: PLC0415
    from app.services.calendars import settle_provisional  # noqa: PLC0415
    from app.services.clockwork import beat, tick  # noqa: PLC0415
    from app.services.handling.unfit_holders import give_back  # noqa: PLC0415
    from app.services.notifying import reminders  # noqa: PLC0415
    from app.services.searching import MOST_CASES, catch_up  # noqa: PLC0415
    from app.services.tallies import sum_up  # noqa: PLC0415

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())

    watch = Watch(wall_clock, seconds_passed)

    def live(name: str, now: datetime) -> None:
        report_clock(watch.ahead, clock_state(now))
        beat(name, now)
        settle_provisional(now=now)
        sum_up()
        give_back(now)
        reminders.remind(now)
        reminders.plan_digests(now)
        scenario_runs.sweep(now)
        write_anchor(anchoring.HOUR, now)
        checker.look(now)
        sweeper.look(now)

    def round_of(now: datetime) -> int:
        scenario_runs.tend(now)  # another process does the work
        if done := tick(now):
            return done  # what people wait for goes first
        read = catch_up()  # unless that were many, it pauses: who moves several times meanwhile is read once
        return read if read == MOST_CASES else 0

    checker, sweeper = Checker(), Sweeper()
    sender = start_sender(stopping)
    maker = start_maker(stopping)
    work(round_of, live, name=f"{socket.gethostname()}:{os.getpid()}", stopping=stopping, clock=watch.now)
    write_anchor(anchoring.STOP, watch.now())
    if sender is not None:
        sender.join(SENDER_GRACE)
    end_running()
    maker.join(MAKER_GRACE)


def write_anchor(why: str, now: datetime) -> None:
    """Anchor the journal. Where its file cannot be written or the database is away, deadlines do not wait for that."""
    from app.services import anchoring  # noqa: PLC0415  (as above)

    try:
        anchoring.anchor(why=why, now=now)
    except (SQLAlchemyError, OSError) as error:
        report(error, 1)


class Checker:
    """Verifies the journal beside the clock: a long one takes half a minute, and no deadline waits for that."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None

    def look(self, now: datetime) -> None:
        """Begin a verification that is due, unless one is under way. It dies with the worker and is then due again."""
        from app.services.anchoring import check, is_check_due  # noqa: PLC0415  (as above)

        if (self._thread is not None and self._thread.is_alive()) or not is_check_due(now):
            return
        context = current_app.app_context()

        def run() -> None:
            with context:
                try:
                    check(now=now)
                except Exception as error:  # noqa: BLE001  (the next look begins it again)
                    report(error, 1)

        self._thread = threading.Thread(target=run, name="checker", daemon=True)
        self._thread.start()


class Sweeper:
    """Removes now and then what a maker left on the disk that died before it could tell."""

    EVERY = timedelta(hours=1)

    def __init__(self) -> None:
        self._last: datetime | None = None

    def look(self, now: datetime) -> None:
        from app.services.mending import sweep_packages  # noqa: PLC0415  (as above)

        if self._last is not None and timedelta(0) <= now - self._last < self.EVERY:
            return
        self._last = now
        try:
            sweep_packages(now)
        except (SQLAlchemyError, OSError) as error:
            report(error, 1)


def start_sender(stopping: threading.Event) -> threading.Thread | None:
    """Send messages beside the clock: a mail server that is slow must not hold up a deadline.

    None where no way out is configured. What it was sending when it is stopped is sent again by the next worker.
    """
    from app.services.notifying.outlets import any_open  # noqa: PLC0415  (as above)
    from app.services.notifying.sending import send_some  # noqa: PLC0415

    if not any_open():
        return None
    context = current_app.app_context()

    def run() -> None:
        with context:
            work(send_some, lambda _name, _now: None, name="sender", stopping=stopping)

    thread = threading.Thread(target=run, name="sender", daemon=True)
    thread.start()
    return thread


def start_maker(stopping: threading.Event) -> threading.Thread:
    """Make PDFs and packages beside the clock: an office program takes seconds, and no deadline waits for it."""
    from app.queries.archive_contents import contents_of  # noqa: PLC0415  (as above)
    from app.services.archives.making import make_one  # noqa: PLC0415

    context = current_app.app_context()

    def run() -> None:
        with context:
            work(lambda now: make_one(now, read=contents_of), lambda _name, _now: None, name="maker", stopping=stopping)

    thread = threading.Thread(target=run, name="maker", daemon=True)
    thread.start()
    return thread


def work(
    tick: Callable[[datetime], int],
    beat: Callable[[str, datetime], None],
    *,
    name: str,
    stopping: threading.Event,
    pause: Callable[[float], object] | None = None,
    clock: Callable[[], datetime] = wall_clock,
) -> None:
    """Call `tick` until `stopping`; a round in progress is always finished.

    A failing round (the database is away, say) is logged and tried again after a pause that doubles up to
    LONGEST_PAUSE. A round that did something is followed by the next at once. `pause` waits that many seconds, or until
    `stopping`.
    """
    pause = pause or stopping.wait
    failures, beaten = 0, float("-inf")
    while not stopping.is_set():
        now = clock()
        try:
            done = tick(now)
            if abs(now.timestamp() - beaten) >= BEAT_EVERY:  # the clock may have gone back
                beat(name, now)
                beaten = now.timestamp()
        except Exception as error:  # noqa: BLE001  (whatever it was, the clock goes on)
            failures += 1
            report(error, failures)
            pause(min(PAUSE * 2**failures, LONGEST_PAUSE))
            continue
        failures = 0
        if not done:
            pause(PAUSE)


def report_clock(ahead: timedelta, state: "ClockState") -> None:
    """Sound the alarm, at every sign of life, while the clock is not believed."""
    if ahead:
        log.error("the clock leapt forward by %s: going on without the leap; restart if the clock is right", ahead)
    if not state.sound:
        log.error("the clock is %s behind the last act: no timer fires until it has caught up", state.behind)


def report(error: Exception, failures: int) -> None:
    """Log it: a database that is away in one line, anything else whole."""
    if isinstance(error, SQLAlchemyError):
        log.warning("round failed, database: %s (failure %s in a row)", str(error).partition("\n")[0], failures)
    else:
        log.error("round failed (failure %s in a row)", failures, exc_info=error)
