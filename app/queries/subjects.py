"""增加责任对象: what the page offers to who may add one."""

from dataclasses import dataclass

from app.domain.access import may_add_subjects
from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import NotFoundError
from app.extensions import db
from app.forms.options import parse_options
from app.queries.choices import Asker, Choice, choices_of
from app.queries.labels import OPTIONS_FILE
from app.storage.models import Proceeding
from app.storage.releases import file_of
from app.storage.visibility import may_see

ROLES = "SUBJECT_ROLE"


@dataclass(frozen=True, slots=True)
class AddingPage:
    proceeding_id: str
    number: str
    title: str
    organs: tuple[Choice, ...]
    people: tuple[Choice, ...]
    roles: tuple[tuple[str, str, str], ...]
    """Code, Chinese and English words."""


def adding_page(actor: Actor, proceeding_id: str) -> AddingPage:
    """Raises NotFoundError for a hidden case, and for who may not add a subject."""
    proceeding = db.session.get(Proceeding, proceeding_id)
    if proceeding is None or not may_see(actor, proceeding_id) or not may_add_subjects(actor):
        raise NotFoundError
    asker = Asker(
        actor=actor,
        county_id=proceeding.county_id,
        proceeding_id=proceeding_id,
        on=office_day(proceeding.opened_at),
    )
    choices = choices_of(("organs", "persons"), asker)
    options = parse_options(file_of(proceeding.release_id, OPTIONS_FILE)).lists.get(ROLES, ())
    return AddingPage(
        proceeding_id=proceeding_id,
        number=proceeding.number,
        title=proceeding.title,
        organs=tuple(choices["organs"]),
        people=tuple(choices["persons"]),
        roles=tuple((str(option.value), option.zh, option.en) for option in options),
    )
