"""Operations on further procedures: what is linked to a case, and the result that its history tells."""

from typing import TYPE_CHECKING, Any

from app.domain.history import Act
from app.services.operations.registry import operation
from app.storage.procedures import PROCEDURES, REMEDIED, linked

if TYPE_CHECKING:
    from app.services.command import Command


@operation("case/procedures", result="list", repeatable=True, key="string")
def procedures(command: "Command", *, key: str | None) -> list[dict[str, Any]]:
    """The procedures of a kind (of all kinds without a key) about this case, or about the same case; oldest first.

    Each a context: number, key, status, outcome, subject_id, and the facts that its forms stated.
    """
    own = command.file.procedure
    parent_id = own.parent_id if own else command.proceeding.id
    if parent_id is None:
        return []
    return [
        {
            **procedure.facts,
            "number": procedure.number,
            "key": procedure.key,
            "status": procedure.status.value,
            "outcome": procedure.outcome,
            "subject_id": procedure.subject_id,
        }
        for procedure in linked(parent_id, key=key)
        if procedure.id != command.proceeding.id
    ]


@operation("procedure/conclude", result="string", outcome="string")
def conclude(command: "Command", *, outcome: str | None) -> str:
    """Name the outcome of a further procedure; the history of its case tells it too."""
    command.proceeding.outcome = outcome or ""
    tell_case(command, command.proceeding.title, reason=command.proceeding.number)
    _leave_handlers(command)
    return outcome or ""


def _leave_handlers(command: "Command") -> None:
    """The case itself knows from here on who has handled the remedy, and need not ask for it."""
    parent = command.on_parent()
    if parent is None:
        return
    there, own = parent.proceeding.waiting, command.proceeding
    parent.proceeding.waiting = {
        **there,
        PROCEDURES: [id_ for id_ in there.get(PROCEDURES, ()) if id_ != own.id],
        REMEDIED: sorted({*there.get(REMEDIED, ()), *own.waiting.get(REMEDIED, ())}),
    }


def tell_case(command: "Command", name: str, *, reason: str) -> None:
    """A line in the history and journal of the case that a procedure is about. Locks the case."""
    parent = command.on_parent()
    if parent is None:
        return
    parent.tell(Act.PROCEDURE, name, details={"reason": reason})
    parent.write_evidence(act="procedure", object_=command.proceeding.number, payload={"name": name, "reason": reason})
