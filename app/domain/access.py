"""What an actor may do with a task, a proceeding or a submission: the facts here, the answers from `policy.yml`.

Every page, list, count and API call asks here; `storage.visibility` says the same in SQL. Visibility refusals raise
NotFoundError (the answer for hidden and missing is the same), action refusals NotAllowedError.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain import policy
from app.domain.actors import Actor
from app.domain.errors import N_, ConflictError, NotAllowedError, NotFoundError
from app.domain.policy import Level, Relation, Stage
from app.domain.roles import ROLES, Reach, Role, Side
from app.domain.subjects import SubjectKind
from app.domain.tasks import TaskStatus


class Verb(StrEnum):
    READ = "READ"
    CLAIM = "CLAIM"
    COMPLETE = "COMPLETE"
    RELEASE = "RELEASE"
    TRANSFER = "TRANSFER"
    RETURN = "RETURN"
    """退回: to the drafter, or to another step that was passed."""
    DELEGATE = "DELEGATE"
    ASK = "ASK"
    """加签 and 征求意见."""


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """What the policy needs to know of a task."""

    county_id: str
    status: TaskStatus
    candidate_role: str
    candidate_organ: str | None
    candidate_person: str | None
    excluded_people: tuple[str, ...]
    assignee_id: str | None
    completed_by: str | None
    owner_id: str | None = None
    """Who gets it back from the delegate (委派)."""


@dataclass(frozen=True, slots=True)
class ProceedingFacts:
    """What the policy needs to know of a case or meeting."""

    county_id: str
    organs: frozenset[str]
    """Lead, nominal and implementing organs."""
    addressed_roles: frozenset[tuple[str, str | None]]
    """Roles (and organs) that a step is or was addressed to."""
    participants: frozenset[str]
    """People who completed or hold a step, or to whom one is addressed by name."""
    parent: "ProceedingFacts | None" = None
    """Of a further procedure: the case that it is about."""
    linked: tuple["ProceedingFacts", ...] = ()
    """Of a case: the procedures about it."""
    recused: frozenset[str] = frozenset()
    """People who have stepped aside in it, or in the case that it is about."""


def is_subject_role(role: str) -> bool:
    """Whether the role is that of a responsible subject: who is named as one answers for himself, whatever he holds."""
    return role in ROLES and ROLES[role].side is Side.SUBJECT


def _level(role: str, relations: Iterable[Relation], datum: str, *, stage: Stage = Stage.OPEN) -> Level:
    return policy.POLICY.level(role, relations, datum, stage=stage)


def post_allows(actor: Actor, datum: str, level: Level) -> bool:
    """Whether one of the actor's posts allows as much of a datum, however he is related to it."""
    return any(_level(role.id, {Relation.ANYBODY}, datum) >= level for role in actor.roles())


def is_candidate(actor: Actor, task: TaskFacts) -> bool:
    """Whether the actor may take the step: addressed to him where a person is named, else by role and organ."""
    relations = _outside(actor, task) | ({Relation.ADDRESSED} if _is_addressed(actor, task) else set())
    return _level(task.candidate_role, relations, "step.take") >= Level.READ


def _outside(actor: Actor, task: TaskFacts) -> set[Relation]:
    """What shuts the actor out of the step."""
    separated = actor.person_id in task.excluded_people
    ways = {
        Relation.OTHER_COUNTY: actor.county_id != task.county_id,
        Relation.SEPARATED: separated,
        # who did a step and was recused since knows nothing of it any more
        Relation.SEPARATED_DONE: separated
        and (task.status is not TaskStatus.OPEN or task.completed_by == actor.person_id),
        Relation.DELEGATED: task.owner_id is not None,
    }
    return {way for way, there in ways.items() if there}


def _is_addressed(actor: Actor, task: TaskFacts) -> bool:
    acting = actor.without(task.excluded_people)
    if task.candidate_person is not None:
        if task.candidate_person != actor.person_id:
            return _stands_in_for(acting, task.candidate_person, task)
        return acting.holds(task.candidate_role) or is_subject_role(task.candidate_role)
    return acting.holds(task.candidate_role, task.candidate_organ)


