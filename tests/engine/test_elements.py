"""The conformance suite, first half: every element of the profile does what BPMN says, saved and loaded at each step."""

import pytest

from app.engine import run
from app.engine.profile import findings
from tests.engine import diagrams as d
from tests.engine.proceedings import Proceeding, definition_of


def started(*parts: str, key: str = "p", tables: dict[str, bytes] | None = None, **variables: object) -> Proceeding:
    """A proceeding of the diagram, which the linter accepts."""
    file = d.diagram(*parts)
    named = {"p.bpmn": file, **{f"{name}.dmn": data for name, data in (tables or {}).items()}}
    assert [str(finding) for finding in findings(named) if finding.severity == "error"] == []
    return Proceeding(definition_of(file, key=key, tables=tables), **variables)


def test_human_steps_run_their_scripts_around_the_answers() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.user("u", pre="before = 1", post="after = before + task.x"),
            d.element(
                "manualTask", "m", d.extensions(d.properties({"formKey": "f", "candidateRole": "r"})), name="线下"
            ),
            d.user("z"),
            d.end(),
            d.flows("begin u m z done"),
            variables={"before": "number", "after": "number"},
        )
    )

    p.do("u", x=5)
    p.do("m")

    assert p.task("z").variables == {"before": 1, "after": 6}
    assert p.do("z").completed


def test_chinese_names_and_values_pass_through_scripts_and_conditions() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.script("s", 'level = "县管"'),
            d.exclusive("g", "b"),
            d.user("a", name="承办人核实"),
            d.user("b"),
            d.end(),
            d.flows("begin s g b done", "a done"),
            d.when("g", "a", 'level in ("县管", "省管")'),
            variables={"level": "string"},
        )
    )

    assert p.open == ["a"]
    assert p.task("a").name == "承办人核实"


@pytest.mark.parametrize(("level", "step"), [("县管", "a"), ("科级", "b")])
def test_an_exclusive_gateway_takes_the_condition_or_the_default(level: str, step: str) -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.exclusive("g", "b"),
            d.user("a"),
            d.user("b"),
            d.end(),
            d.flows("begin g b done", "a done"),
            d.when("g", "a", 'level = "县管"'),
            variables={"level": "string"},
        ),
        level=level,
    )

    assert p.open == [step]


def test_an_exclusive_gateway_without_a_way_out_is_an_incident() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.user("u"),
            d.exclusive("g"),
            d.user("a"),
            d.user("b"),
            d.end(),
            d.flows("begin u g", "a done", "b done"),
            d.when("g", "a", "n = 1"),
            d.when("g", "b", "n = 2"),
            variables={"n": "number"},
        )
    )

    p.do("u", n=3)

    assert p.held == ["g"]
    assert p.last.incidents[0].sentence == "没有任何条件成立，也没有默认去向。"


def test_a_condition_that_is_neither_true_nor_false_is_an_incident() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.exclusive("g", "b"),
            d.user("a"),
            d.user("b"),
            d.end(),
            d.flows("begin g b done", "a done"),
            d.when("g", "a", "ok"),
            variables={"ok": "boolean"},
        )
    )

    assert (p.held, p.open) == (["g"], [])


def test_a_parallel_block_waits_for_both_branches_and_keeps_what_each_changed() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.parallel("g"),
            d.user("a"),
            d.user("b"),
            d.parallel("j"),
            d.user("c"),
            d.end(),
            d.flows("begin g a j c done", "g b j"),
            variables={"x": "number", "y": "number"},
        ),
        x=0,
        y=0,
    )

    p.do("a", x=1)
    assert p.open == ["b"]
    p.do("b", y=2)

    assert p.task("c").variables == {"x": 1, "y": 2}


def test_an_inclusive_block_waits_only_for_the_branches_taken() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.inclusive("g", "e"),
            *[d.user(id_) for id_ in "abec"],
            d.inclusive("j"),
            d.end(),
            d.flows("g e j c done", "begin g", "a j", "b j"),
            d.when("g", "a", "n > 1"),
            d.when("g", "b", "n > 2"),
            variables={"n": "number"},
        ),
        n=3,
    )

    assert p.open == ["a", "b"]
    p.do("a")
    assert p.open == ["b"]
    p.do("b")
    assert p.open == ["c"]


