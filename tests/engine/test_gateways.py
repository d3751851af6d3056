"""Conformance: gateways choose, split and join as BPMN says, also round after round of a rework loop."""

import pytest

from tests.engine import diagrams as d
from tests.engine.proceedings import started


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
