"""Acts beside the steps: the clock, recusals, who holds a step, series, subjects, rule settings, lists of courts."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import N_
from app.domain.exchange import COLUMNS
from app.queries import exchange as listed
from app.queries import series_runs
from app.queries.recusals import recusal_page
from app.queries.series import series_page
from app.scenarios.script import Act, ScenarioError
from app.scenarios.world import PAPER
from app.services import exchange, periods, recusals, rules, series, standings, subjects, tasks

if TYPE_CHECKING:
    from app.scenarios.performance import Performance

REASON = "按办理情况需要"
LIST_KEYS = ("doc_no", "issuing_body", "doc_date", "organ", "result")


def _by(play: "Performance", act: Act, usual: str) -> Actor:
    return play.actor(act.said.get("by", usual))


def _reason(act: Act) -> str:
    return str(act.said.get("reason", REASON))


def _task(play: "Performance", act: Act) -> str:
    """The open step that the act is about."""
    return play.step_of(act).task_id


# ---- the clock


def _suspend(play: "Performance", act: Act) -> None:
    play.look_at(act.what)
    basis, actor = str(act.said.get("basis", "参照行政诉讼法司法解释第八十七条")), _by(play, act, "jmo.director")
    periods.suspend_case(play.case_id, reason=_reason(act), basis=basis, actor=actor, now=play.world.now)


def _resume(play: "Performance", act: Act) -> None:
    play.look_at(act.what)
    actor = _by(play, act, "jmo.director")
    periods.resume_case(play.case_id, reason=_reason(act), actor=actor, now=play.world.now)


def _extend(play: "Performance", act: Act) -> None:
    """Until a day, or by a period from the present last day."""
    until, period = act.said.get("until"), str(act.said.get("period", ""))
    actor, task = _by(play, act, "jmo.director"), _task(play, act)
    day = date.fromisoformat(str(until)) if until else None
    periods.extend_task(task, until=day, period=period, reason=_reason(act), actor=actor, now=play.world.now)


# ---- who does it


def _recuse(play: "Performance", act: Act) -> None:
    """Somebody asks that a person step aside (the person himself unless told); it is decided where told."""
    play.look_at(act.said.get("of"))
    person, now = play.actor(act.what), play.world.now
    asker, ground = _by(play, act, str(act.what)), str(act.said.get("ground", "INTEREST"))
    given = {"person_id": person.person_id, "ground": ground, "reason": _reason(act)}
    asked = recusals.request(play.case_id, **given, actor=asker, now=now)
    if "granted" in act.said:
        judge = play.actor(act.said.get("decided_by", "jmo.director"))
        recusals.decide(asked, granted=bool(act.said["granted"]), reason=REASON, actor=judge, now=now)


def _decide_recusal(play: "Performance", act: Act) -> None:
    """Decide the request that waits about a person."""
    play.look_at(act.said.get("of"))
    judge, name = _by(play, act, "jmo.director"), play.actor(act.what).name
    lines = recusal_page(judge, play.case_id).lines
    waiting = [line.id for line in lines if line.person == name and line.decided_at is None]
    if not waiting:
        raise ScenarioError(N_("没有等待决定的对%(person)s的回避申请"), person=act.what)
    granted = bool(act.said.get("granted"))
    recusals.decide(waiting[0], granted=granted, reason=_reason(act), actor=judge, now=play.world.now)


def _claim(play: "Performance", act: Act) -> None:
    tasks.claim(_task(play, act), actor=play.actor(act.said["by"]), now=play.world.now)


def _release(play: "Performance", act: Act) -> None:
    actor = play.actor(act.said["by"])
    tasks.release(_task(play, act), actor=actor, now=play.world.now, reason=_reason(act))


def _transfer(play: "Performance", act: Act) -> None:
    actor, to = play.actor(act.said["by"]), play.actor(act.said["to"])
    tasks.transfer(_task(play, act), actor=actor, now=play.world.now, to_person=to.person_id, reason=_reason(act))


# ---- series


def _series(play: "Performance", act: Act) -> None:
    """Cases alike to one, from a table; `name` in a row is what the scenario calls its case."""
    play.look_at(act.what)
    rows: Sequence[Mapping[str, Any]] = act.said["rows"]
    actor = play.actor(act.said["by"])
    run_id = series.open_series(play.case_id, table=_table(rows), actor=actor, now=play.world.now)
    play.world.settle()
    run = series_runs.run_page(actor, run_id)
    if run.refused:
        told = "；".join(sentence % values for sentence, values in run.refused[0].sentences)
        raise ScenarioError(N_("表格第%(line)s行未能登记：%(why)s"), line=run.refused[0].line, why=told)
    for row, made in zip(rows, run.settled, strict=True):
        if "name" in row:
            play.know(str(row["name"]), str(made.case_id))


def _table(rows: Sequence[Mapping[str, Any]]) -> bytes:
    columns = list(dict.fromkeys(key for row in rows for key in row if key != "name"))
    out = io.StringIO()
    sheet = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    sheet.writeheader()
    sheet.writerows(rows)
    return out.getvalue().encode()


def _separate(play: "Performance", act: Act) -> None:
    play.look_at(act.what)
    actor = _by(play, act, "jmo.director")
    series.separate(series_page(actor, play.case_id).id, reason=_reason(act), actor=actor, now=play.world.now)


# ---- subjects


def _add_subject(play: "Performance", act: Act) -> None:
    """A responsible subject comes up while the case is investigated: a person, or an organ by its code."""
    play.look_at(act.said.get("to"))
    who, organ = play.username(act.what), act.said.get("organ")
    subject = subjects.NewSubject(
        kind="PERSON" if organ else "ORGAN",
        organ_id=play.username(organ) if organ else who,
        person_id=who if organ else None,
        role=act.said["role"],
        reason=str(act.said.get("reason", "调查中发现新的事实")),
    )
    subjects.add(play.case_id, subject, actor=_by(play, act, "team.leader"), now=play.world.now)


def _status(play: "Performance", act: Act) -> None:
    """What became of a responsible person, with a paper that proves it."""
    play.look_at(act.said.get("of"))
    actor, organ, now = _by(play, act, "sup.head"), act.said.get("organ"), play.world.now
    change = standings.StatusChange(
        status=str(act.said["to"]),
        since=date.fromisoformat(str(act.said.get("since", office_day(now)))),
        reason=_reason(act),
        papers=[play.world.hands.upload(actor, now, content=PAPER, name="证明材料.pdf")],
        organ_id=play.username(organ) if organ else None,
        consented=bool(act.said.get("consented")),
    )
    standings.record(play.case_id, play.subject_of(play.player, str(act.what)), change, actor=actor, now=now)


# ---- rules and lists


def _rule(play: "Performance", act: Act) -> None:
    """A rule setting changes for what is opened from today on."""
    organ = act.said.get("organ")
    rules.set_rule(
        act.said["regulation"],
        name=str(act.what),
        value=str(act.said["to"]),
        valid_from=office_day(play.world.now).isoformat(),
        reason="验收场景需要",
        actor=_by(play, act, "rule.admin"),
        now=play.world.now,
        organ_id=play.username(organ) if organ else None,
        basis="实施细则" if organ else "",
    )


def _court_list(play: "Performance", act: Act) -> None:
    """A court sends its list of lost cases."""
    lines = [[str(line.get(key, "")) for key in LIST_KEYS] for line in act.what]
    text = "\n".join("\t".join(cells) for cells in (COLUMNS, *lines))
    exchange.import_list(text, actor=_by(play, act, "jmo.officer"), now=play.world.now)


def _open_listed(play: "Performance", act: Act) -> None:
    """The office opens the case of a listed document that nobody filed."""
    actor = _by(play, act, "jmo.officer")
    found = [row.id for row in listed.reconciliation(actor).rows if row.doc_no == str(act.said["doc_no"])]
    if not found:
        raise ScenarioError(N_("清单中没有%(doc_no)s"), doc_no=act.said["doc_no"])
    opened = exchange.open_unfiled(found[0], actor=actor, now=play.world.now, key=uuid4().hex)
    play.know(str(act.what), opened.proceeding_id, answers=act.said.get("answers") or {})
    play.look_at(act.what)


DEEDS: Mapping[str, Callable[["Performance", Act], None]] = {
    "suspend": _suspend,
    "resume": _resume,
    "extend": _extend,
    "recuse": _recuse,
    "decide_recusal": _decide_recusal,
    "claim": _claim,
    "release": _release,
    "transfer": _transfer,
    "series": _series,
    "separate": _separate,
    "add_subject": _add_subject,
    "status": _status,
    "rule": _rule,
    "court_list": _court_list,
    "open_listed": _open_listed,
}
"""Each takes its time and may be refused, as the steps."""
