"""How each measure that a sheet may name is counted: tallies by organ, from the cases of a year."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.deadlines import DeadlineKind, count
from app.domain.losses import Filing
from app.domain.subjects import Revision
from app.law.calendar import legal_calendar
from app.law.reports import Indicator, Measure
from app.queries.dossiers import Dossier
from app.storage.models import CourtTotal

ALL_CLOSED = "ALL_CLOSED"
"""Value of the rule setting on the loss rate: all closed cases, not only those decided on the merits."""


@dataclass(frozen=True, slots=True)
class Tally:
    """One figure of one organ."""

    part: int = 0
    whole: int | None = None
    """What it is a part of; None where the figure is a mere number."""
    unknown: int = 0
    """Cases in which nobody stated what is asked."""
    once: int | None = None
    """`part` with every series counted once; None where series make no difference to the figure."""
    asked: bool = False
    """It is a part of something that only a person can tell, and nobody has."""

    @property
    def rate(self) -> float | None:
        """In percent."""
        return 100 * self.part / self.whole if self.whole else None

    @property
    def rate_once(self) -> float | None:
        return 100 * self.once / self.whole if self.whole and self.once is not None else None


@dataclass(frozen=True, slots=True)
class Year:
    """All that a sheet counts from."""

    lost: tuple[Dossier, ...]
    references: tuple[Dossier, ...]
    totals: Mapping[str, CourtTotal]
    steps: frozenset[tuple[str, str]]
    """Case and `process/step`, for the steps that indicators ask about."""
    listed: Mapping[str, int]
    procedures: tuple[tuple[str, Mapping[str, Any]], ...]
    """Kind and facts of further procedures."""
    settings: Mapping[str, Any]
    today: date
    year: int


Figure = dict[str, Tally]
"""Tally by organ."""

_RATES = frozenset(
    {Measure.FILED_ON_TIME, Measure.FACT, Measure.WITHIN, Measure.PROCEDURE_FACT, Measure.EXECUTED, Measure.LOSS_RATE}
)


def blank_of(indicator: Indicator) -> Tally:
    return Tally(whole=0) if indicator.measure in _RATES else Tally()


def _losses(indicator: Indicator, counted: Year) -> Figure:
    return {organ: Tally(len(cases), once=once(cases)) for organ, cases in _by_organ(counted.lost).items()}


def _references(indicator: Indicator, counted: Year) -> Figure:
    return {organ: Tally(len(cases)) for organ, cases in _by_organ(counted.references).items()}


def _loss_rate(indicator: Indicator, counted: Year) -> Figure:
    every = counted.settings.get(indicator.switch) == ALL_CLOSED
    figure = {}
    lost = _by_organ(counted.lost)
    for organ in lost.keys() | counted.totals.keys():
        total, cases = counted.totals.get(organ), lost.get(organ, [])
        whole = None if total is None else total.closed if every else total.closed_substantive
        figure[organ] = Tally(len(cases), whole, once=once(cases), asked=total is None)
    return figure


def _filed(*wanted: Filing, rate: bool = False) -> Callable[[Indicator, Year], Figure]:
    def measure(indicator: Indicator, counted: Year) -> Figure:
        found: dict[str, list[Filing]] = defaultdict(list)
        for dossier in (*counted.lost, *counted.references):
            record = dossier.filing(counted.today)
            if record is not None and record.filing is not Filing.AHEAD:
                found[dossier.case.lead_organ_id].append(record.filing)
        return {
            organ: Tally(sum(one in wanted for one in filings), len(filings) if rate else None)
            for organ, filings in found.items()
        }

    return measure


def _step_taken(indicator: Indicator, counted: Year) -> Figure:
    cases = (*counted.lost, *counted.references)
    hit = [one for one in cases if any((one.proceeding.id, step) in counted.steps for step in indicator.steps)]
    return {organ: Tally(len(cases)) for organ, cases in _by_organ(hit).items()}


def _listed_unfiled(indicator: Indicator, counted: Year) -> Figure:
    return {organ: Tally(number) for organ, number in counted.listed.items()}


def _fact(indicator: Indicator, counted: Year) -> Figure:
    return _answered(indicator, counted, lambda dossier: dossier.value(indicator.fact))


def _within(indicator: Indicator, counted: Year) -> Figure:
    calendar = legal_calendar()

    def in_time(dossier: Dossier) -> bool | None:
        since, done = _day(dossier.value(indicator.since)), _day(dossier.value(indicator.fact))
        if since is None or done is None:
            return None
        last = count(since, indicator.period, calendar=calendar, kind=DeadlineKind.STATUTE).last_day
        extended = _day(dossier.value(indicator.extended_to))
        return done <= max(last, extended or last)

    return _answered(indicator, counted, in_time)


def _answered(indicator: Indicator, counted: Year, ask: Callable[[Dossier], Any]) -> Figure:
    answers: dict[str, list[Any]] = defaultdict(list)
    for dossier in counted.lost:
        if all(dossier.states(name, value) for name, value in indicator.where.items()):
            answers[dossier.case.lead_organ_id].append(ask(dossier))
    return {organ: _tally(said) for organ, said in answers.items()}


def _procedure_fact(indicator: Indicator, counted: Year) -> Figure:
    answers: dict[str, list[Any]] = defaultdict(list)
    for kind, facts in counted.procedures:
        begun = _day(facts.get(indicator.since))
        organ = facts.get(indicator.organ)
        if kind != indicator.procedure or begun is None or begun.year != counted.year or not organ:
            continue
        answer, due = facts.get(indicator.fact), _day(facts.get(indicator.due))
        overdue = answer is None and due is not None and due < counted.today
        answers[str(organ)].append(False if overdue else answer)
    return {organ: _tally(said) for organ, said in answers.items()}


def _executed(indicator: Indicator, counted: Year) -> Figure:
    answers: dict[str, list[Any]] = defaultdict(list)
    for dossier in (*counted.lost, *counted.references):
        for subject in dossier.decided:
            if subject.decision_kind == "ACCOUNTABLE" and subject.revision != Revision.REVOKED:
                done = dossier.scoped.get(subject.id, {}).get("execution_status") == "DONE"
                answers[subject.organ_id].append(done)
    return {organ: _tally(said) for organ, said in answers.items()}


MEASURES: Mapping[Measure, Callable[[Indicator, Year], Figure]] = {
    Measure.LOSSES: _losses,
    Measure.BY_REFERENCE: _references,
    Measure.LOSS_RATE: _loss_rate,
    Measure.FILED_ON_TIME: _filed(Filing.ON_TIME, rate=True),
    Measure.FILED_LATE: _filed(Filing.LATE),
    Measure.NOT_FILED: _filed(Filing.MISSING),
    Measure.STEP_TAKEN: _step_taken,
    Measure.LISTED_UNFILED: _listed_unfiled,
    Measure.FACT: _fact,
    Measure.WITHIN: _within,
    Measure.PROCEDURE_FACT: _procedure_fact,
    Measure.EXECUTED: _executed,
}


def _tally(answers: Sequence[Any]) -> Tally:
    known = [answer for answer in answers if answer is not None]
    return Tally(sum(bool(answer) for answer in known), len(known), unknown=len(answers) - len(known))


def once(cases: Iterable[Dossier]) -> int:
    """Every series counted once."""
    return len({dossier.case.series_id or dossier.proceeding.id for dossier in cases})


def _by_organ(cases: Iterable[Dossier]) -> dict[str, list[Dossier]]:
    found: dict[str, list[Dossier]] = defaultdict(list)
    for dossier in cases:
        found[dossier.case.lead_organ_id].append(dossier)
    return found


def _day(value: Any) -> date | None:
    """A date as a column or a form keeps it."""
    if isinstance(value, str) and value:
        return date.fromisoformat(value[:10])
    return value if isinstance(value, date) else None
