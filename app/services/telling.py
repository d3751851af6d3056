"""What the story of a proceeding tells of the steps that nobody does by hand, and of those that failed."""

from typing import TYPE_CHECKING, Any

from app.domain.advance import Advance, StepTaken
from app.domain.history import Act
from app.storage import facts as fact_rows

if TYPE_CHECKING:
    from app.services.command import Command

_TOLD = {
    "businessRuleTask": Act.DECISION,
    "serviceTask": Act.STEP,
    "intermediateCatchEvent": Act.TIMER,
    "boundaryEvent": Act.TIMER,
}
"""Kinds of automatic steps that the history tells. Gateways, scripts and ends explain nothing to a reader, and a
message that arrives is told by its delivery."""


def tell_step(command: "Command", step: StepTaken) -> None:
    """A line for an automatic step: the decision of a table with its outputs, the papers that were issued since."""
    if step.kind not in _TOLD or not step.name or step.step_id == command.told_step:
        return
    details: dict[str, Any] = {"kind": step.kind, "scope": fact_rows.scope_of(step.element)}
    if step.kind == "serviceTask" and command.issued:
        details["issued"], command.issued = command.issued, {}
    if step.decision is not None:
        fact_rows.propose(command.file, step.decision.outputs)
        details["decision"] = {
            "table": step.decision.table,
            "hits": list(step.decision.hits),
            "outputs": dict(step.decision.outputs),
        }
    command.tell(
        _TOLD[step.kind],
        step.name,
        process_key=step.process_key,
        step_id=step.step_id,
        clauses=_clauses_of(command, step),
        details=details,
        by_system=True,
    )


def _clauses_of(command: "Command", step: StepTaken) -> tuple[str, ...]:
    """Those that the step cites, and those of the table rows that spoke."""
    table = command.definition.tables.get(step.decision.table) if step.decision else None
    if step.decision is None or table is None:
        return step.clauses
    rows = (rule for rule in table.rules if rule.id in step.decision.hits)
    cited = (clause for rule in rows for clause in command.register.cited_in(rule.annotations))
    return tuple(dict.fromkeys((*step.clauses, *cited)))


def tell_incidents(command: "Command", advance: Advance) -> None:
    """A line for every step that failed in this command."""
    known = set(command.proceeding.waiting.get("incidents", ()))
    for incident in advance.incidents:
        if incident.task_id not in known:
            command.tell(
                Act.INCIDENT,
                incident.name,
                process_key=incident.process_key,
                step_id=incident.step_id,
                details={"sentence": incident.sentence, "values": dict(incident.values)},
                by_system=True,
            )
