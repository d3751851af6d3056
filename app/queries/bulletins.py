"""通报: cases lost in a period, how filing went, and what was decided in each case. No names of people."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select

from app.domain.actors import Actor
from app.domain.deadlines import end_of, office_day, start_of
from app.domain.errors import NotFoundError
from app.domain.exchange import normal_number
from app.domain.losses import Filing, Standing
from app.domain.proceedings import ProceedingKind
from app.domain.subjects import SubjectKind
from app.extensions import db
from app.law.clauses import Clause
from app.law.reports import Report
from app.queries.dossiers import Dossier, Law, dossiers_of, ensure_reports, in_period, is_counted, law_of, years_of
from app.queries.inbox import LIGHT
from app.queries.labels import label_in, label_of
from app.queries.measures import once
from app.storage.exchange import cases_by_document, entries_of
from app.storage.models import AgendaItem, AgendaItemCase, Case, CaseSubject, Organ, Proceeding
from app.storage.visibility import visible_proceedings

QUARTERS = (1, 2, 3, 4)
NOT_FINAL = frozenset({"DEFER", "PURSUE"})
"""Resolutions after which a case goes on; what becomes of it is told when it is decided."""


@dataclass(frozen=True, slots=True)
class Held:
    """What was decided on the organs or on the people of a case."""

    kind: SubjectKind
    organs: str
    """Names of the organs; empty for people."""
    number: int
    decision: str
    sanctions: tuple[tuple[str, int], ...]
    """Each kind of sanction and how often."""


@dataclass(frozen=True, slots=True)
class DecidedCase:
    id: str
    number: str
    organ: str
    case_type: str
    resolution: str
    """Of the meeting, where that ended the matter."""
    held: tuple[Held, ...]
    revised: int
    """Decisions that a later procedure changed or revoked."""


@dataclass(frozen=True, slots=True)
class OrganLine:
    organ: str
    lost: int
    once: int
    on_time: int
    late: int
    missing: int


@dataclass(frozen=True, slots=True)
class Exchange:
    """What courts listed in the period, against what is registered."""

    listed: int
    registered: int
    by_office: int

    @property
    def unfiled(self) -> int:
        return self.listed - self.registered


@dataclass(frozen=True, slots=True)
class Bulletin:
    report: Report
    law: Law
    clauses: tuple[Clause, ...]
    year: int
    quarter: int | None
    years: tuple[int, ...]
    first: date
    last: date
    made_on: date
    counts_filing: bool
    lost: int
    once: int
    references: int
    pending: int
    by_type: tuple[tuple[str, int], ...]
    organs: tuple[OrganLine, ...]
    exchange: Exchange
    decided: tuple[DecidedCase, ...]


def bulletin(
    actor: Actor,
    year: int | None,
    *,
    quarter: int | None = None,
    regulation_id: str | None = None,
    now: datetime,
    locale: str,
) -> Bulletin:
    """Cases lost in a year or quarter, and what was decided in it. Raises NotFoundError."""
    ensure_reports(actor)
    today = office_day(now)
    year = year or today.year
    if quarter is not None and quarter not in QUARTERS:
        raise NotFoundError
    first, last = period_of(year, quarter)
    law = law_of(actor.county_id, regulation_id, on=min(today, last))
    report = law.register.reports.get("bulletin") or Report(law.title, law.title, ())
    sheet = law.register.reports.get("assessment")
    visible = (Proceeding.kind == ProceedingKind.CASE) & is_counted() & visible_proceedings(actor)
    visible &= Case.regulation_id == law.id
    cases = _dossiers(visible & in_period(first, last), facts=("loss_removed", *(sheet.unless if sheet else ())))
    counted = [(one, one.standing(today, unless=sheet.unless if sheet else {})) for one in cases]
    lost = [one for one, standing in counted if standing is Standing.LOST]
    standings = Counter(standing for _, standing in counted)
    return Bulletin(
        report=report,
        law=law,
        clauses=law.register.clauses_of(report.clauses),
        year=year,
        quarter=quarter,
        years=years_of(visible, today=today),
        first=first,
        last=last,
        made_on=today,
        counts_filing=bool(sheet and sheet.counts_filing),
        lost=len(lost),
        once=once(lost),
        references=standings[Standing.BY_REFERENCE],
        pending=standings[Standing.PENDING],
        by_type=_types(lost, locale),
        organs=_organs(lost, today),
        exchange=_exchange(actor.county_id or "", first, last),
        decided=_decided(visible, first, last, locale),
    )


def period_of(year: int, quarter: int | None) -> tuple[date, date]:
    """First and last day of a year or of one of its quarters."""
    if quarter is None:
        return date(year, 1, 1), date(year, 12, 31)
    following = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
    return date(year, quarter * 3 - 2, 1), following - timedelta(days=1)


def _dossiers(criterion: Any, *, facts: Iterable[str]) -> tuple[Dossier, ...]:
    query = (
        select(Proceeding, Case, Organ.name)
        .join(Case, Case.proceeding_id == Proceeding.id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .where(criterion)
        .order_by(Proceeding.opened_at, Proceeding.number)
        .options(*LIGHT)
    )
    return dossiers_of([(row[0], row[1], row[2]) for row in db.session.execute(query)], facts=facts)


def _types(lost: Iterable[Dossier], locale: str) -> tuple[tuple[str, int], ...]:
    words = (label_of(one.proceeding.release_id, "case_type", one.case.case_type, locale=locale) for one in lost)
    return tuple(sorted(Counter(words).items(), key=lambda pair: (-pair[1], pair[0])))


def _organs(lost: Iterable[Dossier], today: date) -> tuple[OrganLine, ...]:
    by_organ: dict[str, list[Dossier]] = defaultdict(list)
    for one in lost:
        by_organ[one.organ].append(one)
    lines = []
    for organ, cases in by_organ.items():
        records = [record.filing for one in cases if (record := one.filing(today)) is not None]
        filings = (records.count(Filing.ON_TIME), records.count(Filing.LATE), records.count(Filing.MISSING))
        lines.append(OrganLine(organ, len(cases), once(cases), *filings))
    return tuple(sorted(lines, key=lambda line: (-line.lost, line.organ)))


def _exchange(county_id: str, first: date, last: date) -> Exchange:
    known = cases_by_document(county_id)
    listed = [entry for entry in entries_of(county_id) if first <= entry.doc_date <= last]
    registered = [entry for entry in listed if entry.opened_case_id or normal_number(entry.doc_no) in known]
    return Exchange(len(listed), len(registered), sum(entry.opened_case_id is not None for entry in listed))


def _decided(visible: Any, first: date, last: date, locale: str) -> tuple[DecidedCase, ...]:
    """Cases on which something final was decided in the period: by a meeting, or on their subjects."""
    begin, end = start_of(first), end_of(last)
    resolutions = _resolutions(visible, begin, end)
    on_subjects = select(CaseSubject.proceeding_id).where(CaseSubject.decided_at.between(begin, end))
    cases = _dossiers(visible & or_(Proceeding.id.in_(list(resolutions)), Proceeding.id.in_(on_subjects)), facts=())
    return tuple(_decided_case(one, resolutions, (begin, end), locale) for one in cases)


def _resolutions(visible: Any, begin: datetime, end: datetime) -> dict[str, str]:
    """The final resolution of a meeting by case; the cases of a series have that of their leading case."""
    mine = or_(
        AgendaItem.case_id == Proceeding.id,
        and_(AgendaItemCase.case_id == Proceeding.id, AgendaItemCase.item_id == AgendaItem.id),
    )
    query = (
        select(Proceeding.id, AgendaItem.resolution)
        .select_from(AgendaItem)
        .outerjoin(AgendaItemCase, AgendaItemCase.item_id == AgendaItem.id)
        .join(Proceeding, mine)
        .join(Case, Case.proceeding_id == Proceeding.id)
        .where(visible, AgendaItem.decided_at.between(begin, end), AgendaItem.resolution.not_in(NOT_FINAL))
        .order_by(AgendaItem.decided_at)
    )
    return {case_id: str(resolution) for case_id, resolution in db.session.execute(query)}


def _decided_case(
    dossier: Dossier, resolutions: Mapping[str, str], period: tuple[datetime, datetime], locale: str
) -> DecidedCase:
    release = dossier.proceeding.release_id
    decided = [one for one in dossier.decided if one.decided_at and period[0] <= one.decided_at <= period[1]]
    groups: dict[tuple[str, str], list[CaseSubject]] = defaultdict(list)
    for subject in decided:
        groups[subject.kind, subject.decision_kind or ""].append(subject)
    return DecidedCase(
        id=dossier.proceeding.id,
        number=dossier.proceeding.number,
        organ=dossier.organ,
        case_type=label_of(release, "case_type", dossier.case.case_type, locale=locale),
        resolution=label_in(release, "RESOLUTION", resolutions.get(dossier.proceeding.id), locale=locale),
        held=tuple(_held(kind, code, some, release, locale) for (kind, code), some in sorted(groups.items())),
        revised=sum(one.revision in ("CHANGED", "REVOKED") for one in decided),
    )


def _held(kind: str, code: str, subjects: Sequence[CaseSubject], release: str, locale: str) -> Held:
    sanctions = Counter(
        label_of(release, "sanctions", sanction, locale=locale) for one in subjects for sanction in one.sanctions
    )
    is_organ = kind == SubjectKind.ORGAN
    return Held(
        kind=SubjectKind(kind),
        organs=("; " if locale == "en" else "、").join(one.name for one in subjects) if is_organ else "",
        number=len(subjects),
        decision=label_of(release, "kind", code, locale=locale),
        sanctions=tuple(sanctions.items()),
    )
