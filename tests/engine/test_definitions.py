"""Definitions: parsed once, shared by everything, telling other rooms what they need."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.errors import InvalidDefinitionError
from app.engine import parse as parsing
from app.engine import run
from app.engine.parse import parse
from app.engine.state import StateError
from tests.engine import diagrams as d
from tests.engine.proceedings import NOON, Proceeding, definition_of


def files() -> dict[str, bytes]:
    top = d.diagram(
        d.messages("Out"),
        d.process(
            "p",
            d.start(),
            d.user("a", clauses="X-1 X-2", deadline="P5D", deadlineKind="internal"),
            d.rule("r", "t"),
            d.call("c", "q"),
            d.throw("th", d.sends("Out", "{case_no: case_no}")),
            d.end(),
            d.flows("begin a r c th done"),
            variables={"case_no": "string", "route": "string"},
            lanes={"案管室": "a c"},
        ),
    )
    called = d.diagram(
        d.process("q", d.start("q1"), d.user("b"), d.end("q2"), d.flows("q1 b q2"), lanes={"审理室": "b"})
    )
    broken = b"<this is no diagram"
    return {
        "p.bpmn": top,
        "q.bpmn": called,
        "t.dmn": d.table("t", {"case_no": "string"}, {"route": "string"}, [["-", '"A"']]),
        "other.dmn": broken,
    }


def test_a_definition_tells_its_steps_tables_messages_and_variables() -> None:
    definition = parse(files(), "p")

    a = definition.steps["a"]
    assert (a.name, a.kind, a.lane, a.process_key, a.clauses) == ("办理a", "userTask", "案管室", "p", ("X-1", "X-2"))
    assert definition.steps["b"].lane == "审理室"
    assert definition.processes == {"p": "p.bpmn", "q": "q.bpmn"}
    assert list(definition.tables) == ["t"]
    assert definition.messages == {"Out"}
    assert definition.variables == {"p": {"case_no": "string", "route": "string"}, "q": {}}


def test_only_what_the_process_calls_is_read_and_the_same_content_is_parsed_once() -> None:
    first = parse(files(), "p")

    assert parse(files(), "p") is first
    assert (
        parse({**files(), "q.bpmn": files()["q.bpmn"].replace(b'"b"', b'"bb"').replace(b"b_to", b"bb_to")}, "p")
        is not first
    )
    assert len(parsing._cache) <= parsing.CACHE_SIZE


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"q.bpmn": None}, "unknown_process"),
        ({"t.dmn": None}, "unknown_table"),
        ({"t.dmn": b"<x"}, "file"),
        ({"q.bpmn": b"<x"}, "file"),
    ],
)
def test_what_cannot_run_is_refused_with_a_finding(change: dict[str, bytes | None], rule: str) -> None:
    changed = {name: data for name, data in {**files(), **change}.items() if data is not None}

    with pytest.raises(InvalidDefinitionError) as refused:
        parse(changed, "p")

    assert [finding.rule for finding in refused.value.findings] == [rule]


def test_a_state_that_is_not_ours_is_refused() -> None:
    definition = parse(files(), "p")

    for state in (b"", b"not a state", run.start(definition_of(SMALL), variables={}, context={}, now=NOON).state[:-3]):
        with pytest.raises(StateError):
            run.open_tasks(definition, state)


SMALL = d.diagram(
    d.process(
        "p",
        d.start(),
        d.user("v", d.many("members", "member", "votes", "vote")),
        d.parallel("g"),
        d.user("a"),
        d.user("b"),
        d.parallel("j"),
        d.user("z"),
        d.end(),
        d.flows("begin v g a j z done", "g b j"),
        variables={"members": "list", "votes": "list"},
        collections="members votes",
    )
)


def test_one_definition_serves_many_proceedings_in_many_threads() -> None:
    definition = definition_of(SMALL)

    def whole_life(number: int) -> tuple[bool, list[str]]:
        p = Proceeding(definition, members=[f"{number}-{n}" for n in range(3)])
        for n in range(3):
            p.do("v", {"member": f"{number}-{n}"}, vote=f"{number}-{n}")
        p.do("b" if number % 2 else "a")
        p.do("a" if number % 2 else "b")
        votes = p.task("z").variables["votes"]
        return p.do("z").completed, votes

    with ThreadPoolExecutor(8) as pool:
        lives = list(pool.map(whole_life, range(40)))

    assert lives == [(True, [f"{number}-{n}" for n in range(3)]) for number in range(40)]


def test_three_hundred_steps_in_a_row_can_be_parsed() -> None:
    ids = [f"u{number}" for number in range(297)]

    p = Proceeding(
        definition_of(
            d.diagram(d.process("p", d.start(), *map(d.user, ids), d.end(), d.flows(f"begin {' '.join(ids)} done")))
        )
    )

    assert p.open == ["u0"]