def _stands_in_for(actor: Actor, person_id: str | None, task: TaskFacts) -> bool:
    """Whether the actor is the deputy of this person in the role of the step. Nobody stands in for a subject."""
    if person_id is None or person_id in task.excluded_people or not may_deputise(task.candidate_role):
        return False
    return person_id in actor.principals(task.candidate_role)


def can(actor: Actor, verb: Verb, task: TaskFacts) -> bool:
    """The same answer as `ensure`, without the reason."""
    try:
        ensure(actor, verb, task)
    except (NotFoundError, NotAllowedError, ConflictError):
        return False
    return True


def ensure(actor: Actor, verb: Verb, task: TaskFacts) -> None:
    """Raises NotFoundError where the task is none of the actor's business, NotAllowedError with the reason."""
    relations = _relations_to(actor, task)
    role, datum = task.candidate_role, f"step.{verb.lower()}"
    if _level(role, relations, "step.read") < Level.READ:
        raise NotFoundError
    if verb is Verb.READ:
        return
    if _shuts_out(role, Relation.SEPARATED, datum, relations):
        raise NotAllowedError(N_("您已办理过前一环节，按回避与分离要求不能再办理本环节。"))
    if _level(role, relations - {Relation.DELEGATED}, datum) < Level.ACT:
        raise NotAllowedError(_REASONS.get(verb, N_("请先签收，再作退回、委派、加签或征求意见。")))
    if _shuts_out(role, Relation.DELEGATED, datum, relations):
        raise NotAllowedError(N_("该事项是委派办理的，请填写意见交回委派人。"))


_REASONS = {
    Verb.CLAIM: N_("该事项已由他人签收，请先请其退回待领。"),
    Verb.COMPLETE: N_("该事项已由他人签收，请先请其退回待领。"),
    Verb.RELEASE: N_("只有签收人可以退回待领或转办。"),
    Verb.TRANSFER: N_("只有签收人可以退回待领或转办。"),
}


def _shuts_out(role: str, relation: Relation, datum: str, relations: frozenset[Relation]) -> bool:
    return relation in relations and policy.POLICY.bars(role, relation, datum)


def _relations_to(actor: Actor, task: TaskFacts) -> frozenset[Relation]:
    """How the actor stands to a step."""
    held = task.assignee_id == actor.person_id or _stands_in_for(actor, task.assignee_id, task)
    ways = {
        Relation.CANDIDATE: is_candidate(actor, task),
        Relation.HOLDER: held,
        Relation.FREE: task.assignee_id is None,
        Relation.DONE: task.completed_by == actor.person_id,
        Relation.DELEGATOR: task.owner_id == actor.person_id,
    }
    return frozenset(_outside(actor, task) | {way for way, there in ways.items() if there})


def can_see_proceeding(actor: Actor, proceeding: ProceedingFacts) -> bool:
    """Own county, and: a county-wide role, a role in one of its organs, or a step addressed to the actor.

    Who sees a case knows of the procedures about it; who has a step in such a procedure sees the case.
    """
    if actor.county_id is None or (actor.county_id != proceeding.county_id and bars(Relation.OTHER_COUNTY, "case")):
        return False
    if actor.person_id in proceeding.recused and bars(Relation.RECUSED, "case"):
        return False
    return any(
        _level(role.id, _relations_of(hat, role, proceeding), "case") >= Level.READ
        for hat, principal in hats(actor)
        if principal not in proceeding.recused or not bars(Relation.RECUSED, "case")
        for role in hat.roles()
    )


def hats(actor: Actor) -> tuple[tuple[Actor, str | None], ...]:
    """The actor's hats, without the roles in which nobody may stand in for their holder."""
    return tuple(
        (hat, principal)
        if principal is None
        else (hat.only(role.id for role in hat.roles() if may_deputise(role.id)), principal)
        for hat, principal in actor.hats()
    )


def may_deputise(role: str) -> bool:
    """Whether somebody may stand in for who holds the role. Nobody stands in for a subject."""
    return _level(role, {Relation.DEPUTY}, "deputising") >= Level.ACT


def roles_seeing(actor: Actor, relation: Relation) -> frozenset[str]:
    """The actor's roles that see a proceeding which they are so related to."""
    return frozenset(role.id for role in actor.roles() if _level(role.id, {relation}, "case") >= Level.READ)


def bars(relation: Relation, datum: str) -> bool:
    """Whether being so related shuts everybody out."""
    return policy.POLICY.bars("", relation, datum)


