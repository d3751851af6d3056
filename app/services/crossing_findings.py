"""What only all files of a county together tell: messages without a partner, forms of another regulation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from app.domain.definitions import Finding, Severity
from app.domain.errors import N_
from app.domain.spelling import meant
from app.engine.profile.model import HUMAN, Diagram, Element, message_of
from app.engine.references import references_of
from app.engine.sources import SourceError, local_name, properties_of, read_source
from app.law.register import Register
from app.services.operations.reversals import CASE_REVERSED
from app.services.operations.series import SEPARATED
from app.storage.agendas import LEAD_MESSAGE, POOL_MESSAGE, SCHEDULED_MESSAGE, WITHDRAWN_MESSAGE
from app.storage.subjects import DIED_MESSAGE

BY_PROGRAM = frozenset(
    {DIED_MESSAGE, SEPARATED, CASE_REVERSED, POOL_MESSAGE, SCHEDULED_MESSAGE, WITHDRAWN_MESSAGE, LEAD_MESSAGE}
)
"""Messages that operations and acts of people send, without a diagram that throws them."""
_THROWS = frozenset({"endEvent", "intermediateThrowEvent", "sendTask"})

Files = Mapping[str, bytes]


def findings(files: Files, registers: Mapping[str, Register]) -> Iterator[Finding]:
    places = [place for name, content in files.items() if name.endswith(".bpmn") for place in _places(name, content)]
    yield from _of_messages(places)
    yield from _of_forms(places, files, registers)


@dataclass(frozen=True, slots=True)
class _Place:
    """A step or event, as far as it concerns others."""

    file: str
    step: str
    throws: str = ""
    """Name of a message."""
    catches: str = ""
    form: str = ""


@lru_cache(maxsize=256)
def _places(name: str, content: bytes) -> tuple[_Place, ...]:
    try:
        diagram = Diagram(name, read_source(content))
    except SourceError:
        return ()  # said of that file
    return tuple(_place(diagram, id_, node) for process in diagram.processes for id_, node in process.nodes.items())


def _place(diagram: Diagram, id_: str, node: Element) -> _Place:
    kind = local_name(node)
    form = properties_of(node).get("formKey", "") if kind in HUMAN else ""
    found = message_of(node)
    message = diagram.messages.get(found[1], "") if found is not None else ""
    thrown = kind in _THROWS
    return _Place(diagram.file, id_, message if thrown else "", "" if thrown else message, form)


def _of_messages(places: list[_Place]) -> Iterator[Finding]:
    awaited = {place.catches for place in places} - {""}
    sent = {place.throws for place in places} - {""} | BY_PROGRAM
    without_receiver = N_("没有流程等待消息“%(name)s”，发出后无人收到%(meant)s")
    without_sender = N_("没有流程发出消息“%(name)s”，会一直等下去%(meant)s")
    for place in places:
        if place.throws and place.throws not in awaited:
            yield _alone(place, "unreceived", without_receiver, name=place.throws, partners=awaited)
        if place.catches and place.catches not in sent:
            yield _alone(place, "unsent", without_sender, name=place.catches, partners=sent)


def _alone(place: _Place, rule: str, sentence: str, *, name: str, partners: set[str] | frozenset[str]) -> Finding:
    values = {"name": name, "meant": meant(name, partners)}
    return Finding(place.file, place.step, rule, sentence, values, Severity.WARNING)


def _of_forms(places: list[_Place], files: Files, registers: Mapping[str, Register]) -> Iterator[Finding]:
    """Where a county has several regulations: a step that asks the form of another one's process."""
    if len(registers) < 2:
        return
    reached = {name: _processes_of(files, register) for name, register in registers.items()}
    for place in places:
        own = {name for name, found in reached.items() if place.file in found}
        others = {name for name, found in reached.items() if f"{place.form.partition('/')[0]}.bpmn" in found}
        if place.form and own and others and not own & others:
            values = {"form": place.form, "regulation": registers[min(others)].title}
            sentence = N_("表单 %(form)s 属于《%(regulation)s》的流程，它以后的改动也会改到这里。")
            yield Finding(place.file, place.step, "foreign-form", sentence, values, Severity.WARNING)


def _processes_of(files: Files, register: Register) -> frozenset[str]:
    """Names of the diagram and table files that a regulation reaches."""
    return frozenset(file for process in register.processes for file in references_of(files, process).files)
