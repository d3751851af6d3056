"""The verbs beside submitting as acts of a scenario: 退回, 取回, 委派, 加签, 征求意见, 催办, 延期申请, 代理."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import N_
from app.domain.handling import RequestStatus, SideKind
from app.queries import evidence
from app.queries.asked import asked_of
from app.queries.deputies import deputies_page
from app.queries.handling import handling_page
from app.scenarios.script import Act, ScenarioError
from app.services.handling import asking, back, delegation, deputies, extensions, urging

if TYPE_CHECKING:
    from app.scenarios.performance import Performance

REASON = "按办理情况需要"


def _by(play: "Performance", act: Act) -> Actor:
    return play.actor(act.said["by"])


def _reason(act: Act) -> str:
    return str(act.said.get("reason", REASON))


def _task(play: "Performance", act: Act) -> str:
    """The open step that the act is about."""
    return play.step_of(act).task_id


# ---- back


def _send_back(play: "Performance", act: Act) -> None:
    """To another step of the same process, named without it."""
    given = {"to_step": str(act.said["to"]), "reason": _reason(act)}
    back.send_back(_task(play, act), **given, actor=_by(play, act), now=play.world.now)


def _take_back(play: "Performance", act: Act) -> None:
    """The newest submission of a step."""
    play.look_at(act.said.get("of"))
    done = evidence.submitted_last(play.case_id, str(act.what))
    if done is None:
        raise ScenarioError(N_("%(step)s还没有提交过"), step=act.what)
    back.take_back(done, reason=_reason(act), actor=_by(play, act), now=play.world.now)


# ---- others asked or sent to work


def _delegate(play: "Performance", act: Act) -> None:
    to = play.actor(act.said["to"]).person_id
    task = _task(play, act)
    delegation.delegate(task, to_person=to, reason=_reason(act), actor=_by(play, act), now=play.world.now)


def _hand_back(play: "Performance", act: Act) -> None:
    opinion = str(act.said.get("opinion", "已办理，请审核。"))
    delegation.hand_back(_task(play, act), opinion=opinion, actor=_by(play, act), now=play.world.now)


def _recall(play: "Performance", act: Act) -> None:
    delegation.recall(_task(play, act), reason=_reason(act), actor=_by(play, act), now=play.world.now)


def _asking(kind: SideKind) -> Callable[["Performance", Act], None]:
    def ask(play: "Performance", act: Act) -> None:
        asked, question = play.actor(act.said["ask"]).person_id, str(act.said.get("question", "请提出意见。"))
        task, actor = _task(play, act), _by(play, act)
        asking.ask(task, kind=kind, person_id=asked, question=question, actor=actor, now=play.world.now)

    return ask


def _answer(play: "Performance", act: Act) -> None:
    """The opinion that somebody was asked for beside an open step."""
    actor, task = _by(play, act), _task(play, act)
    waiting = [item.side.id for item in asked_of(actor) if item.task_id == task]
    if not waiting:
        raise ScenarioError(N_("没有就%(step)s征求过%(person)s的意见"), step=act.what, person=act.said["by"])
    asking.answer(waiting[0], opinion=str(act.said.get("opinion", "同意。")), actor=actor, now=play.world.now)


# ---- time


def _urge(play: "Performance", act: Act) -> None:
    urging.urge(_task(play, act), text=str(act.said.get("text", "")), actor=_by(play, act), now=play.world.now)


def _request_extension(play: "Performance", act: Act) -> None:
    until, task = date.fromisoformat(str(act.said["until"])), _task(play, act)
    extensions.request(task, until=until, reason=_reason(act), actor=_by(play, act), now=play.world.now)


def _decide_extension(play: "Performance", act: Act) -> None:
    """The request that waits about an open step."""
    task, actor, now = _task(play, act), _by(play, act), play.world.now
    steps = handling_page(actor, play.case_id, now=now, locale="zh").steps
    requests = [row for step in steps if step.task_id == task for row in step.requests]
    waiting = [row.id for row in requests if row.status is RequestStatus.REQUESTED]
    if not waiting:
        raise ScenarioError(N_("%(step)s没有等待决定的延期申请"), step=act.what)
    extensions.decide(waiting[0], granted=bool(act.said["granted"]), reason=_reason(act), actor=actor, now=now)


# ---- in somebody's stead


def _deputy(play: "Performance", act: Act) -> None:
    """Somebody stands in for a person, from today unless told; appointed by the person himself unless told."""
    principal, now = play.actor(act.what), play.world.now
    deputies.appoint(
        principal_id=principal.person_id,
        deputy_id=play.actor(act.said["to"]).person_id,
        since=date.fromisoformat(str(act.said.get("since", office_day(now)))),
        until=date.fromisoformat(str(act.said["until"])),
        roles=[str(role) for role in act.said.get("roles", ())],
        reason=_reason(act),
        actor=play.actor(act.said.get("by", act.what)),
        now=now,
    )


def _end_deputy(play: "Performance", act: Act) -> None:
    """Whoever stands in for a person does so no longer."""
    principal, now = play.actor(act.what), play.world.now
    rows: list[Any] = [row for row in deputies_page(principal, now=now).arrangements if row.principal == principal.name]
    running = [row.id for row in rows if row.state != "OVER"]
    if not running:
        raise ScenarioError(N_("没有人在代理%(person)s"), person=act.what)
    deputies.end(running[0], actor=play.actor(act.said.get("by", act.what)), now=now)


DEEDS: Mapping[str, Callable[["Performance", Act], None]] = {
    "send_back": _send_back,
    "take_back": _take_back,
    "delegate": _delegate,
    "hand_back": _hand_back,
    "recall": _recall,
    "countersign": _asking(SideKind.COUNTERSIGN),
    "consult": _asking(SideKind.OPINION),
    "answer": _answer,
    "urge": _urge,
    "request_extension": _request_extension,
    "decide_extension": _decide_extension,
    "deputy": _deputy,
    "end_deputy": _end_deputy,
}
"""Each takes its time and may be refused, as the steps."""
