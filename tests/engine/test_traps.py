"""Traps met while modelling: correlation, recusal, side branches, due timers."""

import pytest

from app.domain.errors import ConflictError
from app.engine import run
from tests.engine import diagrams as d
from tests.engine.proceedings import Proceeding, begun


def pool(kind: str) -> Proceeding:
    """A case that waits for the meeting's decision: behind an event gateway, or in a receive task with reminders."""
    common = [
        d.user("collate"),
        d.exclusive("merge"),
        d.exclusive("g", "done"),
        d.terminate(),
        d.when("g", "merge", 'decision.resolution = "DEFER"'),
    ]
    if kind == "gateway":
        wait = [
            d.event_gateway("w"),
            d.catch("m", d.awaits("AgendaDecided", "decision")),
            d.catch("t", d.timer("Duration", '"P60D"', "t")),
            d.user("rem"),
            d.flows("begin merge collate w m g done", "w t rem merge"),
        ]
    else:
        wait = [
            d.receive("m", "AgendaDecided", "decision"),
            d.boundary("t", "m", d.timer("Cycle", '"R/P60D"'), interrupting=False),
            d.user("rem"),
            d.end("e2"),
            d.flows("begin merge collate m g done", "t rem e2"),
        ]
    variables = {"case_no": "string", "decision": "context"}
    body = d.process("p", d.start(), *common, *wait, variables=variables)
    return begun(d.diagram(d.messages("AgendaDecided"), body), case_no="A1")


@pytest.mark.parametrize("kind", ["gateway", "receive"])
def test_a_waiting_case_takes_only_its_own_decision(kind: str) -> None:
    p = pool(kind)
    p.do("collate")
    assert [(s.message, s.step_id, s.correlation) for s in p.last.subscriptions] == [
        ("AgendaDecided", "m", {"case_no": "A1"})
    ]

    with pytest.raises(ConflictError):
        p.deliver("AgendaDecided", case_no="B2", resolution="PURSUE")
    with pytest.raises(ConflictError):
        p.deliver("AgendaDecided", to="m", case_no="B2", resolution="PURSUE")
    last = p.deliver("AgendaDecided", to="m", case_no="A1", resolution="PURSUE")

    assert last.completed


def test_a_deferred_case_waits_again_with_a_fresh_timer_and_subscription() -> None:
    p = pool("receive")

    for _ in range(3):
        p.do("collate")
        p.wait(days=61)
        p.wait(days=60)
        assert p.open.count("rem") == 2
        p.deliver("AgendaDecided", case_no="A1", resolution="DEFER")
        assert p.open.count("rem") == 0
    p.do("collate")

    assert p.deliver("AgendaDecided", case_no="A1", resolution="PURSUE").completed


def test_a_message_delivered_twice_is_refused_the_second_time() -> None:
    p = pool("receive")
    p.do("collate")
    p.deliver("AgendaDecided", case_no="A1", resolution="DEFER")

    with pytest.raises(ConflictError):
        p.deliver("AgendaDecided", case_no="A1", resolution="DEFER")


def test_the_cost_of_a_proceeding_does_not_grow_with_its_history() -> None:
    file = d.diagram(
        d.process(
            "p",
            d.start(),
            d.exclusive("m"),
            d.user("a"),
            d.exclusive("g", "done"),
            d.end(),
            d.flows("begin m a g done"),
            d.when("g", "m", "again"),
            variables={"again": "boolean"},
        )
    )
    p = begun(file)

    sizes = [len(p.do("a", again=True).state) for _ in range(50)]

    assert sizes[-1] < sizes[0] * 1.3


VOTE = d.diagram(
    d.process(
        "p",
        d.start(),
        d.exclusive("m"),
        d.user("sign", d.many("electors", "member", "votes", "vote")),
        d.exclusive("g", "mediate"),
        d.user("mediate"),
        d.user("minutes"),
        d.end(),
        d.flows("begin m sign g mediate m", "minutes done"),
        d.when("g", "minutes", 'count(votes) = count(electors) and (every v in votes satisfies v = "同意")'),
        variables={"electors": "list", "votes": "list"},
        collections="electors votes",
    )
)


