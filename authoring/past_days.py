"""Days on which something was done: none after today, none before what it follows. `python -m authoring.past_days`.

Writes the checks into the forms that `DONE` lists; a check of the same wording is written once.
"""

import json
import sys
from pathlib import Path
from typing import Any

FORMS = Path(__file__).parents[1] / "forms"
DONE: dict[str, str] = {
    "accountability/advice_reply": "replied_on",
    "accountability/advice_ruling": "advice_ruled_on",
    "accountability/authority_again": "authority_referred_on",
    "accountability/decision_sign": "decided_on",
    "accountability/execution": "executions.done_on",
    "accountability/resumption": "resumed_on",
    "accountability/service": "served_on",
    "accountability/statement": "stated_on",
    "accountability/termination": "died_on",
    "agenda-item/escalation": "ruled_on",
    "agenda-item/item_outcome": "rule_issued_on bulletin_on",
    "enforcement/authority_referral": "authority_referred_on authority_received_on",
    "enforcement/docket_approval": "docketed_on",
    "enforcement/docket_proposal": "proposed_on",
    "enforcement/feedback": "fed_back_on compensation_paid_on",
    "enforcement/no_docket": "no_docket_on",
    "enforcement/office_reply": "office_replied_on",
    "enforcement/referral": "referred_on",
    "enforcement/referral_receipt": "referral_received_on",
    "enforcement/referral_result": "referral_concluded_on",
    "enforcement/transfer": "transferred_on",
    "enforcement/transfer_receipt": "received_on",
    "filing/completeness_check": "accepted_on",
    "filing/ex_officio": "ex_officio_on",
    "filing/filing_record": "filed_on",
    "filing/late_filing": "urged_on",
    "filing/supplement": "supplemented_on",
    "incoming-advice/answer": "answered_on",
    "incoming-advice/check": "advice_checked_on",
    "incoming-advice/issued": "received_on",
    "incoming-advice/registration": "received_on",
    "investigation/investigation_notice": "notice_on",
    "jinzhai-case/archive": "archived_on",
    "jinzhai-case/case_reversal": "reversal_date reversal_served",
    "jinzhai-case/effect_confirmation": "effective_date appeal_date",
    "jinzhai-case/information_exchange": "exchanges.exchanged_on",
    "jinzhai-case/lead_record": "lead_received_on",
    "jinzhai-case/legal_document": (
        "doc_date served_date other_party_served_date act_date complaint_copy_received defence_filed_on"
        " evidence_filed_on compensation_paid_on"
    ),
    "joint-meeting/archive": "archived_on",
    "joint-meeting/attendance": "held_at",
    "joint-meeting/minutes": "minutes_on",
    "liaison-lead/submission": "found_on",
    "procedure-organisation/check_report": "proposed_on",
    "procedure-organisation/inquiry_reply": "inquiry_on",
    "procedure-organisation/method": "method_on",
    "procedure-supervision/clue": "clue_on",
    "procedure-supervision/verification": "proposed_on",
    "procedure-unit/collective": "discussed_on",
    "procedure-unit/preliminary": "proposed_on",
    "recovery/compensation_payment": "compensation_paid_on",
    "recovery/decision": "ordered_on",
    "recovery/hearing": "heard_on",
    "recovery/payment": "payments.paid_on",
    "rectification/confirmation": "confirmed_on",
    "rectification/report": "rectified_on",
    "remedy/admissibility": "admitted_on",
    "remedy/application": "known_on applied_on",
    "remedy/decision": "decided_on",
    "remedy/redone_decision": "redo_decided_on redo_served_on",
    "remedy/refusal": "refused_served_on",
    "remedy/result_service": "result_served_on",
    "restoration/apology": "cleared_on",
    "restoration/award": "lifted_on",
    "restoration/circular": "withdrawn_on",
    "restoration/file": "corrected_on",
    "restoration/post": "restored_on",
    "restoration/refund": "refunded_on",
    "reversal/registration": "reversal_date reversal_served",
    "screening/deferred_material": "material_on",
    "self-correction/decision": "decided_on",
    "self-correction/outcome": "corrected_on",
    "self-correction/record": "found_on",
    "yiyuan-case/case_reversal": "reversal_date reversal_served",
    "yiyuan-case/effect_confirmation": "effective_date appeal_date",
    "yiyuan-case/legal_document": (
        "doc_date served_date other_party_served_date act_date complaint_copy_received defence_filed_on"
        " evidence_filed_on compensation_paid_on"
    ),
    "yiyuan-closing/archive": "archived_on",
    "yiyuan-decision/decision_sign": "decided_on",
    "yiyuan-decision/referral": "referred_on",
    "yiyuan-effects/award_granted": "award_decided_on",
    "yiyuan-effects/execution": "executions.done_on",
    "yiyuan-person/docket_approval": "docketed_on",
    "yiyuan-person/superior_referral": "referred_on",
}
"""Form -> its days on which something was done, with a space between them; `table.column` for a column."""

