"""Registered cases with what was stated and decided in them, many at a time: what ledger and reports are made of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.domain.actors import Actor
from app.domain.deadlines import end_of, office_day, start_of
from app.domain.errors import NotFoundError
from app.domain.losses import FilingRecord, Standing, filing_of, standing_of
from app.domain.proceedings import ProceedingStatus
from app.extensions import db
from app.law.register import Register
from app.law.register import parse as parse_register
from app.queries.stages import register_of
from app.storage.models import Case, CaseFact, CaseSubject, Proceeding, Regulation
from app.storage.releases import register_file_of_regulation

SCOPE_SWITCH = "filingScope"
"""Rule setting: whether cases by reference have to be filed as well."""


def ensure_reports(actor: Actor) -> None:
    """Ledger and reports are for roles that see the whole county. Raises NotFoundError for everybody else."""
    if actor.county_id is None or not actor.reaches_county():
        raise NotFoundError


@dataclass(frozen=True, slots=True)
class Dossier:
    proceeding: Proceeding
    case: Case
    organ: str
    """Name of the organ that it is registered for."""
    facts: Mapping[str, Any]
    scoped: Mapping[str, Mapping[str, Any]]
    """Facts of its subjects, by subject."""
    subjects: tuple[CaseSubject, ...]

    @property
    def day(self) -> date:
        """The day by which it belongs to a year: see `in_period`."""
        return self.case.effective_date or self.case.served_date or office_day(self.proceeding.opened_at)

    @property
    def decided(self) -> tuple[CaseSubject, ...]:
        return tuple(subject for subject in self.subjects if subject.decision_kind)

    def standing(self, today: date, *, unless: Mapping[str, Any]) -> Standing:
        """Whether it counts as lost; `unless` are facts by which a person took it out of the count."""
        if any(self.states(name, value) for name, value in unless.items()):
            return Standing.NOT_LOST
        return standing_of(
            self.case.case_type,
            effective=self.case.effective_date,
            outcome=self.proceeding.outcome,
            today=today,
            still_lost=self.facts.get("loss_removed") is False,
        )

    def filing(self, today: date) -> FilingRecord | None:
        """How its filing stands; None where the regulation asks for none, or not of a case like this."""
        register = register_of(self.proceeding.release_id)
        if not counts_filing(register):
            return None
        scope = {**register.switches, **self.proceeding.switches}.get(SCOPE_SWITCH)
        if self.case.scope_kind == "BY_REFERENCE" and scope != "ALL":
            return None
        return filing_of(self.case.filing_due, filed=self.case.filed_on, today=today)

    def states(self, name: str, value: Any) -> bool:
        return bool(self.value(name) == value)

    def value(self, name: str) -> Any:
        """A fact of the case as a whole, wherever it is kept."""
        return self.facts.get(name, getattr(self.case, name, None))


def counts_filing(register: Register) -> bool:
    sheet = register.reports.get("assessment")
    return sheet is not None and sheet.counts_filing


def is_counted() -> ColumnElement[bool]:
    """Cases that figures count: one that was revoked (撤销案件) should never have been opened, and lost nothing."""
    return Proceeding.status != ProceedingStatus.CANCELLED


def in_period(first: date, last: date) -> ColumnElement[bool]:
    """Cases that belong to a period, both days included.

    By the day on which the document took effect, else on which it was received, else on which the case was opened.
    """
    day = func.coalesce(Case.effective_date, Case.served_date)
    opened = and_(day.is_(None), Proceeding.opened_at >= start_of(first), Proceeding.opened_at <= end_of(last))
    return or_(and_(day >= first, day <= last), opened)


def dossiers_of(
    rows: Sequence[tuple[Proceeding, Case, str | None]], *, facts: Iterable[str], subject_facts: Iterable[str] = ()
) -> tuple[Dossier, ...]:
    """The rows with their facts and subjects, in two statements."""
    ids = [proceeding.id for proceeding, _, _ in rows]
    whole, scoped = _facts(ids, facts, subject_facts)
    subjects: dict[str, list[CaseSubject]] = defaultdict(list)
    for part in _parts(ids):
        query = select(CaseSubject).where(CaseSubject.proceeding_id.in_(part))
        for subject in db.session.scalars(query.order_by(CaseSubject.kind, CaseSubject.id)):
            subjects[subject.proceeding_id].append(subject)
    return tuple(
        Dossier(row[0], row[1], row[2] or "", whole[row[0].id], scoped[row[0].id], tuple(subjects[row[0].id]))
        for row in rows
    )


Scoped = dict[str, dict[str, dict[str, Any]]]


def _facts(
    ids: Sequence[str], names: Iterable[str], subject_names: Iterable[str]
) -> tuple[dict[str, dict[str, Any]], Scoped]:
    whole: dict[str, dict[str, Any]] = defaultdict(dict)
    scoped: Scoped = defaultdict(lambda: defaultdict(dict))
    of_case = and_(CaseFact.scope == "", CaseFact.name.in_(sorted(set(names))))
    of_subject = and_(CaseFact.scope != "", CaseFact.name.in_(sorted(set(subject_names))))
    for part in _parts(ids):
        query = select(CaseFact.proceeding_id, CaseFact.scope, CaseFact.name, CaseFact.value)
        for case_id, scope, name, value in db.session.execute(
            query.where(CaseFact.proceeding_id.in_(part), or_(of_case, of_subject))
        ):
            if scope:
                scoped[case_id][scope][name] = value
            else:
                whole[case_id][name] = value
    return whole, scoped


MOST_IDS = 5000
"""Ids in one statement; an export of more cases asks again."""


def _parts(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + MOST_IDS] for start in range(0, len(ids), MOST_IDS))


@dataclass(frozen=True, slots=True)
class Law:
    """The regulation that a report is made under."""

    id: str
    title: str
    register: Register
    others: tuple[tuple[str, str], ...]
    """Ids and titles of all regulations of the county under which cases are opened."""


def law_of(county_id: str | None, wanted: str | None, *, on: date) -> Law:
    """The regulation asked for, else the newest that was in force by a day. Raises NotFoundError."""
    query = select(Regulation.id, Regulation.title, Regulation.in_force_from).where(
        Regulation.county_id == county_id, Regulation.case_process.is_not(None)
    )
    rows = db.session.execute(query.order_by(Regulation.in_force_from.desc(), Regulation.id)).all()
    known = {row.id: row.title for row in rows}
    begun = [row.id for row in rows if row.in_force_from <= on] or [row.id for row in rows[-1:]]
    chosen = wanted if wanted in known else next(iter(begun), None)
    if chosen is None or (wanted and wanted not in known):
        raise NotFoundError
    register = parse_register(register_file_of_regulation(chosen))
    return Law(chosen, known[chosen], register, tuple(known.items()))


def years_of(visible: ColumnElement[bool], *, today: date) -> tuple[int, ...]:
    """Years that cases belong to, and this one; newest first."""
    day = func.coalesce(Case.effective_date, Case.served_date)
    query = select(func.min(day), func.max(day), func.min(Proceeding.opened_at))
    row = db.session.execute(query.join(Case, Case.proceeding_id == Proceeding.id).where(visible)).one()
    years = [moment.year for moment in row if moment is not None]
    return tuple(range(max([today.year, *years]), min([today.year, *years]) - 1, -1))


def newest_year(visible: ColumnElement[bool], *, today: date) -> int:
    """The newest year, not later than this one, that cases belong to; this one where there are none."""
    day = func.coalesce(Case.effective_date, Case.served_date)
    of_years = in_period(date(1990, 1, 1), date(today.year, 12, 31))
    query = select(func.max(day), func.max(Proceeding.opened_at).filter(day.is_(None)))
    by_day, opened = db.session.execute(
        query.join(Case, Case.proceeding_id == Proceeding.id).where(visible, of_years)
    ).one()
    years = [*([by_day.year] if by_day else []), *([office_day(opened).year] if opened else [])]
    return max(years, default=today.year)
