"""Names in scenarios that nothing has: a play passes over such answers in silence, and shows less than it says."""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

import yaml

from app import yamlfiles
from app.domain.definition_drafts import FileKind, find_kind
from app.domain.definitions import Finding, Severity
from app.domain.errors import N_, InvalidDefinitionError
from app.domain.spelling import meant
from app.engine.profile.model import HUMAN
from app.engine.sources import SourceError, local_name, properties_of, read_source
from app.forms.parse import parse_form

USUAL = "scenarios/answers.yml"
_KEPT = frozenset({"open", "meeting", "procedure", "play"})
"""Verbs whose answers hold from then on, by step or form; those of `do` are for one form."""

Fields = Mapping[str, Collection[str]]
"""Names of the fields of a form, by form or by step."""
Node = yaml.Node


def findings(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """In the scenarios of a county. What else is wrong with them is told when they are played."""
    forms = dict(_forms(files))
    steps = dict(_steps(files, forms))
    for name, content in files.items():
        if find_kind(name) is not FileKind.SCENARIO:
            continue
        try:
            root = _composed(content)
        except yaml.YAMLError as error:
            yield Finding(
                name, None, "scenario-name", N_("不是有效的 YAML：%(problem)s"), {"problem": str(error)[:200]}
            )
            continue
        told = _of_answers(root, forms) if name == USUAL else _of_acts(root, forms, steps)
        for node, sentence, values in told:
            placed = {"line": node.start_mark.line + 1, **values}
            yield Finding(name, None, "scenario-name", sentence, placed, Severity.WARNING)


Told = Iterator[tuple[Node, str, dict[str, str]]]


def _of_answers(root: Node | None, forms: Fields) -> Told:
    for key, said in _pairs(root):
        if key.value not in forms:
            sentence = N_("第%(line)s行：表单“%(name)s”不存在%(meant)s")
            yield key, sentence, {"name": key.value, "meant": meant(key.value, forms)}
        else:
            yield from _of_fields(said, forms[key.value])


def _of_acts(root: Node | None, forms: Fields, steps: Fields) -> Told:
    acts = next((said for key, said in _pairs(root) if key.value == "acts"), None)
    for act in acts.value if isinstance(acts, yaml.SequenceNode) else ():
        said = {key.value: (key, value) for key, value in _pairs(act)}
        given = said["answers"][1] if "answers" in said else None
        if "do" in said:
            step = str(said["do"][1].value)
            if step in steps:
                yield from _of_fields(given, steps[step])
            else:
                yield said["do"][0], _NO_STEP, {"name": step, "meant": meant(step, steps)}
        elif given is not None and said.keys() & _KEPT:
            yield from _of_kept(given, {**forms, **steps, **_alone(steps)})


_NO_STEP = N_("第%(line)s行：环节“%(name)s”不存在%(meant)s")


def _of_kept(given: Node, known: Fields) -> Told:
    for key, said in _pairs(given):
        name = key.value.partition("#")[0]
        if name not in known:
            yield key, _NO_STEP, {"name": name, "meant": meant(name, known)}
            continue
        for visit in said.value if isinstance(said, yaml.SequenceNode) else (said,):
            yield from _of_fields(visit, known[name])


def _of_fields(said: Node | None, fields: Collection[str]) -> Told:
    for key, _ in _pairs(said):
        if key.value not in fields:
            sentence = N_("第%(line)s行：表单没有字段“%(name)s”，填写的内容不起作用%(meant)s")
            yield key, sentence, {"name": key.value, "meant": meant(key.value, fields)}


def _pairs(node: Node | None) -> list[tuple[yaml.ScalarNode, Node]]:
    if not isinstance(node, yaml.MappingNode):
        return []
    return [(key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)]


@lru_cache(maxsize=512)
def _composed(content: bytes) -> Node | None:
    return yamlfiles.compose(content)


def _forms(files: Mapping[str, bytes]) -> Iterator[tuple[str, frozenset[str]]]:
    for name, content in files.items():
        if name.endswith(".form"):
            try:
                fields = parse_form(content, name).fields
            except InvalidDefinitionError:
                continue  # said of that file
            yield name.removesuffix(".form"), frozenset(field.key for field in fields if field.key)


def _steps(files: Mapping[str, bytes], forms: Fields) -> Iterator[tuple[str, Collection[str]]]:
    for name, content in files.items():
        if name.endswith(".bpmn"):
            for step, form in _steps_in(content):
                yield f"{name.removesuffix('.bpmn')}/{step}", forms.get(form, ())


@lru_cache(maxsize=256)
def _steps_in(content: bytes) -> tuple[tuple[str, str], ...]:
    """Human steps with their forms."""
    try:
        root = read_source(content)
    except SourceError:
        return ()  # said of that file
    nodes = (node for node in root.iter() if isinstance(node.tag, str) and local_name(node) in HUMAN)
    return tuple((node.get("id", ""), properties_of(node).get("formKey", "")) for node in nodes)


def _alone(steps: Fields) -> Fields:
    """Steps without their process; of one name in several processes any field will do."""
    found: dict[str, set[str]] = {}
    for place, fields in steps.items():
        found.setdefault(place.partition("/")[2], set()).update(fields)
    return found
