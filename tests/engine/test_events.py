"""Conformance: timers, messages, errors, escalations, boundaries and ends."""

import pytest

from app.engine.profile import findings
from tests.engine import diagrams as d
from tests.engine.proceedings import Proceeding, definition_of, started


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


def test_a_boundary_at_a_step_that_does_not_raise_its_code_is_named() -> None:
    """It would wait for ever, and nobody would know why."""
    parts = (
        '<error id="E" name="er" errorCode="E1"/><error id="F" name="fr" errorCode="F1"/>',
        d.process(
            "p",
            d.start(),
            d.call("ca", "q"),
            d.boundary("be", "ca", '<errorEventDefinition id="x1" errorRef="E"/>'),
            d.boundary("bf", "ca", '<errorEventDefinition id="x2" errorRef="F"/>'),
            d.user("n"),
            d.boundary("bn", "n", '<errorEventDefinition id="x3" errorRef="E"/>'),
            d.end(),
            d.flows("begin ca n done", "be done", "bf done", "bn done"),
        ),
    )
    called = d.process(
        "q",
        d.start("q1"),
        d.user("a"),
        d.end("q2", '<errorEventDefinition id="x4" errorRef="E"/>'),
        d.flows("q1 a q2"),
    )

    told = findings({"p.bpmn": d.diagram(*parts, called)})

    assert {finding.element_id for finding in told if finding.rule == "unraised"} == {"bf", "bn"}


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


@pytest.mark.parametrize(
    ("kind", "expression"),
    [
        ("Duration", '"P1M"'),
        ("Duration", "P31D"),
        ("Duration", 'duration("P31D")'),
        ("Date", 'date and time(due) - duration("P5D")'),
        ("Date", '"2026-04-02T12:00:00"'),
        ("Date", "2026-04-02T12:00:00"),
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
