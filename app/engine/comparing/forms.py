"""Forms for comparing: fields by key, what else stands in the form by id."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.errors import N_, Sentence, Words
from app.engine.comparing.subjects import Picture, Subject, UnreadableError, named, present, said

FORM, FIELD, GROUP, OTHER = N_("表单“%(name)s”"), N_("栏目“%(name)s”"), N_("分组“%(name)s”"), N_("内容“%(name)s”")
DEEPEST = 20
_LAYOUT = {"id", "layout", "key", "components", "columns", "properties", "validate", "conditional", "type", "label"}
_KNOWN: Mapping[str, str] = {
    "description": N_("说明"),
    "text": N_("文字"),
    "values": N_("选项"),
    "valuesKey": N_("选项"),
    "valuesExpression": N_("选项"),
    "defaultValue": N_("默认值"),
    "expression": N_("计算公式"),
    "multiple": N_("可多选"),
    "minRows": N_("最少行数"),
    "maxRows": N_("最多行数"),
    "readonly": N_("只读"),
    "disabled": N_("停用"),
    "subtype": N_("日期类型"),
    "decimalDigits": N_("小数位数"),
}
_RULES: Mapping[str, str] = {
    "required": N_("必填"),
    "minLength": N_("最少字数"),
    "maxLength": N_("最多字数"),
    "min": N_("最小值"),
    "max": N_("最大值"),
    "pattern": N_("格式"),
}
_PROPERTIES: Mapping[str, str] = {
    "options": N_("选项表"),
    "label_en": N_("英文名称"),
    "description_en": N_("英文说明"),
    "check": N_("校验条件"),
    "check_message": N_("校验提示"),
    "proposal": N_("建议来源"),
    "opinion": N_("意见种类"),
    "fact": N_("记入案件的名称"),
    "source": N_("可选范围"),
    "required_if": N_("必填条件"),
    "held_roles": N_("所选单位须有人担任的岗位"),
    "filled_from": N_("预填来源"),
}
YES = Sentence(N_("是"))


def read(data: bytes) -> Picture:
    """Raises UnreadableError."""
    try:
        form = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UnreadableError from error
    if not isinstance(form, dict) or not isinstance(form.get("components"), list):
        raise UnreadableError
    subjects = {"": _whole(form)}
    for subject in _components(form["components"], "", 0):
        subjects[subject.id] = subject
    return Picture(subjects, ordered=True)


def _whole(form: Mapping[str, Any]) -> Subject:
    properties = form.get("properties") if isinstance(form.get("properties"), dict) else {}
    title = said(form.get("title") or (properties or {}).get("title"))
    rest = {key: value for key, value in (properties or {}).items() if key != "title"}
    return Subject("", named(FORM, title or said(form.get("id"))), present({N_("名称"): title}), rest=_stable(rest))


def _components(components: list[Any], group: str, depth: int) -> Iterator[Subject]:
    if depth > DEEPEST:
        raise UnreadableError
    for component in components:
        if not isinstance(component, dict):
            continue
        yield _subject(component, group)
        inner = component.get("components")
        if isinstance(inner, list):
            yield from _components(inner, _name_of(component), depth + 1)


def _name_of(component: Mapping[str, Any]) -> str:
    label = said(component.get("label") or component.get("text") or component.get("key") or component.get("id"))[:40]
    english = _part(component, "properties").get("label_en")
    return Words(label, english) if isinstance(english, str) else label


def _subject(component: Mapping[str, Any], group: str) -> Subject:
    key = said(component.get("key") or component.get("id"))
    kind = FIELD if component.get("key") else GROUP if component.get("type") in ("group", "dynamiclist") else OTHER
    facets: dict[str, str | None] = {
        N_("名称"): said(component.get("label")),
        N_("类型"): said(component.get("type")),
        N_("所在分组"): group,
        N_("隐藏条件"): said((_part(component, "conditional")).get("hide")),
    }
    facets |= _named(_part(component, "validate"), _RULES)
    facets |= _named({k: v for k, v in component.items() if k not in _LAYOUT}, _KNOWN)
    facets |= _named(_part(component, "properties"), _PROPERTIES)
    facets |= _columns(component.get("columns"))
    return Subject(key, named(kind, _name_of(component)), present(facets))


def _part(component: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = component.get(name)
    return part if isinstance(part, dict) else {}


def _named(values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str | None]:
    """Facets by their words; what we have no word for by its own name."""
    return {
        names.get(key) or Sentence(N_("属性 %(name)s"), name=key): YES
        if value is True
        else said(value)
        if value
        else ""
        for key, value in values.items()
    }


def _columns(columns: Any) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for column in columns if isinstance(columns, list) else ():
        if isinstance(column, dict):
            rest = {key: value for key, value in column.items() if key not in ("key", "label")}
            name = said(column.get("label") or column.get("key"))
            found[Sentence(N_("表格列“%(name)s”"), name=name)] = said({"key": column.get("key"), **rest})
    return found


def _stable(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
