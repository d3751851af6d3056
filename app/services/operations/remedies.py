"""Operations of review and appeal: was it in time, what becomes of the decision, what has to be undone."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.domain.deadlines import DeadlineKind
from app.domain.errors import N_, ConflictError
from app.domain.subjects import Revision
from app.extensions import db
from app.services.operations.dates import counted
from app.services.operations.procedures import tell_case
from app.services.operations.registry import operation
from app.storage.models import CaseSubject, Submission

if TYPE_CHECKING:
    from app.services.command import Command

EXECUTOR = "hr.executor"
"""Who must know at once that a decision stands no longer: its execution may still be under way."""
KNOWN_ON, APPLIED_ON = "known_on", "applied_on"
"""Facts of the application: when the decision was known or received, when it was applied for."""
TELLS = {
    Revision.UPHELD: N_("问责决定经复核申诉维持"),
    Revision.CHANGED: N_("问责决定经复核申诉变更"),
    Revision.REVOKED: N_("问责决定被撤销"),
    Revision.REDO_ORDERED: N_("责令重新作出问责决定"),
    Revision.REDONE: N_("已重新作出问责决定"),
}
PUBLIC = frozenset({"CIRCULATED_CRITICISM", "PUBLIC_APOLOGY"})
"""Measures that harm a reputation."""
OF_POST = frozenset(
    {
        "TRANSFER_FROM_POST",
        "SUSPENSION_FOR_EXAMINATION",
        "RESIGN_TAKING_BLAME",
        "ORDERED_RESIGNATION",
        "REMOVAL",
        "TERMINATE_APPOINTMENT",
        "DISMISSAL",
    }
)
"""Measures that take a post or pay."""


PERIOD_FACTS = {"apply_last_day": "date", "apply_in_time": "boolean"}
"""What becomes known of the period to apply, null where the law fixes none."""


@operation("remedy/application_period", result="context", within="string")
def application_period(command: "Command", *, within: str | None) -> dict[str, Any]:
    """The last day to apply, natural days from the day the decision was known, and whether the application kept it.

    Both become facts of the procedure (`PERIOD_FACTS`).
    """
    stated = command.facts[""]
    known, applied = stated.get(KNOWN_ON), stated.get(APPLIED_ON)
    found: dict[str, Any] = dict.fromkeys(PERIOD_FACTS)
    if within and known and applied:
        last = counted(known, within, kind=DeadlineKind.STATUTE)
        found = {"apply_last_day": last.isoformat(), "apply_in_time": date.fromisoformat(applied[:10]) <= last}
    command.learn(found, types=PERIOD_FACTS, scope="", submission_id=submission_of(command))
    return found


def submission_of(command: "Command") -> str:
    """What computed facts follow from: the form submitted just before, or earlier where the step is retried."""
    if command.submission_id is not None:
        return command.submission_id
    query = select(Submission.id).where(Submission.proceeding_id == command.proceeding.id)
    return db.session.scalars(query.order_by(Submission.submitted_at.desc()).limit(1)).one()


@operation(
    "subject/revise_decision", result="string", subject_id="string", outcome="string", kind="string", sanctions="list"
)
def revise_decision(
    command: "Command", *, subject_id: str, outcome: str | None, kind: str | None, sanctions: list[str] | None
) -> str:
    """What a later procedure makes of the decision on a subject of its case; the case's history tells it.

    Outcomes that leave the decision alone (rejected, withdrawn) change nothing. Raises ConflictError for a decision
    that is not there.
    """
    revision = Revision(outcome) if outcome in set(Revision) else None
    if revision is None:
        return outcome or ""
    subject = _subject(command, subject_id)
    subject.revision, subject.revision_no = revision.value, command.proceeding.number
    if revision is Revision.REVOKED:
        subject.decision_kind, subject.sanctions = "WITHDRAWN", []
    elif revision in (Revision.CHANGED, Revision.REDONE):
        subject.decision_kind = kind or subject.decision_kind
        subject.sanctions = list(sanctions or ())
    if revision is not Revision.UPHELD:
        command.send("NOTICE", "DECISION_REVISED", payload={"role": EXECUTOR, "organ": None})
    tell_case(command, TELLS[revision], reason=f"{command.proceeding.number} {subject.name}")
    return revision.value


@operation("subject/effects", result="context", repeatable=True, subject_id="string")
def effects(command: "Command", *, subject_id: str) -> dict[str, Any]:
    """Which effects of the decision were executed and stand no longer: circular, post, apology, file, award, money."""
    case = command.on_parent() or command
    subject = _subject(command, subject_id)
    mine = case.facts.get(subject_id, {})
    gone = _executed(mine) - set(subject.sanctions)
    accountable = subject.decision_kind == "ACCOUNTABLE"
    paid = bool(mine.get("received"))
    return {
        "circular": "CIRCULATED_CRITICISM" in gone,
        "post": bool(gone & OF_POST),
        "apology": bool(gone & PUBLIC),
        "file": bool(gone),
        "award": mine.get("award_year") is not None and not accountable,
        "money": paid and not accountable,
        "sanctions": sorted(gone),
    }


def _executed(facts: Mapping[str, Any]) -> set[str]:
    rows: Iterable[Mapping[str, Any]] = facts.get("executions") or ()
    return {str(row["sanction"]) for row in rows if row.get("sanction")}


def _subject(command: "Command", subject_id: str) -> CaseSubject:
    """A subject of the case that the procedure is about, which is locked before it is read, or of the case itself."""
    subject = (command.on_parent() or command).subject(subject_id)
    if subject is None:
        raise ConflictError(N_("案件中没有该责任对象。"))
    return subject
