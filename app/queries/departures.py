"""偏离建议: where a person's answer was not what a decision table proposed."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.actors import Actor
from app.domain.proceedings import ProceedingKind
from app.queries.dossiers import ensure_reports
from app.queries.heads import get_proceeding
from app.queries.proposals import DepartureView
from app.queries.stories import story_of


@dataclass(frozen=True, slots=True)
class DepartureLine:
    """One submission that departed."""

    at: datetime
    step: str
    person: str
    organ: str
    role: str
    """Message id."""
    departures: tuple[DepartureView, ...]
    """Empty where the reader may not read the submission."""
    count: int


@dataclass(frozen=True, slots=True)
class DeparturesPage:
    id: str
    number: str
    title: str
    lines: tuple[DepartureLine, ...]


def departures_page(actor: Actor, key: str, *, locale: str) -> DeparturesPage:
    """All departures in a case, oldest first. Raises NotFoundError."""
    ensure_reports(actor)
    head = get_proceeding(actor, key, ProceedingKind.CASE, locale=locale).head
    story = story_of(actor, head.id, release_id=head.release_id, locale=locale)
    lines = tuple(
        DepartureLine(line.at, line.name, line.person, line.organ, line.role, line.departures, len(told))
        for line in story.lines
        if (told := line.details.get("departures"))
    )
    return DeparturesPage(head.id, head.number, head.title, lines)