def _relations_of(hat: Actor, role: Role, proceeding: ProceedingFacts) -> frozenset[Relation]:
    """How one role of the actor stands to a proceeding of his county."""
    ways = {
        Relation.SUPERIOR: role.reach is Reach.COUNTY,
        Relation.UNIT: _has_organ(hat, role, proceeding),
        Relation.OWN: _has_step(hat, role, proceeding),
        Relation.ABOUT_UNIT: proceeding.parent is not None and _has_organ(hat, role, proceeding.parent),
        Relation.ABOUT_OWN: proceeding.parent is not None and _has_step(hat, role, proceeding.parent),
        Relation.LINKED_OWN: any(_has_step(hat, role, procedure) for procedure in proceeding.linked),
    }
    return frozenset(way for way, there in ways.items() if there) or frozenset({Relation.OTHER_ORGAN})


def _has_organ(hat: Actor, role: Role, proceeding: ProceedingFacts) -> bool:
    held = {organ for grant in hat.grants if grant.role == role.id for organ in grant.organs}
    return role.reach is Reach.ORGAN and not held.isdisjoint(proceeding.organs)


def _has_step(hat: Actor, role: Role, proceeding: ProceedingFacts) -> bool:
    """A step there is or was addressed to the role, or is the actor's own."""
    return hat.person_id in proceeding.participants or any(
        grant.role == role.id and (role.id, organ) in proceeding.addressed_roles
        for grant in hat.grants
        for organ in (None, *grant.organs)
    )


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """What the policy needs to know of a responsible subject."""

    kind: SubjectKind
    person_id: str | None
    organ_id: str
    decided: bool
    served: bool


def is_own(actor: Actor, subject: SubjectFacts) -> bool:
    """Whether the actor is the subject, or speaks for the organ that is."""
    if subject.kind is SubjectKind.PERSON:
        return subject.person_id == actor.person_id
    return actor.holds("subject.organ", subject.organ_id)


def opening_role(actor: Actor, openers: tuple[str, ...], *, own: bool) -> str:
    """In which of the opening roles the actor acts: as a subject only on his `own` decision."""
    return next((role for role in openers if (own if is_subject_role(role) else actor.holds(role))), "")


def ensure_may_open(
    actor: Actor,
    openers: tuple[str, ...],
    *,
    knows_case: bool = True,
    subject: SubjectFacts | None = None,
    needs_service: bool = False,
) -> None:
    """Whether the actor may open a further procedure. A subject may do so on his own, served decision only.

    Raises NotFoundError where the case or subject is none of his business, NotAllowedError with the reason.
    """
    official = any(actor.holds(role) for role in openers if not is_subject_role(role))
    own = any(map(is_subject_role, openers)) and subject is not None and is_own(actor, subject)
    if not own and not any(map(actor.holds, openers)):
        raise NotAllowedError(N_("您的岗位不能发起该程序。"))
    if not own and not (official and knows_case):
        raise NotFoundError
    if subject is not None and needs_service and not (subject.decided and subject.served):
        raise NotAllowedError(N_("问责决定送达后方可申请，请先核对送达情况。"))


def may_add_subjects(actor: Actor) -> bool:
    """Who may bring up another responsible subject while a case is investigated or decided on."""
    return post_allows(actor, "subjects.add", Level.ACT)


def may_record_status(actor: Actor) -> bool:
    """Who records that a responsible person died, left or moved: who investigates, decides or keeps the file."""
    return post_allows(actor, "status.record", Level.ACT)


def may_reveal_identity_number(actor: Actor, *, entered_by: str) -> bool:
    """Who may have a whole identity number shown to him: who investigates, and who entered it."""
    own = _level("", _author(actor, entered_by), "identity_number")
    return own >= Level.ACT or post_allows(actor, "identity_number", Level.ACT)


def may_separate(actor: Actor) -> bool:
    """Who takes a case out of its series again."""
    return post_allows(actor, "series.separate", Level.ACT)


def may_exchange(actor: Actor) -> bool:
    """Who holds the lists of courts against what was filed: the office, and the liaisons who send the lists."""
    return post_allows(actor, "court.exchange", Level.ACT)


