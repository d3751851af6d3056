"""制度对照: the regulations, and each clause with what carries it, where it was passed and what it officially says."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from sqlalchemy import func, select

from app.domain.actors import Actor
from app.domain.deadlines import OFFICE_ZONE, office_day
from app.domain.errors import NotFoundError, Sentence
from app.domain.expiry import state_on
from app.domain.powers import may
from app.domain.proceedings import ProceedingKind
from app.domain.switches import Switch
from app.extensions import db
from app.law.clauses import CarrierKind, Clause, Modality
from app.law.register import Register
from app.queries.carriers import CarrierView, carrier_view
from app.queries.published import Published, published_of, registers
from app.storage import regulations as rows
from app.storage.models import County, HistoryEntry, OfficialImport, Proceeding, Regulation
from app.storage.rules import frozen_for

UNCARRIED = "NONE"
DECLARATORY = "DECLARATORY"


@dataclass(frozen=True, slots=True)
class ClauseFilters:
    text: str = ""
    modality: str = ""
    carried: str = ""
    """A kind of carrier, DECLARATORY, or NONE for what nothing carries."""

    @property
    def narrowed(self) -> bool:
        return bool(self.text or self.modality or self.carried)


@dataclass(frozen=True, slots=True)
class RegulationLine:
    id: str
    county: str
    title: str
    short_title: str
    document_no: str
    issuer: str
    status: str
    in_force_from: date
    in_force_to: date | None
    notices: tuple[str, ...]
    clauses: int
    carried: int
    declaratory: int
    uncarried: int
    has_wording: bool
    """Whether the official text was imported."""
    is_published: bool
    """Whether its procedure runs here."""


@dataclass(frozen=True, slots=True)
class SwitchView:
    """A rule setting that acts at a clause, with its value of today."""

    name: str
    zh: str
    value: str
    """What the value is called (message id)."""
    is_default: bool
    why: str


@dataclass(frozen=True, slots=True)
class Slip:
    kind: str
    place: str
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class ClauseView:
    clause: Clause
    wording: str
    """The official words; empty while they are not imported."""
    slips: tuple[Slip, ...]
    carriers: tuple[CarrierView, ...]
    switches: tuple[SwitchView, ...]
    cases: int
    meetings: int
    procedures: int
    """Cases, meetings and further procedures of the own county that passed it this year."""


@dataclass(frozen=True, slots=True)
class ArticleView:
    name: str
    anchor: str
    clauses: tuple[ClauseView, ...]


@dataclass(frozen=True, slots=True)
class ImportLine:
    number: int
    file_name: str
    file_hash: str
    imported_at: datetime
    imported_by: str
    findings: int


@dataclass(frozen=True, slots=True)
class RegulationPage:
    line: RegulationLine
    articles: tuple[ArticleView, ...]
    """Those with a clause that fits the filters."""
    names: tuple[tuple[str, str], ...]
    """Name and anchor of every article that is shown."""
    shown: int
    year: int
    counts_here: bool
    """The regulation is the reader's own county's: only then are cases counted."""
    imports: tuple[ImportLine, ...]
    unplaced: tuple[Slip, ...]
    """Findings of the import that belong to no clause: what the text has and the register does not."""
    may_import: bool


@dataclass(frozen=True, slots=True)
class _Sources:
    """What the clauses of one regulation are looked up in."""

    register: Register
    published: Published
    wordings: Mapping[str, str] = field(default_factory=dict)
    slips: Mapping[str | None, tuple[Slip, ...]] = field(default_factory=dict)
    counts: Mapping[tuple[str, ProceedingKind], int] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)


def list_regulations(*, on: date) -> tuple[RegulationLine, ...]:
    """The regulations of all counties, as they stand on a day: the law is public."""
    known = registers()
    imported = rows.imported_regulations()
    found = db.session.execute(
        select(Regulation, County.name).join(County, County.id == Regulation.county_id).where(Regulation.id.in_(known))
    )
    lines = {row.id: _line(row, county, known[row.id], on=on, has_wording=row.id in imported) for row, county in found}
    return tuple(lines[key] for key in known)


def _line(row: Regulation, county: str, register: Register, *, on: date, has_wording: bool) -> RegulationLine:
    clauses = register.clauses.values()
    return RegulationLine(
        id=row.id,
        county=county,
        title=row.title,
        short_title=register.short_title,
        document_no=row.document_no,
        issuer=register.issuer,
        status=state_on(on, row.status, in_force_from=row.in_force_from, in_force_to=row.in_force_to).value,
        in_force_from=row.in_force_from,
        in_force_to=row.in_force_to,
        notices=register.notices,
        clauses=len(clauses),
        carried=sum(1 for clause in clauses if clause.carriers),
        declaratory=sum(1 for clause in clauses if clause.declaratory),
        uncarried=sum(1 for clause in clauses if not clause.carriers and not clause.declaratory),
        has_wording=has_wording,
        is_published=bool(published_of(row.id).main),
    )


def regulation_page(actor: Actor, regulation_id: str, filters: ClauseFilters, *, now: datetime) -> RegulationPage:
    """One regulation article by article. Raises NotFoundError."""
    row = db.session.get(Regulation, regulation_id)
    register = registers().get(regulation_id)
    if row is None or register is None:
        raise NotFoundError
    today = office_day(now)
    counts_here = actor.county_id == row.county_id
    imports = rows.imports_of(regulation_id)
    sources = _Sources(
        register=register,
        published=published_of(regulation_id),
        wordings=rows.wordings_of(imports[0].id) if imports else {},
        slips=_slips(imports[0]) if imports else {},
        counts=passed_counts(row.county_id, today.year) if counts_here else {},
        values=frozen_for(regulation_id, organ_id=None, on=today),
    )
    every = (_clause(clause, sources) for clause in register.clauses.values())
    views = [view for view in every if _fits(view, filters)]
    articles = _by_article(views)
    county = db.session.scalars(select(County.name).where(County.id == row.county_id)).one()
    return RegulationPage(
        line=_line(row, county, register, on=today, has_wording=bool(imports)),
        articles=articles,
        names=tuple((article.name, article.anchor) for article in articles),
        shown=len(views),
        year=today.year,
        counts_here=counts_here,
        imports=tuple(_import_line(row) for row in imports),
        unplaced=sources.slips.get(None, ()),
        may_import=counts_here and may(actor, "law.import"),
    )


def _clause(clause: Clause, sources: _Sources) -> ClauseView:
    return ClauseView(
        clause=clause,
        wording=sources.wordings.get(clause.id, ""),
        slips=sources.slips.get(clause.id, ()),
        carriers=tuple(carrier_view(carrier, sources.register, sources.published) for carrier in clause.carriers),
        switches=tuple(
            _switch(rule, sources.values) for rule in sources.register.rules.values() if clause.id in rule.clauses
        ),
        cases=sources.counts.get((clause.id, ProceedingKind.CASE), 0),
        meetings=sources.counts.get((clause.id, ProceedingKind.MEETING), 0),
        procedures=sources.counts.get((clause.id, ProceedingKind.PROCEDURE), 0),
    )


def _switch(rule: Switch, values: Mapping[str, str]) -> SwitchView:
    value = values.get(rule.name, rule.default)
    return SwitchView(rule.name, rule.zh, rule.values.get(value, value), value == rule.default, rule.why)


def _fits(view: ClauseView, filters: ClauseFilters) -> bool:
    clause = view.clause
    if filters.modality in set(Modality) and clause.modality != filters.modality:
        return False
    if filters.carried == DECLARATORY and not clause.declaratory:
        return False
    if filters.carried == UNCARRIED and (clause.carriers or clause.declaratory):
        return False
    if filters.carried in set(CarrierKind) and not any(carrier.kind == filters.carried for carrier in clause.carriers):
        return False
    if not filters.text:
        return True
    words = (clause.id, clause.article, clause.reading, clause.actor, clause.trigger, view.wording)
    names = (f"{carrier.name}{carrier.within}{carrier.by}" for carrier in view.carriers)
    return any(filters.text.lower() in text.lower() for text in (*words, *names))


def _by_article(views: Iterable[ClauseView]) -> tuple[ArticleView, ...]:
    groups: dict[str, list[ClauseView]] = {}
    for view in views:
        name = re.match(r"第[^条]+条", view.clause.article)
        groups.setdefault(name[0] if name else view.clause.article, []).append(view)
    return tuple(ArticleView(name, f"article-{some[0].clause.anchor}", tuple(some)) for name, some in groups.items())


def _slips(row: OfficialImport) -> dict[str | None, tuple[Slip, ...]]:
    found: dict[str | None, list[Slip]] = {}
    for item in row.findings:
        slip = Slip(item["kind"], item["place"], Sentence(item["sentence"], **item["values"]))
        found.setdefault(item["clause"] if item["kind"] != "EXTRA" else None, []).append(slip)
    return {clause: tuple(slips) for clause, slips in found.items()}


def _import_line(row: OfficialImport) -> ImportLine:
    return ImportLine(
        row.number, row.file_name, row.file_hash, row.imported_at, row.imported_name or "wenze", len(row.findings)
    )


def passed_counts(county_id: str, year: int) -> dict[tuple[str, ProceedingKind], int]:
    """How many cases and meetings of a county passed each clause in an office year, all clauses in one statement."""
    start = datetime.combine(date(year, 1, 1), time.min, OFFICE_ZONE)
    end = datetime.combine(date(year + 1, 1, 1), time.min, OFFICE_ZONE)
    is_sqlite = db.session.get_bind().dialect.name == "sqlite"
    members = func.json_each if is_sqlite else func.json_array_elements_text
    clause = members(HistoryEntry.clauses).table_valued("value", joins_implicitly=True)
    query = (
        select(clause.c.value, Proceeding.kind, func.count(Proceeding.id.distinct()))
        .select_from(HistoryEntry)
        .join(Proceeding, Proceeding.id == HistoryEntry.proceeding_id)
        .join(clause, clause.c.value != "")
        .where(Proceeding.county_id == county_id, HistoryEntry.at >= start, HistoryEntry.at < end)
        .group_by(clause.c.value, Proceeding.kind)
    )
    return {(key, kind): number for key, kind, number in db.session.execute(query)}
