"""The conformance suite, second half: what the engine would drop, misread or run for ever is refused."""

import pytest

from app.domain.definitions import Finding
from app.engine.profile import findings
from tests.engine import diagrams as d
from tests.engine.refused_elements import ELEMENTS, simple
from tests.engine.refused_texts import TEXTS

REFUSED = ELEMENTS | TEXTS


def refusal(file: bytes, rule: str) -> Finding:
    found = findings({"p.bpmn": file})
    matching = [finding for finding in found if finding.rule == rule]
    assert matching, [str(finding) for finding in found]
    return matching[0]


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused_with_the_element_and_a_sentence(what: str) -> None:
    file, rule, element = REFUSED[what]

    finding = next(
        (found for found in findings({"p.bpmn": file}) if (found.rule, found.element_id) == (rule, element)), None
    )

    assert finding is not None, [str(found) for found in findings({"p.bpmn": file})]
    sentence = finding.sentence % finding.values if finding.values else finding.sentence
    assert any("\u4e00" <= letter <= "\u9fff" for letter in sentence)


def test_a_diagram_of_everything_the_profile_allows_is_accepted() -> None:
    file = simple(d.user("x", deadline="-P3D", deadlineKind="regulation", dayCount="WORKING", source="higher_law"))

    assert findings({"p.bpmn": file}) == ()


def test_a_gateway_without_default_is_only_a_warning() -> None:
    file = simple(
        d.exclusive("x"),
        d.user("a"),
        d.user("b"),
        d.flows("a done", "b done"),
        d.when("x", "a", "ok"),
        d.when("x", "b", "not(ok)"),
        flow="begin x",
        variables={"ok": "boolean"},
    )

    assert [(f.rule, f.severity) for f in findings({"p.bpmn": file})] == [("default_flow", "warning")]


def test_three_hundred_nodes_are_enough_for_one_diagram() -> None:
    ids = [f"u{number}" for number in range(301)]
    file = simple(*[d.user(id_) for id_ in ids], flow=f"begin {' '.join(ids)} done")

    assert refusal(file, "size").element_id == "p"


def test_eighteen_unjoined_splits_in_a_row_are_refused_at_once() -> None:
    nodes, chains = [], []
    for number in range(18):
        nodes += [d.parallel(f"g{number}"), d.user(f"a{number}"), d.user(f"b{number}"), d.exclusive(f"m{number}")]
        chains += [f"g{number} a{number} m{number}", f"g{number} b{number} m{number}"]
        chains += [f"m{number} g{number + 1}"] if number < 17 else ["m17 done"]
    file = d.diagram(d.process("p", d.start(), *nodes, d.end(), d.flows("begin g0", *chains)))

    assert refusal(file, "unjoined").element_id == "m0"
