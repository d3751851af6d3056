"""Small forms to try one thing with, and choices that know a few ids."""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from app.forms.answers import load
from app.forms.parse import Form, parse_form

NOW = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
OPTIONS = """
YES_NO: [{value: true, zh: 是, en: "Yes"}, {value: false, zh: 否, en: "No"}]
COLOUR: [{value: RED, zh: 红, en: Red}, {value: BLUE, zh: 蓝, en: Blue}, {value: GREEN, zh: 绿, en: Green}]
LEVEL: [{value: 1, zh: 一级, en: First}, {value: 2, zh: 二级, en: Second}]
CLAUSES:
""".encode()
CLAUSES = [
    (f"{article}({item})", f"第{'〇一二三'[article]}条第（{item}）项 事由{article}{item}")
    for article in (1, 2, 3)
    for item in range(1, 6)
]
"""More than anybody ticks: searched, under the article's heading."""
OPTIONS += "\n".join(f'  - {{value: "{value}", zh: {label}}}' for value, label in CLAUSES).encode()


class Known:
    """Choices of a fixed set of ids, remembering what was asked."""

    def __init__(self, **ids: Iterable[str]) -> None:
        self.ids = {source: frozenset(known) for source, known in ids.items()}
        self.asked: list[str] = []

    def allowed(self, source: str, ids: Iterable[str]) -> frozenset[str]:
        self.asked.append(source)
        return frozenset(ids) & self.ids.get(source, frozenset())

    def held(self, role: str, organs: Iterable[str]) -> frozenset[str]:
        return frozenset(organs) & self.ids.get(role, frozenset())


def field(type_: str, key: str, /, *, label: str = "内容", required: bool = False, **more: Any) -> dict[str, Any]:
    validate = {"required": required, **more.pop("validate", {})}
    return {"type": type_, "id": f"Field_{key}", "key": key, "label": label, "validate": validate, **more}


def content(*components: Mapping[str, Any], **more: Any) -> bytes:
    form = {"type": "default", "schemaVersion": 19, "id": "trial/form", "components": components, **more}
    return json.dumps(form, ensure_ascii=False).encode()


def form_of(*components: Mapping[str, Any]) -> Form:
    return parse_form(content(*components))


def answer(
    form: Form,
    raw: Any,
    *,
    choices: Known | None = None,
    context: Mapping[str, Any] | None = None,
    signer: str = "",
) -> dict[str, Any]:
    return load(form, raw, options=OPTIONS, choices=choices or Known(), context=context or {}, now=NOW, signer=signer)
