"""考核表: what the regulation wants counted of each organ in a year, every rate with its two numbers."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, tuple_

from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.exchange import normal_number
from app.domain.losses import Standing
from app.domain.powers import may
from app.domain.proceedings import ProceedingKind
from app.extensions import db
from app.law.clauses import Clause
from app.law.reports import Indicator, Measure, Report
from app.queries.dossiers import (
    Dossier,
    Law,
    dossiers_of,
    ensure_reports,
    in_period,
    is_counted,
    law_of,
    newest_year,
    years_of,
)
from app.queries.inbox import LIGHT
from app.queries.measures import MEASURES, Tally, Year, blank_of, once
from app.queries.names import organ_names
from app.storage.exchange import cases_by_document, entries_of
from app.storage.facts import read_many
from app.storage.models import Case, CourtTotal, Organ, Procedure, Proceeding, Task
from app.storage.rules import frozen_for
from app.storage.visibility import visible_proceedings


@dataclass(frozen=True, slots=True)
class SheetRow:
    organ_id: str
    organ: str
    tallies: tuple[Tally, ...]
    """In the order of the indicators."""


@dataclass(frozen=True, slots=True)
class TotalRow:
    """What the assessor was told of an organ's closed cases."""

    organ_id: str
    organ: str
    closed: int | None
    closed_substantive: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    report: Report
    law: Law
    year: int
    years: tuple[int, ...]
    clauses: tuple[Clause, ...]
    indicators: tuple[Indicator, ...]
    rows: tuple[SheetRow, ...]
    total: SheetRow
    pending: int
    """Cases of the year whose document has not taken effect: in no figure."""
    totals: tuple[TotalRow, ...]
    formula: str
    """What the denominator of the loss rate is called; empty where the sheet has no loss rate."""
    may_enter: bool


def assessment_sheet(actor: Actor, year: int | None, *, regulation_id: str | None = None, now: datetime) -> Sheet:
    """The sheet of a year, the newest one that has cases where none is named. Raises NotFoundError."""
    ensure_reports(actor)
    today = office_day(now)
    visible = (Proceeding.kind == ProceedingKind.CASE) & is_counted() & visible_proceedings(actor)
    year = year or newest_year(visible, today=today)
    law = law_of(actor.county_id, regulation_id, on=min(today, date(year, 12, 31)))
    report = law.register.reports.get("assessment") or Report(law.title, law.title, ())
    dossiers = _dossiers(visible, law, report, year)
    standing = {dossier.proceeding.id: dossier.standing(today, unless=report.unless) for dossier in dossiers}
    counted = Year(
        lost=tuple(one for one in dossiers if standing[one.proceeding.id] is Standing.LOST),
        references=tuple(one for one in dossiers if standing[one.proceeding.id] is Standing.BY_REFERENCE),
        totals=_totals(actor.county_id, year),
        steps=_steps(report, [dossier.proceeding.id for dossier in dossiers]),
        listed=_listed(actor.county_id or "", year, report),
        procedures=_procedures(actor, law, report),
        settings={**law.register.switches, **frozen_for(law.id, organ_id=None, on=min(today, date(year, 12, 31)))},
        today=today,
        year=year,
    )
    return _sheet(actor, law, report, counted, pending=list(standing.values()).count(Standing.PENDING), visible=visible)


def _sheet(actor: Actor, law: Law, report: Report, counted: Year, *, pending: int, visible: Any) -> Sheet:
    figures = [MEASURES[indicator.measure](indicator, counted) for indicator in report.indicators]
    names = organ_names(actor.county_id)
    blank = [blank_of(indicator) for indicator in report.indicators]
    pairs = list(zip(figures, blank, strict=True))
    present = {organ for figure, none in pairs for organ in figure if figure[organ] != none}
    shown = sorted(present, key=lambda organ: names.get(organ, organ))
    rows = tuple(
        SheetRow(
            organ,
            names.get(organ, organ),
            tuple(figure.get(organ, none) for figure, none in pairs),
        )
        for organ in shown
    )
    columns = zip(*(row.tallies for row in rows), strict=True) if rows else [(none,) for none in blank]
    rate = next((one for one in report.indicators if one.measure is Measure.LOSS_RATE), None)
    return Sheet(
        report=report,
        law=law,
        year=counted.year,
        years=years_of(visible, today=counted.today),
        clauses=law.register.clauses_of(report.clauses),
        indicators=report.indicators,
        rows=rows,
        total=SheetRow("", "", tuple(_sum(column, counted) for column in columns)),
        pending=pending,
        totals=_total_rows(actor.county_id, counted.totals, first=present),
        formula=_formula(law, rate, counted) if rate else "",
        may_enter=may(actor, "totals.set"),
    )


