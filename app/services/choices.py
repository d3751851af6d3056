"""Which ids a picker of a form may name: organs and people of the county, members, subjects, cases of the pool."""

from collections.abc import Callable, Iterable

from sqlalchemy import select

from app.extensions import db
from app.services.command import Command
from app.storage.models import Attachment, Proceeding, Task


class DatabaseChoices:
    """Answers `app.forms` whether an id may be chosen. Each source is read once, and only when a form asks."""

    def __init__(self, command: Command, task: Task) -> None:
        self._command = command
        self._proceeding = command.proceeding
        self._task = task
        self._known: dict[str, frozenset[str]] = {}

    def allowed(self, source: str, ids: Iterable[str]) -> frozenset[str]:
        """Those of the ids that may be chosen from the source."""
        wanted = frozenset(ids)
        if source in ("organs", "organ"):
            return wanted & self._command.surroundings.offices.organs.keys()
        if source in ("persons", "people", "person"):
            return wanted & self._command.surroundings.offices.people.keys()
        if source == "own_organs":
            return wanted & self._own_organs()
        if source == "other_organs":
            case = self._command.file.case
            own = self._own_organs() - {case.lead_organ_id if case else None}
            return (wanted & self._command.surroundings.offices.organs.keys()) - own
        if source == "pool_cases":
            pooled = self._command.pool_cases(wanted)
            return frozenset(number for number, case in pooled.items() if not case.stands)
        if source not in self._known:
            self._known[source] = self._listed(source)
        return wanted & self._known[source]

    def held(self, role: str, organs: Iterable[str]) -> frozenset[str]:
        """Those of the organs in which somebody holds the role; for one that was dissolved, in its heir."""
        surroundings = self._command.surroundings
        holding = {holder.organ_id for holder in surroundings.offices.holders.get(role, ())}
        return frozenset(organ for organ in organs if surroundings.heir_of(organ) in holding)

    def _own_organs(self) -> frozenset[str]:
        """Organs for which the acting person speaks in the role of the step."""
        actor, role = self._command.actor, self._task.candidate_role
        grants = actor.grants if actor else ()
        return frozenset(grant.organ_id for grant in grants if grant.role == role and grant.organ_id)

    def _listed(self, source: str) -> frozenset[str]:
        readers: dict[str, Callable[[], Iterable[str]]] = {
            "members": self._members,
            "investigators": self._command.surroundings.offices.people.keys,
            "case_subjects": self._subjects,
            "cases": self._cases,
            "attachments": self._attachments,
        }
        return frozenset(readers[source]()) if source in readers else frozenset()

    def _members(self) -> Iterable[str]:
        return self._command.members()

    def _subjects(self) -> Iterable[str]:
        return [subject.id for subject in self._command.subjects]

    def _cases(self) -> Iterable[str]:
        return db.session.scalars(select(Proceeding.number).where(Proceeding.county_id == self._proceeding.county_id))

    def _attachments(self) -> Iterable[str]:
        return db.session.scalars(select(Attachment.id).where(Attachment.county_id == self._proceeding.county_id))
