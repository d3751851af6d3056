"""What a diagram or table of a release says about itself: the step after a step, the rows of a decision table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from lxml import etree

from app.engine.sources import properties_of
from app.queries.cell_words import cell_in_words
from app.queries.stages import register_of
from app.storage.releases import files_of

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
PEOPLE = {f"{BPMN}userTask", f"{BPMN}manualTask"}
WAITING = {f"{BPMN}{kind}" for kind in ("receiveTask", "callActivity", "intermediateCatchEvent")}
PASSED = {f"{BPMN}{kind}" for kind in ("scriptTask", "serviceTask", "businessRuleTask", "intermediateThrowEvent")}


def _root(content: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(content, parser)


@lru_cache(maxsize=256)
def _process(release_id: str, process_key: str) -> tuple[Mapping[str, Any], Mapping[str, tuple[str, ...]]]:
    """Elements by id, and the targets that follow each."""
    content = files_of(release_id).get(f"{process_key}.bpmn")
    if content is None:
        return {}, {}
    elements: dict[str, Any] = {}
    following: dict[str, tuple[str, ...]] = {}
    for element in _root(content).iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == f"{BPMN}sequenceFlow":
            source = element.get("sourceRef")
            following[source] = (*following.get(source, ()), element.get("targetRef"))
        elif element.get("id"):
            elements[element.get("id")] = element
    return elements, following


def process_name(release_id: str, process_key: str) -> str:
    """What a diagram is called; its key where it has no name."""
    element = _process(release_id, process_key)[0].get(process_key)
    return str(element.get("name") or process_key) if element is not None else process_key


def steps_of(release_id: str, process_key: str) -> dict[str, str]:
    """What is done in a diagram or waited for, by id, and what it is called."""
    elements = _process(release_id, process_key)[0]
    kinds = PEOPLE | WAITING | PASSED
    return {id_: str(element.get("name") or id_) for id_, element in elements.items() if element.tag in kinds}


def opened_by(release_id: str, process_key: str) -> dict[str, str]:
    """Step id -> the process that it calls or the decision table that it asks."""
    found = {}
    for key, element in _process(release_id, process_key)[0].items():
        opened = element.get("calledElement") or element.findtext(".//{*}calledDecisionId")
        if opened and element.tag in (f"{BPMN}callActivity", f"{BPMN}businessRuleTask"):
            found[key] = opened.strip()
    return found


def step_after(release_id: str, process_key: str, step_id: str) -> str:
    """Name of the human step that certainly comes next; empty where the procedure branches, waits or ends first."""
    elements, following = _process(release_id, process_key)
    current = step_id
    for _ in range(12):
        targets = following.get(current, ())
        if len(targets) != 1 or targets[0] not in elements:
            return ""
        element = elements[targets[0]]
        if element.tag in PEOPLE:
            return str(element.get("name") or "")
        if element.tag not in PASSED:
            return ""
        current = targets[0]
    return ""


@dataclass(frozen=True, slots=True)
class LegalEffect:
    """What a step does outside of the file, as its diagram says."""

    kind: str
    """decision, service, notice or transfer."""
    letter: str
    """The document that it makes; empty where it makes none."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """A human step that may follow."""

    name: str
    role: str
    """Id in the list of roles."""
    deadline: str
    """ISO duration from its arrival, else from what its diagram says; empty where there is none."""
    working: bool
    kind: str
    """regulation, statute or internal."""
    from_arrival: bool


def legal_effect_of(release_id: str, process_key: str, step_id: str) -> LegalEffect | None:
    """None for a step that only prepares."""
    properties = _properties(release_id, process_key, step_id)
    if "legalEffect" not in properties:
        return None
    return LegalEffect(properties["legalEffect"], properties.get("letter", ""))


def _properties(release_id: str, process_key: str, step_id: str) -> dict[str, str]:
    element = _process(release_id, process_key)[0].get(step_id)
    return properties_of(element) if element is not None else {}


def steps_ahead(release_id: str, process_key: str, step_id: str) -> tuple[Ahead, ...]:
    """Human steps that may follow in the same diagram; it does not say which, where the procedure branches first."""
    elements, following = _process(release_id, process_key)
    open_, seen, found = list(following.get(step_id, ())), {step_id}, []
    while open_:
        key = open_.pop(0)
        if key in seen or key not in elements:
            continue
        seen.add(key)
        if elements[key].tag not in PEOPLE:
            open_ += [] if elements[key].tag in WAITING else following.get(key, ())
            continue
        values = properties_of(elements[key])
        ahead = Ahead(
            name=str(elements[key].get("name") or ""),
            role=values.get("candidateRole", ""),
            deadline=values.get("deadline", ""),
            working=values.get("dayCount") == "WORKING",
            kind=values.get("deadlineKind", ""),
            from_arrival="deadlineFrom" not in values,
        )
        if ahead not in found:
            found.append(ahead)
    return tuple(found)


@lru_cache(maxsize=256)
def _callers(release_id: str) -> Mapping[str, tuple[str, str]]:
    """Called process -> the process and call activity that call it; of several callers the one nearest to the top."""
    calls: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(files_of(release_id)):
        if name.endswith(".bpmn"):
            key = name.removesuffix(".bpmn")
            calls[key] = [
                (str(element.get("calledElement")), str(element.get("id")))
                for element in _process(release_id, key)[0].values()
                if element.tag == f"{BPMN}callActivity"
            ]
    called = {target for targets in calls.values() for target, _ in targets}
    found: dict[str, tuple[str, str]] = {}
    level = [key for key in calls if key not in called]
    while level:
        below = [(target, (key, id_)) for key in level for target, id_ in calls.get(key, ()) if target not in found]
        for target, caller in below:
            found.setdefault(target, caller)
        level = list(dict(below))
    return found


def caller_of(release_id: str, process_key: str) -> tuple[str, str] | None:
    """Where a process is called in its release; None for the top one."""
    return _callers(release_id).get(process_key)


_STEPS = ("Task", "task", "Event", "callActivity", "subProcess")
"""How the names of activities and events end."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands in a release."""

    process_key: str
    name: str
    kind: str
    """BPMN element name."""
    role: str
    """Id of the role that does it; empty for what people do not do."""


