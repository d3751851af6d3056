"""Operations on a judgment that was reversed: the case is told or its outcome changed, decided subjects are found."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update

from app.domain.errors import N_, ConflictError
from app.domain.proceedings import ProceedingStatus
from app.domain.subjects import Revision, SubjectStatus
from app.extensions import db
from app.services.operations import agendas
from app.services.operations.procedures import tell_case
from app.services.operations.registry import operation
from app.services.operations.series import tell_followers
from app.storage.facts import carry
from app.storage.models import AgendaItem, AgendaItemCase, CaseSubject
from app.storage.procedures import subject_context
from app.storage.proceedings import correlation_text, find_subscriber

if TYPE_CHECKING:
    from app.services.command import Command

REVERSED = "REVERSED"
CASE_REVERSED, AGENDA_WITHDRAWN = "CaseReversed", "AgendaWithdrawn"
NEW_JUDGMENT = ("reversal_ground", "reversal_doc_no", "reversal_date", "reversal_served", "reversal_summary")
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
    tell_case(command, N_("原裁判文书改判"), reason=str(facts.get("reversal_doc_no") or command.proceeding.number))
    carry(command.file, parent.file, NEW_JUDGMENT)
    if case.status is not ProceedingStatus.RUNNING:
        case.outcome = REVERSED
        return ProceedingStatus.CLOSED.value
    correlation = correlation_text({"case_no": case.number})
    if find_subscriber(CASE_REVERSED, correlation) is None:
        raise ConflictError(N_("案件%(number)s正在办理的环节不能中断，请在该环节办结后重试。"), number=case.number)
    _withdraw_from_agenda(command, parent, correlation)
    _pass_on_the_lead(parent)
    payload = {"case_no": case.number, "procedure_no": command.proceeding.number}
    command.send("MESSAGE", CASE_REVERSED, payload=payload, correlation=correlation)
    return ProceedingStatus.RUNNING.value


def _withdraw_from_agenda(command: "Command", parent: "Command", correlation: str) -> None:
    """The item counts as decided, so that the meeting can go on and close; its open step is told to end.

    A case that follows another one leaves that one's item, which goes on; the followers of a leading case are in the
    pool again.
    """
    case = parent.file.case
    if case is None or case.on_agenda is None:
        return
    agendas.send_back_followers(command, case.proceeding_id, meeting_id=case.on_agenda)
    db.session.execute(delete(AgendaItemCase).where(AgendaItemCase.case_id == case.proceeding_id))
    on_it = (AgendaItem.meeting_id == case.on_agenda, AgendaItem.case_id == case.proceeding_id)
    values = {"status": "DECIDED", "resolution": WITHDRAWN, "decided_by": REVERSED, "decided_at": command.now}
    db.session.execute(update(AgendaItem).where(*on_it).values(values))
    case.on_agenda = None
    if find_subscriber(AGENDA_WITHDRAWN, correlation) is not None:
        payload = {"case_no": parent.proceeding.number}
        command.send("MESSAGE", AGENDA_WITHDRAWN, payload=payload, correlation=correlation)


def _pass_on_the_lead(parent: "Command") -> None:
    """Cases that wait for the result of the reversed one need not wait until it is closed."""
    told = tell_followers(parent, outcome=REVERSED)
    if told:
        db.session.add_all(parent.outbox)
        parent.outbox = []
        parent.write_evidence(
            act="series", object_=parent.proceeding.number, payload={"outcome": REVERSED, "told": told}
        )


@operation("case/decided_subjects", result="list")
def decided_subjects(command: "Command") -> list[dict[str, Any]]:
    """Subjects of the case that the procedure is about on whom a decision stands, each as `subject` is elsewhere."""
    own = command.file.procedure
    query = select(CaseSubject).where(
        CaseSubject.proceeding_id == (own.parent_id if own else command.proceeding.id),
        CaseSubject.status != SubjectStatus.FOUND.value,
        CaseSubject.revision.is_distinct_from(Revision.REVOKED.value),
    )
    return [subject_context(subject) for subject in db.session.scalars(query.order_by(CaseSubject.name))]
