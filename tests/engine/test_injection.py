"""No Python from a model is ever run: refused at publication, and inert should it reach the engine all the same.

One case for every place where the library evaluates text; `marker` is a file that the attack would create.
"""

import inspect
import pathlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine

import app.engine
from app.domain.errors import DomainError
from app.engine import run
from app.engine.expressions import FeelEnvironment, ScriptEngine
from app.engine.failures import StepError
from app.engine.parse import Definition, parse
from app.engine.profile import findings
from app.engine.state import load
from tests.engine import diagrams as d
from tests.engine.proceedings import NOON

VARIABLES = {"n": "number", "case_no": "string", "ms": "list", "results": "list", "note": "context"}


def files(*nodes: str, chain: str = "x", more: str = "", table: str = "") -> dict[str, bytes]:
    """begin -> ready -> the nodes -> done, in a process that declares what the attacks need."""
    body = d.process(
        "p",
        d.start(),
        d.user("ready"),
        *nodes,
        d.end(),
        d.flows(f"begin ready {chain} done"),
        variables=VARIABLES,
        collections="ms results",
    )
    tables = {"t.dmn": table.encode()} if table else {}
    return {"p.bpmn": d.diagram(body, d.messages("M"), more), **tables}


def cell(test: str = "-", output: str = "1", source: str = "n") -> str:
    return d.table("t", {source: "any"}, {"n": "any"}, [[test, output]]).decode()


def swapped(made: dict[str, bytes], old: str, new: str) -> dict[str, bytes]:
    return {name: data.decode().replace(old, new).encode() for name, data in made.items()}


def retrieval(attack: str) -> dict[str, bytes]:
    made = files(d.throw("x", d.sends("M", "{case_no: case_no}")))
    return swapped(made, "<messagePath>case_no</messagePath>", f"<messagePath>{d.escape(attack)}</messagePath>")


POINTS: dict[str, Callable[[str], dict[str, bytes]]] = {
    "script task": lambda a: files(d.script("x", a)),
    "script line": lambda a: files(d.script("x", f"n = {a}")),
    "gateway condition": lambda a: files(
        d.exclusive("x", "y"), d.user("y"), d.user("z"), d.when("x", "z", a), d.flows("z done"), chain="x y"
    ),
    "inclusive condition": lambda a: files(
        d.inclusive("x", "y"),
        d.user("y"),
        d.user("z"),
        d.inclusive("j"),
        d.when("x", "z", a),
        d.flows("z j"),
        chain="x y j",
    ),
    "completion condition": lambda a: files(d.user("x", d.many("ms", "m", until=a))),
    "loop condition": lambda a: files(
        d.user(
            "x",
            f'<standardLoopCharacteristics loopMaximum="2"><loopCondition>{d.escape(a)}</loopCondition>'
            "</standardLoopCharacteristics>",
        )
    ),
    "cardinality": lambda a: files(
        d.user(
            "x",
            f"<multiInstanceLoopCharacteristics><loopCardinality>{d.escape(a)}</loopCardinality>"
            "</multiInstanceLoopCharacteristics>",
        )
    ),
    "ad-hoc completion": lambda a: files(
        d.element("adHocSubProcess", "x", d.user("a") + f"<completionCondition>{d.escape(a)}</completionCondition>")
    ),
    "date timer": lambda a: files(d.catch("x", d.timer("Date", a))),
    "duration timer": lambda a: files(d.catch("x", d.timer("Duration", a))),
    "cycle timer": lambda a: files(
        d.user("x"), d.boundary("b", "x", d.timer("Cycle", a), interrupting=False), d.end("e2"), d.flows("b e2")
    ),
    "conditional event": lambda a: files(
        d.catch(
            "x",
            f'<conditionalEventDefinition id="ce"><condition>{d.escape(a)}</condition></conditionalEventDefinition>',
        )
    ),
    "pre script": lambda a: files(d.user("x", pre=f"n = {a}")),
    "post script": lambda a: files(d.user("x", post=f"n = {a}")),
    "message payload": lambda a: files(d.throw("x", d.sends("M", a))),
    "message payload entry": lambda a: files(d.throw("x", d.sends("M", f"{{case_no: {a}}}"))),
    "correlation": lambda a: files(d.catch("x", d.awaits("M", value=a))),
    "retrieval": retrieval,
    "signal payload": lambda a: files(
        d.throw("x", '<signalEventDefinition id="sd" signalRef="S"/>'),
        more=f'<signal id="S" name="s"><extensionElements><spiffworkflow:payloadExpression>{d.escape(a)}'
        "</spiffworkflow:payloadExpression></extensionElements></signal>",
    ),
    "error payload": lambda a: files(
        d.sub(
            "x",
            d.start("s2"),
            d.user("u"),
            d.end("e2", '<errorEventDefinition id="ed" errorRef="E"/>'),
            d.flows("s2 u e2"),
        ),
        more=f'<error id="E" name="e" errorCode="1"><extensionElements><spiffworkflow:payloadExpression>{d.escape(a)}'
        "</spiffworkflow:payloadExpression></extensionElements></error>",
    ),
    "service parameter": lambda a: files(d.service("x", "a/b", "n", value=a)),
    "candidate organ": lambda a: files(d.user("x", candidateOrgan=a)),
    "candidate person": lambda a: files(d.user("x", candidatePerson=a)),
    "deadline from": lambda a: files(d.user("x", deadlineFrom=a)),
    "table input": lambda a: files(d.rule("x", "t"), table=cell(source=a)),
    "table cell": lambda a: files(d.rule("x", "t"), table=cell(test=a)),
    "table output": lambda a: files(d.rule("x", "t"), table=cell(output=a)),
}


