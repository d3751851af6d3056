"""A running procedure changes: subjects added and withdrawn, phases cancelled from anywhere."""

import pytest

from app.domain.errors import ConflictError
from tests.engine import diagrams as d
from tests.engine.proceedings import Proceeding, begun


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
    return begun(subjects(), ENFORCEMENT, SUBJECT, case_no="A1", subjects=[{"id": name} for name in names])


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


def test_nothing_can_be_added_to_what_has_ended() -> None:
    p = enforcement("张三")
    finish(p, "张三")

    with pytest.raises(ConflictError):
        p.add("each", {"id": "王五"})


def test_a_reversal_cancels_a_phase_however_deep_it_runs() -> None:
    p = enforcement("张三", "李四", "某局")
    p.do("decide", of("张三"), decision_no="1", outcome="x")

    last = p.deliver("Reversed", case_no="A1", why="再审改判")

    assert (p.open, p.waiting, last.timers) == (["reverse"], [], ())
    assert p.task("reverse").variables["reversal"] == {"case_no": "A1", "why": "再审改判"}
    assert p.do("reverse").completed


def test_a_proceeding_can_be_cancelled_wherever_it_stands() -> None:
    p = enforcement("张三", "李四")

    last = p.cancel()

    assert last.completed
    assert (p.open, p.waiting) == ([], [])
    assert [closed.completed for closed in last.closed] == [False, False]
