"""Every trap met while modelling has a test: correlation, side branches, changes to a running multi-instance, cancelling."""

import pytest

from app.domain.errors import ConflictError
from app.engine import run
from app.engine.profile import findings
from tests.engine import diagrams as d
from tests.engine.proceedings import Proceeding, definition_of


def started(*files: bytes, **variables: object) -> Proceeding:
    named = {f"file{n}.bpmn": data for n, data in enumerate(files)}
    assert [str(finding) for finding in findings(named) if finding.severity == "error"] == []
    return Proceeding(definition_of(*files), **variables)


def pool(kind: str) -> Proceeding:
    """A case that waits for the meeting's decision about it, behind an event gateway or a receive task with reminders."""
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
    return started(d.diagram(d.messages("AgendaDecided"), body), case_no="A1")


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


def subjects(body: str = "", **more: str) -> bytes:
    return d.diagram(
        d.messages("Reversed"),
        d.process(
            "p",
            d.start(),
            d.call("phase", "enforcement"),
            d.boundary("rev", "phase", d.awaits("Reversed", "reversal")),
            d.user("reverse"),
            d.user("feedback"),
            d.end(),
            d.flows("begin phase feedback done", "rev reverse done"),
            variables={"case_no": "string", "subjects": "list", "outcomes": "list", "reversal": "context"},
        ),
    )


ENFORCEMENT = d.diagram(
    d.process(
        "enforcement",
        d.start("e1"),
        d.call("each", "subject-process", d.many("subjects", "subject", "outcomes", "outcome")),
        d.user("report"),
        d.end("e2"),
        d.flows("e1 each report e2"),
        variables={"subjects": "list", "outcomes": "list"},
        collections="subjects outcomes",
    )
)
SUBJECT = d.diagram(
    d.messages("Remedy", key="decision_no"),
    d.process(
        "subject-process",
        d.start("s1"),
        d.user("decide"),
        d.boundary("late", "decide", d.timer("Duration", '"P7D"'), interrupting=False),
        d.user("urge"),
        d.end("s3"),
        d.receive("window", "Remedy", "remedy", key="decision_no", value="decision_no"),
        d.user("execute"),
        d.terminate("s2"),
        d.flows("s1 decide window execute s2", "late urge s3"),
        variables={"outcome": "string", "decision_no": "string", "remedy": "context"},
    ),
)


def enforcement(*names: str) -> Proceeding:
    return started(subjects(), ENFORCEMENT, SUBJECT, case_no="A1", subjects=[{"id": name} for name in names])


def of(name: str) -> dict[str, object]:
    return {"subject": {"id": name}}


def test_a_message_reaches_one_instance_by_its_own_key() -> None:
    p = enforcement("张三", "李四")
    for name in ("张三", "李四"):
        p.do("decide", of(name), decision_no=f"D-{name}", outcome=name)

    p.deliver("Remedy", decision_no="D-李四")

    assert [task.element for task in p.tasks] == [of("李四")]
    assert {s.correlation.get("decision_no") for s in p.last.subscriptions} == {"D-张三", None}


def test_instances_of_a_called_process_have_their_own_timers() -> None:
    p = enforcement("张三", "李四")
    p.do("decide", of("张三"), decision_no="1", outcome="x")

    p.wait(days=8)

    assert [(task.step_id, task.element) for task in p.tasks] == [("decide", of("李四")), ("urge", of("李四"))]


def finish(p: Proceeding, name: str) -> None:
    p.do("decide", of(name), decision_no=name, outcome=f"outcome of {name}")
    p.deliver("Remedy", decision_no=name)
    p.do("execute", of(name))


def test_a_subject_added_while_the_others_run_is_waited_for() -> None:
    p = enforcement("张三", "李四")
    finish(p, "张三")

    p.add("each", {"id": "王五"})
    finish(p, "李四")
    assert p.open == ["decide"]
    finish(p, "王五")

    assert p.open == ["report"]
    assert p.task("report").variables["subjects"] == [{"id": "张三"}, {"id": "李四"}, {"id": "王五"}]
    assert p.task("report").variables["outcomes"] == [f"outcome of {n}" for n in ("张三", "李四", "王五")]


