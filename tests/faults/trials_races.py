"""Two verbs at the same moment, web processes killed meanwhile: one order of the two, never a mixture."""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from app.domain.proceedings import ProceedingStatus
from app.domain.tasks import TaskStatus
from app.extensions import db
from app.storage.models import HistoryEntry, Proceeding, Submission, Task
from tests.faults import books
from tests.faults.hands import Act, Outcome, Until, press_all, press_together
from tests.faults.lab import Place, Row, Scale, longest, told_of
from tests.faults.product import Serve
from tests.faults.trials_kills import HANDS
from tests.faults.trials_people import LATE, around, kill_a_web_process, until_rest

LEAST = 8
MOST_ROUNDS = 40
"""Of a race that needs luck to be one."""
TOLD = frozenset({401, 403, 404, 409})
"""A sentence that says who was first, or that the right is gone."""
REASON = "一并核对。"
Judge = Callable[[Sequence[Outcome]], str]
"""What is wrong with the answers of one race; empty when nothing is."""


def races(scale: Scale) -> int:
    """A quarter of the races of a long run: there are many kinds."""
    return max(LEAST, scale.races // 4)


def kills(scale: Scale) -> int:
    """Few: a process that is killed before it has come up proves nothing."""
    return min(scale.kills, max(3, scale.races // 4))


def verb(place: Place, task_id: str, name: str, who: str, **body: str) -> Act:
    """A press of another button of a step."""
    return Act(task_id, place.tokens[who], {}, path=f"/api/v1/tasks/{task_id}/{name}", body=body)


def of_case(place: Place, proceeding_id: str, name: str, who: str, **body: str) -> Act:
    path = f"/api/v1/cases/{proceeding_id}/{name}"
    return Act("", place.tokens[who], {}, path=path, body=body)


def done(outcome: Outcome) -> bool:
    return 200 <= outcome.status < 300


def race(
    requirement: str,
    trial: str,
    place: Place,
    serve: Serve,
    scale: Scale,
    pairs: Sequence[Sequence[Act]],
    judge: Judge,
) -> Row:
    """Each pair at the same moment, eight pairs at a time."""
    db.session.remove()
    with Until(lambda: kill_a_web_process(serve), every=scale.every, first=0.1, most=kills(scale)) as killer:
        answers = press_together(serve.port, pairs, at_a_time=HANDS)
    until_rest(place)
    faults = [fault for pair in answers if (fault := judge(pair))]
    return row_of(requirement, trial, place, [o for pair in answers for o in pair], kills=killer.count, faults=faults)


def row_of(
    requirement: str,
    trial: str,
    place: Place,
    outcomes: Sequence[Outcome],
    *,
    kills: int = 0,
    faults: Sequence[str] = (),
    told: Collection[int] = TOLD,
) -> Row:
    """The line of a race. An error is every answer that is neither success nor one of the sentences `told`."""
    until_rest(place)
    count = books.of_acts([outcome for outcome in outcomes if outcome.act.submits])
    strange = sum(not done(outcome) and outcome.status not in told for outcome in outcomes)
    return Row(
        requirement,
        trial,
        place.kind,
        acts=len(outcomes),
        kills=kills,
        lost=count.lost,
        doubled=count.doubled,
        errors=strange + sum(outcome.failed for outcome in outcomes),
        longest=longest(outcomes),
        remarks=told_of([outcome for outcome in outcomes if not done(outcome)]),
        faults=(*faults, *books.faults(datetime.now(UTC))),
    )


def state_of(task_id: str) -> Task:
    db.session.rollback()
    return db.session.get_one(Task, task_id)


def statuses(pair: Sequence[Outcome]) -> str:
    return " and ".join(str(outcome.status) for outcome in pair)


# ---- verbs of one step


def two_claims(place: Place, serve: Serve, scale: Scale) -> Row:
    """Two officers take the same step (签收): one has it, the other is told."""
    steps = [place.office.task(place.open_case().proceeding_id, "T_check") for _ in range(races(scale))]
    names = {place.tokens[name]: place.office.actor(name).person_id for name in ("officer1", "officer2")}
    pairs = [[verb(place, step, "claim", name) for name in ("officer1", "officer2")] for step in steps]

    def judge(pair: Sequence[Outcome]) -> str:
        winners = [outcome for outcome in pair if done(outcome)]
        if len(winners) != 1:
            return f"answers {statuses(pair)}"
        holder = state_of(pair[0].act.task_id).assignee_id
        return "" if holder == names[winners[0].act.token] else "the one who was told yes does not have it"

    return race("RC-3", "two claims", place, serve, scale, pairs, judge)


def back_or_claimed(place: Place, serve: Serve, scale: Scale) -> Row:
    """取回 of what was submitted while the next one takes the step that followed (签收)."""
    pairs = []
    for _ in range(races(scale)):
        case = place.open_case().proceeding_id
        check = place.office.task(case, "T_check")
        place.office.complete(check, "officer1", {"opinion": "齐全"})
        review = place.office.task(case, "T_review")
        back = verb(place, check, "take-back", "officer1", reason=REASON)
        pairs.append([back, verb(place, review, "claim", "officer2")])

    def judge(pair: Sequence[Outcome]) -> str:
        back, claim = pair
        review = state_of(claim.act.task_id)
        taken = review.status is TaskStatus.OPEN and review.assignee_id is not None
        if done(back) == done(claim) or done(claim) != taken:
            return f"answers {statuses(pair)}, the step is {review.status} with {review.assignee_id}"
        return ""

    return race("RC-3", "taken back or claimed", place, serve, scale, pairs, judge)


def transferred_or_done(place: Place, serve: Serve, scale: Scale) -> Row:
    """转办 to another while its holder submits it."""
    from app.services import tasks  # noqa: PLC0415  (see tests.conftest)

    pairs, holder = [], place.office.actor("officer1")
    to = place.office.actor("officer2").person_id
    for _ in range(races(scale)):
        act = place.act(place.open_case().proceeding_id, "T_check", "officer1", opinion="齐全")
        tasks.claim(act.task_id, actor=holder, now=place.office.now)
        pairs.append([verb(place, act.task_id, "transfer", "officer1", to_person=to, reason=REASON), act])

    def judge(pair: Sequence[Outcome]) -> str:
        move, submit = pair
        step = state_of(submit.act.task_id)
        completed = step.status is TaskStatus.COMPLETED
        if done(move) == done(submit) or done(submit) != completed or (done(move) and step.assignee_id != to):
            return f"answers {statuses(pair)}, the step is {step.status} with {step.assignee_id}"
        return ""

    return race("RC-3", "transferred or submitted", place, serve, scale, pairs, judge)


def suspended_or_done(place: Place, serve: Serve, scale: Scale) -> Row:
    """中止 of the case while one of its steps is submitted: before it or not at all."""
    pairs = []
    for _ in range(races(scale)):
        case = place.open_case().proceeding_id
        stop = of_case(place, case, "suspend", "director", reason="等待另案结果", basis="参照司法解释")
        pairs.append([stop, place.act(case, "T_check", "officer1", opinion="齐全")])

    def judge(pair: Sequence[Outcome]) -> str:
        stop, submit = pair
        step = state_of(submit.act.task_id)
        case = db.session.get_one(Proceeding, step.proceeding_id)
        if not done(stop) or case.suspended_at is None:
            return f"not suspended: answers {statuses(pair)}"
        if done(submit) != (step.status is TaskStatus.COMPLETED):
            return f"answers {statuses(pair)}, the step is {step.status}"
        return "submitted after it was suspended" if done(submit) and _place_of(step, "SUSPENDED") < 0 else ""

    return race("RC-3", "suspended or submitted", place, serve, scale, pairs, judge)


def _place_of(step: Task, act: str) -> int:
    """How many lines of the story an act stands behind the submission of a step."""
    told = select(HistoryEntry.position).where(HistoryEntry.proceeding_id == step.proceeding_id)
    submitted = db.session.scalars(told.where(HistoryEntry.task_id == step.id, HistoryEntry.act == "SUBMITTED")).one()
    return db.session.scalars(told.where(HistoryEntry.act == act)).one() - submitted


def revoked_or_fired(place: Place, serve: Serve, scale: Scale) -> Row:
    """撤销 of a case while the timer of its deadline fires: it is over, and nothing fires later."""
    began = time.monotonic()
    place.open_case()
    lead = timedelta(seconds=3 + races(scale) * (time.monotonic() - began) * 1.5)
    due = datetime.now(UTC) + lead
    place.office.now = due - LATE
    opened = [place.open_case().proceeding_id for _ in range(races(scale))]
    place.office.now = datetime.now(UTC)
    acts = [of_case(place, id_, "revoke", "director", reason="登记有误", basis="重复登记") for id_ in opened]
    db.session.remove()
    outcomes = around(serve.port, acts, due)
    until_rest(place)
    db.session.rollback()
    still = select(Task.id).where(Task.proceeding_id.in_(opened), Task.status == TaskStatus.OPEN)
    running = (Proceeding.id.in_(opened), Proceeding.status == ProceedingStatus.RUNNING)
    faults = [f"open after it was revoked: {id_}" for id_ in db.session.scalars(still)]
    faults += [f"still running: {id_}" for id_ in db.session.scalars(select(Proceeding.id).where(*running))]
    fired = sum(times for times in books.tasks_of("T_escalate", opened))
    faults += [f"fired {times} times" for times in books.tasks_of("T_escalate", opened) if times > 1]
    row = row_of("RC-5", "revoked or fired", place, outcomes, faults=faults, told=())
    return replace(row, remarks=f"timer first {fired} of {len(opened)}")


# ---- rights that end


def disabled_or_done(place: Place, serve: Serve, scale: Scale) -> Row:
    """停用 of an account while its holder submits eight steps: each is recorded and answered, or neither."""
    from app.services import administration  # noqa: PLC0415  (see tests.conftest)

    keeper, guard = place.administrator("system.admin"), place.administrator("security.admin")
    username = place.office.actor("officer3").username

    def end() -> None:
        administration.shut_out(username, actor=keeper, now=datetime.now(UTC))

    def begin() -> None:
        administration.let_in(username, actor=guard, now=datetime.now(UTC))

    return _while_submitting(place, serve, scale, "account disabled", end, begin)


def revoked_role(place: Place, serve: Serve, scale: Scale) -> Row:
    """A role is taken away while its holder submits eight steps."""
    from app.services import administration  # noqa: PLC0415  (see tests.conftest)
    from app.storage.models import RoleAssignment  # noqa: PLC0415

    keeper, holder = place.administrator("security.admin"), place.office.actor("officer3")

    def end() -> None:
        query = select(RoleAssignment.id).where(RoleAssignment.person_id == holder.person_id)
        id_ = db.session.scalars(query).one()
        administration.revoke(holder.person_id, id_, actor=keeper, now=datetime.now(UTC))

    def begin() -> None:
        administration.grant(holder.person_id, role="jmo.officer", organ_id=None, actor=keeper, now=datetime.now(UTC))

    return _while_submitting(place, serve, scale, "role revoked", end, begin)


def _while_submitting(
    place: Place, serve: Serve, scale: Scale, trial: str, end: Callable[[], None], begin: Callable[[], None]
) -> Row:
    """Rounds until the right has ended among submissions once at least: some answered, some refused; none unmet."""
    outcomes: list[Outcome] = []
    faults: list[str] = []
    met = False
    for number in range(MOST_ROUNDS):
        if met and number >= max(2, races(scale) // LEAST):
            break
        opened = [place.open_case().proceeding_id for _ in range(LEAST)]
        acts = [place.act(case, "T_check", "officer3", opinion="齐全") for case in opened]
        db.session.remove()
        ending = Until(lambda: in_app(place, end), every=0.01, first=0.02 * (number % 4), most=1)
        with ending:
            answered = press_all(serve.port, acts, hands=2)
            while not ending.count and ending.error is None:
                ending.wait()
        in_app(place, begin)
        db.session.rollback()
        kept = set(db.session.scalars(select(Submission.task_id).where(Submission.proceeding_id.in_(opened))))
        faults += [
            f"answer {outcome.status}, and it is recorded"
            for outcome in answered
            if not done(outcome) and outcome.act.task_id in kept
        ]
        outcomes += answered
        met |= 0 < sum(map(done, answered)) < len(answered)
    row = row_of("SV-19", trial, place, outcomes, faults=faults)
    refused = sum(not done(outcome) for outcome in outcomes)
    return replace(row, remarks=f"refused {refused} of {len(outcomes)}")


def in_app(place: Place, act: Callable[[], None]) -> int:
    """The act with the application at hand, on a thread of its own."""
    with place.app.app_context():
        act()
    return 1
