"""Clause registers, option lists and scenarios for comparing: what a YAML file lists, by its keys."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import yaml

from app import yamlfiles
from app.domain.errors import N_, Sentence
from app.engine.comparing.subjects import Picture, Subject, UnreadableError, named, present, said

LONGEST = 1_000_000

REGISTER, CLAUSE, SWITCH = N_("条款登记“%(name)s”"), N_("条款“%(name)s”"), N_("规则设置“%(name)s”")
STAGE, PROCEDURE, REPORT = N_("阶段“%(name)s”"), N_("其他程序“%(name)s”"), N_("报表“%(name)s”")
PART = N_("部分“%(name)s”")
LIST, SCENARIO, ACT = N_("选项表“%(name)s”"), N_("情景“%(name)s”"), N_("第 %(name)s 个动作")

_HEAD: Mapping[str, str] = {
    "title": N_("名称"),
    "title_en": N_("英文名称"),
    "document_no": N_("文号"),
    "issuer": N_("制定机关"),
    "status": N_("效力状态"),
    "in_force_from": N_("施行日期"),
    "in_force_to": N_("失效日期"),
    "county": N_("县"),
    "case_process": N_("案件流程"),
    "meeting_process": N_("会议流程"),
    "number_format": N_("案号格式"),
    "notices": N_("提示"),
    "subject_steps": N_("可以增加责任主体的环节"),
    "series_steps": N_("系列案一并办理的环节"),
}
_CLAUSE: Mapping[str, str] = {
    "article": N_("条目"),
    "modality": N_("性质"),
    "actor": N_("办理主体"),
    "trigger": N_("适用时机"),
    "reading": N_("要点"),
    "carried_by": N_("落实于"),
    "declaratory": N_("无须落实的理由"),
    "in_force_from": N_("施行日期"),
    "in_force_to": N_("失效日期"),
    "source": N_("出处"),
}
_SWITCH: Mapping[str, str] = {
    "zh": N_("名称"),
    "risk": N_("问题编号"),
    "default": N_("默认值"),
    "values": N_("允许的值"),
    "why": N_("理由"),
    "clauses": N_("依据条款"),
    "locked": N_("锁定"),
    "by_organ": N_("单位可另定"),
}
_STAGE: Mapping[str, str] = {"zh": N_("名称"), "en": N_("英文名称"), "steps": N_("环节")}
_PROCEDURE: Mapping[str, str] = {
    "zh": N_("名称"),
    "process": N_("流程"),
    "openers": N_("发起岗位"),
    "about": N_("对象"),
    "number": N_("编号"),
    "outcomes": N_("结果选项表"),
}


@lru_cache(maxsize=16)
def _mapping(data: bytes) -> Mapping[str, Any]:
    """Raises UnreadableError."""
    if len(data) > LONGEST:
        raise UnreadableError
    try:
        found = yamlfiles.read(data)
    except yaml.YAMLError as error:
        raise UnreadableError from error
    if not isinstance(found, Mapping):
        raise UnreadableError
    return found


def read_register(data: bytes) -> Picture:
    """Raises UnreadableError."""
    subjects = {subject.id: subject for subject in _register(_mapping(data))}
    return Picture(subjects)


def _register(data: Mapping[str, Any]) -> Iterator[Subject]:
    apart = {"clauses", "switches", "stages", "procedures", "number_formats", "assessment", "reports"}
    head = _worded({key: value for key, value in data.items() if key not in apart}, _HEAD)
    for name, format_ in _named_items(data.get("number_formats")):
        head[Sentence(N_("编号格式 %(name)s"), name=name)] = said(format_)
    tables = _part(data.get("assessment"), "tables")
    for role, table in _named_items(tables):
        head[Sentence(N_("决策表角色 %(name)s"), name=role)] = said(table)
    yield Subject(
        "register", named(REGISTER, said(data.get("title"))), present(head), rest=said(data.get("assessment"))
    )
    for key, stage in _keyed(data.get("stages"), "key"):
        yield Subject(f"stage {key}", named(STAGE, said(stage.get("zh")) or key), present(_worded(stage, _STAGE)))
    for name, switch in _named_items(data.get("switches")):
        values = switch if isinstance(switch, Mapping) else {"default": switch}
        yield Subject(
            f"switch {name}", named(SWITCH, said(values.get("zh")) or name), present(_worded(values, _SWITCH))
        )
    for key, kind in _keyed(data.get("procedures"), "key"):
        words = named(PROCEDURE, said(kind.get("zh")) or key)
        yield Subject(f"procedure {key}", words, present(_worded(kind, _PROCEDURE)))
    yield from _reports(data.get("reports"))
    for key, clause in _keyed(data.get("clauses"), "id"):
        yield Subject(key, named(CLAUSE, key), present(_worded(clause, _CLAUSE)))


def _reports(reports: Any) -> Iterator[Subject]:
    for name, report in _named_items(reports):
        if not isinstance(report, Mapping):
            continue
        facets: dict[str, str | None] = {
            Sentence(N_("指标“%(name)s”"), name=said(item.get("zh")) or key): said(item)
            for key, item in _keyed(report.get("indicators"), "key")
        }
        rest = said({key: value for key, value in report.items() if key != "indicators"})
        yield Subject(f"report {name}", named(REPORT, said(report.get("zh")) or name), present(facets), rest=rest)


def _worded(values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str | None]:
    return {
        names.get(str(key)) or Sentence(N_("属性 %(name)s"), name=str(key)): said(value)
        for key, value in values.items()
        if key not in ("id", "key")
    }


def _part(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, Mapping) else None


def _named_items(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        yield from ((str(name), item) for name, item in value.items())


def _keyed(value: Any, key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for item in value if isinstance(value, list) else ():
        if isinstance(item, Mapping):
            yield said(item.get(key)), item


def read_options(data: bytes) -> Picture:
    """Raises UnreadableError."""
    subjects = {}
    for name, items in _named_items(_mapping(data)):
        facets: dict[str, str | None] = {
            Sentence(N_("选项 %(name)s"), name=said(item.get("value"))): _option(item)
            for _, item in _keyed(items, "value")
        }
        subjects[name] = Subject(name, named(LIST, name), present(facets), rest=_order(items))
    return Picture(subjects)


def _option(item: Mapping[str, Any]) -> str:
    parts = [said(item.get(name)) for name in ("zh", "en", "clause")]
    return " · ".join(part for part in parts if part)


def _order(items: Any) -> str:
    return said([item.get("value") for _, item in _keyed(items, "value")])


def read_scenario(data: bytes) -> Picture:
    """A scenario, or what scenarios share: usual answers and people. Raises UnreadableError."""
    scenario = _mapping(data)
    if "acts" not in scenario:
        return Picture(dict(_shared(scenario)))
    head = {str(key): value for key, value in scenario.items() if key != "acts"}
    facets: dict[str, str | None] = {
        Sentence(N_("属性 %(name)s"), name=key): said(value) for key, value in head.items()
    }
    subjects = {"": Subject("", named(SCENARIO, said(scenario.get("title"))), present(facets))}
    acts = scenario.get("acts")
    for number, act in enumerate(acts if isinstance(acts, list) else (), 1):
        key = str(number)
        subjects[key] = Subject(key, named(ACT, key), present({N_("内容"): said(act)}))
    return Picture(subjects)


def _shared(data: Mapping[str, Any]) -> Iterator[tuple[str, Subject]]:
    """Each part of the file, and of what it lists each item by the first thing that it says."""
    yield "", Subject("", Sentence(N_("情景共用的内容")), {})
    for key, value in _named_items(data):
        items = value if isinstance(value, list) else [value]
        facets: dict[str, str | None] = {}
        for item in items:
            name = said(next(iter(item.values()), "")) if isinstance(value, list) and isinstance(item, Mapping) else ""
            facets[Sentence(N_("属性 %(name)s"), name=name) if name else N_("内容")] = said(item)
        yield key, Subject(key, named(PART, key), present(facets))
