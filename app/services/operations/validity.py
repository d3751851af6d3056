"""Operations on a regulation's time, and on what happened before there was a case."""

from typing import TYPE_CHECKING, Any

from app.domain.errors import N_, ConflictError
from app.services.operations.registry import operation
from app.storage.procedures import unlinked

if TYPE_CHECKING:
    from app.services.command import Command

ACT_NUMBER = "act_no"
"""The fact by which an act is known before anybody sues."""


@operation("case/validity", result="string", repeatable=True)
def validity(command: "Command") -> str:
    """Where the case's effective date lies in the life of its regulation: IN_FORCE, BEFORE, AFTER, or UNKNOWN.

    Both ends of the period belong to it. The day of today plays no part.
    """
    if command.file.case is None:
        raise ConflictError(N_("该操作只能用于案件。"))
    day, register = command.file.case.effective_date, command.register
    if day is None:
        return "UNKNOWN"
    if day < register.in_force_from:
        return "BEFORE"
    return "AFTER" if register.in_force_to is not None and day > register.in_force_to else "IN_FORCE"


@operation("case/procedures_on_act", result="list", repeatable=True, key="string")
def procedures_on_act(command: "Command", *, key: str) -> list[dict[str, Any]]:
    """Procedures of a kind that nobody linked to a case and that name this case's act by its number; oldest first.

    They may be older than the case. Each a context: number, status, outcome, and the facts that its forms stated.
    """
    act_no = command.context()["case"].get(ACT_NUMBER)
    if not act_no:
        return []
    return [
        {
            **procedure.facts,
            "number": procedure.number,
            "status": procedure.status.value,
            "outcome": procedure.outcome,
        }
        for procedure in unlinked(command.proceeding.county_id, key=key, stating=ACT_NUMBER)
        if procedure.facts.get(ACT_NUMBER) == act_no
    ]
