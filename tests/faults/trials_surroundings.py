"""A disk that fills up, a database that may only be read, clocks and time zones that are wrong."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from sqlalchemy import select

from app.extensions import db
from app.storage.models import TimerRow
from config import ROOT
from tests.faults import books
from tests.faults.hands import Act, Outcome, press, press_all
from tests.faults.lab import SQLITE, Laboratory, Place, Row, Scale, serving
from tests.faults.moved_clock import OFFSET_FILE
from tests.faults.product import Serve, wait_for
from tests.faults.trials_kills import work_of
from tests.faults.trials_people import row_of
from tests.services.conftest import PASSWORD

MEGABYTE = 1024 * 1024
ZONES = ("Asia/Shanghai", "UTC", "America/New_York")


class NotOnThisMachineError(Exception):
    """The trial needs what this machine or this user lacks; the text says what."""


# ---- a full disk, a database that may only be read


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A file system of its own in memory. Raises NotOnThisMachineError."""
    folder = Path(tempfile.mkdtemp(prefix="wenze-disk-"))
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        folder.rmdir()
        raise NotOnThisMachineError("may not mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=False)
        folder.rmdir()


def full_disk(lab: Laboratory, scale: Scale) -> Row:
    """The disk of the embedded database fills up in the middle of the work and is emptied again."""
    with ExitStack() as world:
        disk = world.enter_context(small_disk(64))
        place = world.enter_context(lab.place(SQLITE, disk))
        serve = world.enter_context(serving(place, log=lab.folder / "full-disk.log"))
        ballast = disk / "ballast"

        def fill() -> None:
            """To the last byte, in pieces that get smaller."""
            with ballast.open("ab", buffering=0) as file:
                for size in (MEGABYTE, 4096):
                    with suppress(OSError):
                        while file.write(b"x" * size) == size:
                            pass

        return _interrupted(place, serve, scale, "disk full", stop=fill, resume=ballast.unlink)


def read_only(place: Place, serve: Serve, scale: Scale) -> Row:
    """PostgreSQL becomes a server that may only be read, as after a switch to a standby, and may be written again."""
    cluster, name = place.cluster, place.url.partition("@/")[2].partition("?")[0]
    if cluster is None:
        raise ValueError("the embedded database has a trial of its own")

    def make(setting: str) -> None:
        place.afresh()
        with psycopg.connect(host=str(cluster.folder), user="postgres", dbname="postgres", autocommit=True) as server:
            server.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {setting}')  # type: ignore[arg-type]
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])

    return _interrupted(place, serve, scale, "read-only", stop=lambda: make("on"), resume=lambda: make("off"))


def read_only_file(lab: Laboratory, scale: Scale) -> Row:
    """The file of the embedded database may only be read, and its folder: whoever opens it then."""
    words: tuple[str, ...] = ()
    if os.getuid() == 0:  # root may write anything, unless it gives that up
        words = ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")
        if subprocess.run([*words, "true"], check=False, capture_output=True).returncode:
            raise NotOnThisMachineError("root may not give up writing everywhere")
    with ExitStack() as world:
        place = world.enter_context(lab.place(SQLITE))
        log = lab.folder / "read-only.log"
        serve = world.enter_context(serving(place, log=log, words=words))
        files = [place.data / f"wenze.db{ending}" for ending in ("", "-wal", "-shm")]

        def make(mode: int) -> None:
            db.session.remove()
            for file in files:
                if file.exists():
                    file.chmod(mode)
            for victim in serve.web_processes():  # who has the file open goes on writing; who opens it now may not
                os.kill(victim, 9)

        return _interrupted(
            place, serve, scale, "read-only", stop=lambda: make(0o444), resume=lambda: _writable(files), page=False
        )


def _writable(files: Sequence[Path]) -> None:
    """Whoever opened the database just before makes its side files as it found the database: only to be read."""
    for _ in range(10):
        for file in files:
            if file.exists():
                file.chmod(0o644)
        time.sleep(0.1)


