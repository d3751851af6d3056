"""Lines of the ledger: what was registered, filed, decided and carried out in a case, in words and figures."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, cast, or_, select

from app.domain.actors import Actor
from app.domain.deadlines import office_day
from app.domain.errors import N_
from app.domain.losses import STANDING, Filing, FilingRecord
from app.domain.proceedings import ProceedingStatus
from app.domain.subjects import Revision, SubjectKind
from app.extensions import db
from app.queries.dossiers import Dossier, dossiers_of
from app.queries.inbox import LIGHT
from app.queries.labels import label_in, label_of
from app.queries.names import organ_names
from app.queries.outcomes import outcome_label
from app.queries.stages import register_of
from app.storage.models import (
    AgendaItem,
    AgendaItemCase,
    Case,
    CaseFact,
    CaseSubject,
    HistoryEntry,
    Procedure,
    Proceeding,
)

CASE_FACTS = (
    *("implementing_entities", "plaintiff_kind", "head_attended", "cause_codes", "compensation_paid_on", "matter"),
    *("rectified_on", "archive_no", "archived_on", "docketed_on", "loss_removed", "counted_as_loss", "received"),
    *("fault_codes", "fault_circumstances", "handling_office"),
)
SUBJECT_FACTS = (
    *("fault_codes", "exemptions", "exemption_grounds", "mitigations", "mitigation_grounds"),
    *("aggravations", "aggravation_grounds", "received", "decided_on", "docketed_on"),
)
ITEM_FACTS = ("exemption_grounds", "fault_codes")


@dataclass(frozen=True, slots=True)
class Entry:
    """One case in the ledger. Words are in the reader's language, and no name of a person is among them."""

    id: str
    number: str
    title: str
    year: int
    doc_no: str
    area: str
    act_kind: str
    nominal_entity: str
    implementing: str
    office: str
    plaintiff: str
    instance: str
    case_type: str
    lost: str
    """Message id."""
    faults: str
    head_attended: str
    received: date | None
    effective: date | None
    due: date | None
    filed: date | None
    filing: FilingRecord | None
    meeting: str
    resolution: str
    docket: str
    subjects: str
    """How many organs and people are held responsible, as two numbers."""
    sanctions: str
    exemptions: str
    mitigations: str
    aggravations: str
    decided: str
    remedies: str
    compensation: int | None
    """Fen."""
    recovered: int | None
    """Fen."""
    rectified: str
    archived: str
    departures: int
    stage: str
    status: ProceedingStatus

    @property
    def late(self) -> bool:
        return self.filing is not None and self.filing.filing in (Filing.LATE, Filing.MISSING)


@dataclass(frozen=True, slots=True)
class _Around:
    """What other proceedings and the history say about the cases of a page."""

    items: Mapping[str, list[tuple[str, AgendaItem]]]
    item_facts: Mapping[str, Mapping[str, Any]]
    remedies: Mapping[str, list[tuple[str, Proceeding]]]
    departures: Mapping[str, int]
    dockets: Mapping[str, list[str]]
    organs: Mapping[str, str]
    today: date
    locale: str


def entries_of(
    actor: Actor, rows: Sequence[tuple[Proceeding, Case, str | None]], *, now: datetime, locale: str
) -> tuple[Entry, ...]:
    dossiers = dossiers_of(rows, facts=CASE_FACTS, subject_facts=SUBJECT_FACTS)
    ids = [dossier.proceeding.id for dossier in dossiers]
    items = _items(ids)
    departures, dockets = _told(ids)
    around = _Around(
        items=items,
        item_facts=_item_facts({item.meeting_id for listed in items.values() for _, item in listed}),
        remedies=_remedies(ids),
        departures=departures,
        dockets=dockets,
        organs=organ_names(actor.county_id),
        today=office_day(now),
        locale=locale,
    )
    return tuple(_entry(dossier, around) for dossier in dossiers)


