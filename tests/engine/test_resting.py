"""In a round of many called processes a move builds those that it concerns; it does with them what it always did."""

from datetime import timedelta
from typing import Any

import pytest

from app.engine import state
from app.engine.expressions import ScriptEngine
from app.engine.resting import Concern, Resting
from app.engine.workflows import Workflow
from tests.engine import diagrams as d
from tests.engine.proceedings import Proceeding, started

MATTERS = [f"A{number}" for number in range(20)]


def meeting() -> Proceeding:
    """A round of twenty, each of two processes; it ends when its case is withdrawn, or after ten days."""
    called = d.process(
        "q",
        d.start("q_begin"),
        d.call("c_item", "item"),
        d.boundary("withdrawn", "c_item", d.awaits("Withdrawn", value="matter")),
        d.script("mark", 'vote = "WITHDRAWN"'),
        d.end("q_done"),
        d.end("q_gone"),
        d.flows("q_begin c_item q_done", "withdrawn mark q_gone"),
        variables={"matter": "string", "vote": "string"},
    )
    item = d.process(
        "item",
        d.start("i_begin"),
        d.user("discuss"),
        d.boundary("late", "discuss", d.timer("Duration", '"P10D"')),
        d.user("sign"),
        d.end("i_done"),
        d.end("i_late"),
        d.flows("i_begin discuss sign i_done", "late i_late"),
        variables={"matter": "string", "vote": "string"},
    )
    return started(
        d.messages("Withdrawn"),
        d.process(
            "p",
            d.start(),
            d.call("c", "q", d.many("cases", "matter", "votes", "vote")),
            d.boundary("stopped", "c", d.timer("Duration", '"P30D"', id="stop")),
            d.user("close"),
            d.end(),
            d.terminate("over"),
            d.flows("begin c close done", "stopped over"),
            variables={"cases": "list", "votes": "list", "vote": "string"},
            collections="cases votes",
        ),
        called,
        item,
        cases=MATTERS,
    )


def built(p: Proceeding, concern: Concern | None) -> Workflow:
    return state.load(p.definition, p.state, engine=ScriptEngine(now=p.now, context={}), concern=concern)


def test_a_step_in_one_of_many_called_processes_leaves_the_others_at_rest() -> None:
    p = meeting()
    task = p.task("discuss", matter="A7")

    workflow = built(p, Concern(p.now, frozenset([task.id])))

    assert len(workflow.awake()) == 2  # the matter, and the item that it calls
    assert len(workflow.rests()) == len(MATTERS) - 1
    assert sum(len(rest.open) for rest in workflow.rests()) == len(MATTERS) - 1
    assert sum(1 for _ in workflow.subprocesses.as_they_are()) == len(MATTERS) + 1


def test_what_rests_goes_on_waiting_for_its_people_timers_and_messages() -> None:
    p = meeting()

    last = p.do("discuss", {"matter": "A7"})

    assert [task.step_id for task in last.opened] == ["sign"]
    assert [closed.completed for closed in last.closed] == [True]
    assert sorted(task.element["matter"] for task in p.tasks) == sorted(MATTERS)
    assert len(last.subscriptions) == len(MATTERS)
    assert sorted(timer.step_id for timer in last.timers) == ["late"] * (len(MATTERS) - 1) + ["stopped"]


def test_a_message_wakes_the_one_that_waits_for_it() -> None:
    p = meeting()
    p.do("discuss", {"matter": "A7"})

    last = p.deliver("Withdrawn", case_no="A3")

    assert [closed.completed for closed in last.closed] == [False]
    assert "A3" not in {task.element["matter"] for task in p.tasks}
    assert len(last.subscriptions) == len(MATTERS) - 1


def test_timers_of_what_rests_fire_before_whatever_is_done() -> None:
    p = meeting()
    p.do("discuss", {"matter": "A7"})

    p.now += timedelta(days=11)
    last = p.do("sign", {"matter": "A7"}, vote="AGREE")

    assert p.open == ["close"]
    assert len(p.task("close").variables["votes"]) == len(MATTERS)
    assert "AGREE" in p.task("close").variables["votes"]
    assert [step.step_id for step in last.steps].count("late") == len(MATTERS) - 1


def test_the_end_of_the_round_ends_what_rests() -> None:
    p = meeting()
    p.do("discuss", {"matter": "A7"})
    for matter in ("A1", "A2"):
        p.do("discuss", {"matter": matter})

    p.now += timedelta(days=9)
    p.deliver("Withdrawn", case_no="A3")
    p.now += timedelta(days=30)
    last = p.wait()

    assert last.completed
    assert p.open == []
    assert last.timers == ()


