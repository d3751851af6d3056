"""Diagrams and tables of a release -> an executable definition, cached by content."""

import hashlib
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from app.domain.definitions import Finding
from app.domain.errors import N_, InvalidDefinitionError
from app.engine.decisions import DecisionTable, read_table
from app.engine.sources import (
    ITEMS,
    SourceError,
    bpmn,
    item_name,
    local_name,
    properties_of,
    read_source,
    spiff,
    variables_of,
)
from app.engine.specs import CorrectedParser, prepare

CACHE_SIZE = 128


@dataclass(frozen=True, slots=True)
class Step:
    """A node of a diagram, as other rooms see it."""

    id: str
    process_key: str
    name: str
    kind: str
    """BPMN element name: userTask, serviceTask, endEvent ..."""
    lane: str | None
    properties: Mapping[str, str]

    @property
    def clauses(self) -> tuple[str, ...]:
        return tuple(self.properties.get("clauses", "").split())

    @property
    def excludes(self) -> tuple[str, ...]:
        """Steps that nobody may have done who does this one."""
        return tuple(self.properties.get("excludes", "").split())


@dataclass(frozen=True, slots=True)
class Definition:
    """A process with everything it calls, ready to run. Immutable and shared by all its proceedings."""

    process_key: str
    content_hash: str
    steps: Mapping[str, Step]
    """By step id, over all called diagrams; where two diagrams use an id, the caller's."""
    steps_by_process: Mapping[tuple[str, str], Step]
    excluded_by: Mapping[str, frozenset[str]]
    """Step id -> ids of the steps that nobody does who has done it."""
    processes: Mapping[str, str]
    """Process id -> file name, for every diagram used, the caller first."""
    tables: Mapping[str, DecisionTable]
    variables: Mapping[str, Mapping[str, str]]
    """Process id -> declared variables and their FEEL types."""
    start_message: str | None
    """Name of the message that starts the process, None when a person starts it."""
    messages: frozenset[str]
    """Names of all messages that the diagrams throw or wait for."""
    spec: Any = field(repr=False)
    called: Mapping[str, Any] = field(repr=False)
    process_of: Mapping[str, str] = field(repr=False)
    """Name of an engine spec (a process or an embedded sub-process) -> process id."""


_cache: OrderedDict[str, Definition] = OrderedDict()
_lock = threading.Lock()


def parse(files: Mapping[str, bytes], process_key: str) -> Definition:
    """The definition of a process, from all .bpmn and .dmn files of a release by file name.

    Only the process and what it calls is read. Raises InvalidDefinitionError with findings.
    """
    key = _content_hash(files, process_key)
    with _lock:
        if key in _cache:
            _cache.move_to_end(key)
            return _cache[key]
    definition = _parse(files, process_key, content_hash=key)
    with _lock:
        _cache[key] = definition
        while len(_cache) > CACHE_SIZE:
            _cache.popitem(last=False)
    return definition


def _content_hash(files: Mapping[str, bytes], process_key: str) -> str:
    digest = hashlib.sha256(process_key.encode())
    for name in sorted(files):
        digest.update(b"\0" + name.encode() + b"\0" + hashlib.sha256(files[name]).digest())
    return digest.hexdigest()


def _parse(files: Mapping[str, bytes], process_key: str, *, content_hash: str) -> Definition:
    roots = {name: read_source_or_refuse(name, data) for name, data in files.items() if name.endswith(".bpmn")}
    owners = {process.get("id", ""): name for name, root in roots.items() for process in root.iter(bpmn("process"))}
    used = called_processes(roots, owners, process_key)
    tables = _tables(files, {owners[key]: roots[owners[key]] for key in used})
    # the library parses along the flows, a few frames for each of up to 300 nodes in a row
    sys.setrecursionlimit(max(sys.getrecursionlimit(), 5_000))
    parser = CorrectedParser(tables)
    for name in dict.fromkeys(owners[key] for key in used):
        parser.add_bpmn_xml(_copy(roots[name]), filename=name)
    try:
        spec = parser.get_spec(process_key)
        called = parser.get_subprocess_specs(process_key)
    except ValidationException as problem:
        finding = Finding(
            file=problem.file_name or owners[process_key],
            element_id=getattr(problem, "id", None),
            rule="engine",
            sentence=N_("引擎无法读取该流程图：%(problem)s"),
            values={"problem": str(problem)[:300]},
        )
        raise InvalidDefinitionError((finding,)) from None
    prepare(spec, called)
    elements = {key: _process(roots[owners[key]], key) for key in used}
    return _definition(process_key, content_hash, used, owners, elements, tables, spec, called, roots)


