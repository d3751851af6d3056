"""A step that fails is held: somebody sees why and tries again, everything else of the proceeding goes on."""

import pytest

from app.domain.errors import N_, ConflictError
from app.engine import run
from app.engine.expressions import ORGANS
from app.engine.failures import BudgetError
from app.feel import isolate
from tests.engine import diagrams as d
from tests.engine.proceedings import Proceeding, definition_of


def beside(*nodes: str, chain: str, **variables: str) -> Proceeding:
    """The nodes in one branch, the human step `other` in the other."""
    file = d.diagram(
        d.process(
            "p",
            d.start(),
            d.parallel("g"),
            *nodes,
            d.user("other"),
            d.parallel("j"),
            d.end(),
            d.flows(f"begin g {chain} j done", "g other j"),
            variables=variables,
        )
    )
    return Proceeding(definition_of(file), context={"case": {"amount": None}})


def test_a_failing_script_is_held_and_the_other_branch_goes_on() -> None:
    p = beside(d.script("s", "n = case.amount * 2"), chain="s", n="number")

    assert (p.held, p.open) == (["s"], ["other"])
    incident = p.last.incidents[0]
    assert incident.name == "计算s"
    assert incident.sentence % incident.values
    assert "case.amount * 2" in incident.detail
    assert not p.do("other").completed

    p.context["case"]["amount"] = 3
    assert p.retry("s").completed


def test_a_held_step_is_not_tried_again_by_itself() -> None:
    p = beside(d.script("s", "n = case.amount * 2"), chain="s", n="number")
    p.context["case"]["amount"] = 3

    p.wait(days=1)

    assert p.held == ["s"]


def test_only_a_held_step_can_be_tried_again() -> None:
    p = beside(d.user("u"), chain="u")

    with pytest.raises(ConflictError):
        run.retry(p.definition, p.state, p.task("u").id, context={}, now=p.now)


@pytest.mark.parametrize(
    ("node", "what"),
    [
        (d.exclusive("x", "y"), "condition"),
        (d.catch("x", d.timer("Date", "case.amount")), "timer"),
        (d.service("x", "a/b", "n", value="case.amount * 2"), "parameter"),
    ],
)
def test_whatever_fails_when_a_step_begins_or_runs_is_held(node: str, what: str) -> None:
    if what == "condition":
        p = beside(
            node,
            d.user("y"),
            d.user("w"),
            d.exclusive("m"),
            d.when("x", "w", "case.amount > 1"),
            d.flows("w m"),
            chain="x y m",
        )
    else:
        p = beside(node, chain="x", n="number")

    assert (p.held, p.open) == (["x"], ["other"])


def test_a_multi_instance_without_its_collection_is_held_until_it_has_one() -> None:
    p = beside(
        d.user("v", d.many("members", "member")),
        chain="v",
        members="list",
        results="list",
    )

    assert (p.held, p.open) == (["v"], ["other"])


def test_more_than_two_hundred_instances_are_held() -> None:
    file = d.diagram(
        d.process(
            "p",
            d.start(),
            d.user("v", d.many("members", "member")),
            d.end(),
            d.flows("begin v done"),
            variables={"members": "list", "results": "list"},
        )
    )

    p = Proceeding(definition_of(file), members=list(range(201)))

    assert (p.held, p.open) == (["v"], [])


def test_a_failing_post_script_keeps_the_answers_for_another_try() -> None:
    file = d.diagram(
        d.process(
            "p",
            d.start(),
            d.user("u", post="n = task.amount * case.amount"),
            d.user("z"),
            d.end(),
            d.flows("begin u z done"),
            variables={"n": "number", "kind": "string"},
        )
    )
    p = Proceeding(definition_of(file), context={"case": {"amount": None}})

    done = p.do("u", amount=2, kind="A")
    assert [closed.completed for closed in done.closed] == [True]
    assert (p.held, p.open) == (["u"], [])
    p.context["case"]["amount"] = 5
    p.retry("u")

    assert p.task("z").variables == {"n": 10, "kind": "A"}


def test_a_step_that_nobody_can_do_is_an_incident() -> None:
    file = d.diagram(
        d.process(
            "p",
            d.start(),
            d.user("u", candidateOrgan="case.organ", candidatePerson="case.person", deadlineFrom="case.served_on"),
            d.end(),
            d.flows("begin u done"),
        )
    )
    context = {"case": {"organ": None, "person": "li", "served_on": "2026-01-05"}}
    p = Proceeding(definition_of(file), context=context)
    assert (p.held, p.open) == (["u"], [])

    p.context["case"]["organ"] = "x.sfj"
    opened = p.retry("u").opened[0]

    assert (opened.candidate_organ, opened.candidate_person) == ("x.sfj", "li")
    assert opened.deadline_from == "2026-01-05"
    p.context["case"]["organ"] = "another"
    assert p.wait(days=1).opened == ()
    assert p.tasks[0].candidate_organ == "x.sfj"