def _formula(law: Law, rate: Indicator, counted: Year) -> str:
    value = counted.settings.get(rate.switch)
    rule = law.register.rules.get(rate.switch)
    return str(rule.values.get(str(value), value)) if rule else str(value)


def _sum(column: Sequence[Tally], counted: Year) -> Tally:
    wholes = [tally.whole for tally in column]
    asked = any(tally.asked for tally in column)
    known = [whole for whole in wholes if whole is not None]
    return Tally(
        part=sum(tally.part for tally in column),
        whole=None if asked or not known else sum(known),
        unknown=sum(tally.unknown for tally in column),
        once=once(counted.lost) if any(tally.once is not None for tally in column) else None,
        asked=asked,
    )


# ---- rows


def _dossiers(visible: Any, law: Law, report: Report, year: int) -> tuple[Dossier, ...]:
    query = (
        select(Proceeding, Case, Organ.name)
        .join(Case, Case.proceeding_id == Proceeding.id)
        .outerjoin(Organ, Organ.id == Case.lead_organ_id)
        .where(visible, Case.regulation_id == law.id, in_period(date(year, 1, 1), date(year, 12, 31)))
        .options(*LIGHT)
    )
    rows = [(row[0], row[1], row[2]) for row in db.session.execute(query)]
    wanted = {"loss_removed", *report.unless}
    for one in report.indicators:
        wanted |= {one.fact, one.since, one.extended_to, *one.where}
    return dossiers_of(rows, facts=wanted, subject_facts=("execution_status",))


def _totals(county_id: str | None, year: int) -> dict[str, CourtTotal]:
    query = select(CourtTotal).join(Organ, Organ.id == CourtTotal.organ_id)
    rows = db.session.scalars(query.where(Organ.county_id == county_id, CourtTotal.year == year))
    return {row.organ_id: row for row in rows}


def _total_rows(
    county_id: str | None, totals: Mapping[str, CourtTotal], *, first: Collection[str]
) -> tuple[TotalRow, ...]:
    """Every organ of the county, those of the sheet first."""
    organs = db.session.execute(select(Organ.id, Organ.name).where(Organ.county_id == county_id).order_by(Organ.code))
    rows = [
        TotalRow(id_, name, known.closed if known else None, known.closed_substantive if known else None)
        for id_, name in organs
        for known in (totals.get(id_),)
    ]
    return tuple(sorted(rows, key=lambda row: row.organ_id not in first))


def _steps(report: Report, ids: list[str]) -> frozenset[tuple[str, str]]:
    wanted = [tuple(step.split("/")) for one in report.indicators for step in one.steps]
    if not wanted or not ids:
        return frozenset()
    query = select(Task.proceeding_id, Task.process_key, Task.step_id).distinct()
    rows = db.session.execute(
        query.where(Task.proceeding_id.in_(ids), tuple_(Task.process_key, Task.step_id).in_(wanted))
    )
    return frozenset((case_id, f"{process}/{step}") for case_id, process, step in rows)


def _listed(county_id: str, year: int, report: Report) -> dict[str, int]:
    """By organ: documents of the year that courts listed and nobody registered."""
    if not any(one.measure is Measure.LISTED_UNFILED for one in report.indicators):
        return {}
    known = cases_by_document(county_id)
    found: dict[str, int] = defaultdict(int)
    for entry in entries_of(county_id):
        if entry.doc_date.year == year and not entry.opened_case_id and normal_number(entry.doc_no) not in known:
            found[entry.organ_id] += 1
    return found


def _procedures(actor: Actor, law: Law, report: Report) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    kinds = {one.procedure for one in report.indicators if one.procedure}
    if not kinds:
        return ()
    query = select(Procedure.key, Proceeding.id).join(Proceeding, Proceeding.id == Procedure.proceeding_id)
    rows = db.session.execute(
        query.where(
            Procedure.key.in_(kinds), Procedure.regulation_id == law.id, is_counted(), visible_proceedings(actor)
        )
    ).all()
    facts = read_many([row.id for row in rows]) if rows else {}
    return tuple((row.key, facts[row.id]) for row in rows)
