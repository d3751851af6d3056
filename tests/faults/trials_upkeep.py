"""What offices do with a running system: publish another version, examine it, back it up."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from app.extensions import db
from config import ROOT
from tests.conftest import application_on
from tests.faults import books
from tests.faults.hands import Until, press_all
from tests.faults.lab import SQLITE, Place, Row, Scale
from tests.faults.lab_seeds import publish_another
from tests.faults.product import Serve
from tests.faults.trials_kills import HANDS, work_of
from tests.faults.trials_people import row_of

VERSIONS = ('name="T_review"', 'name="另一版"')


def another_version(place: Place, serve: Serve, scale: Scale) -> Row:
    """A new version is published while cases run: each goes on as it began, later ones follow the new one."""
    old = [place.open_case().proceeding_id for _ in range(scale.cases)]
    acts = work_of(place, old)
    db.session.remove()
    published = Until(lambda: _publish(place), every=0.3, most=1)
    with published:
        outcomes = press_all(serve.port, acts, hands=HANDS)
        while not published.count and published.error is None:
            published.wait()
    new = [place.open_case().proceeding_id for _ in range(3)]
    later = work_of(place, new)
    db.session.remove()
    outcomes += press_all(serve.port, later, hands=HANDS)
    row = row_of("RC-9", "another version", place, outcomes, after=("T_review", [*old, *new]))
    names = books.names_of("T_review", [*old, *new])
    wanted = ["T_review"] * len(old) + ["另一版"] * len(new)
    return replace(row, faults=(*row.faults, *([] if names == wanted else [f"steps are called {names}"])))


def _publish(place: Place) -> int:
    publish_another(place.app, place.data, VERSIONS)
    return 1


def stopped_and_started(place: Place, serve: Serve, scale: Scale) -> Row:
    """Stopped in an orderly way (SIGTERM) under load and started again: whatever was done was also answered."""
    opened = [place.open_case().proceeding_id for _ in range(scale.cases)]
    acts = work_of(place, opened)
    db.session.remove()
    ends: list[int] = []

    def stop() -> int:
        serve.stop()
        ends.append(serve.process.returncode)
        serve.start_again()
        return 1

    with Until(stop, every=scale.calm, first=0.2, most=scale.stops) as stopping:
        outcomes = press_all(serve.port, acts, hands=HANDS)
        while not stopping.count and stopping.error is None:
            stopping.wait()
    row = row_of("RC-7", "stopped and started again", place, outcomes, after=("T_review", opened))
    again = sum(bool(outcome.body["replayed"]) for outcome in outcomes if outcome.status == 200)
    faults = [f"{again} acts were done and not answered"] if again else []
    faults += [f"it ended with {code}" for code in ends if code]
    return replace(row, remarks=f"{len(ends)} times, {row.remarks}", faults=(*row.faults, *faults))


def examined(place: Place, serve: Serve, scale: Scale) -> Row:
    """`wenze doctor` finds nothing in all that the trials left behind."""
    db.session.remove()
    told = wenze(place, "doctor", "--json")
    faults = () if told.returncode == 0 else (f"status {told.returncode}: {told.stdout[-600:]}{told.stderr[-300:]}",)
    return Row("RC-10", "wenze doctor", place.kind, acts=books.proceedings(), faults=faults)


def backed_up(place: Place, serve: Serve, scale: Scale) -> Row:
    """A backup taken under load is restored into an empty place: chains verify, every act answered before is there."""
    opened = [place.open_case().proceeding_id for _ in range(scale.cases)]
    acts = work_of(place, opened)
    file, key = Path(tempfile.mkdtemp()) / "backup.tar.sealed", Path(tempfile.mkdtemp()) / "backup.key"
    wenze(place, "backup-key", str(key))
    db.session.remove()
    first = press_all(serve.port, acts[: len(acts) // 2], hands=HANDS)
    told: list[subprocess.CompletedProcess[str]] = []

    def back_up() -> int:
        told.append(wenze(place, "backup", str(file), "--key-file", str(key)))
        return 1

    with Until(back_up, every=0, most=1):
        rest = press_all(serve.port, acts[len(acts) // 2 :], hands=HANDS)
    row = row_of("RC-14", "backup under load", place, [*first, *rest], after=("T_review", opened))
    faults = [told[0].stderr[-300:]] if told[0].returncode else _restored(place, file, key, first)
    return replace(row, remarks=f"{file.stat().st_size // 1024} KB", faults=(*row.faults, *faults))


def _restored(place: Place, file: Path, key: Path, first: list[books.Outcome]) -> list[str]:
    data = Path(tempfile.mkdtemp(dir=place.data))
    url = f"sqlite:///{data / 'wenze.db'}" if place.kind == SQLITE else place.empty_database()
    where = {"WENZE_DATA": str(data), "DATABASE_URL": url}
    told = wenze(place, "restore", str(file), "--key-file", str(key), settings=where)
    if told.returncode:
        return [f"restore: {told.stderr[-600:]}"]
    for app in application_on(url, data):
        with app.app_context():
            count = books.of_acts(first)
            faults = books.chains()
    return [*faults, *([f"{count.lost} acts are not in the backup"] if count.lost else [])]


def wenze(place: Place, *words: str, settings: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A command of the product on the place."""
    ours = {"WENZE_DATA": str(place.data), "DATABASE_URL": place.url, "WENZE_DEMO": "0", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-P", "-m", "app.cli", *words],
        env=os.environ | ours | dict(settings or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