def test_a_second_round_of_votes_starts_with_empty_results() -> None:
    p = begun(VOTE, electors=["司法局", "财政局"])
    for round_ in range(3):
        p.do("sign", {"member": "司法局"}, vote="同意")
        p.do("sign", {"member": "财政局"}, vote="同意" if round_ == 2 else "不同意")
        if round_ < 2:
            p.do("mediate")

    assert p.open == ["minutes"]
    assert p.task("minutes").variables["votes"] == ["同意", "同意"]


def test_a_side_branch_cannot_bring_back_what_the_main_path_has_changed() -> None:
    file = d.diagram(
        d.process(
            "p",
            d.start(),
            d.user("a"),
            d.boundary("late", "a", d.timer("Duration", '"P5D"'), interrupting=False),
            d.user("urge"),
            d.end("e2"),
            d.script("s", "defer_count = defer_count + 1"),
            d.terminate(),
            d.flows("begin a s done", "late urge e2"),
            variables={"defer_count": "number"},
        ).replace('id="p"', 'id="q"')
    )
    top = d.diagram(
        d.process(
            "p",
            d.start(),
            d.call("c", "q"),
            d.user("z"),
            d.end(),
            d.flows("begin c z done"),
            variables={"defer_count": "number"},
        )
    )
    p = begun(top, file, defer_count=0)
    p.wait(days=6)

    p.do("a")

    assert p.open == ["z"]
    assert p.task("z").variables == {"defer_count": 1}


def test_branches_of_a_block_do_not_lose_what_another_branch_changed() -> None:
    file = d.diagram(
        d.process(
            "p",
            d.start(),
            d.parallel("g"),
            d.user("a"),
            d.user("b"),
            d.parallel("j"),
            d.user("z"),
            d.end(),
            d.flows("begin g a j z done", "g b j"),
            variables={"level": "string", "names": "list"},
        )
    )
    p = begun(file, level="old", names=["x", "y"])

    p.do("a", level="new", names=["x", "y", "z"])
    p.do("b")

    assert p.task("z").variables == {"level": "new", "names": ["x", "y", "z"]}


def test_a_timer_that_is_due_fires_before_a_click_is_looked_at() -> None:
    file = d.diagram(
        d.process(
            "p",
            d.start(),
            d.parallel("g"),
            d.user("review"),
            d.boundary("late", "review", d.timer("Duration", '"P5D"')),
            d.user("escalate"),
            d.exclusive("m"),
            d.user("other"),
            d.parallel("j"),
            d.end(),
            d.flows("begin g review m j done", "late escalate m", "g other j"),
        )
    )
    p = begun(file)
    review, other = p.task("review").id, p.task("other").id
    late = p.now.replace(day=20)

    with pytest.raises(ConflictError):
        run.complete_task(p.definition, p.state, review, answers={}, context={}, now=late)
    both = run.complete_task(p.definition, p.state, other, answers={}, context={}, now=late)

    assert [task.step_id for task in both.opened] == ["escalate"]
    assert sorted((closed.id, closed.completed) for closed in both.closed) == sorted([(review, False), (other, True)])


def test_timers_fire_in_the_order_of_their_instants_after_an_outage() -> None:
    file = d.diagram(
        d.process(
            "p",
            d.start(),
            d.user("a"),
            d.boundary("remind", "a", d.timer("Duration", '"P10D"', "r"), interrupting=False),
            d.user("urge"),
            d.end("e2"),
            d.boundary("lapse", "a", d.timer("Duration", '"P5D"', "l")),
            d.user("b"),
            d.terminate(),
            d.terminate("done2"),
            d.flows("begin a done", "remind urge e2", "lapse b done2"),
        )
    )
    p = begun(file)

    p.wait(days=30)

    assert p.open == ["b"]
