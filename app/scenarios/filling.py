"""Answers for a form: what the scenario says first, then the county's usual answers, then whatever is plainly valid."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from app.domain.deadlines import OFFICE_ZONE
from app.forms.options import Option

CONTAINERS = {"group", "dynamiclist"}
REASON = "departure_reason"
"""How the field is called that gives the reasons for departing from a proposal: a scenario always has some."""
SILENT = {"text", "separator", "spacer", "image", "html", "button", "computed", "expression"}


@dataclass(frozen=True, slots=True)
class Scene:
    """What a filled form may refer to with `$name`."""

    now: datetime
    names: Mapping[str, Any]
    """Values of `$name`; lists for `$each_…`."""
    options: Mapping[str, tuple[Option, ...]]
    upload: Callable[[str], str]
    """Uploads a small paper under a name and gives its attachment id."""
    paper: str = ""
    """The label of the field that is being filled, which names the papers put there."""

    def upload_paper(self) -> str:
        """判决书-案号.pdf: what it is, and of which case."""
        return self.upload(
            "-".join(part for part in (self.paper.replace("/", "、"), self.names.get("case_no")) if part) + ".pdf"
        )


def components_of(form: bytes) -> Iterator[dict[str, Any]]:
    """The components of a form that take an answer, groups opened."""
    todo = list(json.loads(form)["components"])
    while todo:
        component = todo.pop(0)
        if component.get("type") in CONTAINERS:
            todo = list(component.get("components", ())) + todo
        elif component.get("type") not in SILENT:
            yield component


def fill(form: bytes, said: Mapping[str, Any], scene: Scene) -> dict[str, Any]:
    """Complete answers for a form. `said` wins; a required field that nobody mentions gets a plain valid answer."""
    answers: dict[str, Any] = {}
    for component in components_of(form):
        key, here = component["key"], replace(scene, paper=component.get("label") or "附件")
        if key in said:
            answers[key] = _qualified(component, resolve(said[key], here), here)
        elif component.get("validate", {}).get("required") or key.endswith(REASON):
            answers[key] = _plain(component, here)
    return answers


def _qualified(component: Mapping[str, Any], value: Any, scene: Scene) -> Any:
    """Organs may be written by their code alone; the county is the scene's."""
    if component["type"] in ("organ", "multi-organ"):
        return _organ(value, scene)
    organs = {column["key"] for column in component.get("columns", ()) if column["type"] == "organ"}
    if organs and isinstance(value, list):
        return [{key: _organ(cell, scene) if key in organs else cell for key, cell in row.items()} for row in value]
    return value


def _organ(value: Any, scene: Scene) -> Any:
    if isinstance(value, list):
        return [_organ(item, scene) for item in value]
    return f"{scene.names['county']}.{value}" if isinstance(value, str) and "." not in value else value


def resolve(value: Any, scene: Scene) -> Any:
    """Replace `$today`, `$today+10`, `$now`, `$paper` and the scene's own `$names`, also inside lists and rows."""
    if isinstance(value, list):
        return [resolve(item, scene) for item in value]
    if isinstance(value, Mapping):
        if len(value) == 1 and (key := next(iter(value))).startswith("$each_"):
            return _each(key, value[key], scene)
        return {key: resolve(item, scene) for key, item in value.items()}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return _named(value, scene) if isinstance(value, str) and value.startswith("$") else value


def _each(key: str, row: Any, scene: Scene) -> list[Any]:
    """`{$each_member: {member: $member, …}}` is one row for every value of `$members`."""
    single = key.removeprefix("$each_")
    values = scene.names[f"{single}s"]
    return [resolve(row, _with(scene, single, value)) for value in values]


def _with(scene: Scene, name: str, value: Any) -> Scene:
    return replace(scene, names={**scene.names, name: value})


def _named(value: str, scene: Scene) -> Any:
    if value.startswith("$today"):
        return (_today(scene) + timedelta(days=int(value.removeprefix("$today") or 0))).isoformat()
    if value.startswith("$now"):
        moved = scene.now + timedelta(days=int(value.removeprefix("$now") or 0))
        return moved.astimezone(OFFICE_ZONE).replace(second=0, microsecond=0).isoformat()
    if value == "$paper":
        return scene.upload_paper()
    return scene.names[value.removeprefix("$")]


def _today(scene: Scene) -> date:
    return scene.now.astimezone(OFFICE_ZONE).date()


def _plain(component: Mapping[str, Any], scene: Scene) -> Any:
    """A valid answer of the component's type that says nothing false: the first option, today, the acting person."""
    kind, properties = component["type"], component.get("properties", {})
    label = component.get("label", "")
    plain: dict[str, Callable[[], Any]] = {
        "textfield": lambda: label[:20],
        "textarea": lambda: f"{label}已逐项核对，详见所附材料。",
        "number": lambda: component.get("validate", {}).get("min", 1),
        "select": lambda: _first(properties.get("options"), scene),
        "radio": lambda: _first(properties.get("options"), scene),
        "checklist": lambda: [_first(properties.get("options"), scene)],
        "checkbox": lambda: True,
        "datetime": lambda: _named("$now" if component.get("subtype") == "datetime" else "$today", scene),
        "money": lambda: 0,
        "signature": lambda: True,
        "person": lambda: scene.names["actor"],
        "multi-person": lambda: [scene.names["actor"]],
        "organ": lambda: scene.names["organ"],
        "multi-organ": lambda: [scene.names["organ"]],
        "attachment": lambda: scene.upload_paper(),
        "multi-attachment": lambda: [scene.upload_paper()],
        "table": lambda: [_plain_row(component["columns"], scene)],
    }
    return plain[kind]()


def _plain_row(columns: list[dict[str, Any]], scene: Scene) -> dict[str, Any]:
    kinds = {"text": "textfield", "longtext": "textarea", "date": "datetime", "multi-select": "checklist"}
    return {
        column["key"]: _plain(
            {
                "type": kinds.get(column["type"], column["type"]),
                "label": column["label"],
                "subtype": column["type"],
                "properties": {"options": column.get("options")},
            },
            scene,
        )
        for column in columns
        if column.get("required")
    }


def _first(options: str | None, scene: Scene) -> Any:
    return scene.options[options][0].value if options else None
