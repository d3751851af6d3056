"""The one policy: what an actor may do with a task, a proceeding or a submission.

Every page, list, count and API call asks here; `storage.visibility` says the same in SQL. Visibility refusals raise
NotFoundError (the answer for hidden and missing is the same), action refusals NotAllowedError.
"""

from dataclasses import dataclass
from enum import StrEnum

from app.domain.actors import Actor
from app.domain.errors import N_, ConflictError, NotAllowedError, NotFoundError
from app.domain.roles import ROLES, Reach, Side
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
    """People who completed or hold a step."""
    parent: "ProceedingFacts | None" = None
    """Of a further procedure: the case that it is about."""
    linked: tuple["ProceedingFacts", ...] = ()
    """Of a case: the procedures about it."""
    recused: frozenset[str] = frozenset()
    """People who have stepped aside in it, or in the case that it is about."""


def is_subject_role(role: str) -> bool:
    """Whether the role is that of a responsible subject: who is named as one answers for himself, whatever he holds."""
    return role in ROLES and ROLES[role].side is Side.SUBJECT


def judges(role: str) -> bool:
    """Whether the role investigates, deliberates or decides: nobody does so in a case in which he answers himself."""
    return role in ROLES and ROLES[role].side in (Side.OFFICE, Side.MEMBER, Side.SUPERVISION, Side.DECIDER)


def is_candidate(actor: Actor, task: TaskFacts) -> bool:
    """Whether the step is addressed to the actor: by person where one is named, else by role and organ."""
    if actor.county_id != task.county_id or actor.person_id in task.excluded_people:
        return False
    acting = actor.without(task.excluded_people)
    if task.candidate_person is not None:
        if task.candidate_person != actor.person_id:
            return _stands_in_for(acting, task.candidate_person, task)
        return acting.holds(task.candidate_role) or is_subject_role(task.candidate_role)
    return acting.holds(task.candidate_role, task.candidate_organ)


def _stands_in_for(actor: Actor, person_id: str | None, task: TaskFacts) -> bool:
    """Whether the actor is the deputy of this person in the role of the step. Nobody stands in for a subject."""
    if person_id is None or person_id in task.excluded_people or is_subject_role(task.candidate_role):
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
    held_by_me = task.assignee_id == actor.person_id or _stands_in_for(actor, task.assignee_id, task)
    # who did a step and was recused since knows nothing of it any more
    done_by_me = task.completed_by == actor.person_id and actor.person_id not in task.excluded_people
    owned_by_me = task.owner_id == actor.person_id
    mine = held_by_me or done_by_me or owned_by_me
    if actor.county_id != task.county_id or not (is_candidate(actor, task) or mine):
        raise NotFoundError
    if actor.person_id in task.excluded_people and task.status is not TaskStatus.OPEN:
        raise NotFoundError  # who stepped aside knows nothing any more of what he held to its end
    if verb is Verb.READ:
        return
    if actor.person_id in task.excluded_people:
        raise NotAllowedError(N_("您已办理过前一环节，按回避与分离要求不能再办理本环节。"))
    if verb in (Verb.COMPLETE, Verb.CLAIM) and task.assignee_id is not None and not held_by_me:
        raise NotAllowedError(N_("该事项已由他人签收，请先请其退回待领。"))
    if verb in (Verb.RELEASE, Verb.TRANSFER) and not held_by_me:
        raise NotAllowedError(N_("只有签收人可以退回待领或转办。"))
    if verb in (Verb.RETURN, Verb.DELEGATE, Verb.ASK) and not held_by_me:
        raise NotAllowedError(N_("请先签收，再作退回、委派、加签或征求意见。"))
    if verb is not Verb.CLAIM and task.owner_id is not None:
        raise NotAllowedError(N_("该事项是委派办理的，请填写意见交回委派人。"))


def can_see_proceeding(actor: Actor, proceeding: ProceedingFacts) -> bool:
    """Own county, and: a county-wide role, a role in one of its organs, or a step addressed to the actor.

    Who sees a case knows of the procedures about it; who has a step in such a procedure sees the case.
    """
    if actor.county_id is None or actor.county_id != proceeding.county_id or actor.person_id in proceeding.recused:
        return False
    return any(_sees(hat, proceeding) for hat, principal in actor.hats() if principal not in proceeding.recused)


def _sees(actor: Actor, proceeding: ProceedingFacts) -> bool:
    if actor.reaches_county() or _reaches(actor, proceeding):
        return True
    if proceeding.parent is not None and _reaches(actor, proceeding.parent):
        return True
    return any(_has_step(actor, procedure) for procedure in proceeding.linked)


def _reaches(actor: Actor, proceeding: ProceedingFacts) -> bool:
    return bool(actor.organs_reached() & proceeding.organs) or _has_step(actor, proceeding)