def test_a_step_for_an_organ_that_does_not_exist_is_an_incident_that_names_it() -> None:
    file = d.diagram(
        d.process("p", d.start(), d.user("u", candidateOrgan="case.organ"), d.end(), d.flows("begin u done"))
    )
    known = {"x.sfj": "司法局"}
    p = Proceeding(definition_of(file), context={"case": {"organ": "x.sjf"}, ORGANS: known})

    assert (p.held, p.open) == (["u"], [])
    incident = p.last.incidents[0]
    assert incident.sentence % incident.values == "本县没有单位“x.sjf”，请更正案件信息后重试。"

    p.context["case"]["organ"] = "x.sfj"
    assert p.retry("u").opened[0].candidate_organ == "x.sfj"


def test_an_operation_that_refuses_is_an_incident_and_asks_again_when_tried_again() -> None:
    p = beside(d.service("s", "notify/send", "n", to='"张三"'), chain="s", n="number")
    asked = p.last
    assert asked.state == b""

    refused = p.keep(
        run.fail_request(asked, asked.requests[0].id, N_("%(who)s 没有联系方式。"), values={"who": "张三"})
    )
    assert (p.held, p.open) == (["s"], ["other"])
    assert refused.incidents[0].sentence % refused.incidents[0].values == "张三 没有联系方式。"
    again = p.retry("s")
    p.keep(run.resume(again, {again.requests[0].id: 1}))

    assert (p.held, p.open) == ([], ["other"])


def test_requests_of_parallel_branches_come_together_and_may_be_answered_one_by_one() -> None:
    file = d.diagram(
        d.process(
            "p",
            d.start(),
            d.parallel("g"),
            d.service("s", "a/b", "n", v="1"),
            d.service("t", "a/b", "m", v="2"),
            d.parallel("j"),
            d.user("z"),
            d.end(),
            d.flows("begin g s j z done", "g t j"),
            variables={"n": "number", "m": "number"},
        )
    )
    asked = Proceeding(definition_of(file)).last
    assert [request.parameters for request in asked.requests] == [{"v": 1}, {"v": 2}]

    second = run.resume(asked, {asked.requests[0].id: 10})
    third = run.resume(second, {second.requests[0].id: 20})

    assert third.opened[0].variables == {"n": 10, "m": 20}


def test_results_for_requests_that_nobody_made_are_a_mistake() -> None:
    p = beside(d.service("s", "a/b", "n", v="1"), chain="s", n="number")

    with pytest.raises(ValueError, match="no request"):
        run.resume(p.last, {"0" * 32: 1})


def test_a_procedure_that_runs_for_ever_is_stopped_and_nothing_is_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    file = d.diagram(
        d.process(
            "p",
            d.start(),
            d.user("u"),
            d.exclusive("m"),
            d.script("s", "n = again"),
            d.exclusive("g", "done"),
            d.end(),
            d.flows("begin u m s g done"),
            d.when("g", "m", "n"),
            variables={"again": "boolean", "n": "boolean"},
        )
    )
    p = Proceeding(definition_of(file), again=True, n=False)
    before = p.state
    monkeypatch.setattr(isolate, "call", _asked)  # names alone are looked up: no interpreter may want for time

    with pytest.raises(BudgetError):
        p.do("u")

    assert p.state == before
    assert p.open == ["u"]


def _asked(*_: object, **__: object) -> None:
    raise AssertionError("the interpreter was asked")


def test_an_incident_of_a_phase_that_was_cancelled_is_gone() -> None:
    top = d.diagram(
        d.messages("Reversed"),
        d.process(
            "p",
            d.start(),
            d.call("phase", "q"),
            d.boundary("rev", "phase", d.awaits("Reversed")),
            d.user("reverse"),
            d.end(),
            d.flows("begin phase done", "rev reverse done"),
            variables={"case_no": "string"},
        ),
    )
    inner = d.diagram(d.process("q", d.start("q1"), d.script("s", "n = case.gone"), d.end("q2"), d.flows("q1 s q2")))
    p = Proceeding(definition_of(top, inner), case_no="A1")
    assert p.held == ["s"]

    p.deliver("Reversed", case_no="A1")

    assert (p.held, p.open) == ([], ["reverse"])