@pytest.mark.parametrize("kind", ["parallel", "inclusive"])
def test_a_join_waits_for_a_branch_that_loops_back(kind: str) -> None:
    gateway = d.parallel if kind == "parallel" else d.inclusive
    split = (
        d.flows("begin g a a2 x j c done", "g b j")
        if kind == "parallel"
        else d.flows("begin g", "a a2 x j c done", "b j") + d.when("g", "a", "true") + d.when("g", "b", "true")
    )
    p = started(
        d.process(
            "p",
            d.start(),
            gateway("g"),
            d.user("a"),
            d.user("a2"),
            d.exclusive("x", "j"),
            d.user("b"),
            gateway("j"),
            d.user("c"),
            d.end(),
            split,
            d.when("x", "a", "back"),
            variables={"back": "boolean"},
        ),
        back=False,
    )

    p.do("a")
    p.do("a2", back=True)
    p.do("b")
    assert p.open == ["a"]
    p.do("a")
    p.do("a2", back=False)
    assert p.open == ["c"]


@pytest.mark.parametrize("order", ["ab", "ba"])
@pytest.mark.parametrize("kind", ["parallel", "inclusive"])
def test_a_whole_block_inside_a_loop_waits_in_every_round_whichever_branch_ends_first(kind: str, order: str) -> None:
    gateway = d.parallel if kind == "parallel" else d.inclusive
    split = (
        d.flows("m g a j", "g b j")
        if kind == "parallel"
        else d.flows("m g", "a j", "b j") + d.when("g", "a", "true") + d.when("g", "b", "true")
    )
    p = started(
        d.process(
            "p",
            d.start(),
            d.exclusive("m"),
            gateway("g"),
            d.user("a"),
            d.user("b"),
            gateway("j"),
            d.user("r"),
            d.exclusive("x", "done"),
            d.end(),
            d.flows("begin m", "j r x done"),
            split,
            d.when("x", "m", "back"),
            variables={"back": "boolean"},
        )
    )

    for round_ in range(3):
        first, second = order if round_ % 2 == 0 else order[::-1]
        assert p.open == ["a", "b"]
        p.do(first)
        assert p.open == [second]
        p.do(second)
        assert p.open == ["r"]
        p.do("r", back=round_ < 2)

    assert p.last.completed


def test_an_event_gateway_goes_the_way_of_the_message_or_of_the_timer() -> None:
    parts = (
        d.messages("Feedback"),
        d.process(
            "p",
            d.start(),
            d.event_gateway("g"),
            d.catch("m", d.awaits("Feedback", "reply")),
            d.catch("t", d.timer("Duration", '"P10D"', "t")),
            d.user("a"),
            d.user("b"),
            d.end(),
            d.flows("begin g m a done", "g t b done"),
            variables={"case_no": "string", "reply": "context"},
        ),
    )
    by_message, by_timer = started(*parts, case_no="A1"), started(*parts, case_no="A1")
    assert by_message.waiting == ["m", "t"]

    by_message.deliver("Feedback", case_no="A1", text="好")
    by_timer.wait(days=11)

    assert by_message.open == ["a"]
    assert by_message.task("a").variables["reply"] == {"case_no": "A1", "text": "好"}
    assert by_timer.open == ["b"]


def test_an_error_end_in_a_sub_process_goes_to_its_boundary() -> None:
    error = '<error id="E" name="er" errorCode="E1"/>'
    event = '<errorEventDefinition id="{}" errorRef="E"/>'
    p = started(
        error,
        d.process(
            "p",
            d.start(),
            d.sub("sp", d.start("s2"), d.user("a"), d.end("e2", event.format("x1")), d.flows("s2 a e2")),
            d.boundary("be", "sp", event.format("x2")),
            d.user("n"),
            d.user("h"),
            d.end(),
            d.flows("begin sp n done", "be h done"),
        ),
    )

    p.do("a")

    assert p.open == ["h"]


def test_an_escalation_from_a_called_process_opens_a_side_branch() -> None:
    event = '<escalationEventDefinition id="{}" escalationRef="E"/>'
    p = started(
        '<escalation id="E" name="esc" escalationCode="超期升级"/>',
        d.process(
            "p",
            d.start(),
            d.call("ca", "q"),
            d.boundary("be", "ca", event.format("x1"), interrupting=False),
            d.user("n"),
            d.user("h"),
            d.end("e3"),
            d.terminate(),
            d.flows("begin ca n done", "be h e3"),
        ),
        d.process("q", d.start(), d.throw("th", event.format("x2")), d.user("a"), d.end(), d.flows("begin th a done"))
        .replace('"begin"', '"begin_q"')
        .replace('"done"', '"done_q"')
        .replace("begin_to", "q_begin_to")
        .replace("a_to_done", "q_a_to_done"),
    )

    assert p.open == ["a", "h"]
    p.do("h")
    p.do("a")
    assert p.open == ["n"]