def _items(ids: Sequence[str]) -> dict[str, list[tuple[str, AgendaItem]]]:
    """Agenda items by case, each with the number of its meeting; a case of a series has its leading case's item."""
    found: dict[str, list[tuple[str, AgendaItem]]] = defaultdict(list)
    query = (
        select(AgendaItem, Proceeding.number, AgendaItemCase.case_id)
        .join(Proceeding, Proceeding.id == AgendaItem.meeting_id)
        .outerjoin(AgendaItemCase, AgendaItemCase.item_id == AgendaItem.id)
        .where(or_(AgendaItem.case_id.in_(ids), AgendaItemCase.case_id.in_(ids)))
        .order_by(Proceeding.opened_at, AgendaItem.item_no)
    )
    for item, number, follower in db.session.execute(query):
        for case_id in {item.case_id or "", follower or ""} - {""}:
            if (number, item) not in found[case_id]:
                found[case_id].append((number, item))
    return found


def _item_facts(meetings: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What the meeting found about an item, by meeting and scope."""
    query = select(CaseFact.proceeding_id, CaseFact.scope, CaseFact.name, CaseFact.value)
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for meeting, scope, name, value in db.session.execute(
        query.where(CaseFact.proceeding_id.in_(sorted(meetings)), CaseFact.name.in_(ITEM_FACTS))
    ):
        found[f"{meeting}/{scope}"][name] = value
    return found


def _remedies(ids: Sequence[str]) -> dict[str, list[tuple[str, Proceeding]]]:
    """Procedures about the subjects of the cases, each after the key of its kind."""
    found: dict[str, list[tuple[str, Proceeding]]] = defaultdict(list)
    query = (
        select(Procedure.parent_id, Procedure.key, Proceeding)
        .join(Proceeding, Proceeding.id == Procedure.proceeding_id)
        .where(Procedure.parent_id.in_(ids), Procedure.subject_id.is_not(None))
        .order_by(Proceeding.opened_at)
        .options(*LIGHT)
    )
    for parent, key, proceeding in db.session.execute(query):
        found[parent or ""].append((key, proceeding))
    return found


def _told(ids: Sequence[str]) -> tuple[dict[str, int], dict[str, list[str]]]:
    """From the history: how often an answer departed from a proposal, and the docket numbers that were issued."""
    departures: dict[str, int] = defaultdict(int)
    dockets: dict[str, list[str]] = defaultdict(list)
    text = cast(HistoryEntry.details, String)
    query = (
        select(HistoryEntry.proceeding_id, HistoryEntry.details)
        .where(HistoryEntry.proceeding_id.in_(ids), or_(text.contains('"departures"'), text.contains('"issued"')))
        .order_by(HistoryEntry.proceeding_id, HistoryEntry.position)
    )
    for case_id, details in db.session.execute(query):
        departures[case_id] += len(details.get("departures", ()))
        dockets[case_id] += [number for kind, number in details.get("issued", {}).items() if kind == "DOCKET"]
    return departures, dockets


def _entry(dossier: Dossier, around: _Around) -> Entry:
    proceeding, case, release = dossier.proceeding, dossier.case, dossier.proceeding.release_id
    sheet = register_of(release).reports.get("assessment")
    filing = dossier.filing(around.today)
    words = _Words(release, around.locale)
    items = around.items.get(proceeding.id, [])
    organs = (around.organs.get(organ, organ) for organ in dossier.facts.get("implementing_entities") or ())
    held = [one for one in dossier.decided if one.decision_kind == "ACCOUNTABLE" and one.revision != Revision.REVOKED]
    return Entry(
        id=proceeding.id,
        number=proceeding.number,
        title=proceeding.title,
        year=dossier.day.year,
        doc_no=case.doc_no or "",
        area=words.of("area", case.area),
        act_kind=words.of("act_kind", case.act_kind),
        nominal_entity=around.organs.get(case.nominal_entity or "", dossier.organ),
        implementing=words.join(organs),
        office=str(dossier.facts.get("handling_office") or ""),
        plaintiff=words.of("plaintiff_kind", dossier.facts.get("plaintiff_kind")),
        instance=words.of("instance", case.instance),
        case_type=words.of("case_type", case.case_type),
        lost=STANDING[dossier.standing(around.today, unless=sheet.unless if sheet else {})],
        faults=words.codes(("fault_codes", "cause_codes"), _faults(dossier, items, around)),
        head_attended=words.yes_no(dossier.facts.get("head_attended")),
        received=case.served_date,
        effective=case.effective_date,
        due=case.filing_due if filing else None,
        filed=case.filed_on,
        filing=filing,
        meeting=words.join(dict.fromkeys(number for number, _ in items)),
        resolution=words.join(label_in(release, "RESOLUTION", i.resolution, locale=around.locale) for _, i in items),
        docket=words.join(around.dockets.get(proceeding.id, ())),
        subjects=_numbers(held),
        sanctions=words.tally(code for subject in held for code in subject.sanctions),
        exemptions=words.codes(("exemptions", "exemption_grounds"), _grounds(dossier, "exemption", items, around)),
        mitigations=words.codes(("mitigations", "mitigation_grounds"), _grounds(dossier, "mitigation")),
        aggravations=words.codes(("aggravations", "aggravation_grounds"), _grounds(dossier, "aggravation")),
        decided=words.join(sorted({office_day(s.decided_at).isoformat() for s in dossier.decided if s.decided_at})),
        remedies=words.join(_remedy(*one, words.locale) for one in around.remedies.get(proceeding.id, ())),
        compensation=case.compensation_amount,
        recovered=_recovered(dossier),
        rectified=str(dossier.facts.get("rectified_on") or ""),
        archived=words.join(str(dossier.facts.get(name) or "") for name in ("archive_no", "archived_on")),
        departures=around.departures.get(proceeding.id, 0),
        stage=next(
            (s.en if words.english else s.zh for s in register_of(release).stages if s.key == proceeding.stage), ""
        ),
        status=proceeding.status,
    )


_YES_NO = (("否", "是"), ("No", "Yes"))
"""By whether the reader reads English, by the answer: a regulation need not have a list of them."""


@dataclass(frozen=True, slots=True)
class _Words:
    """Codes of one case in words."""

    release: str
    locale: str

    @property
    def english(self) -> bool:
        return self.locale == "en"

    def of(self, field: str, code: Any) -> str:
        return label_of(self.release, field, code, locale=self.locale)

    def join(self, texts: Iterable[str]) -> str:
        return ("; " if self.english else "、").join(dict.fromkeys(text for text in texts if text))

    def codes(self, fields: Sequence[str], codes: Iterable[str]) -> str:
        """Codes that one of several fields has words for."""
        return self.join(
            next((word for field in fields if (word := self.of(field, code)) != code), code) for code in codes
        )

    def yes_no(self, value: Any) -> str:
        return "" if value is None else _YES_NO[self.english][bool(value)]

    def tally(self, codes: Iterable[str]) -> str:
        """Each sanction with how often it was imposed."""
        counted: dict[str, int] = defaultdict(int)
        for code in codes:
            counted[self.of("sanctions", code)] += 1
        return self.join(f"{word}×{number}" if number > 1 else word for word, number in counted.items())


def _faults(dossier: Dossier, items: list[tuple[str, AgendaItem]], around: _Around) -> list[str]:
    """What was found of the subjects decided on; before that what the meeting found, or the organ analysed."""
    found = [code for one in dossier.decided for code in dossier.scoped.get(one.id, {}).get("fault_codes") or ()]
    if found:
        return found
    discussed = [code for _, item in items for code in _of_item(item, around).get("fault_codes") or ()]
    return discussed or list(dossier.facts.get("fault_circumstances") or dossier.facts.get("cause_codes") or ())


def _grounds(
    dossier: Dossier, kind: str, items: Iterable[tuple[str, AgendaItem]] = (), around: _Around | None = None
) -> list[str]:
    found = [
        code
        for subject in dossier.decided
        for name in (f"{kind}s", f"{kind}_grounds")
        for code in dossier.scoped.get(subject.id, {}).get(name) or ()
    ]
    if around is not None:
        found += [code for _, item in items for code in _of_item(item, around).get(f"{kind}_grounds") or ()]
    return found


def _of_item(item: AgendaItem, around: _Around) -> Mapping[str, Any]:
    keys = (f"{item.meeting_id}/{item.id}", f"{item.meeting_id}/{item.item_no}")
    return next((around.item_facts[key] for key in keys if key in around.item_facts), {})


def _numbers(subjects: Iterable[CaseSubject]) -> str:
    kinds = [subject.kind for subject in subjects]
    organs, people = kinds.count(SubjectKind.ORGAN), kinds.count(SubjectKind.PERSON)
    return f"{organs} / {people}" if kinds else ""


def _remedy(key: str, procedure: Proceeding, locale: str) -> str:
    outcome = outcome_label(procedure, register_of(procedure.release_id).procedure(key), locale)
    return f"{procedure.number} {outcome}".strip()


def _recovered(dossier: Dossier) -> int | None:
    amounts = [facts["received"] for facts in dossier.scoped.values() if isinstance(facts.get("received"), int)]
    whole = dossier.facts.get("received")
    amounts += [whole] if isinstance(whole, int) else []
    return sum(amounts) if amounts else None


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _yuan(fen: int | None) -> str:
    return "" if fen is None else f"{fen / 100:.2f}"


def _days_late(entry: Entry) -> str:
    return str(entry.filing.days_late) if entry.filing is not None and entry.late else ""


COLUMNS: tuple[tuple[str, str, Callable[[Entry], str]], ...] = (
    (N_("年度"), "num", lambda e: str(e.year)),
    (N_("案号"), "", lambda e: e.doc_no),
    (N_("领域"), "", lambda e: e.area),
    (N_("行为种类"), "", lambda e: e.act_kind),
    (N_("名义主体"), "", lambda e: e.nominal_entity),
    (N_("实施主体"), "long", lambda e: e.implementing),
    (N_("承办科室"), "", lambda e: e.office),
    (N_("原告类型"), "", lambda e: e.plaintiff),
    (N_("审级"), "", lambda e: e.instance),
    (N_("败诉类型"), "", lambda e: e.case_type),
    (N_("是否败诉"), "word", lambda e: e.lost),
    (N_("过错情形"), "long", lambda e: e.faults),
    (N_("负责人出庭"), "", lambda e: e.head_attended),
    (N_("收到日期"), "num", lambda e: _day(e.received)),
    (N_("生效日期"), "num", lambda e: _day(e.effective)),
    (N_("报送期限"), "num", lambda e: _day(e.due)),
    (N_("报送日期"), "num", lambda e: _day(e.filed)),
    (N_("逾期天数"), "num late", _days_late),
    (N_("会议编号"), "", lambda e: e.meeting),
    (N_("会议决议"), "", lambda e: e.resolution),
    (N_("立案号"), "", lambda e: e.docket),
    (N_("责任单位与人员数"), "num", lambda e: e.subjects),
    (N_("问责方式"), "long", lambda e: e.sanctions),
    (N_("免予情形"), "long", lambda e: e.exemptions),
    (N_("从轻减轻情形"), "long", lambda e: e.mitigations),
    (N_("从重情形"), "long", lambda e: e.aggravations),
    (N_("决定日期"), "num", lambda e: e.decided),
    (N_("复核申诉"), "", lambda e: e.remedies),
    (N_("赔偿额（元）"), "num r", lambda e: _yuan(e.compensation)),
    (N_("追偿额（元）"), "num r", lambda e: _yuan(e.recovered)),
    (N_("整改完成"), "num", lambda e: e.rectified),
    (N_("归档"), "", lambda e: e.archived),
    (N_("阶段"), "", lambda e: e.stage),
)
"""Heading (message id), how the page sets it, and the words of the cell; `word` marks a message id."""