def may_replace_paper(actor: Actor, *, uploaded_by: str, role: str | None, organ: str | None) -> bool:
    """Who puts a new version in the place of a paper: who uploaded it, or holds the role that handed it in."""
    relations = _author(actor, uploaded_by)
    if role is not None and actor.holds(role, organ):
        relations |= {Relation.SAME_POST}
    return _level(role or "", relations, "paper.replace") >= Level.ACT


def _author(actor: Actor, person_id: str | None) -> frozenset[Relation]:
    return frozenset({Relation.AUTHOR} if person_id == actor.person_id else ())


def may_know_readers(actor: Actor, *, uploaded_by: str) -> bool:
    """Who may know who has read a paper and when: who uploaded it, who leads the office, and who watches over all."""
    own = _level("", _author(actor, uploaded_by), "paper.readers")
    return own >= Level.READ or post_allows(actor, "paper.readers", Level.READ)


def may_see_overview(actor: Actor) -> bool:
    """Who has figures of cases: whoever sees the cases of the county, or of an organ; the figures count just those."""
    return actor.county_id is not None and post_allows(actor, "overview", Level.READ)


def may_see_status(actor: Actor) -> bool:
    """Who sees where all proceedings of the county stand on their diagrams, and where they pile up."""
    return actor.county_id is not None and post_allows(actor, "process_status", Level.READ)


def may_read_policy(actor: Actor) -> bool:
    """Who reads in the product itself what `policy.yml` says: who grants, who audits, and who draws the procedures."""
    return post_allows(actor, "policy", Level.READ)


def only_watches(actor: Actor) -> bool:
    """Whether the actor leads and supervises, and does no steps by profession: he begins with the overview."""
    return actor.sides() == {Side.OVERSIGHT} and may_see_overview(actor)


def can_read_submission(actor: Actor, *, performer_id: str | None, role: str | None) -> bool:
    """Whether the answers behind a history line may be read; the line itself shows with the proceeding."""
    if performer_id == actor.person_id and reads_own_texts():
        return True
    return role is not None and role in ROLES and ROLES[role].side in sides_read(actor)


def may_open_archive(actor: Actor, sides: frozenset[str]) -> bool:
    """Who gets the package of a closed case: the archivist, who keeps it, and who may read every submission in it."""
    return post_allows(actor, "archive", Level.READ) or (bool(sides) and sides <= sides_read(actor))


def reads_own_texts() -> bool:
    """Whether everybody reads what he wrote himself."""
    return _level("", {Relation.AUTHOR}, "own_text") >= Level.READ


def sides_read(actor: Actor) -> frozenset[Side]:
    """Whose submissions the actor may read, by all the roles that he holds: an organ sees no deliberation, nobody
    outside sees the investigation, a liaison hears what the organ says and not how the office handles it."""
    return frozenset(
        side
        for side in Side
        if f"text.{side}" in policy.DATA_NAMES
        and any(_level(role.id, {Relation.READER}, f"text.{side}") >= Level.READ for role in actor.roles())
    )


def may_see_votes(*, closed: bool, voted: bool) -> bool:
    """Whether somebody who may read the meeting sees the votes on an item: after his own, or when it is closed."""
    stage = Stage.ARCHIVED if closed else Stage.OPEN
    relations = {Relation.READER, *([Relation.VOTER] if voted else [])}
    return _level("", relations, "votes", stage=stage) >= Level.READ


def may_read_own_decision(*, decided: bool, served: bool) -> bool:
    """Whether the subject reads the decision on himself: after it was served on him."""
    stage = Stage.DECIDED if decided else Stage.OPEN
    return served and _level("", {Relation.SERVED_SUBJECT}, "own_decision", stage=stage) >= Level.READ


def may_read_own_notice() -> bool:
    """Whether the subject reads what was served on him by its own step, such as the prior notice, before a decision."""
    return _level("", {Relation.SERVED_SUBJECT}, "own_notice") >= Level.READ


def knows_own_procedures() -> bool:
    """Whether a subject knows where the procedures about himself stand, without seeing the file."""
    return _level("", {Relation.SERVED_SUBJECT}, "own_procedure") >= Level.STATUS


def keeps_done_steps() -> bool:
    """Whether one has a list of what one has done."""
    return _level("", {Relation.AUTHOR}, "done_steps") >= Level.READ
