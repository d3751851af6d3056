"""Processes and databases that die in the middle of the work."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from app.extensions import db
from app.storage.models import HistoryEntry
from tests.faults import books
from tests.faults.hands import Act, Outcome, Until, press_all, press_together
from tests.faults.lab import Place, Row, Scale
from tests.faults.product import Serve, lives, start_worker
from tests.faults.trials_people import kill_a_web_process, row_of

RECOVERY = 10.0
"""Seconds, at most, until the product answers again when everything was killed; on a machine so busy that the first,
undisturbed start took longer than two thirds of this, half as long again as that start."""
HANDS = 8


def work_of(place: Place, cases: Sequence[str]) -> list[Act]:
    """Two parallel steps of each case."""
    checks = [place.act(case, "T_check", "officer1", opinion="齐全") for case in cases]
    return [
        act for check, case in zip(checks, cases, strict=True) for act in (check, place.act(case, "T_handle", "head"))
    ]


def kill_everything(place: Place, serve: Serve, scale: Scale) -> Row:
    """Supervisor, web server, its processes and the worker die at once and are started again, under load."""
    opened = [place.open_case().proceeding_id for _ in range(scale.cases)]
    acts, recoveries = work_of(place, opened), []
    db.session.remove()

    def kill() -> int:
        serve.kill_everything()
        began = time.monotonic()
        serve.start_again()
        while not lives(serve.port) and time.monotonic() - began < 60:
            time.sleep(0.02)
        recoveries.append(time.monotonic() - began)
        return 1

    outcomes, kills = _in_portions(serve, acts, kill, times=scale.kills_of_all, first=0.2)
    row = row_of("RC-7", "everything killed", place, outcomes, kills=kills, after=("T_review", opened))
    patience = max(RECOVERY, 1.5 * serve.started_in)
    slow = [f"answers again after {seconds:.1f} s" for seconds in recoveries if seconds > patience]
    remarks = f"answers again after {min(recoveries):.1f} to {max(recoveries):.1f} s, {row.remarks}"
    return replace(row, remarks=remarks, faults=(*row.faults, *slow))


def _in_portions(
    serve: Serve, acts: Sequence[Act], kill: Callable[[], int], *, times: int, first: float
) -> tuple[list[Outcome], int]:
    """The acts in as many portions as there are kills, one in each, `first` seconds after it began: outcomes, kills.

    By the clock alone a quick machine would be done before the second one.
    """
    outcomes: list[Outcome] = []
    kills = 0
    for number in range(times):
        killer = Until(kill, every=0, first=first, most=1)
        with killer:
            outcomes += press_all(serve.port, acts[number::times], hands=HANDS)
            while not killer.count and killer.error is None:
                killer.wait()
        kills += killer.count
    return outcomes, kills


def kill_the_database(place: Place, serve: Serve, scale: Scale) -> Row:
    """PostgreSQL crashes (`pg_ctl -m immediate`) under load and recovers from its log; people are asked to wait."""
    cluster = place.cluster
    if cluster is None:
        raise ValueError("only a server can be restarted")
    opened = [place.open_case().proceeding_id for _ in range(scale.cases)]
    acts = work_of(place, opened)
    place.afresh()

    def crash() -> int:
        cluster.stop("immediate")
        time.sleep(0.5)
        cluster.start()
        return 1

    outcomes, kills = _in_portions(serve, acts, crash, times=scale.kills_of_all, first=0.1)
    place.afresh()
    return row_of("RC-7", "database killed", place, outcomes, kills=kills, after=("T_review", opened))


def release(place: Place, serve: Serve, scale: Scale) -> Row:
    """Meetings whose last vote releases 20 cases each, web processes killed at any moment, everything killed once."""
    meetings, cases = _meetings_with_cases(place, scale)
    groups = [place.votes(meeting) for meeting in meetings]
    db.session.remove()

    def kill_all() -> int:
        serve.kill_everything()
        serve.start_again()
        return 1

    with ExitStack() as hands:
        killers = [
            hands.enter_context(Until(lambda: kill_a_web_process(serve), every=scale.every, first=0.2)),
            hands.enter_context(Until(kill_all, every=scale.calm, first=0.6, most=1)),
        ]
        outcomes = [outcome for group in press_together(serve.port, groups, at_a_time=3) for outcome in group]
        while not killers[1].count:
            time.sleep(0.05)
    kills = sum(killer.count for killer in killers)
    while not lives(serve.port):
        time.sleep(0.05)
    row = row_of("RC-6", "meeting releases cases", place, outcomes, kills=kills, after=("T_file", cases))
    return replace(row, remarks=f"{len(cases)} cases released, {row.remarks}")


def _meetings_with_cases(place: Place, scale: Scale) -> tuple[list[str], list[str]]:
    meetings, cases = [], []
    for _ in range(scale.meetings):
        opened = [waiting_case(place) for _ in range(scale.releases)]
        cases += [case for case, _ in opened]
        meetings.append(place.open_meeting([number for _, number in opened]))
    return meetings, cases


def waiting_case(place: Place, waits: str = "meeting") -> tuple[str, str]:
    """A case whose organ and office are done: it waits to be decided. Its id and number."""
    opened = place.open_case(waits)
    for step, who, answers in (
        ("T_check", "officer1", {"opinion": "齐全"}),
        ("T_review", "officer2", {}),
        ("T_handle", "head", {}),
    ):
        place.office.complete(place.office.task(opened.proceeding_id, step), who, answers)
    return opened.proceeding_id, opened.number


def kill_workers(place: Place, scale: Scale) -> Row:
    """The worker alone, killed in the middle: due timers of many cases, letters of a meeting and of single cases."""
    place.office.now = datetime.now(UTC) - timedelta(days=6)
    due = [place.open_case().proceeding_id for _ in range(scale.races * 2)]
    place.office.now = datetime.now(UTC)
    telling = [waiting_case(place, "no")[0] for _ in range(scale.races // 2)]
    meetings, released = _meetings_with_cases(place, scale)
    outcomes = []
    for meeting in meetings:
        for vote in place.votes(meeting):
            member = next(name for name, token in place.tokens.items() if token == vote.token)
            place.office.complete(vote.task_id, member, vote.answers, key=vote.key)
            outcomes.append(Outcome(vote, status=200, tries=1))
    expected = len(due) + len(telling) + len(released)
    kills, seconds = _work_while_killed(place, expected, most=scale.worker_kills)
    row = row_of("RC-6 RC-8", "worker killed", place, outcomes, kills=kills, after=("T_file", [*telling, *released]))
    urged = [f"urged {times} times" for times in books.tasks_of("T_urge", due) if times != 1]
    heard = [f"{times} letters taken" for times in _heard([*telling, *released]) if times != 1]
    remarks = f"{len(due)} timers, {books.letters()} letters, {seconds:.0f} s"
    return replace(row, acts=expected, remarks=remarks, faults=(*row.faults, *urged, *heard))


def _work_while_killed(place: Place, expected: int, *, most: int, patience: float = 300) -> tuple[int, float]:
    """Two workers, one of them killed and started again after every tenth of what is to be done."""
    began, kills, seen = time.monotonic(), 0, 0
    workers = [start_worker(place.data, place.url) for _ in range(2)]
    try:
        while (done := _done()) < expected and time.monotonic() - began < patience:
            if kills < most and done - seen >= max(1, expected // 10):
                victim = workers.pop(0)
                victim.kill()
                victim.wait()
                workers.append(start_worker(place.data, place.url))
                kills, seen = kills + 1, done
            time.sleep(0.01)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    return kills, time.monotonic() - began


def _done() -> int:
    """Timers told and letters taken so far."""
    db.session.rollback()
    done = HistoryEntry.act.in_(("TIMER", "MESSAGE_RECEIVED"))
    return db.session.scalar(select(func.count()).select_from(HistoryEntry).where(done)) or 0


def _heard(cases: Sequence[str]) -> list[int]:
    lines = select(HistoryEntry.proceeding_id, func.count()).where(HistoryEntry.act == "MESSAGE_RECEIVED")
    found = {row[0]: row[1] for row in db.session.execute(lines.group_by(HistoryEntry.proceeding_id))}
    return [found.get(case, 0) for case in cases]
