"""A published diagram outside of any case: its drawing, its steps in words, and the clauses of each."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.deadlines import parse_period
from app.domain.errors import NotFoundError
from app.domain.roles import role_label
from app.engine.parse import Step
from app.law.clauses import Clause
from app.queries.carriers import clauses_by_place
from app.queries.drawings import opened_by, process_name
from app.queries.published import find_process, published_in, registers
from app.queries.stages import register_of
from app.storage.releases import files_of

SPOKEN = ("userTask", "manualTask", "businessRuleTask", "serviceTask", "scriptTask", "receiveTask", "sendTask")
"""Kinds of step that the text list always names; events and gateways only where a clause stands behind them."""


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step of the diagram, as its text list says it."""

    id: str
    name: str
    kind: str
    """BPMN element name."""
    by: str
    """Role (message id); empty for what the system does."""
    months: int
    days: int
    """The deadline; both 0 where there is none, negative before an event."""
    in_working_days: bool
    deadline_kind: str
    from_higher_law: bool
    calls: str
    """The process that it calls; empty for other steps."""
    table: str
    """The decision table that it asks; empty for other steps."""
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class ProcessPage:
    key: str
    name: str
    regulation_id: str
    regulation: str
    document_no: str
    xml: str
    steps: tuple[StepLine, ...]
    clauses: Mapping[str, tuple[Clause, ...]]
    """By step id."""


def process_page(process_key: str, regulation_id: str | None) -> ProcessPage:
    """Raises NotFoundError for a process that no published procedure uses."""
    regulation, published = find_process(process_key, regulation_id)
    register = registers()[regulation]
    release_id = published.release_of_process[process_key]
    file = files_of(release_id).get(f"{process_key}.bpmn")
    if file is None:
        raise NotFoundError
    by_place = clauses_by_place(register, published)
    opened = opened_by(release_id, process_key)
    own = (step for step in published.steps.values() if step.process_key == process_key)
    steps = tuple(_line(step, opened.get(step.id, ""), by_place) for step in own)
    return ProcessPage(
        key=process_key,
        name=process_name(release_id, process_key),
        regulation_id=regulation,
        regulation=register.short_title,
        document_no=register.document_no,
        xml=file.decode(),
        steps=tuple(line for line in steps if line.clauses or line.kind in (*SPOKEN, "callActivity")),
        clauses={line.id: line.clauses for line in steps},
    )


def _line(step: Step, opened: str, by_place: Mapping[str, tuple[Clause, ...]]) -> StepLine:
    role = step.properties.get("candidateRole", "")
    months, days = parse_period(step.properties.get("deadline") or "P0D")
    return StepLine(
        id=step.id,
        name=step.name or step.id,
        kind=step.kind,
        by=role_label(role),
        months=months,
        days=days,
        in_working_days=step.properties.get("dayCount") == "WORKING",
        deadline_kind=step.properties.get("deadlineKind", ""),
        from_higher_law=step.properties.get("source") == "higher_law",
        calls=opened if step.kind == "callActivity" else "",
        table=opened if step.kind == "businessRuleTask" else "",
        clauses=by_place.get(f"{step.process_key}/{step.id}", ()),
    )


def clauses_of_steps(release_id: str, main: str) -> dict[str, dict[str, tuple[Clause, ...]]]:
    """Clauses by process and step id, for the diagrams of a proceeding, by the register of its own release."""
    found: dict[str, dict[str, tuple[Clause, ...]]] = {}
    for place, clauses in clauses_by_place(register_of(release_id), published_in(release_id, main)).items():
        process, slash, step = place.partition("/")
        if slash:
            found.setdefault(process, {})[step] = clauses
    return found
