"""Which ids a picker of a form may name: organs and people of the county, members, subjects, cases of the pool."""

from collections.abc import Callable, Iterable

from sqlalchemy import select

from app.domain.deadlines import office_day
from app.extensions import db
from app.storage.models import Attachment, CaseSubject, Organ, Person, Proceeding, SubscriptionRow, Task
from app.storage.organisation import existing, member_units

POOL_MESSAGE = "AgendaDecided"
"""A case that waits for this message is in the pool (待议池)."""


class DatabaseChoices:
    """Answers `app.forms` whether an id may be chosen. Each source is read once, and only when a form asks."""

    def __init__(self, proceeding: Proceeding, task: Task) -> None:
        self._proceeding = proceeding
        self._task = task
        self._known: dict[str, frozenset[str]] = {}

    def allowed(self, source: str, ids: Iterable[str]) -> frozenset[str]:
        """Those of the ids that may be chosen from the source."""
        wanted = frozenset(ids)
        county = self._proceeding.county_id
        if source in ("organs", "organ"):
            return existing(Organ, wanted, county_id=county)
        if source in ("persons", "people", "person"):
            return existing(Person, wanted, county_id=county)
        if source not in self._known:
            self._known[source] = self._listed(source)
        return wanted & self._known[source]

    def allows(self, source: str, id_: str) -> bool:
        return bool(self.allowed(source, [id_]))

    def _listed(self, source: str) -> frozenset[str]:
        readers: dict[str, Callable[[], Iterable[str]]] = {
            "members": self._members,
            "investigators": self._people_of_county,
            "case_subjects": self._subjects,
            "pool_cases": self._pool,
            "cases": self._cases,
            "attachments": self._attachments,
        }
        return frozenset(readers[source]()) if source in readers else frozenset()

    def _members(self) -> Iterable[str]:
        return member_units(self._proceeding.county_id, on=office_day(self._task.opened_at))

    def _people_of_county(self) -> Iterable[str]:
        return db.session.scalars(select(Person.id).where(Person.county_id == self._proceeding.county_id))

    def _subjects(self) -> Iterable[str]:
        return db.session.scalars(select(CaseSubject.id).where(CaseSubject.proceeding_id == self._proceeding.id))

    def _pool(self) -> Iterable[str]:
        waiting = select(SubscriptionRow.proceeding_id).where(SubscriptionRow.message == POOL_MESSAGE)
        query = select(Proceeding.number).where(
            Proceeding.id.in_(waiting), Proceeding.county_id == self._proceeding.county_id
        )
        return db.session.scalars(query)

    def _cases(self) -> Iterable[str]:
        return db.session.scalars(select(Proceeding.number).where(Proceeding.county_id == self._proceeding.county_id))

    def _attachments(self) -> Iterable[str]:
        return db.session.scalars(select(Attachment.id).where(Attachment.county_id == self._proceeding.county_id))
