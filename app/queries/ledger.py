"""台账: one line a case with everything that was registered, filed, decided and carried out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.proceedings import ProceedingKind
from app.extensions import db
from app.queries.dossiers import ensure_reports, in_period, years_of
from app.queries.inbox import LIGHT, matches
from app.queries.labels import label_of
from app.queries.ledger_entries import Entry, entries_of
from app.queries.names import ensure_offered, organ_names
from app.queries.stages import register_of
from app.storage.models import Case, Organ, Proceeding
from app.storage.visibility import visible_proceedings

PER_PAGE = 50
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LedgerFilters:
    year: int | None = None
    organ: str = ""
    case_type: str = ""
    stage: str = ""
    status: str = ""
    """A ProceedingStatus; empty means all."""
    text: str = ""
    order: str = ""
    """A key of `ORDERS`, with a minus for the other way round; else the newest first."""

    @property
    def narrowed(self) -> bool:
        return bool(self.year or self.organ or self.case_type or self.stage or self.status or self.text)


@dataclass(frozen=True, slots=True)
class Ledger:
    rows: tuple[Entry, ...]
    total: int
    page: int
    pages: int
    years: tuple[int, ...]
    organs: tuple[tuple[str, str], ...]
    types: tuple[tuple[str, str], ...]
    stages: tuple[tuple[str, str], ...]


def ledger(
    actor: Actor, filters: LedgerFilters, *, page: int = 1, per_page: int = PER_PAGE, now: datetime, locale: str
) -> Ledger:
    """One page of the county's cases, the newest first. Raises NotFoundError."""
    ensure_reports(actor)
    visible = (Proceeding.kind == ProceedingKind.CASE) & visible_proceedings(actor)
    types, organs, stages = _facets(visible, locale)
    _ensure_known(actor, filters, types, stages)
    query = _cases(visible, filters)
    found = db.session.execute(query.limit(per_page).offset((page - 1) * per_page)).all()
    total = found[0][3] if found else 0
    return Ledger(
        rows=entries_of(actor, [(row[0], row[1], row[2]) for row in found], now=now, locale=locale),
        total=total,
        page=page,
        pages=max(1, -(-total // per_page)),
        years=years_of(visible, today=office_day(now)),
        organs=organs,
        types=types,
        stages=stages,
    )


def ledger_export(actor: Actor, filters: LedgerFilters, *, now: datetime, locale: str) -> tuple[Entry, ...]:
    """All lines that fit the filters, on one page. Raises NotFoundError."""
    ensure_reports(actor)
    visible = (Proceeding.kind == ProceedingKind.CASE) & visible_proceedings(actor)
    types, _, stages = _facets(visible, locale)
    _ensure_known(actor, filters, types, stages)
    found = db.session.execute(_cases(visible, filters)).all()
    return entries_of(actor, [(row[0], row[1], row[2]) for row in found], now=now, locale=locale)


def _ensure_known(actor: Actor, filters: LedgerFilters, types: Choices, stages: Choices) -> None:
    """An organ of the county may have no case; a type or stage that no case has is most likely misspelt."""
    ensure_offered("organ", filters.organ, organ_names(actor.county_id))
    ensure_offered("type", filters.case_type, dict(types))
    ensure_offered("stage", filters.stage, dict(stages))


def _cases(visible: ColumnElement[bool], filters: LedgerFilters) -> Any:
    query = (
        select(Proceeding, Case, Organ.name, func.count().over())
        .join(Case, Case.proceeding_id == Proceeding.id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .where(visible)
        .order_by(*_order(filters.order))
        .options(*LIGHT)
    )
    if filters.year:
        query = query.where(in_period(date(filters.year, 1, 1), date(filters.year, 12, 31)))
    for column, value in (
        (Case.lead_organ_id, filters.organ),
        (Case.case_type, filters.case_type),
        (Proceeding.stage, filters.stage),
        (Proceeding.status, filters.status),
    ):
        if value:
            query = query.where(column == value)
    if filters.text:
        query = query.where(or_(matches(filters.text), Case.doc_no.contains(filters.text, autoescape=True)))
    return query


ORDERS = {
    "number": Proceeding.number,
    "doc_no": Case.doc_no,
    "organ": Organ.name,
    "type": Case.case_type,
    "received": Case.served_date,
    "effective": Case.effective_date,
    "due": Case.filing_due,
    "filed": Case.filed_on,
    "compensation": Case.compensation_amount,
    "stage": Proceeding.stage,
}
"""Columns by which the ledger can be sorted; the others are made of several records."""


def _order(said: str) -> tuple[Any, ...]:
    """What is not stated comes last either way."""
    column = ORDERS.get(said.removeprefix("-"))
    if column is None:
        return (Proceeding.opened_at.desc(), Proceeding.id)
    chosen = column.desc() if said.startswith("-") else column.asc()
    return (chosen.nulls_last(), Proceeding.opened_at.desc(), Proceeding.id)


def _facets(visible: ColumnElement[bool], locale: str) -> tuple[Choices, Choices, Choices]:
    """Types, organs and stages that cases of the county have."""
    rows = db.session.execute(
        select(func.min(Proceeding.release_id), Proceeding.stage, Case.case_type, Organ.id, Organ.name)
        .join(Case, Case.proceeding_id == Proceeding.id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .where(visible)
        .group_by(Proceeding.stage, Case.case_type, Organ.id, Organ.name)
    ).all()
    types = {code: label_of(release, "case_type", code, locale=locale) for release, _, code, _, _ in rows if code}
    stages = {
        stage.key: stage.en if locale == "en" else stage.zh
        for release in sorted({row[0] for row in rows})
        for stage in register_of(release).stages
        if stage.key in {row[1] for row in rows}
    }
    organs = sorted({(row[3], row[4]) for row in rows if row[3]})
    return tuple(sorted(types.items())), tuple(organs), tuple(stages.items())