def voting(*, sequential: bool = False, until: str = "") -> Proceeding:
    return started(
        d.process(
            "p",
            d.start(),
            d.user("v", d.many("members", "member", "votes", "vote", sequential=sequential, until=until)),
            d.user("z"),
            d.end(),
            d.flows("begin v z done"),
            variables={"members": "list", "votes": "list"},
            collections="members votes",
        ),
        members=list("abcdefg"),
    )


def test_seven_members_vote_in_parallel() -> None:
    p = voting()
    assert p.open == ["v"] * 7

    for member in "gfedcba":
        p.do("v", {"member": member}, vote=f"同意{member}")

    assert p.open == ["z"]
    assert sorted(p.task("z").variables["votes"]) == [f"同意{member}" for member in "abcdefg"]


def test_four_of_seven_that_agree_end_the_vote() -> None:
    p = voting(until='count(votes[item = "同意"]) >= 4')

    for member in "abc":
        p.do("v", {"member": member}, vote="同意")
    p.do("v", {"member": "d"}, vote="不同意")
    assert p.open == ["v"] * 3
    last = p.do("v", {"member": "e"}, vote="同意")

    assert p.open == ["z"]
    assert [closed.completed for closed in last.closed].count(False) == 2


def test_one_veto_ends_the_vote() -> None:
    p = voting(until='vote = "否决"')

    p.do("v", {"member": "a"}, vote="同意")
    p.do("v", {"member": "b"}, vote="否决")

    assert p.open == ["z"]
    assert p.task("z").variables["votes"] == ["同意", "否决"]


def test_members_vote_one_after_the_other() -> None:
    p = voting(sequential=True)

    for member in "abcdefg":
        assert [task.element for task in p.tasks] == [{"member": member}]
        p.do("v", vote=member)

    assert p.task("z").variables["votes"] == list("abcdefg")


def test_a_sequential_vote_ends_when_its_condition_holds() -> None:
    p = voting(sequential=True, until="nrOfCompletedInstances = 2 and nrOfInstances = 7")

    p.do("v", vote=1)
    p.do("v", vote=2)

    assert p.open == ["z"]


def test_an_empty_collection_is_passed() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.script("s", "members = []"),
            d.user("v", d.many("members", "member")),
            d.user("z"),
            d.end(),
            d.flows("begin s v z done"),
            variables={"members": "list", "results": "list"},
            collections="members results",
        )
    )

    assert p.open == ["z"]


def test_a_called_process_runs_once_per_element_and_returns_one_result_each() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.call("ca", "q", d.many("subjects", "subject", "outcomes", "outcome")),
            d.user("z"),
            d.end(),
            d.flows("begin ca z done"),
            variables={"subjects": "list", "outcomes": "list"},
            collections="subjects outcomes",
        ),
        d.process(
            "q",
            d.start("q1"),
            d.user("a", candidateOrgan="subject.organ"),
            d.end("q2"),
            d.flows("q1 a q2"),
            variables={"outcome": "string"},
        ),
        subjects=[{"id": n, "organ": f"x.{n}"} for n in range(7)],
    )
    assert p.open == ["a"] * 7
    assert sorted(task.candidate_organ or "" for task in p.tasks) == [f"x.{n}" for n in range(7)]

    for n in range(7):
        p.do("a", {"subject": {"id": n, "organ": f"x.{n}"}}, outcome=f"o{n}")

    assert p.task("z").variables["outcomes"] == [f"o{n}" for n in range(7)]


def test_an_interrupting_boundary_timer_withdraws_the_step() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.user("a"),
            d.boundary("be", "a", d.timer("Duration", '"P10D"')),
            d.user("n"),
            d.user("h"),
            d.end(),
            d.flows("begin a n done", "be h done"),
        )
    )
    assert p.wait(days=9).opened == ()

    late = p.wait(days=1)

    assert p.open == ["h"]
    assert [closed.completed for closed in late.closed] == [False]
    assert late.timers == ()


def test_a_reminder_opens_beside_the_step_and_ends_with_the_main_path() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.user("a"),
            d.boundary("be", "a", d.timer("Duration", '"P10D"'), interrupting=False),
            d.user("n"),
            d.user("h"),
            d.end("e2"),
            d.terminate(),
            d.flows("begin a n done", "be h e2"),
        )
    )

    p.wait(days=10)
    assert p.open == ["a", "h"]
    p.do("a")
    assert p.open == ["h", "n"]
    assert p.do("n").completed


