"""A demonstration year in several processes: each county on an embedded copy of the database of its own, joined at the
end; the database itself may be an embedded one or a PostgreSQL.

The clocks of the counties are moved apart from each other, so they could not share a database while they play. What was
played is kept every while: a year that was interrupted goes on where it stood. The folder of a year holds

    order.json          how many cases, and the moment until which is played
    beginning.db        people and procedures, no cases
    <county>.db         where the county plays; <county>-<number>.db what was kept of it last
    <county>.json       the file that was kept, and what the players remember; {"over": true} at the end
    lock                held by all processes of the year
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

from app.domain.errors import N_
from app.extensions import db
from app.scenarios.demo import furnish
from app.scenarios.script import ScenarioError
from app.scenarios.year import Year, ensure_empty, plans_of
from app.services import joining, settings

KEEP_EVERY = 20.0
"""Seconds between two moments that are kept."""
ORDER, BEGINNING, LOCK = "order.json", "beginning.db", "lock"


class StillRunningError(ScenarioError):
    """Another process plays this year."""


def folder_of_year() -> Path:
    return settings.data_folder() / "demo-year"


def run(
    demo: Path, *, password: str, now: datetime, cases: int | None = None, keep_every: float = KEEP_EVERY
) -> Iterator[str]:
    """Play the plans in `demo`, or go on with a year of as many cases; says what was done.

    Raises NotEmptyError, StillRunningError, ScenarioError where a county failed (what it kept stays).
    """
    folder = folder_of_year()
    if _order(folder) is None:
        ensure_empty(plans_of(demo, cases=cases, now=now))
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder) as lock:
        order = _order(folder)
        if order is None or order["cases"] != cases:
            yield from _begin(folder, demo, password=password, now=now)
            _write(folder / ORDER, {"cases": cases, "now": now.isoformat(), "keep_every": keep_every})
        else:
            now = datetime.fromisoformat(order["now"])
            yield f"继续上次没有演示完的年度（{now.date().isoformat()}）"
        plans = plans_of(demo, cases=cases, now=now)
        yield from _play_all(folder, [str(plan["county"]) for plan in plans], lock=lock)
        ensure_empty(plans)
        rows = joining.take_over([folder / f"{plan['county']}.db" for plan in plans], beginning=folder / BEGINNING)
        yield f"汇总完成：{rows}行"
    shutil.rmtree(folder)


@contextmanager
def _alone(folder: Path) -> Iterator[int]:
    """The lock of the year; its processes inherit it, so it is held until the last of them has ended."""
    lock = os.open(folder / LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield lock
    except BlockingIOError as error:
        raise StillRunningError(str(folder)) from error
    finally:
        os.close(lock)


def _order(folder: Path) -> dict[str, Any] | None:
    """What was ordered and not finished."""
    with suppress(FileNotFoundError):
        order: dict[str, Any] = json.loads((folder / ORDER).read_text("utf-8"))
        return order
    return None


def _begin(folder: Path, demo: Path, *, password: str, now: datetime) -> Iterator[str]:
    for file in folder.iterdir():
        if file.name != LOCK:
            file.unlink()
    yield from furnish(demo, password=password, now=now)
    if not joining.is_embedded():
        _make_tables(folder / BEGINNING)
    joining.copy_to(folder / BEGINNING)


def _make_tables(file: Path) -> None:
    """An embedded database without rows, made as for any installation."""
    command = [sys.executable, "-m", "app.cli", "db", "upgrade", "--bare"]
    subprocess.run(command, cwd=settings.root(), env=_environment(file), stdout=subprocess.DEVNULL, check=True)


def _environment(file: Path) -> dict[str, str]:
    """Of a process that plays on a database of its own."""
    own = {"DATABASE_URL": f"sqlite:///{file}", "WENZE_DATA": str(settings.data_folder()), "WENZE_DEMO": "1"}
    return {**os.environ, **own, "PYTHONUNBUFFERED": "1"}


def _write(file: Path, content: Mapping[str, Any]) -> None:
    """Whole or not at all."""
    part = file.with_suffix(".part")
    part.write_text(json.dumps(content), "utf-8")
    part.replace(file)


# ---- whoever orders the year


def _play_all(folder: Path, counties: list[str], *, lock: int) -> Iterator[str]:
    """A process for each county that is not over; their sentences as they come. Raises ScenarioError."""
    said: SimpleQueue[tuple[str, str | None]] = SimpleQueue()
    running = {
        county: _start(folder, county, lock=lock) for county in counties if not _kept(folder, county).get("over")
    }
    for county, process in running.items():
        Thread(target=_listen, args=(county, process, said), daemon=True).start()
    try:
        left = len(running)
        while left:
            county, sentence = said.get()
            left -= sentence is None
            if sentence is not None:
                yield f"{county} {sentence}"
    finally:
        for process in running.values():
            process.terminate()  # nothing to one that has ended
            process.wait()
    if failed := [county for county, process in running.items() if process.returncode]:
        raise ScenarioError(
            N_("没有演示完：%(counties)s；再次运行同一命令即从中断处继续。"), counties="、".join(failed)
        )


def _start(folder: Path, county: str, *, lock: int) -> subprocess.Popen[str]:
    file = folder / f"{county}.db"
    for name in ("", "-wal", "-shm"):
        file.with_name(file.name + name).unlink(missing_ok=True)
    shutil.copyfile(folder / _kept(folder, county).get("file", BEGINNING), file)
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli", "demo", "play", str(folder), county],
        cwd=settings.root(),
        env=_environment(file),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        pass_fds=(lock,),
    )


def _kept(folder: Path, county: str) -> dict[str, Any]:
    with suppress(FileNotFoundError):
        kept: dict[str, Any] = json.loads((folder / f"{county}.json").read_text("utf-8"))
        return kept
    return {}


def _listen(county: str, process: subprocess.Popen[str], said: SimpleQueue[tuple[str, str | None]]) -> None:
    assert process.stdout is not None
    with closing(process.stdout) as lines:
        for line in lines:
            said.put((county, line.rstrip("\n")))
    said.put((county, None))


# ---- the process of a county


def play(folder: Path, county: str, *, demo: Path) -> Iterator[str]:
    """Play one county on the database of this process, from where it was kept. Ends when nobody listens any more."""
    order = _order(folder)
    if order is None:
        raise ScenarioError(N_("%(folder)s里没有要演示的年度。"), folder=folder)
    now = datetime.fromisoformat(order["now"])
    plan = next(plan for plan in plans_of(demo, cases=order["cases"], now=now) if plan["county"] == county)
    year, kept = Year(plan, demo, now=now), _kept(folder, county)
    if kept:
        year.recall(kept["memory"])
    keeper = _Keeper(folder, year, last=kept.get("file", ""), every=order["keep_every"])
    yield from year.play(keep=keeper.keep)
    db.session.remove()
    db.engine.dispose()  # folds the log into the file
    _write(folder / f"{county}.json", {"over": True})
    keeper.forget()


class _Keeper:
    """Keeps what a county has played: the database and the memory of one moment."""

    def __init__(self, folder: Path, year: Year, *, last: str, every: float) -> None:
        self.folder, self.county, self.year = folder, str(year.plan["county"]), year
        self.last, self.every = last, every
        self.parent, self.kept_at = os.getppid(), time.monotonic()

    def keep(self) -> None:
        if os.getppid() != self.parent:
            raise ScenarioError(N_("演示年度已没有人在等。"))
        if time.monotonic() - self.kept_at < self.every:
            return
        name = f"{self.county}-{self.year.happened}.db"
        (self.folder / name).unlink(missing_ok=True)
        joining.copy_to(self.folder / name)
        _write(self.folder / f"{self.county}.json", {"file": name, "memory": self.year.memory()})
        self.forget()
        self.last, self.kept_at = name, time.monotonic()

    def forget(self) -> None:
        """What was kept before is of no use any more."""
        if self.last:
            (self.folder / self.last).unlink(missing_ok=True)