def attacks(marker: Path) -> list[str]:
    touch = f"touch {marker}"
    return [
        f'__import__("os").system("{touch}")',
        f'__import__("os").popen("{touch}").read() and False',
        f'exec("open({str(marker)!r}, {"w"!r})")',
        f'[c for c in ().__class__.__base__.__subclasses__()][0].__init__.__globals__["os"].system("{touch}")',
        f'open("{marker}", "w").write("x") or "P1D"',
        f'constructor.constructor("return process")().mainModule.require("child_process").execSync("{touch}")',
    ]


@pytest.mark.parametrize("point", POINTS)
def test_python_is_refused_at_publication_and_inert_in_the_engine(point: str, tmp_path: Path) -> None:
    marker = tmp_path / "pwned"

    for attack in attacks(marker):
        made = POINTS[point](attack)
        refused = [finding for finding in findings(made) if finding.severity == "error"]
        run_anyway(made)

        assert refused, attack
        assert all(re.search("[\u4e00-\u9fff]", finding.sentence) for finding in refused)
        assert not marker.exists(), attack


def run_anyway(made: dict[str, bytes]) -> None:
    """Past the linter, straight into the engine, as far as it goes."""
    try:
        definition = parse(made, "p")
        advance = run.start(definition, variables={"ms": ["a", "b"], "case_no": "A1", "n": 1}, context={}, now=NOON)
        for _ in range(3):
            for task in run.open_tasks(definition, advance.state):
                advance = run.complete_task(definition, advance.state, task.id, answers={}, context={}, now=NOON)
    except (DomainError, KeyError, AttributeError, NotImplementedError):
        return


def plain_definition() -> Definition:
    return parse(files(d.user("x")), "p")


def test_what_is_loaded_has_our_script_engine_and_not_the_librarys() -> None:
    definition = plain_definition()
    state = run.start(definition, variables={}, context={}, now=NOON).state

    workflow = load(definition, state, engine=ScriptEngine(now=NOON, context={}))

    assert type(workflow.script_engine) is ScriptEngine
    assert type(workflow.script_engine.environment) is FeelEnvironment
    for name in ("evaluate", "execute", "call_service", "validate"):
        assert getattr(ScriptEngine, name) is not getattr(PythonScriptEngine, name)


def test_the_environment_itself_knows_no_python() -> None:
    environment = FeelEnvironment(NOON, {})

    for text in ("__import__('os')", "print(1)", "().__class__"):
        with pytest.raises(StepError):
            environment.evaluate(text, {})
    with pytest.raises(StepError):
        environment.execute("import os", {})
    with pytest.raises(StepError):
        environment.call_service({})


def test_only_one_place_loads_and_none_uses_the_librarys_serializer_or_pythons_eval() -> None:
    sources = list(pathlib.Path(inspect.getfile(app.engine)).parent.rglob("*.py"))

    for path in sources:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\beval\(|\bexec\(|deserialize_|BpmnWorkflowSerializer|pickle", text), path
        if path.name not in ("state.py", "run.py"):
            assert "BpmnWorkflow(" not in text, path


def test_names_smuggled_in_by_a_clerk_do_not_become_variables() -> None:
    definition = plain_definition()
    state = run.start(definition, variables={"smuggled": 1}, context={}, now=NOON).state
    task = run.open_tasks(definition, state)[0]

    answers = {"n": 2, "smuggled": 1, "case": {"level": "轻微"}, "count": 3, "__proto__": {"a": 1}}
    after = run.complete_task(definition, state, task.id, answers=answers, context={"case": {}}, now=NOON)

    workflow = load(definition, after.state, engine=ScriptEngine(now=NOON, context={}))
    assert {name for task in workflow.tasks.values() for name in task.data} == {"n"}


def test_the_hosts_contexts_are_never_stored() -> None:
    file = {
        "p.bpmn": d.diagram(
            d.process("p", d.start(), d.user("x", candidateOrgan="case.organ"), d.end(), d.flows("begin x done"))
        )
    }
    definition = parse(file, "p")

    state = run.start(definition, variables={}, context={"case": {"organ": "o", "secret": "机密"}}, now=NOON).state

    workflow = load(definition, state, engine=ScriptEngine(now=NOON, context={}))
    assert all("case" not in task.data and "机密" not in str(task.internal_data) for task in workflow.tasks.values())
