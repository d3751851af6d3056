"""People who press at the same moment: different steps, the same step, the same button twice, against the clock."""

import os
import random
import signal
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.extensions import db
from app.storage.models import Submission
from tests.faults import books
from tests.faults.hands import Act, Outcome, Until, press, press_together
from tests.faults.lab import Place, Row, Scale, longest, shown, told_of
from tests.faults.product import Serve, start_worker


def kill_a_web_process(serve: Serve) -> int:
    """SIGKILL to one of the four, chosen by lot."""
    processes = serve.web_processes()
    if not processes:
        return 0
    with suppress(ProcessLookupError):
        os.kill(random.choice(processes), signal.SIGKILL)
        return 1
    return 0


def countersign(place: Place, serve: Serve, scale: Scale) -> Row:
    """Seven members vote at the same moment, six meetings at a time, while web processes are killed."""
    meetings = [place.open_meeting() for _ in range(scale.rounds)]
    groups = [place.votes(meeting) for meeting in meetings]
    db.session.remove()
    with Until(lambda: kill_a_web_process(serve), every=scale.every, first=0.1, most=scale.kills) as killer:
        outcomes = [outcome for group in press_together(serve.port, groups, at_a_time=6) for outcome in group]
    return row_of(
        "RC-1 RC-2", "seven votes at once", place, outcomes, kills=killer.count, after=("T_minutes", meetings)
    )


def at_load(place: Place, serve: Serve, scale: Scale) -> Row:
    """The same without kills: no 5xx at all, no lock that somebody gives up waiting for."""
    meetings = [place.open_meeting() for _ in range(scale.rounds)]
    groups = [place.votes(meeting) for meeting in meetings]
    db.session.remove()
    began = time.monotonic()
    outcomes = [outcome for group in press_together(serve.port, groups, at_a_time=6) for outcome in group]
    rate = len(outcomes) / (time.monotonic() - began)
    row = row_of("RC-13", "42 clients, no kills", place, outcomes, after=("T_minutes", meetings))
    log = serve.log.read_text()
    locked = [word for word in ("database is locked", "deadlock", "Traceback") if word in log]
    away = sum(outcome.away for outcome in outcomes)
    again = sum(outcome.tries > 1 for outcome in outcomes)
    faults = [*row.faults, *locked, *([f"503 {away} times, sent again {again}"] if away or again else [])]
    return replace(row, remarks=f"{rate:.0f}/s", faults=tuple(faults))


def same_task(place: Place, serve: Serve, scale: Scale) -> Row:
    """Two people submit the same step at the same moment: one wins, the other learns who was first, and when."""
    opened = [place.open_case().proceeding_id for _ in range(scale.races)]
    pairs = []
    for case in opened:
        act = place.act(case, "T_check", "officer1", opinion="齐全")
        pairs.append([act, Act(act.task_id, place.tokens["officer2"], act.answers)])
    db.session.remove()
    races = press_together(serve.port, pairs, at_a_time=8)
    faults = []
    for race in races:
        winner, loser = sorted(race, key=lambda outcome: outcome.status)
        name = f"officer{1 if winner is race[0] else 2}"
        if (winner.status, loser.status) != (200, 409):
            faults.append(f"answers {winner.status} and {loser.status}")
        elif name not in loser.body["detail"] or str(datetime.now(UTC).year) not in loser.body["detail"]:
            faults.append(f"the loser was told: {loser.body['detail']}")
    outcomes = [outcome for race in races for outcome in race]
    winners = [outcome for outcome in outcomes if outcome.status == 200]
    row = row_of("RC-3", "two people, one step", place, winners, after=("T_review", opened))
    return replace(row, acts=len(outcomes), errors=len(faults), faults=(*row.faults, *faults))


def double_click(place: Place, serve: Serve, scale: Scale) -> Row:
    """The same form twice at the same moment, and once more later: one effect, one answer."""
    opened = [place.open_case().proceeding_id for _ in range(scale.races)]
    acts = [place.act(case, "T_check", "officer1", opinion="齐全") for case in opened]
    db.session.remove()
    clicks = press_together(serve.port, [[act, act] for act in acts], at_a_time=8)
    clicks = [[*pair, press(serve.port, act)] for pair, act in zip(clicks, acts, strict=True)]
    faults = []
    for answers in clicks:
        documents = [{k: v for k, v in dict(a.body or {}).items() if k != "replayed"} for a in answers]
        if documents.count(documents[0]) != len(documents):
            faults.append("the answers differ")
        if sorted(bool(a.body.get("replayed")) for a in answers) != [False, True, True]:
            faults.append("not exactly one was the first")
    outcomes = [outcome for answers in clicks for outcome in answers]
    row = row_of("RC-4", "double click and replay", place, outcomes, after=("T_review", opened))
    return replace(row, faults=(*row.faults, *faults))


