"""Information exchanged with courts and procuratorates: their lists come in, unfiled cases are opened by the office."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from app.domain.access import may_exchange, post_allows
from app.domain.actors import Actor
from app.domain.errors import N_, ConflictError, InvalidFileError, NotAllowedError, NotFoundError, Sentence
from app.domain.exchange import normal_number, read_list
from app.domain.policy import Level
from app.extensions import db
from app.services import cases
from app.services.cases import Opened
from app.storage import exchange as rows
from app.storage.models import CourtListEntry, TaskDraft
from app.storage.transaction import transaction


@dataclass(frozen=True, slots=True)
class Imported:
    added: int
    known: int
    """Lines whose document an earlier list named; they are left as they were."""


def import_list(text: str, *, actor: Actor, now: datetime) -> Imported:
    """Take in a list of lost cases, whole or not at all.

    Raises NotAllowedError, InvalidFileError (a line that cannot be read, an organ that the county does not have).
    """
    if not may_exchange(actor) or actor.county_id is None:
        raise NotAllowedError(N_("只有联席会议办公室和法院、检察院联络员可以导入清单。"))
    listed = read_list(text)
    with transaction():
        organs = rows.organs_by_name(actor.county_id, (document.organ for document in listed))
        known = rows.known_numbers(actor.county_id)
        new = {document.doc_no: document for document in listed if document.doc_no not in known}
        for number, document in enumerate(listed, 1):
            if document.organ not in organs:
                sentence = Sentence(N_("机构名录中没有“%(name)s”。"), name=document.organ[:60])
                raise InvalidFileError(N_("第 %(row)s 行：%(why)s"), row=number, why=sentence)
        for document in new.values():
            db.session.add(
                CourtListEntry(
                    id=uuid4().hex,
                    county_id=actor.county_id,
                    doc_no=document.doc_no,
                    issuing_body=document.issuing_body,
                    doc_date=document.doc_date,
                    organ_id=organs[document.organ],
                    result=document.result,
                    imported_by=actor.person_id,
                    imported_at=now,
                )
            )
        return Imported(added=len(new), known=len(listed) - len(new))


def _ensure_may_open(actor: Actor) -> None:
    """Who does not know the list learns nothing of it; a liaison knows it and opens no case."""
    if not may_exchange(actor):
        raise NotFoundError
    if not post_allows(actor, "court.case", Level.ACT):
        raise NotAllowedError(N_("依职权登记由联席会议办公室经办人办理。"))


def open_unfiled(entry_id: str, *, actor: Actor, now: datetime, key: str) -> Opened:
    """The office opens the case of a listed document that nobody filed; the registration is filled in as far as known.

    Raises NotAllowedError, NotFoundError, ConflictError (the document has a case).
    """
    _ensure_may_open(actor)
    with transaction():
        rows.hold_documents(actor.county_id or "")
        entry = db.session.get(CourtListEntry, entry_id, with_for_update=True)
        if entry is None or entry.county_id != actor.county_id:
            raise NotFoundError
        filed = entry.opened_case_id or rows.cases_by_document(entry.county_id).get(entry.doc_no)
        opened = _open_once(filed, entry.organ_id, _draft_of(entry), actor=actor, now=now, key=key)
        entry.opened_case_id = opened.proceeding_id
        return opened


def _open_once(
    filed: object, organ_id: str, known: Mapping[str, object], *, actor: Actor, now: datetime, key: str
) -> Opened:
    """The case of a document, with what is known of it as draft. Raises ConflictError where it was filed already."""
    before = cases.opened_before(key, actor=actor)
    if before is not None:
        return before
    if filed:
        raise ConflictError(N_("该文书已经登记为案件，请刷新后查看。"))
    opened = cases.open_here(actor=actor, now=now, key=key, organ_id=organ_id)
    db.session.flush()
    db.session.add(TaskDraft(task_id=opened.task_id, person_id=actor.person_id, data=dict(known), saved_at=now))
    return opened


def open_lead(procedure_id: str, *, actor: Actor, now: datetime, key: str) -> Opened:
    """The office opens a case by reference on advice that was ignored, filled in as far as the register knows it.

    Raises NotAllowedError, NotFoundError, ConflictError (the document has a case).
    """
    _ensure_may_open(actor)
    with transaction():
        rows.hold_documents(actor.county_id or "")
        leads = {proceeding.id: facts for proceeding, facts in rows.proposed_leads(actor.county_id or "")}
        facts = leads.get(procedure_id)
        if facts is None or not facts.get("advised_organ"):
            raise NotFoundError
        number = normal_number(str(facts.get("advice_no") or ""))
        filed = rows.cases_by_document(actor.county_id or "").get(number)
        organ, known = str(facts["advised_organ"]), _draft_of_lead(facts, number)
        return _open_once(filed, organ, known, actor=actor, now=now, key=key)


def _draft_of_lead(facts: Mapping[str, Any], number: str) -> dict[str, object]:
    return {
        "matter": facts.get("matter"),
        "facts_summary": facts.get("advice_matters"),
        "legal_doc_type": facts.get("advice_type"),
        "doc_no": number,
        "issuing_organ": facts.get("advice_issued_by"),
        "served_date": facts.get("received_on"),
        "advice_reply_due": facts.get("reply_due"),
        "nominal_entity": facts.get("advised_organ"),
        "implementing_entities": [facts.get("advised_organ")],
    }


def _draft_of(entry: CourtListEntry) -> dict[str, object]:
    issuing = rows.organs_by_name(entry.county_id, [entry.issuing_body])
    draft: dict[str, object] = {
        "doc_no": entry.doc_no,
        "doc_date": entry.doc_date.isoformat(),
        "nominal_entity": entry.organ_id,
        "implementing_entities": [entry.organ_id],
        "facts_summary": entry.result,
    }
    if entry.issuing_body in issuing:
        draft["issuing_organ"] = issuing[entry.issuing_body]
    return draft
