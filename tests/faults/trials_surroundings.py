"""Clocks and time zones that are wrong."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.extensions import db
from app.storage.models import TimerRow
from config import ROOT
from tests.faults import books
from tests.faults.hands import press
from tests.faults.lab import Place, Row, Scale
from tests.faults.moved_clock import OFFSET_FILE
from tests.faults.product import Serve, wait_for

MEGABYTE = 1024 * 1024
ZONES = ("Asia/Shanghai", "UTC", "America/New_York")


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