def _definition(
    process_key: str,
    content_hash: str,
    used: list[str],
    owners: Mapping[str, str],
    elements: Mapping[str, etree._Element],
    tables: Mapping[str, DecisionTable],
    spec: Any,
    called: Mapping[str, Any],
    roots: Mapping[str, etree._Element],
) -> Definition:
    variables = {key: variables_of(element) for key, element in elements.items()}
    process_of = {
        inner: key
        for key, element in elements.items()
        for inner in [key, *(sub.get("id", "") for sub in element.iter(bpmn("subProcess")))]
    }
    for name, engine_spec in [(process_key, spec), *called.items()]:
        engine_spec.variables = variables[process_of[name]]
    steps = {(key, step.id): step for key, element in elements.items() for step in _steps(key, element)}
    by_id: dict[str, Step] = {}
    for step in steps.values():
        by_id.setdefault(step.id, step)
    messages = {
        message.get("id", ""): message.get("name", "")
        for key in used
        for message in roots[owners[key]].iter(bpmn("message"))
    }
    return Definition(
        process_key=process_key,
        content_hash=content_hash,
        steps=by_id,
        steps_by_process=steps,
        excluded_by=_excluded_by(steps.values()),
        processes={key: owners[key] for key in used},
        tables=tables,
        variables=variables,
        start_message=_start_message(elements[process_key], messages),
        messages=frozenset(messages.values()),
        spec=spec,
        called=called,
        process_of=process_of,
    )


def _excluded_by(steps: Iterable[Step]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for step in steps:
        for other in step.excludes:
            found.setdefault(other, set()).add(step.id)
    return {other: frozenset(ids) for other, ids in found.items()}


def read_source_or_refuse(name: str, data: bytes) -> etree._Element:
    try:
        return read_source(data)
    except SourceError as problem:
        finding = Finding(file=name, element_id=None, rule="file", sentence=problem.sentence, values=problem.values)
        raise InvalidDefinitionError((finding,)) from None


def called_processes(roots: Mapping[str, etree._Element], owners: Mapping[str, str], process_key: str) -> list[str]:
    """Ids of the process and of everything it calls, the caller first. Raises InvalidDefinitionError."""
    found: list[str] = []
    queue: list[tuple[str, str, str | None]] = [("", process_key, None)]
    while queue:
        file, key, caller = queue.pop(0)
        if key in found:
            continue
        if key not in owners:
            finding = Finding(
                file, caller, "unknown_process", N_("被调用的流程 `%(process)s` 不存在。"), {"process": key}
            )
            raise InvalidDefinitionError((finding,))
        found.append(key)
        process = _process(roots[owners[key]], key)
        for call in process.iter(bpmn("callActivity")):
            queue.append((owners[key], call.get("calledElement", ""), call.get("id")))
    return found


def _process(root: etree._Element, key: str) -> etree._Element:
    return next(process for process in root.iter(bpmn("process")) if process.get("id") == key)


def _tables(files: Mapping[str, bytes], diagrams: Mapping[str, etree._Element]) -> dict[str, DecisionTable]:
    wanted = {
        (reference.text or "").strip(): (name, task.get("id"))
        for name, root in diagrams.items()
        for task in root.iter(bpmn("businessRuleTask"))
        for reference in task.iter(spiff("calledDecisionId"))
    }
    tables = {}
    for table_id, (diagram, task_id) in wanted.items():
        name = f"{table_id}.dmn"
        if name not in files:
            finding = Finding(diagram, task_id, "unknown_table", N_("决策表 `%(table)s` 不存在。"), {"table": table_id})
            raise InvalidDefinitionError((finding,))
        tables[table_id] = _table(name, files[name])
    return tables


def _table(name: str, data: bytes) -> DecisionTable:
    try:
        return read_table(read_source(data))
    except SourceError as problem:
        finding = Finding(file=name, element_id=None, rule="file", sentence=problem.sentence, values=problem.values)
        raise InvalidDefinitionError((finding,)) from None


def _steps(process_key: str, process: etree._Element) -> list[Step]:
    lanes = {
        (reference.text or "").strip(): lane.get("name")
        for lane in process.iter(bpmn("lane"))
        for reference in lane.findall(bpmn("flowNodeRef"))
    }
    return [
        Step(
            id=node.get("id", ""),
            process_key=process_key,
            name=node.get("name", ""),
            kind=local_name(node),
            lane=lanes.get(node.get("id", "")),
            properties=properties_of(node),
        )
        for node in process.iter()
        if isinstance(node.tag, str) and local_name(node) in FLOW_NODES
    ]


def _start_message(process: etree._Element, messages: Mapping[str, str]) -> str | None:
    event = process.find(f"{bpmn('startEvent')}/{bpmn('messageEventDefinition')}")
    return messages.get(event.get("messageRef", "")) if event is not None else None


def _copy(root: etree._Element) -> etree._Element:
    """The library keys its indexes by the identity of the root; a copy keeps ours untouched.

    It takes the id of a multi-instance's element for the variable: the copy says the name there.
    """
    copy = etree.fromstring(etree.tostring(root))
    for item in copy.iter(*(bpmn(name) for name in ITEMS)):
        item.set("id", item_name(item))
    return copy


FLOW_NODES = frozenset(
    {
        "userTask",
        "manualTask",
        "scriptTask",
        "serviceTask",
        "businessRuleTask",
        "sendTask",
        "receiveTask",
        "callActivity",
        "subProcess",
        "exclusiveGateway",
        "parallelGateway",
        "inclusiveGateway",
        "eventBasedGateway",
        "startEvent",
        "endEvent",
        "boundaryEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
    }
)