def _interrupted(
    place: Place,
    serve: Serve,
    scale: Scale,
    trial: str,
    *,
    stop: Callable[[], object],
    resume: Callable[[], object],
    page: bool = True,
) -> Row:
    """Work, then nothing can be written for a while, then work again: refused acts say 503 and leave nothing behind."""
    opened = [place.open_case().proceeding_id for _ in range(max(6, scale.cases // 2))]
    acts = work_of(place, opened)
    before, during = acts[:4], acts[4:]
    db.session.remove()
    outcomes = press_all(serve.port, before, hands=2)
    stop()
    refused = _until_refused(serve.port, during)
    shown_page = _page_refused(serve.port) if page else (503, "")
    half = books.of_acts(refused)
    resume()
    again = press_all(serve.port, during, hands=4, patience=60)
    row = row_of("RC-12", trial, place, [*outcomes, *again], after=("T_review", opened))
    kinds = {outcome.status for outcome in refused}
    faults = [] if kinds <= {200, 503} and 503 in kinds else [f"answers meanwhile: {sorted(kinds)}"]
    faults += [f"{half.lost} lost and {half.doubled} doubled meanwhile"] if half.lost or half.doubled else []
    if page and (shown_page[0] != 503 or "系统暂不可用" not in shown_page[1]):
        faults.append(f"signing in gave a page with status {shown_page[0]}")
    away = sum(outcome.status == 503 for outcome in refused)
    return replace(row, remarks=f"503 to {away} of {len(refused)} meanwhile", faults=(*row.faults, *faults))


def _until_refused(port: int, acts: Sequence[Act], patience: float = 30) -> list[Outcome]:
    """Each act once, again and again until one is refused: what is in the log still finds room. Raises no error."""
    until, outcomes = time.monotonic() + patience, []
    while time.monotonic() < until:
        outcomes = [_answered(port, act) for act in acts]
        if any(outcome.status == 503 for outcome in outcomes):
            break
    return outcomes


def _answered(port: int, act: Act) -> Outcome:
    """One answer; a connection that broke because a process was just killed is tried again."""
    for _ in range(100):
        outcome = press(port, act, once=True)
        if outcome.status:
            return outcome
        time.sleep(0.1)
    return outcome


def _page_refused(port: int, patience: float = 30) -> tuple[int, str]:
    """The same for a page: a short line may still find room where a longer act did not."""
    until, shown = time.monotonic() + patience, (0, "")
    while time.monotonic() < until:
        shown = _page(port)
        if shown[0] == HTTPStatus.SERVICE_UNAVAILABLE:
            break
    return shown


def _page(port: int) -> tuple[int, str]:
    """What a browser is shown that tries to sign in now, which is an act and is written down."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", "/sign-in")
        form = connection.getresponse()
        text, cookies = form.read().decode(), form.headers.get("Set-Cookie", "").partition(";")[0]
    token = text.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
    body = urlencode({"csrf_token": token, "username": "beishan.head", "password": PASSWORD})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("POST", "/sign-in", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


# ---- clocks


def leaping_clock(place: Place, scale: Scale) -> Row:
    """The worker's clock leaps an hour forward, then two back, then is right: no timer early, none lost, the alarm."""
    due = [timedelta(minutes=30), timedelta(seconds=-1)]
    cases = []
    for lead in due:
        place.office.now = datetime.now(UTC) + lead - timedelta(days=5)
        cases.append(place.open_case().proceeding_id)
    place.office.now = datetime.now(UTC)
    file, log = place.data / "clock", place.data / "clock.log"
    file.write_text("0")
    db.session.remove()
    faults = []
    surroundings = {OFFSET_FILE: str(file)}
    serve = Serve(place.data, place.url, log=log, program=("tests.faults.moved_clock",), surroundings=surroundings)
    try:
        if not wait_for(True, serve.port):
            raise RuntimeError(log.read_text())
        _until(lambda: books.tasks_of("T_urge", cases) == [0, 1], "the timer that is due did not fire", faults)
        file.write_text("3600")
        _until(lambda: "leapt forward" in log.read_text(), "no alarm when the clock leapt forward", faults)
        urged = books.tasks_of("T_urge", cases)
        faults += [] if urged == [0, 1] else [f"after the leap forward {urged}"]
        file.write_text("0")
        time.sleep(1)  # the product looks twenty times a second
        outcome = press(serve.port, place.act(cases[1], "T_urge", "director"))
        file.write_text("-3600")
        _until(lambda: "behind the last act" in log.read_text(), "no alarm when the clock went back", faults)
        file.write_text("0")
        place.office.now = datetime.now(UTC) - timedelta(days=5)
        cases.append(place.open_case().proceeding_id)
        _until(lambda: books.tasks_of("T_urge", cases) == [0, 1, 1], "no timer fired when the clock was right", faults)
    finally:
        serve.stop()
    count = books.of_acts([outcome])
    faults += [f"answer {outcome.status}"] if outcome.status != 200 else []
    db.session.rollback()
    timers = select(TimerRow.due_at).where(TimerRow.proceeding_id == cases[0])
    faults += [] if any(at > datetime.now(UTC) for at in db.session.scalars(timers)) else ["the later timer is gone"]
    return Row(
        "RC-11",
        "clock leaps 1 h",
        place.kind,
        acts=len(cases),
        lost=count.lost,
        doubled=count.doubled,
        faults=tuple(faults),
    )


def _until(condition: Callable[[], bool], otherwise: str, faults: list[str], patience: float = 60) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        db.session.rollback()
        if condition():
            db.session.rollback()
            return
        time.sleep(0.2)
    faults.append(otherwise)


NIGHT = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
"""Half past midnight of the third in the offices, still the second in Greenwich, noon of the second in New York."""


def time_zones(place: Place, scale: Scale) -> Row:
    """The same case opened on machines in three time zones, and by clocks two hours apart: the same deadlines."""
    db.session.remove()
    tried = [*((zone, 0) for zone in ZONES), (ZONES[-1], 2)]
    said = {(zone, hours): _deadlines(place, zone, NIGHT + timedelta(hours=hours)) for zone, hours in tried}
    dues = {json.dumps(deadlines) for deadlines in said.values()}
    faults = [] if len(dues) == 1 else [f"{zone} {hours:+d} h: {dues}" for (zone, hours), dues in said.items()]
    return Row("RC-11", "time zones", place.kind, acts=len(said), remarks=", ".join(ZONES), faults=tuple(faults))


def _deadlines(place: Place, zone: str, moment: datetime) -> list[str]:
    """What a process with that time zone counts for a case opened at that moment."""
    words = [sys.executable, "-m", "tests.faults.deadlines", place.url, str(place.data), moment.isoformat()]
    environment = os.environ | {"TZ": zone, "PYTHONPATH": str(ROOT)}
    told = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=120)
    found: list[str] = json.loads(told.stdout)
    return found
