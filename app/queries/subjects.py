"""增加责任对象: what the page offers to who may add one."""

from dataclasses import dataclass

from app.domain.access import may_add_subjects, may_record_status
from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import NotFoundError
from app.domain.subjects import LEAVING, SubjectKind, SubjectStatus
from app.extensions import db
from app.forms.options import parse_options
from app.queries.choices import Asker, Choice, choices_of
from app.queries.labels import OPTIONS_FILE
from app.queries.stages import register_of
from app.storage.models import CaseSubject, Proceeding
from app.storage.releases import file_of
from app.storage.visibility import may_see

ROLES = "SUBJECT_ROLE"
STANDINGS = "CURRENT_STATUS"


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


@dataclass(frozen=True, slots=True)
class StandingPage:
    proceeding_id: str
    number: str
    title: str
    subject_id: str
    name: str
    organ: str
    """Where the person served at the time of the act."""
    current: str
    """Code of what was recorded last; empty before."""
    statuses: tuple[tuple[str, str, str], ...]
    """Code, Chinese and English words."""
    organs: tuple[Choice, ...]
    asks_consent: tuple[str, ...]
    """Statuses that the supervision organ must have agreed to, because the person is under investigation."""


def standing_page(actor: Actor, proceeding_id: str, subject_id: str) -> StandingPage:
    """变更状态 of a responsible person. Raises NotFoundError for who may not record it."""
    proceeding = db.session.get(Proceeding, proceeding_id)
    subject = db.session.get(CaseSubject, subject_id)
    if proceeding is None or not may_see(actor, proceeding_id) or not may_record_status(actor):
        raise NotFoundError
    if subject is None or subject.proceeding_id != proceeding_id or subject.kind != SubjectKind.PERSON:
        raise NotFoundError
    day = office_day(proceeding.opened_at)
    asker = Asker(actor=actor, county_id=proceeding.county_id, proceeding_id=proceeding_id, on=day)
    organs = choices_of(("organs",), asker)["organs"]
    options = parse_options(file_of(proceeding.release_id, OPTIONS_FILE)).lists.get(STANDINGS, ())
    reached = proceeding.waiting.get("stages", {})
    docketed = any(stage in reached for stage in register_of(proceeding.release_id).docketed_stages)
    return StandingPage(
        proceeding_id=proceeding_id,
        number=proceeding.number,
        title=proceeding.title,
        subject_id=subject_id,
        name=subject.name,
        organ=next((item["label"] for item in organs if item["value"] == subject.organ_id), ""),
        current=subject.current_status or "",
        statuses=tuple((str(option.value), option.zh, option.en) for option in options),
        organs=tuple(organs),
        asks_consent=tuple(sorted(LEAVING)) if docketed and subject.status != SubjectStatus.CONCLUDED else (),
    )