def test_a_cycle_reminds_again_and_again_and_missed_cycles_are_one() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.user("a"),
            d.boundary("be", "a", d.timer("Cycle", '"R3/P1D"'), interrupting=False),
            d.script("h", "reminders = reminders + 1"),
            d.end("e2"),
            d.terminate(),
            d.flows("begin a done", "be h e2"),
            variables={"reminders": "number"},
        ),
        reminders=0,
    )

    fired = [sum(step.step_id == "h" for step in p.wait(days=days).steps) for days in (1, 0.5, 2, 1, 1)]

    assert fired == [1, 0, 1, 0, 0]
    assert p.do("a").completed


def test_an_endless_cycle_ends_with_its_step() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.user("a"),
            d.boundary("be", "a", d.timer("Cycle", '"R/P60D"'), interrupting=False),
            d.user("h"),
            d.end("e2"),
            d.terminate(),
            d.flows("begin a done", "be h e2"),
        )
    )

    p.wait(days=61)
    p.wait(days=60)

    assert p.open == ["a", "h", "h"]
    assert p.do("a").completed


def test_a_message_boundary_arms_again_each_time_it_fires() -> None:
    p = started(
        d.messages("Addition"),
        d.process(
            "p",
            d.start(),
            d.user("a"),
            d.boundary("bm", "a", d.awaits("Addition", "addition"), interrupting=False),
            d.user("k"),
            d.end("e2"),
            d.terminate(),
            d.flows("begin a done", "bm k e2"),
            variables={"case_no": "string", "addition": "context"},
        ),
        case_no="A1",
    )

    p.deliver("Addition", case_no="A1", n=1)
    p.deliver("Addition", case_no="A1", n=2)

    assert p.open == ["a", "k", "k"]
    assert sorted(task.variables["addition"]["n"] for task in p.tasks if task.step_id == "k") == [1, 2]
    assert p.do("a").completed


def test_a_message_boundary_that_interrupts_cancels_its_step() -> None:
    p = started(
        d.messages("Reversed"),
        d.process(
            "p",
            d.start(),
            d.user("a"),
            d.boundary("bm", "a", d.awaits("Reversed")),
            d.user("k"),
            d.end(),
            d.flows("begin a done", "bm k done"),
            variables={"case_no": "string"},
        ),
        case_no="A1",
    )

    p.deliver("Reversed", case_no="A1")

    assert (p.open, p.waiting) == (["k"], [])


def test_a_boundary_timer_on_a_multi_instance_step_is_one_timer_for_all() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.user("v", d.many("members", "member", "votes", "vote")),
            d.boundary("be", "v", d.timer("Duration", '"P5D"')),
            d.user("h"),
            d.end(),
            d.flows("begin v done", "be h done"),
            variables={"members": "list", "votes": "list"},
            collections="members votes",
        ),
        members=["a", "b"],
    )
    assert [timer.step_id for timer in p.last.timers] == ["be"]

    p.wait(days=5)

    assert p.open == ["h"]


@pytest.mark.parametrize(
    ("kind", "expression"),
    [
        ("Duration", '"P1M"'),
        ("Duration", 'duration("P31D")'),
        ("Date", 'date and time(due) - duration("P5D")'),
        ("Date", '"2026-04-02T12:00:00"'),
        ("Date", "due"),
    ],
)
def test_an_intermediate_timer_lets_the_procedure_rest(kind: str, expression: str) -> None:
    due = "2026-04-07T12:00:00+08:00" if "P5D" in expression else "2026-04-02T12:00:00+08:00"
    p = started(
        d.process(
            "p",
            d.start(),
            d.catch("c", d.timer(kind, expression)),
            d.user("a"),
            d.end(),
            d.flows("begin c a done"),
            variables={"due": "date"},
        ),
        due=due,
    )
    assert [timer.due_at.isoformat() for timer in p.last.timers] == ["2026-04-02T12:00:00+08:00"]

    p.wait(days=30)
    assert p.open == []
    p.wait(days=1)
    assert p.open == ["a"]


def test_lanes_are_those_of_the_diagram_that_draws_the_step() -> None:
    p = started(
        d.process("p", d.start(), d.call("ca", "q"), d.end(), d.flows("begin ca done"), lanes={"案管室": "ca"}),
        d.process("q", d.start("q1"), d.user("a"), d.end("q2"), d.flows("q1 a q2"), lanes={"审理室": "a"}),
    )

    assert p.task("a").lane == "审理室"
    assert p.task("a").process_key == "q"