NOTICE = ("subject.notice_served", "事先告知", "the prior notice")
DOCUMENT = ("doc_date", "作出", "the document")
REVERSAL = ("reversal_date", "改判文书", "the document")
FOLLOWS: dict[tuple[str, str], tuple[str, str, str]] = {
    ("accountability/decision_sign", "decided_on"): NOTICE,
    ("accountability/statement", "stated_on"): NOTICE,
    ("enforcement/transfer_receipt", "received_on"): ("case.transferred_on", "移送", "the transfer"),
    ("filing/filing_record", "filed_on"): ("case.served_date", "收到法律文书", "the receipt of the document"),
    ("jinzhai-case/case_reversal", "reversal_served"): REVERSAL,
    ("jinzhai-case/legal_document", "served_date"): DOCUMENT,
    ("jinzhai-case/legal_document", "other_party_served_date"): DOCUMENT,
    ("recovery/decision", "ordered_on"): ("paid_on", "赔偿", "the payment of the compensation"),
    ("remedy/admissibility", "admitted_on"): ("procedure.applied_on", "申请", "the application"),
    ("remedy/decision", "decided_on"): ("procedure.admitted_on", "受理", "the admission"),
    ("yiyuan-case/case_reversal", "reversal_served"): REVERSAL,
    ("yiyuan-case/legal_document", "served_date"): DOCUMENT,
    ("yiyuan-case/legal_document", "other_party_served_date"): DOCUMENT,
    ("yiyuan-decision/decision_sign", "decided_on"): NOTICE,
}
"""Days that cannot lie before another: FEEL of that other (null where it is not known), and what happened on it."""


def main() -> int:
    for form, fields in DONE.items():
        path = FORMS / f"{form}.form"
        data = json.loads(path.read_text("utf-8"))
        for field in fields.split():
            table, _, column = field.rpartition(".")
            found = _found(data["components"], table or column)
            _hold_column(found, column) if table else _hold(found, FOLLOWS.get((form, field)))
        path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return 0


def _found(components: list[dict[str, Any]], key: str) -> dict[str, Any]:
    for component in components:
        if component.get("key") == key:
            return component
        if inner := _found(component.get("components", []), key):
            return inner
    return {}


def _hold(field: dict[str, Any], follows: tuple[str, str, str] | None) -> None:
    key, label, properties = field["key"], field["label"], field["properties"]
    by_notice = properties.get("served_by_notice")
    future = f"date({key}) <= today()"
    if by_notice:
        future = f"{by_notice} != null or {future}"  # served by public notice: a day that is computed, and may be ahead
    _add(properties, future, "日期不能晚于今天。", "The date may not be after today.")
    if follows:
        day, zh, en = follows
        _add(
            properties,
            f"{day} = null or date({key}) >= date({day})",
            f"{label}不能早于{zh}的日期。",
            f"The day may not be before {en}.",
        )


def _hold_column(table: dict[str, Any], column: str) -> None:
    label = next(one["label"] for one in table["columns"] if one["key"] == column)
    past = f"every row in {table['key']} satisfies row.{column} = null or date(row.{column}) <= today()"
    _add(table["properties"], past, f"{label}不能晚于今天。", "The dates may not be after today.")


def _add(properties: dict[str, Any], check: str, zh: str, en: str) -> None:
    held = [name for name in properties if name.startswith("check") and "_" not in name]
    if any(properties[name] == check for name in held):
        return
    name = f"check{len(held) + 1}" if held else "check"
    properties |= {name: check, f"{name}_message": zh, f"{name}_message_en": en}


if __name__ == "__main__":
    sys.exit(main())
