"""`python -m bench.inside`: where a completion's processor time goes, product and floor in one process, in turn.

No web server, no worker: only what the request itself costs this process (on PostgreSQL without the server's own time).
`--keep FOLDER` uses the county that lies there, and puts it there the first time (SQLite only).
"""

import argparse
import cProfile
import pstats
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask_migrate import upgrade
from sqlalchemy.orm import Session

from app.extensions import db
from app.services import accounts, tasks
from app.services.command import Command
from app.services.tasks import run as engine
from app.web import warming
from bench import floor, ground
from config import ROOT
from tests import postgresql

WARM = 30
PAGED = 20
"""Completions whose pages are counted."""
HEAD, FRAME, PAGE = 32, 24, 4096
"""Bytes of SQLite's log: before the first page, before each page, and of a page."""
STAGES = (
    (tasks, "complete", "the act itself, its transaction, what comes next"),
    (accounts, "actor_of_token", "who calls"),
    (tasks, "hold_task", "lock and load"),
    (tasks, "checked", "check the form"),
    (engine, "complete_task", "procedure: load, run, settle, dump"),
    (tasks, "_keep_submission", "submission and facts"),
    (Command, "record", "record: tasks, history, journal, subscriptions"),
    (tasks, "write_together", "rows of tasks"),
    (tasks, "write_now", "row of the proceeding"),
)
REST = "HTTP, arguments, answer"

Click = Callable[[str], None]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.inside", description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=12, help="how often product and floor are asked in turn")
    parser.add_argument("--each", type=int, default=25, help="completions of a round; 1 asks the two click by click")
    parser.add_argument("--profile", metavar="ORDER", help="print a profile too, in the order tottime or cumulative")
    parser.add_argument("--keep", type=Path)
    wanted = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="wenze-inside-") as folder,
        _database(wanted.database, Path(folder), wanted.keep) as url,
    ):
        _measure(url, Path(folder), rounds=wanted.rounds, each=wanted.each, order=wanted.profile)


@contextmanager
def _database(kind: str, folder: Path, keep: Path | None) -> Iterator[str]:
    """The address of a database with the county in it."""
    if kind == "postgresql":
        with postgresql.running(durable=True) as server:
            url = postgresql.make_database(server, "inside")
            _settle(url, folder)
            yield url
        return
    url = f"sqlite:///{folder / 'wenze.db'}"
    if keep is not None and keep.is_dir():
        shutil.copytree(keep, folder, dirs_exist_ok=True)
    else:
        _settle(url, folder)
        if keep is not None:
            shutil.copytree(folder, keep)
    yield url


def _settle(url: str, folder: Path) -> None:
    with ground.application(url, folder):
        upgrade(directory=str(ROOT / "migrations"))
        ground.prepare(steps=0, long_past=0, items=0, races=0)


def _measure(url: str, folder: Path, *, rounds: int, each: int, order: str | None) -> None:
    number = (2 * rounds + 2) * each + 2 * WARM + PAGED + 1
    with ground.application(url, folder) as app:
        case_id = ground.the_case()
        step = ground.open_step(case_id, ground.YARDSTICK[1]).id
        steps = [ids[step] for _, ids in ground.copies(ground.original(case_id), number)]
        token = ground.token_of(ground.OFFICER, ground.moment())
        db.session.remove()
        client = app.test_client(use_cookies=False)
    bare = floor.create_app(url if not url.startswith("sqlite") else f"sqlite:///{folder / 'floor.db'}")
    items = floor.fill(bare, number)
    bare_client = bare.test_client(use_cookies=False)

    def click(step: str) -> None:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}
        path = f"/api/v1/tasks/{step}/complete"
        answer = client.post(path, headers=headers, json={"data": ground.CHECKED})
        assert answer.status_code == 200, answer.text

    def bare_click(item: str) -> None:
        headers = {"Authorization": f"Bearer {floor.TOKEN}"}
        answer = bare_client.post(f"/items/{item}/complete", headers=headers, json={"data": ground.CHECKED})
        assert answer.status_code == 200, answer.text

    for _ in range(WARM):
        click(steps.pop())
        bare_click(items.pop())
    warming.settle()  # as a web process does
    pairs = [(_spent(click, steps, each), _spent(bare_click, items, each)) for _ in range(rounds)]
    product, floors = (statistics.median(side) for side in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    least, least_floor = (min(side) for side in zip(*pairs, strict=True))
    _say(f"complete {product:.2f} ms, floor {floors:.2f} ms, ratio {ratio:.2f}")
    _say(f"least    {least:.2f} ms, floor {least_floor:.2f} ms, ratio {least / least_floor:.2f}")
    if url.startswith("sqlite"):
        _say(f"  {_pages_written(click, steps, folder / 'wenze.db')} pages written to the log, median of {PAGED}")
    _tell_stages(click, steps[: (rounds - 2) * each])
    del steps[: (rounds - 2) * each]
    if order is not None:
        _tell_profile(click, steps[: 2 * each], order)


def _spent(act: Click, on: list[str], each: int) -> float:
    """Milliseconds of processor time for one."""
    before = time.process_time()
    for _ in range(each):
        act(on.pop())
    return (time.process_time() - before) / each * 1000


def _pages_written(click: Click, on: list[str], database: Path) -> float:
    """Pages that a completion writes; its log is emptied before each."""
    found = []
    with closing(sqlite3.connect(database)) as connection:
        for _ in range(PAGED + 1):
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            click(on.pop())
            found.append((Path(f"{database}-wal").stat().st_size - HEAD) // (FRAME + PAGE))
    return statistics.median(found[1:])  # the first writes what was kept back before


def _tell_stages(click: Click, steps: list[str]) -> None:
    """Medians of each stage without the stages inside it."""
    spent: dict[str, list[float]] = {}
    inside = [0.0]

    def timed(act: Callable[..., Any], label: str) -> Callable[..., Any]:
        @wraps(act)
        def run(*args: Any, **more: Any) -> Any:
            begun, before = time.thread_time(), inside[0]
            try:
                return act(*args, **more)
            finally:
                took = time.thread_time() - begun
                spent.setdefault(label, []).append((took - (inside[0] - before)) * 1000)
                inside[0] = before + took

        return run

    stages = (*STAGES, (Session, "commit", "commit"))
    for owner, name, label in stages:
        setattr(owner, name, timed(getattr(owner, name), label))
    whole = timed(click, REST)
    for step in steps:
        whole(step)
    for owner, name, _ in stages:
        setattr(owner, name, getattr(owner, name).__wrapped__)
    found = {label: sum(times) / len(steps) for label, times in spent.items()}
    total = sum(found.values())
    for label, took in sorted(found.items(), key=lambda entry: -entry[1]):
        _say(f"  {label:<52}{took:6.2f} ms {took / total:5.0%}")


def _tell_profile(click: Click, steps: list[str], order: str) -> None:
    profile = cProfile.Profile(time.thread_time)
    profile.enable()
    for step in steps:
        click(step)
    profile.disable()
    pstats.Stats(profile).sort_stats(order).print_stats(80)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
