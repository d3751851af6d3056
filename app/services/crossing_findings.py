"""What only all files of a county together tell: messages without a partner, forms of another regulation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.domain.definitions import Finding, Severity
from app.domain.errors import N_, DomainError
from app.engine.profile.model import HUMAN, Diagram, message_of
from app.engine.references import references_of
from app.engine.sources import local_name, properties_of, read_source
from app.law.register import Register
from app.services.operations.reversals import CASE_REVERSED
from app.services.operations.series import SEPARATED
from app.services.register_findings import nearest
from app.storage.agendas import LEAD_MESSAGE, POOL_MESSAGE, SCHEDULED_MESSAGE, WITHDRAWN_MESSAGE
from app.storage.subjects import DIED_MESSAGE

BY_PROGRAM = frozenset(
    {DIED_MESSAGE, SEPARATED, CASE_REVERSED, POOL_MESSAGE, SCHEDULED_MESSAGE, WITHDRAWN_MESSAGE, LEAD_MESSAGE}
)
"""Messages that operations and acts of people send, without a diagram that throws them."""
_THROWS = frozenset({"endEvent", "intermediateThrowEvent", "sendTask"})

Files = Mapping[str, bytes]


def findings(files: Files, registers: Mapping[str, Register]) -> Iterator[Finding]:
    diagrams = list(_diagrams(files))
    yield from _of_messages(diagrams)
    yield from _of_forms(diagrams, files, registers)


def _diagrams(files: Files) -> Iterator[Diagram]:
    for name, content in files.items():
        if name.endswith(".bpmn"):
            try:
                yield Diagram(name, read_source(content))
            except DomainError:
                continue  # said of that file


@dataclass(frozen=True, slots=True)
class _End:
    file: str
    step: str
    message: str


def _of_messages(diagrams: list[Diagram]) -> Iterator[Finding]:
    thrown: list[_End] = []
    caught: list[_End] = []
    for diagram in diagrams:
        for process in diagram.processes:
            for id_, node in process.nodes.items():
                if (found := message_of(node)) is not None and (name := diagram.messages.get(found[1])):
                    (thrown if local_name(node) in _THROWS else caught).append(_End(diagram.file, id_, name))
    awaited = {end.message for end in caught}
    sent = {end.message for end in thrown} | BY_PROGRAM
    without_receiver = N_("没有流程等待消息“%(name)s”，发出后无人收到；是否为“%(nearest)s”？")
    without_sender = N_("没有流程发出消息“%(name)s”，会一直等下去；是否为“%(nearest)s”？")
    yield from _alone(thrown, awaited, rule="unreceived", sentence=without_receiver)
    yield from _alone(caught, sent, rule="unsent", sentence=without_sender)


def _alone(ends: list[_End], partners: set[str], *, rule: str, sentence: str) -> Iterator[Finding]:
    for end in ends:
        if end.message not in partners:
            values = {"name": end.message, "nearest": nearest(end.message, partners)}
            yield Finding(end.file, end.step, rule, sentence, values, Severity.WARNING)


def _of_forms(diagrams: list[Diagram], files: Files, registers: Mapping[str, Register]) -> Iterator[Finding]:
    """Where a county has several regulations: a step that asks the form of another one's process."""
    if len(registers) < 2:
        return
    reached = {name: _processes_of(files, register) for name, register in registers.items()}
    for diagram in diagrams:
        own = [name for name, found in reached.items() if diagram.file in found]
        for process in diagram.processes:
            for id_, node in process.nodes.items():
                form = properties_of(node).get("formKey", "") if local_name(node) in HUMAN else ""
                folder = f"{form.partition('/')[0]}.bpmn"
                others = [name for name, found in reached.items() if folder in found]
                if own and others and not set(own) & set(others):
                    values = {"form": form, "regulation": registers[others[0]].title}
                    sentence = N_("表单 %(form)s 属于《%(regulation)s》的流程，它以后的改动也会改到这里。")
                    yield Finding(diagram.file, id_, "foreign-form", sentence, values, Severity.WARNING)


def _processes_of(files: Files, register: Register) -> frozenset[str]:
    """Names of the diagram and table files that a regulation reaches."""
    return frozenset(file for process in register.processes for file in references_of(files, process).files)
