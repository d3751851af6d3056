"""The register of further procedures, and one procedure's page."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import true

from app.domain.actors import Actor
from app.domain.proceedings import ProceedingKind
from app.queries.cases import Incident, OpenStep, Participant, incidents_of, open_steps, participants_of
from app.queries.heads import Head, find_proceeding
from app.queries.links import (
    Openable,
    OwnPapers,
    ProcedureRow,
    openable_by_officials,
    own_papers,
    rows_of,
)
from app.queries.names import organ_names
from app.queries.stories import Line, Story, story_of
from app.queries.tasks import next_task_of
from app.queries.waits import Wait, waits_of
from app.storage.models import Proceeding
from app.storage.visibility import may_see

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class ProcedureRegister:
    rows: tuple[ProcedureRow, ...]
    total: int
    page: int
    pages: int
    own: OwnPapers
    openable: tuple[Openable, ...]
    """What an official may open here: by the number of a decision, or about no case."""


def procedure_register(
    actor: Actor, *, page: int = 1, per_page: int = PER_PAGE, now: datetime, locale: str
) -> ProcedureRegister:
    """Procedures that the actor may see, newest first; what was served on himself, and what he may open."""
    found = rows_of(actor, true(), locale=locale, limit=per_page, offset=(page - 1) * per_page)
    return ProcedureRegister(
        rows=found.rows,
        total=found.total,
        page=page,
        pages=max(1, -(-found.total // per_page)),
        own=own_papers(actor, now=now, locale=locale),
        openable=openable_by_officials(actor),
    )


@dataclass(frozen=True, slots=True)
class ProcedurePage:
    head: Head
    row: ProcedureRow
    whole: bool
    """False for a subject: he sees his own part of the procedure about him."""
    steps: tuple[OpenStep, ...]
    waits: tuple[Wait, ...]
    my_task_id: str | None
    story: Story
    opinions: tuple[Line, ...]
    participants: tuple[Participant, ...]
    incidents: tuple[Incident, ...]


def procedure_page(actor: Actor, key: str, *, now: datetime, locale: str) -> ProcedurePage:
    """The procedure by id or number. Raises NotFoundError where it is missing or hidden."""
    head = find_proceeding(actor, key, ProceedingKind.PROCEDURE, own=True, locale=locale).head
    whole = may_see(actor, head.id)
    organs = organ_names(actor.county_id)
    only = None if whole else actor.person_id
    story = story_of(actor, head.id, release_id=head.release_id, locale=locale, only_person=only)
    steps = open_steps(actor, head.id, organs, now=now)
    if not whole:
        steps = tuple(replace(step, assignee="", organ="") for step in steps)
    return ProcedurePage(
        head=head,
        row=rows_of(actor, Proceeding.id == head.id, locale=locale, limit=1).rows[0],
        whole=whole,
        steps=steps,
        waits=waits_of(head.id, head.release_id) if whole else (),
        my_task_id=next_task_of(actor, head.id),
        story=story,
        opinions=tuple(line for line in story.lines if line.opinion and (line.opinion.text or line.opinion.verdict)),
        participants=participants_of(story),
        incidents=incidents_of(head.id) if whole else (),
    )
