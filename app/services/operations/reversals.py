"""Operations on a judgment that was reversed: the case is told or its outcome changed, decided subjects are found."""

from typing import TYPE_CHECKING, Any

from app.domain.errors import N_, ConflictError
from app.domain.proceedings import ProceedingStatus
from app.domain.subjects import Revision, SubjectStatus
from app.services.operations import agendas
from app.services.operations.procedures import tell_case
from app.services.operations.registry import operation
from app.services.operations.remedies import submission_of
from app.services.operations.series import tell_followers
from app.storage.procedures import subject_context
from app.storage.subscriptions import correlation_text, waits_for

if TYPE_CHECKING:
    from app.services.command import Command

REVERSED = "REVERSED"
CASE_REVERSED = "CaseReversed"
NEW_JUDGMENT = {
    "reversal_ground": "string",
    "reversal_doc_no": "string",
    "reversal_date": "date",
    "reversal_served": "date",
    "reversal_summary": "string",
}
"""What the registration of the reversal states; the case's own step shows it and does not ask again."""
WITHDRAWN = "WITHDRAWN"
"""Resolution of an agenda item whose case was reversed."""


@operation("case/reverse", result="string")
def reverse(command: "Command") -> str:
    """Let the case that the procedure is about give way to the new judgment.

    A running case gets the message CaseReversed, and leaves the agenda of a meeting; the result is RUNNING. The outcome
    of a closed one becomes REVERSED; the result is CLOSED. Raises ConflictError where the running case is at a step
    that cannot take the message; it can be tried again after that step.
    """
    parent = command.on_parent()
    if parent is None:
        raise ConflictError(N_("该程序没有关联案件。"))
    case, facts = parent.proceeding, command.facts[""]
    running = case.status is ProceedingStatus.RUNNING
    if running and not waits_for(case, CASE_REVERSED):
        raise ConflictError(N_("案件%(number)s正在办理的环节不能中断，请在该环节办结后重试。"), number=case.number)
    tell_case(command, N_("原裁判文书改判"), reason=str(facts.get("reversal_doc_no") or command.proceeding.number))
    stated = {name: facts[name] for name in NEW_JUDGMENT.keys() & facts.keys()}
    parent.learn(stated, types=NEW_JUDGMENT, scope="", submission_id=submission_of(command))
    if not running:
        case.outcome = REVERSED
        return ProceedingStatus.CLOSED.value
    if parent.file.case is not None:
        agendas.withdraw(command, parent.file.case, resolution=WITHDRAWN, by=REVERSED)
    _pass_on_the_lead(parent)
    correlation = correlation_text({"case_no": case.number})
    payload = {"case_no": case.number, "procedure_no": command.proceeding.number}
    command.send("MESSAGE", CASE_REVERSED, payload=payload, correlation=correlation)
    return ProceedingStatus.RUNNING.value


def _pass_on_the_lead(parent: "Command") -> None:
    """Cases that wait for the result of the reversed one need not wait until it is closed."""
    if told := tell_followers(parent, outcome=REVERSED):
        payload = {"outcome": REVERSED, "told": told}
        parent.write_evidence(act="series", object_=parent.proceeding.number, payload=payload)


@operation("case/decided_subjects", result="list", repeatable=True)
def decided_subjects(command: "Command") -> list[dict[str, Any]]:
    """Subjects of the case that the procedure is about on whom a decision stands, each as `subject` is elsewhere."""
    case = command.on_parent() or command
    return [
        subject_context(subject, case.facts)
        for subject in case.subjects
        if subject.status != SubjectStatus.FOUND and subject.revision != Revision.REVOKED
    ]
