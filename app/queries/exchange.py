"""法院清单核对: what courts listed against what organs filed."""

from dataclasses import dataclass
from datetime import date

from app.domain.access import may_exchange, post_allows
from app.domain.actors import Actor
from app.domain.errors import NotFoundError
from app.domain.exchange import normal_number
from app.domain.policy import Level
from app.storage import exchange as rows
from app.storage.organisation import organ_names

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class ListedRow:
    id: str
    doc_no: str
    issuing_body: str
    doc_date: date
    organ: str
    result: str
    case_id: str | None
    case_no: str | None
    by_office: bool
    """The office opened the case itself, because the organ had not filed."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Advice that was ignored, on which a case may be opened."""

    id: str
    number: str
    title: str
    advice_no: str
    organ: str
    case_id: str | None
    case_no: str | None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    rows: tuple[ListedRow, ...]
    total: int
    matched: int
    by_office: int
    unfiled: int
    only: str
    page: int
    pages: int
    shown: int
    """Lines that fit the filter, on all pages."""
    leads: tuple[Lead, ...]
    may_open: bool


def reconciliation(actor: Actor, *, only: str = "", page: int = 1) -> Reconciliation:
    """A page of the listed documents, each with its case; `only` is `unfiled` or `matched`.

    Raises NotFoundError for other people's eyes.
    """
    if not may_exchange(actor) or actor.county_id is None:
        raise NotFoundError
    entries = rows.entries_of(actor.county_id)
    filed = rows.cases_by_document(actor.county_id)
    names = organ_names({entry.organ_id for entry in entries})
    listed = []
    for entry in entries:
        case_id, case_no = filed.get(entry.doc_no, (entry.opened_case_id, None))
        listed.append(
            ListedRow(
                id=entry.id,
                doc_no=entry.doc_no,
                issuing_body=entry.issuing_body,
                doc_date=entry.doc_date,
                organ=names.get(entry.organ_id, entry.organ_id),
                result=entry.result,
                case_id=case_id,
                case_no=case_no,
                by_office=entry.opened_case_id is not None,
            )
        )
    unfiled = [row for row in listed if row.case_id is None]
    wanted = {"unfiled": unfiled, "matched": [row for row in listed if row.case_id is not None]}.get(only, listed)
    pages = max(1, -(-len(wanted) // PER_PAGE))
    page = min(max(page, 1), pages)
    return Reconciliation(
        rows=tuple(wanted[(page - 1) * PER_PAGE : page * PER_PAGE]),
        page=page,
        pages=pages,
        shown=len(wanted),
        total=len(listed),
        matched=len(listed) - len(unfiled),
        by_office=sum(row.by_office for row in listed),
        unfiled=len(unfiled),
        leads=_leads(actor.county_id, filed),
        only=only if only in ("unfiled", "matched") else "",
        may_open=post_allows(actor, "court.case", Level.ACT),
    )


def _leads(county_id: str, filed: dict[str, tuple[str, str]]) -> tuple[Lead, ...]:
    proposed = rows.proposed_leads(county_id)
    names = organ_names({str(facts.get("advised_organ") or "") for _, facts in proposed})
    leads = []
    for proceeding, facts in proposed:
        advice_no = str(facts.get("advice_no") or "")
        case_id, case_no = filed.get(normal_number(advice_no), (None, None))
        organ = names.get(str(facts.get("advised_organ")), "")
        leads.append(Lead(proceeding.id, proceeding.number, proceeding.title, advice_no, organ, case_id, case_no))
    return tuple(leads)