def test_a_subject_who_died_is_withdrawn_with_all_that_waits_for_him() -> None:
    p = enforcement("张三", "李四")
    p.wait(days=8)

    last = p.withdraw(step_id="each", element={"id": "张三"})

    assert [closed.completed for closed in last.closed] == [False, False]
    finish(p, "李四")
    assert p.open == ["report"]
    assert p.task("report").variables["subjects"] == [{"id": "李四"}]


def test_the_last_one_withdrawn_does_not_leave_the_rest_waiting() -> None:
    p = enforcement("张三", "李四")
    finish(p, "张三")

    p.withdraw(task_id=p.task("decide").id, step_id="each")

    assert p.open == ["report"]


def test_nothing_can_be_added_to_or_withdrawn_from_what_has_ended() -> None:
    p = enforcement("张三")
    finish(p, "张三")

    with pytest.raises(ConflictError):
        p.add("each", {"id": "王五"})
    with pytest.raises(ConflictError):
        p.withdraw(step_id="each", element={"id": "张三"})


def test_a_reversal_cancels_a_phase_however_deep_it_runs() -> None:
    p = enforcement("张三", "李四", "某局")
    p.do("decide", of("张三"), decision_no="1", outcome="x")

    last = p.deliver("Reversed", case_no="A1", why="再审改判")

    assert (p.open, p.waiting, last.timers) == (["reverse"], [], ())
    assert p.task("reverse").variables["reversal"] == {"case_no": "A1", "why": "再审改判"}
    assert p.do("reverse").completed


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
    p = started(file)

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


def test_a_member_recused_while_countersigning_neither_hangs_nor_dissents() -> None:
    p = started(VOTE, electors=["司法局", "财政局", "法院"])
    p.do("sign", {"member": "司法局"}, vote="同意")
    p.do("sign", {"member": "财政局"}, vote="同意")

    p.withdraw(task_id=p.task("sign", member="法院").id)

    assert p.open == ["minutes"]


def test_a_second_round_of_votes_starts_with_empty_results() -> None:
    p = started(VOTE, electors=["司法局", "财政局"])
    for round_ in range(3):
        p.do("sign", {"member": "司法局"}, vote="同意")
        p.do("sign", {"member": "财政局"}, vote="同意" if round_ == 2 else "不同意")
        if round_ < 2:
            p.do("mediate")

    assert p.open == ["minutes"]
    assert p.task("minutes").variables["votes"] == ["同意", "同意"]


def test_a_sequential_step_goes_on_with_the_next_member_when_one_is_withdrawn() -> None:
    file = d.diagram(
        d.process(
            "p",
            d.start(),
            d.user("sign", d.many("electors", "member", "votes", "vote", sequential=True)),
            d.user("z"),
            d.end(),
            d.flows("begin sign z done"),
            variables={"electors": "list", "votes": "list"},
            collections="electors votes",
        )
    )
    p = started(file, electors=["a", "b", "c"])
    p.do("sign", vote="a!")

    p.withdraw(task_id=p.task("sign").id)
    assert [task.element for task in p.tasks] == [{"member": "c"}]
    p.add("sign", "x")
    p.do("sign", vote="c!")
    p.do("sign", vote="x!")

    assert p.task("z").variables == {"electors": ["a", "c", "x"], "votes": ["a!", "c!", "x!"]}


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
    p = started(top, file, defer_count=0)
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
    p = started(file, level="old", names=["x", "y"])

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
    p = started(file)
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
    p = started(file)

    p.wait(days=30)

    assert p.open == ["b"]


def test_a_proceeding_can_be_cancelled_wherever_it_stands() -> None:
    p = enforcement("张三", "李四")

    last = p.cancel()

    assert last.completed
    assert (p.open, p.waiting) == ([], [])
    assert [closed.completed for closed in last.closed] == [False, False]