def _has_step(actor: Actor, proceeding: ProceedingFacts) -> bool:
    """A step there is or was addressed to one of the actor's roles, or is his. Served subjects see no whole file."""
    if all(role.side is Side.SUBJECT for role in actor.roles()):
        return False
    if actor.person_id in proceeding.participants:
        return True
    return any(
        grant.role == role and organ in (None, grant.organ_id)
        for grant in actor.grants
        for role, organ in proceeding.addressed_roles
        if role in ROLES and ROLES[role].side is not Side.SUBJECT
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


READABLE: dict[Side, frozenset[Side]] = {
    Side.ORGAN: frozenset({Side.ORGAN}),
    Side.OFFICE: frozenset({Side.ORGAN, Side.OFFICE, Side.MEMBER, Side.OVERSIGHT, Side.EXECUTION}),
    Side.MEMBER: frozenset({Side.ORGAN, Side.OFFICE, Side.MEMBER}),
    Side.SUPERVISION: frozenset(
        {
            Side.ORGAN,
            Side.OFFICE,
            Side.MEMBER,
            Side.OVERSIGHT,
            Side.SUPERVISION,
            Side.DECIDER,
            Side.SUBJECT,
            Side.EXECUTION,
        }
    ),
    Side.DECIDER: frozenset({Side.OFFICE, Side.SUPERVISION, Side.DECIDER, Side.SUBJECT, Side.EXECUTION}),
    Side.EXECUTION: frozenset({Side.DECIDER, Side.EXECUTION}),
    Side.SUBJECT: frozenset(),
    Side.OVERSIGHT: frozenset({Side.ORGAN, Side.OFFICE, Side.MEMBER, Side.OVERSIGHT}),
    Side.ADMINISTRATION: frozenset(),
}
"""Whose submissions a side may read: an organ sees no deliberation, nobody outside sees the investigation."""


READABLE_BY_ROLE: dict[str, frozenset[Side]] = {
    "court.liaison": frozenset({Side.ORGAN}),
    "procuratorate.liaison": frozenset({Side.ORGAN}),
}
"""Roles that read less than their side: a liaison hears what the organ says, not how the office handles it."""


def may_add_subjects(actor: Actor) -> bool:
    """Who may bring up another responsible subject while a case is investigated or decided on."""
    return any(actor.holds(role) for role in ("team.leader", "sup.intake", "sup.head", "discipline.officer"))


def may_record_status(actor: Actor) -> bool:
    """Who records that a responsible person died, left or moved: who investigates, decides or keeps the file."""
    return any(
        actor.holds(role)
        for role in (
            *("sup.head", "sup.intake", "discipline.head", "discipline.officer"),
            *("decider.head", "decider.officer", "hr.head", "hr.officer", "unit.head", "unit.officer"),
            *("jmo.director", "registry.officer"),
        )
    )


def may_separate(actor: Actor) -> bool:
    """Who takes a case out of its series again."""
    return actor.holds("jmo.director")


def may_exchange(actor: Actor) -> bool:
    """Who holds the lists of courts against what was filed: the office, and the liaisons who send the lists."""
    return any(actor.holds(role) for role in ("jmo.officer", "jmo.director", "court.liaison", "procuratorate.liaison"))


def may_replace_paper(actor: Actor, *, uploaded_by: str, role: str | None, organ: str | None) -> bool:
    """Who puts a new version in the place of a paper: who uploaded it, or holds the role that handed it in."""
    return uploaded_by == actor.person_id or (role is not None and actor.holds(role, organ))


def may_know_readers(actor: Actor, *, uploaded_by: str) -> bool:
    """Who may know who has read a paper and when: who uploaded it, who leads the office, and who watches over all."""
    watching = ("jmo.director", "archivist", "registry.officer", "auditor", "audit.admin")
    return uploaded_by == actor.person_id or any(actor.holds(role) for role in watching)


def may_see_overview(actor: Actor) -> bool:
    """Who has figures of cases: whoever sees the cases of the county, or of an organ; the figures count just those."""
    return actor.county_id is not None and any(role.reach in (Reach.COUNTY, Reach.ORGAN) for role in actor.roles())


def may_see_status(actor: Actor) -> bool:
    """Who sees where all proceedings of the county stand on their diagrams, and where they pile up."""
    return actor.county_id is not None and actor.reaches_county()


def only_watches(actor: Actor) -> bool:
    """Whether the actor leads and supervises, and does no steps by profession: he begins with the overview."""
    sides = actor.sides()
    return bool(sides) and sides <= {Side.OVERSIGHT} and may_see_overview(actor)


FEWEST_TOLD = 5
"""Figures about people that are smaller are not told to who only supervises."""


class LoadSeen(StrEnum):
    """How far somebody sees who has how much to do."""

    NOTHING = "NOTHING"
    SUPPRESSED = "SUPPRESSED"
    """Figures below `FEWEST_TOLD` are held back."""
    EXACT = "EXACT"


def load_seen(actor: Actor) -> LoadSeen:
    """Who sees how much lies with each person and organ: who leads the office exactly, who supervises in groups."""
    if actor.county_id is None:
        return LoadSeen.NOTHING
    if actor.holds("jmo.director") or actor.holds("registry.officer"):
        return LoadSeen.EXACT
    return LoadSeen.SUPPRESSED if Side.OVERSIGHT in actor.sides() else LoadSeen.NOTHING


def told(number: int, seen: LoadSeen) -> int | None:
    """A figure about a person or organ as far as it may be told; None where it is held back."""
    if seen is LoadSeen.EXACT or (seen is LoadSeen.SUPPRESSED and not 0 < number < FEWEST_TOLD):
        return number
    return None


def can_read_submission(actor: Actor, *, performer_id: str | None, role: str | None) -> bool:
    """Whether the answers behind a history line may be read; the line itself shows with the proceeding."""
    if performer_id == actor.person_id:
        return True
    if role is None or role not in ROLES:
        return False
    return ROLES[role].side in sides_read(actor)


def may_open_archive(actor: Actor, sides: frozenset[str]) -> bool:
    """Who gets the package of a closed case: the archivist, who keeps it, and who may read every submission in it."""
    return actor.holds("archivist") or (bool(sides) and sides <= {side.value for side in sides_read(actor)})


def sides_read(actor: Actor) -> frozenset[Side]:
    """Whose submissions the actor may read, by all the roles that he holds."""
    return frozenset(side for role in actor.roles() for side in READABLE_BY_ROLE.get(role.id, READABLE[role.side]))