def test_a_service_task_stops_and_asks_and_goes_on_with_the_result() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.user("u"),
            d.service("st", "notify/send", "sent", to='"张三"', text="case.number"),
            d.user("a"),
            d.end(),
            d.flows("begin u st a done"),
            variables={"sent": "context"},
        ),
        context={"case": {"number": "1号"}},
    )

    asked = run.complete_task(p.definition, p.state, p.task("u").id, answers={}, context=p.context, now=p.now)
    assert asked.state == b""
    assert [(request.operation, request.parameters) for request in asked.requests] == [
        ("notify/send", {"to": "张三", "text": "1号"})
    ]
    p.keep(run.resume(asked, {asked.requests[0].id: {"ok": True}}))

    assert p.task("a").variables == {"sent": {"ok": True}}
    assert [step.step_id for step in p.last.steps] == ["st"]


def test_a_terminate_end_ends_everything_of_its_process() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.parallel("g"),
            d.user("a"),
            d.user("b"),
            d.end("e2"),
            d.terminate(),
            d.flows("begin g a done", "g b e2"),
        )
    )

    last = p.do("a")

    assert last.completed
    assert last.messages == ()


def test_a_terminate_end_in_a_called_process_does_not_end_its_caller() -> None:
    p = started(
        d.process("p", d.start(), d.call("ca", "q"), d.user("z"), d.end(), d.flows("begin ca z done")),
        d.process("q", d.start("q1"), d.user("a"), d.terminate("q2"), d.flows("q1 a q2")),
    )

    p.do("a")

    assert p.open == ["z"]


def test_variables_flow_into_a_called_process_and_back() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.call("ca", "q"),
            d.user("z"),
            d.end(),
            d.flows("begin ca z done"),
            variables={"level": "string", "verdict": "string"},
        ),
        d.process(
            "q",
            d.start("q1"),
            d.script("s", 'verdict = level + "-" + case.number'),
            d.user("a"),
            d.end("q2"),
            d.flows("q1 s a q2"),
            variables={"level": "string", "verdict": "string"},
        ),
        context={"case": {"number": "1号"}},
        level="县管",
    )

    p.do("a")

    assert p.task("z").variables == {"level": "县管", "verdict": "县管-1号"}


def test_a_message_goes_out_with_payload_and_correlation_as_event_end_and_send_task() -> None:
    payload = '{case_no: case_no, result: "PURSUE"}'
    p = started(
        d.messages("Decided", "Filed", "Closed"),
        d.process(
            "p",
            d.start(),
            d.throw("th", d.sends("Decided", payload)),
            d.element(
                "sendTask",
                "send",
                d.extensions(f"<spiffworkflow:messagePayload>{payload}</spiffworkflow:messagePayload>"),
                messageRef="Filed",
                name="发送",
            ),
            d.user("u"),
            d.end("done", d.sends("Closed", payload)),
            d.flows("begin th send u done"),
            variables={"case_no": "string"},
        ),
        case_no="A1",
    )

    first, second = p.last.messages
    assert (first.message, first.step_id, first.correlation) == ("Decided", "th", {"case_no": "A1"})
    assert first.payload == {"case_no": "A1", "result": "PURSUE"}
    assert second.message == "Filed"
    assert [m.message for m in p.do("u").messages] == ["Closed"]


def test_a_message_starts_a_process_with_its_payload() -> None:
    file = d.diagram(
        d.messages("RemedyFiled"),
        d.process(
            "p",
            d.start("begin", d.awaits("RemedyFiled", "filing", key="")),
            d.user("a"),
            d.end(),
            d.flows("begin a done"),
            variables={"filing": "context"},
        ),
    )
    assert findings({"p.bpmn": file}) == ()

    p = Proceeding(definition_of(file), message="RemedyFiled", payload={"grounds": "过重"})

    assert p.definition.start_message == "RemedyFiled"
    assert p.task("a").variables["filing"] == {"grounds": "过重"}


def test_a_decision_table_sets_variables_and_tells_its_rows() -> None:
    p = started(
        d.process(
            "p",
            d.start(),
            d.rule("r", "scope"),
            d.user("a"),
            d.end(),
            d.flows("begin r a done"),
            variables={"kind": "string", "route": "string"},
        ),
        tables={
            "scope": d.table(
                "scope",
                {"kind": "string"},
                {"route": "string"},
                [['"败诉","赔偿"', '"LOST"'], ['not("败诉","赔偿")', '"OUT"']],
            )
        },
        kind="赔偿",
    )

    assert p.task("a").variables["route"] == "LOST"
    decision = p.last.steps[-1].decision
    assert decision is not None
    assert (decision.table, decision.hits, decision.outputs) == ("scope", ("row1",), {"route": "LOST"})
