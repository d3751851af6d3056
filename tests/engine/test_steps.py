"""Conformance: steps, scripts, operations, tables, lanes, called processes."""

from app.engine import run
from tests.engine import diagrams as d
from tests.engine.proceedings import started


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