@lru_cache(maxsize=256)
def places_of(release_id: str) -> Mapping[str, Place]:
    """Activities and events of a release by id; an id stands once in a release."""
    found: dict[str, Place] = {}
    for name in sorted(files_of(release_id)):
        if name.endswith(".bpmn"):
            key = name.removesuffix(".bpmn")
            for id_, element in _process(release_id, key)[0].items():
                kind = element.tag.rpartition("}")[2]
                if element.tag.startswith(BPMN) and kind.endswith(_STEPS):
                    role = properties_of(element).get("candidateRole", "")
                    found.setdefault(id_, Place(key, str(element.get("name") or id_), kind, role))
    return found


@dataclass(frozen=True, slots=True)
class TableRow:
    number: int
    """Position in the table, from 1."""
    conditions: tuple[tuple[str, str], ...]
    """Column and cell of every condition that is not left open."""
    outputs: tuple[tuple[str, str], ...]
    note: str
    """The row's annotation: the clause."""


@dataclass(frozen=True, slots=True)
class DecisionView:
    name: str
    rows: tuple[TableRow, ...]
    """The rows that matched."""
    total: int
    outputs: Mapping[str, Any]


def decision_view(release_id: str, decision: Mapping[str, Any], *, locale: str) -> DecisionView:
    """A proposal that a table made, as it stands in the history; codes in the words of the forms' options."""
    name, rows = table_in_words(release_id, str(decision.get("table", "")), locale)
    hits = [str(hit) for hit in decision.get("hits", ())]
    return DecisionView(
        name=name,
        rows=tuple(rows[hit] for hit in hits if hit in rows),
        total=len(rows),
        outputs=decision.get("outputs") or {},
    )


@lru_cache(maxsize=256)
def table_in_words(release_id: str, table: str, locale: str) -> tuple[str, Mapping[str, TableRow]]:
    """Name and rows of a decision table of the release by their ids, as a person reads them."""
    content = files_of(release_id).get(f"{table}.dmn")
    if content is None:
        return table, {}
    root = _root(content)
    inputs = list(root.iterfind(".//{*}decisionTable/{*}input"))
    results = list(root.iterfind(".//{*}decisionTable/{*}output"))
    words = partial(cell_in_words, release_id, locale)
    rows = {
        str(rule.get("id")): TableRow(
            number=number,
            conditions=_cells(inputs, rule, "inputEntry", words),
            outputs=_cells(results, rule, "outputEntry", words),
            note=_note(
                release_id, [(entry.findtext("{*}text") or "").strip() for entry in rule.iterfind("{*}annotationEntry")]
            ),
        )
        for number, rule in enumerate(root.iterfind(".//{*}decisionTable/{*}rule"), 1)
    }
    decision = root.find(".//{*}decision")
    return (str(decision.get("name") or table) if decision is not None else table), rows


def _note(release_id: str, notes: list[str]) -> str:
    """Annotations as they are read: a clause by its article, not by its id."""
    clauses = register_of(release_id).clauses
    return " ".join(clauses[word].article if word in clauses else word for note in notes for word in note.split())


def _label(element: Any) -> str:
    text = element.find(".//{*}text")
    return str(element.get("label") or element.get("name") or (text.text if text is not None else "") or "")


def _field(element: Any) -> str:
    """The field that a column reads or writes, where it is one."""
    text = element.find(".//{*}text")
    return str(element.get("name") or (text.text if text is not None else "") or "").split(".")[-1].strip()


def _cells(columns: list[Any], rule: Any, kind: str, words: Callable[[str, str], str]) -> tuple[tuple[str, str], ...]:
    cells = [(entry.findtext("{*}text") or "").strip() for entry in rule.iterfind(f"{{*}}{kind}")]
    return tuple(
        (_label(column), words(_field(column), cell))
        for column, cell in zip(columns, cells, strict=False)
        if cell not in ("", "-")
    )