def test_every_called_process_comes_out_as_it_was_stored() -> None:
    p = meeting()
    for matter in ("A7", "A4"):
        p.do("discuss", {"matter": matter}, vote="AGREE")

    whole, quick = built(p, None), built(p, Concern(p.now))
    assert quick.awake() == []
    assert state.dump(quick) == p.state
    quick.wake_all()

    assert rows_of(quick) == rows_of(whole)


def rows_of(workflow: Workflow) -> Any:
    stored = state.read(state.dump(workflow))
    return stored["top"], {task_id: sub["tasks"] for task_id, sub in stored["subs"].items()}


def test_whoever_asks_for_a_step_or_for_all_called_processes_gets_them_built() -> None:
    p = meeting()
    step = p.task("discuss", matter="A9")

    workflow = built(p, Concern(p.now))
    found = next(task for task in built(p, None).awake() if task.tasks.get(step.id))

    assert workflow.get_task_from_id(step.id).task_spec.name == "discuss"
    assert workflow.subprocesses[found.parent_task_id].spec.name == "item"
    assert not any(isinstance(sub, Resting) for sub in workflow.subprocesses.values())


def test_a_called_process_with_a_held_step_never_rests() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.call("c", "q", d.many("cases", "matter", "votes", "vote")),
            d.end(),
            d.flows("begin c done"),
            variables={"cases": "list", "votes": "list", "vote": "string"},
            collections="cases votes",
        ),
        d.process(
            "q",
            d.start("q_begin"),
            d.user("u", post='vote = if task.vote = "?" then number(task.vote) + 1 else task.vote'),
            d.exclusive("g", default="q_done"),
            d.user("again"),
            d.end("q_done"),
            d.flows("q_begin u g", "again q_done", "g q_done"),
            d.when("g", "again", 'if vote = "HOLD" then vote else false'),
            variables={"matter": "string", "vote": "string"},
        ),
        cases=MATTERS,
    )

    p.do("u", {"matter": "A5"}, vote="HOLD")
    p.do("u", {"matter": "A6"}, vote="AGREE")

    assert p.held == ["g"]
    assert len(built(p, Concern(p.now)).awake()) == 1


@pytest.mark.parametrize("days", [0, 12])
def test_moves_are_told_alike_whether_the_others_rest_or_not(days: int, monkeypatch: pytest.MonkeyPatch) -> None:
    resting, whole = meeting(), meeting()

    told = [told_of(p, days, monkeypatch, few=few) for p, few in ((resting, 0), (whole, 10_000))]

    assert told[0] == told[1]


def told_of(p: Proceeding, days: int, monkeypatch: pytest.MonkeyPatch, *, few: int) -> Any:
    monkeypatch.setattr("app.engine.settled.FEW", few)
    p.do("discuss", {"matter": "A7"}, vote="AGREE")
    p.deliver("Withdrawn", case_no="A3")
    p.now += timedelta(days=days)
    last = p.do("sign", {"matter": "A7"})
    return (
        sorted((task.step_id, task.element["matter"]) for task in last.opened if task.element),
        len(last.closed),
        sorted((timer.step_id, timer.due_at) for timer in last.timers),
        sorted(row.correlation["case_no"] for row in last.subscriptions),
        [step.step_id for step in last.steps],
        p.open,
    )


def test_what_rests_within_a_call_that_is_withdrawn_is_gone_with_it() -> None:
    """The library takes the callers off the tree before it asks for what they called."""
    item = d.process("item", d.start("i_begin"), d.user("discuss"), d.end("i_done"), d.flows("i_begin discuss i_done"))
    stage = d.process(
        "stage",
        d.start("s_begin"),
        d.call("c_items", "item", d.many("cases", "matter", "votes", "vote")),
        d.end("s_done"),
        d.flows("s_begin c_items s_done"),
        variables={"cases": "list", "votes": "list", "vote": "string"},
        collections="cases votes",
    )
    p = started(
        d.messages("Withdrawn"),
        d.process(
            "p",
            d.start(),
            d.call("c_stage", "stage"),
            d.boundary("withdrawn", "c_stage", d.awaits("Withdrawn")),
            d.user("close"),
            d.end(),
            d.end("gone"),
            d.flows("begin c_stage done", "withdrawn close gone"),
            variables={"case_no": "string", "cases": "list"},
        ),
        stage,
        item,
        case_no="A1",
        cases=MATTERS,
    )
    assert p.open == ["discuss"] * len(MATTERS)

    p.deliver("Withdrawn", case_no="A1")

    assert (p.open, p.waiting) == (["close"], [])
