"""意见: the signed opinions of a proceeding as a table, read from what was submitted; none of it can be rewritten."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.access import can_read_submission
from app.domain.actors import Actor
from app.domain.handling import SideKind, SideStatus
from app.domain.opinions import LABELS, OpinionKind
from app.domain.proceedings import ProceedingKind
from app.extensions import db
from app.queries.answers import Opinion
from app.queries.heads import Found, Head
from app.queries.stories import Line, Story, story_of
from app.queries.votes import blind_submissions
from app.storage import withheld
from app.storage.models import SideTask, Task


@dataclass(frozen=True, slots=True)
class SignedOpinion:
    kind: OpinionKind
    kind_name: str
    """承办意见, 复核意见, 会签意见 or 领导批示 (message id)."""
    step: str
    verdict: str
    text: str
    person: str
    deputy_of: str
    """Name of the person he stood in for (代); empty where none."""
    organ: str
    role: str
    """Label of the role (message id)."""
    at: datetime
    submission_id: str
    """Empty where it was given beside a step (加签, 征求意见)."""


@dataclass(frozen=True, slots=True)
class OpinionPage:
    head: Head
    opinions: tuple[SignedOpinion, ...]
    withheld: int
    """Steps whose content the reader may not open, or not before he has given his own."""


def opinion_page(actor: Actor, found: Found, *, locale: str) -> OpinionPage:
    story = seen_story(actor, found, locale=locale)
    return OpinionPage(
        found.head, opinions_of(story, beside(actor, found.head.id)), sum(line.withheld for line in story.lines)
    )


def seen_story(actor: Actor, found: Found, *, locale: str) -> Story:
    """The story of a proceeding that the actor sees; votes of a meeting stay blind until his own is given."""
    head = found.head
    blind = blind_submissions(actor, head.id) if head.kind is ProceedingKind.MEETING else frozenset()
    return story_of(actor, head.id, release_id=head.release_id, locale=locale, blind=blind)


def opinions_of(story: Story, given_beside: tuple[SignedOpinion, ...] = ()) -> tuple[SignedOpinion, ...]:
    """In the order in which they were given."""
    signed = [_signed(line, line.opinion) for line in story.lines if line.opinion]
    return tuple(sorted((one for one in (*signed, *given_beside) if one.text or one.verdict), key=lambda one: one.at))


def _signed(line: Line, opinion: Opinion) -> SignedOpinion:
    return SignedOpinion(
        kind=line.opinion_kind,
        kind_name=LABELS[line.opinion_kind],
        step=line.name,
        verdict=opinion.verdict,
        text=opinion.text,
        person=line.person,
        deputy_of=str(line.details.get("deputy_of") or ""),
        organ=line.organ,
        role=line.role,
        at=line.at,
        submission_id=line.submission_id or "",
    )


def beside(actor: Actor, proceeding_id: str) -> tuple[SignedOpinion, ...]:
    """Opinions that were asked for beside a step of the proceeding and given (加签, 征求意见)."""
    rows = db.session.execute(
        select(SideTask, Task.name, Task.candidate_role, Task.element)
        .add_columns(withheld.met_by(actor.person_id, SideTask.proceeding_id))
        .join(Task, Task.id == SideTask.task_id)
        .where(
            SideTask.proceeding_id == proceeding_id,
            SideTask.status == SideStatus.ANSWERED,
            SideTask.kind != SideKind.DELEGATION,
        )
        .order_by(SideTask.ended_at)
    ).all()
    meets = any(met for *_, met in rows)
    kept_back = withheld.of_meeting(proceeding_id, actor.person_id) if meets else withheld.NOTHING
    return tuple(
        SignedOpinion(
            kind=OpinionKind.COUNTERSIGN,
            kind_name=LABELS[OpinionKind.COUNTERSIGN],
            step=name,
            verdict="",
            text=row.opinion,
            person=row.person_name,
            deputy_of="",
            organ="",
            role="",
            at=row.ended_at or row.asked_at,
            submission_id="",
        )
        for row, name, role, element, _ in rows
        if can_read_submission(actor, performer_id=row.person_id, role=role)
        and not kept_back.hides(element, row.opinion)
    )