LATE = timedelta(days=10)
"""When the small case takes the check away from who did not do it."""


def against_the_clock(place: Place, serve: Serve, scale: Scale) -> Row:
    """A person submits while the deadline's timer fires, two workers running: exactly one path; due first."""
    began = time.monotonic()
    place.open_case()
    lead = timedelta(seconds=3 + scale.races * (time.monotonic() - began) * 1.5)
    due = datetime.now(UTC) + lead
    place.office.now = due - LATE
    opened = [place.open_case().proceeding_id for _ in range(scale.races)]
    acts = [place.act(case, "T_check", "officer1", opinion="齐全") for case in opened]
    place.office.now = datetime.now(UTC)
    db.session.remove()
    late = datetime.now(UTC) - due
    another = start_worker(place.data, place.url)
    try:
        outcomes = around(serve.port, acts, due)
        until_rest(place)
    finally:
        another.terminate()
        another.wait(timeout=40)
    faults = [] if late < timedelta() else [f"the cases were ready {late} after the timers"]
    clicked, fired = books.tasks_of("T_review", opened), books.tasks_of("T_escalate", opened)
    for outcome, review, escalate in zip(outcomes, clicked, fired, strict=True):
        if (review, escalate) != ((1, 0) if outcome.status == 200 else (0, 1)):
            faults.append(f"answer {outcome.status}, review {review}, escalation {escalate}")
    urged = books.tasks_of("T_urge", opened)
    faults += [f"urged {times} times" for times in urged if times != 1]
    sent = select(Submission.submitted_at).where(Submission.task_id.in_([act.task_id for act in acts]))
    faults += [f"accepted {at - due} after the deadline" for at in db.session.scalars(sent) if at >= due]
    won = sum(outcome.status == 200 for outcome in outcomes)
    row = row_of("RC-5", "timer against click", place, outcomes, expected=frozenset({200, 409}))
    remarks = f"person first {won}, timer first {len(outcomes) - won}, {time.monotonic() - began:.0f} s"
    return replace(row, remarks=remarks, faults=(*row.faults, *faults))


def around(port: int, acts: Sequence[Act], due: datetime) -> list[Outcome]:
    """Each at a moment of its own around `due`, half of them in the tenth of a second before it."""

    def one(act: Act) -> Outcome:
        moment = due.timestamp() + random.choice((random.uniform(-0.1, 0.02), random.uniform(-0.8, 0.5)))
        threading.Event().wait(max(0.0, moment - time.time()))
        return press(port, act)

    with ThreadPoolExecutor(min(len(acts), 60)) as people:
        return list(people.map(one, acts))


def until_rest(place: Place, patience: float = 120) -> None:
    """Until nothing is due any more and no letter waits."""
    from app.queries import health  # noqa: PLC0415

    until = time.monotonic() + patience
    while time.monotonic() < until:
        db.session.rollback()
        figures = health.figures(datetime.now(UTC))
        if figures.timers_due == 0 and figures.outbox["PENDING"] == 0:
            db.session.rollback()
            return
        time.sleep(0.2)


def row_of(
    requirement: str,
    trial: str,
    place: Place,
    outcomes: Sequence[Outcome],
    *,
    kills: int = 0,
    after: tuple[str, Sequence[str]] = ("", ()),
    expected: frozenset[int] = frozenset({200}),
) -> Row:
    """The line of a trial. `after`: a step that each proceeding must have met exactly once."""
    until_rest(place)
    count = books.of_acts(outcomes)
    step, proceedings = after
    stuck = [f"{step} met {times} times" for times in books.tasks_of(step, proceedings) if times != 1]
    return Row(
        requirement,
        trial,
        place.kind,
        acts=len(outcomes),
        kills=kills,
        lost=count.lost,
        doubled=count.doubled,
        errors=shown(outcomes, expected=expected),
        longest=longest(outcomes),
        remarks=told_of(outcomes) if expected == frozenset({200}) else "",
        faults=(*stuck, *books.faults(datetime.now(UTC))),
    )
