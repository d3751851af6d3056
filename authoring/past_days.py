"""Days on which something was done: none after today, none before what it follows. `python -m authoring.past_days`.

Writes the checks into the forms that `DONE` lists; a check of the same wording is written once. `FOLLOWS` holds FEEL
that is null or the day before which the thing cannot have been done, with what that was.
"""

import json
import sys
from pathlib import Path
from typing import Any

FORMS = Path(__file__).parents[1] / "forms"
NOTICE = ("subject.notice_served", "事先告知", "the prior notice")
DONE: dict[str, dict[str, tuple[str, str, str] | None]] = {
    "accountability/decision_sign": {"decided_on": NOTICE},
    "accountability/service": {"served_on": None},
    "accountability/statement": {"stated_on": NOTICE},
    "enforcement/docket_approval": {"docketed_on": None},
    "enforcement/transfer": {"transferred_on": None},
    "enforcement/transfer_receipt": {"received_on": ("case.transferred_on", "移送", "the transfer")},
    "recovery/compensation_payment": {"compensation_paid_on": None},
    "recovery/decision": {"ordered_on": ("paid_on", "赔偿", "the payment of the compensation")},
    "recovery/hearing": {"heard_on": None},
    "remedy/decision": {"decided_on": ("procedure.admitted_on", "受理", "the admission")},
    "remedy/redone_decision": {"redo_decided_on": None, "redo_served_on": None},
    "remedy/refusal": {"refused_served_on": None},
    "remedy/result_service": {"result_served_on": None},
    "self-correction/decision": {"decided_on": None},
    "yiyuan-decision/decision_sign": {"decided_on": NOTICE},
    "yiyuan-person/docket_approval": {"docketed_on": None},
}
"""Form -> field -> what it follows, where a form has asked for its day."""


def main() -> int:
    for form, fields in DONE.items():
        path = FORMS / f"{form}.form"
        data = json.loads(path.read_text("utf-8"))
        for field, follows in fields.items():
            _hold(_found(data["components"], field), follows)
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


def _add(properties: dict[str, Any], check: str, zh: str, en: str) -> None:
    held = [name for name in properties if name.startswith("check") and "_" not in name]
    if any(properties[name] == check for name in held):
        return
    name = f"check{len(held) + 1}" if held else "check"
    properties |= {name: check, f"{name}_message": zh, f"{name}_message_en": en}


if __name__ == "__main__":
    sys.exit(main())
