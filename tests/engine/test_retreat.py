"""退回 without a drawn flow: where the diagram lets a step go back to, and what is left when it does."""

import pytest

from app.domain.errors import ConflictError
from app.engine import retreat
from app.engine.parse import Definition
from tests.engine import diagrams as d
from tests.engine.proceedings import NOON, Proceeding, definition_of


def steps(ids: str) -> tuple[str, ...]:
    return tuple(d.user(id_) for id_ in ids.split())


def ways(definition: Definition, proceeding: Proceeding, step: str, repeatable: tuple[str, ...] = ()) -> list[str]:
    task = proceeding.task(step)
    found = retreat.ways_back(definition, proceeding.state, task.id, repeatable=repeatable)
    return [step_id for _, step_id in found]


def in_a_row() -> Definition:
    return definition_of(d.diagram(d.process("p", d.start(), *steps("a b c"), d.end(), d.flows("begin a b c done"))))


def test_a_step_goes_back_to_any_before_it_the_nearest_first() -> None:
    definition = in_a_row()
    proceeding = Proceeding(definition)
    for step in "ab":
        proceeding.do(step)

    assert ways(definition, proceeding, "c") == ["b", "a"]
    assert ways(definition, Proceeding(definition), "a") == []


def test_going_back_withdraws_the_step_and_opens_the_other_once() -> None:
    definition = in_a_row()
    proceeding = Proceeding(definition)
    for step in "ab":
        proceeding.do(step)
    task = proceeding.task("c")

    advance = retreat.go_back(
        definition, proceeding.state, task.id, to_step="a", repeatable=(), context={"case": {}}, now=NOON
    )

    assert [opened.step_id for opened in advance.opened] == ["a"]
    assert [(closed.id, closed.completed) for closed in advance.closed] == [(task.id, False)]
    proceeding.state = advance.state
    for step in "abc":
        proceeding.do(step)
    assert proceeding.last.completed


def test_what_left_the_procedure_stands_in_the_way() -> None:
    sent = d.throw("E_tell", d.sends("Told", '{"case_no": case_no}'))
    process = d.process(
        "p", d.start(), *steps("a b"), sent, d.end(), d.flows("begin a E_tell b done"), variables={"case_no": "string"}
    )
    definition = definition_of(d.diagram(d.messages("Told"), process))
    proceeding = Proceeding(definition, case_no="x")
    proceeding.do("a")

    assert ways(definition, proceeding, "b") == []
    with pytest.raises(ConflictError):
        retreat.go_back(
            definition,
            proceeding.state,
            proceeding.task("b").id,
            to_step="a",
            repeatable=(),
            context={"case": {}},
            now=NOON,
        )


def test_what_was_served_is_neither_done_over_nor_passed() -> None:
    served = d.user("b", legalEffect="service")
    process = d.process("p", d.start(), d.user("a"), served, *steps("c d"), d.end(), d.flows("begin a b c d done"))
    definition = definition_of(d.diagram(process))
    proceeding = Proceeding(definition)
    for step in "abc":
        proceeding.do(step)

    assert ways(definition, proceeding, "d") == ["c"]


def test_one_branch_never_leaves_the_others_behind() -> None:
    process = d.process(
        "p",
        d.start(),
        *steps("a b1 b2 c e"),
        d.parallel("fork"),
        d.parallel("join"),
        d.end(),
        d.flows("begin a fork b1 b2 join e done", "fork c join"),
    )
    definition = definition_of(d.diagram(process))
    proceeding = Proceeding(definition)
    for step in ("a", "b1"):
        proceeding.do(step)

    assert ways(definition, proceeding, "b2") == ["b1"]
    for step in ("b2", "c"):
        proceeding.do(step)
    assert ways(definition, proceeding, "e") == ["a"]
