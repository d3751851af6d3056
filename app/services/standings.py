"""A responsible person died, left or moved: recorded at any time, with consequences for his own course alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.access import may_record_status
from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import N_, ConflictError, InvalidAnswersError, NotAllowedError, NotFoundError
from app.domain.history import Act
from app.domain.proceedings import ProceedingStatus
from app.domain.subjects import LEAVING, CurrentStatus, SubjectKind, SubjectStatus
from app.extensions import db
from app.services.command import Command
from app.storage.attachments import bind_memo
from app.storage.models import CaseSubject, Organ
from app.storage.organisation import existing
from app.storage.proceedings import get_for_update
from app.storage.subjects import DIED_MESSAGE
from app.storage.subscriptions import correlation_text, find_subscriber
from app.storage.transaction import transaction
from app.storage.visibility import may_see

TRANSFERRED_NOTICE = "SUBJECT_TRANSFERRED"
LONGEST_REASON = 2000


@dataclass(frozen=True, slots=True)
class StatusChange:
    status: str
    since: date | None
    reason: str
    papers: Sequence[str] = ()
    """Ids of uploaded papers that prove it; at least one."""
    organ_id: str | None = None
    """Where a transferred person serves now."""
    consented: bool = False
    """The supervision organ knows and agrees, where the law asks for it."""


def record(proceeding_id: str, subject_id: str, change: StatusChange, *, actor: Actor, now: datetime) -> None:
    """Keep what became of a person. A death ends his own course, whatever step it is at; nobody else's.

    Whoever left is not given a measure that needs a post: the forms ask. A transfer is told to both organs.

    Raises NotFoundError (hidden), NotAllowedError, ConflictError (closed, or recorded as dead), InvalidAnswersError by
    field; `consented` where somebody under investigation leaves (政务处分法 52): nothing was changed.
    """
    with transaction():
        file = get_for_update(proceeding_id)
        subject = db.session.get(CaseSubject, subject_id)
        if subject is None or subject.proceeding_id != proceeding_id or not may_see(actor, proceeding_id):
            raise NotFoundError
        if not may_record_status(actor):
            raise NotAllowedError(N_("您的岗位不能变更责任人员的状态。"))
        _ensure_can_change(subject, is_running=file.proceeding.status is ProceedingStatus.RUNNING)
        command = Command(file, actor=actor, now=now)
        warned = _checked(command, subject, change)
        subject.current_status, subject.status_since = change.status, change.since
        subject.current_organ_id = change.organ_id if change.status == CurrentStatus.TRANSFERRED else None
        papers = bind_memo(file.proceeding, change.papers, uploaded_by=actor.person_id)
        details = {
            "current_status": change.status,
            "since": change.since.isoformat() if change.since else "",
            "reason": change.reason.strip(),
            "papers": papers,
            "warned": warned,
        }
        command.tell(Act.SUBJECT_STATUS, subject.name, details=details)
        _tell_others(command, subject)
        db.session.add_all(command.outbox)
        command.write_evidence(act="subject status", object_=subject.id, payload=details)


def leaves_under_investigation(command: Command, subject: CaseSubject, status: str) -> bool:
    """Whether the change is one that somebody under a docketed investigation may not make by himself."""
    reached = command.proceeding.waiting.get("stages", {})
    docketed = any(stage in reached for stage in command.register.docketed_stages)
    return docketed and status in LEAVING and subject.status != SubjectStatus.CONCLUDED


def _ensure_can_change(subject: CaseSubject, *, is_running: bool) -> None:
    """Raises ConflictError."""
    if not is_running:
        raise ConflictError(N_("案件已经办结，不能变更责任人员的状态。"))
    if subject.kind != SubjectKind.PERSON:
        raise ConflictError(N_("只有责任人员有任职状态，单位没有。"))
    if subject.current_status == CurrentStatus.DEAD:
        raise ConflictError(N_("已记录死亡，不能再变更状态。"))


def _checked(command: Command, subject: CaseSubject, change: StatusChange) -> bool:
    """Whether the change needed the supervision organ's consent. Raises InvalidAnswersError."""
    problems: dict[str, list[str]] = {}
    if change.status not in set(CurrentStatus):
        problems["status"] = [N_("请选择变更后的状态。")]
    if change.since is None or change.since > office_day(command.now):
        problems["since"] = [N_("请填写发生日期，如 2026-11-23，不能晚于今天。")]
    if not 2 <= len(change.reason.strip()) <= LONGEST_REASON:
        problems["reason"] = [N_("请写明情况和依据，不超过2000字。")]
    if not change.papers:
        problems["papers"] = [N_("请上传证明材料。")]
    organs = existing(Organ, [change.organ_id or ""], county_id=command.proceeding.county_id)
    if change.status == CurrentStatus.TRANSFERRED and (change.organ_id not in organs or _stays(subject, change)):
        problems["organ_id"] = [N_("请选择调入单位。")]
    leaves = leaves_under_investigation(command, subject, change.status)
    if leaves and not change.consented:
        problems["consented"] = [
            N_("立案调查期间未经监察机关同意，不得交流、辞职或者办理退休手续（政务处分法第五十二条），请先核对。")
        ]
    if problems:
        raise InvalidAnswersError(problems)
    return leaves


def _stays(subject: CaseSubject, change: StatusChange) -> bool:
    return change.organ_id == (subject.current_organ_id or subject.organ_id)


def _tell_others(command: Command, subject: CaseSubject) -> None:
    """The person's own course ends by a message; both organs of a transferred one hear of it."""
    if subject.current_status == CurrentStatus.DEAD:
        correlation = correlation_text({"subject_id": subject.id})
        if find_subscriber(DIED_MESSAGE, correlation) is not None:
            command.send("MESSAGE", DIED_MESSAGE, payload={"subject_id": subject.id}, correlation=correlation)
    if subject.current_status == CurrentStatus.TRANSFERRED:
        for organ in (subject.organ_id, subject.current_organ_id):
            command.send("NOTICE", TRANSFERRED_NOTICE, payload={"role": "organ.head", "organ": organ})
