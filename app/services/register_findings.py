"""What a clause register gets wrong by itself, before any case would stumble over it."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from app import yamlfiles
from app.domain.definitions import Finding, Severity
from app.domain.errors import N_, InvalidDefinitionError, Sentence
from app.domain.numbering import shape_of
from app.domain.roles import ROLES
from app.forms.options import options_in
from app.law.register import Register

_KEYS = """
    id county title title_en short_title document_no issuer issued_on in_force_from in_force_to status notices
    number_prefix number_format number_formats case_process meeting_process procedures subject_steps series_steps
    case_openers office_openers docketed_stages stages switches clauses assessment reports papers
"""
KEYS = frozenset(_KEYS.split())


def findings(
    files: Mapping[str, bytes], name: str, register: Register, *, options: str, taken: Mapping[str, str]
) -> Iterator[Finding]:
    """`options`: the file of the option lists; `taken`: shapes of the numbers of other counties, by county."""
    told = (*_of_term(register), *_of_switches(register), *_of_roles(register), *_of_numbers(register, taken))
    for element, sentence in (*told, *_of_outcomes(register, files.get(options, b""))):
        yield Finding(name, element, "register", sentence.id, sentence.values)
    steps = {f"{file.removesuffix('.bpmn')}/" for file in files if file.endswith(".bpmn")}
    for element, sentence in (*_of_stages(register, steps), *_of_keys(files[name])):
        yield Finding(name, element, "register", sentence.id, sentence.values, severity=Severity.WARNING)


Told = Iterator[tuple[str, Sentence]]


def _of_term(register: Register) -> Told:
    if register.in_force_to is not None and register.in_force_to < register.in_force_from:
        yield "in_force_to", Sentence(N_("失效日期早于施行日期。"))


def _of_switches(register: Register) -> Told:
    for name, rule in register.rules.items():
        if rule.default not in rule.values:
            sentence = N_("规则设置“%(name)s”的默认值“%(value)s”不在可选的值中。")
            yield name, Sentence(sentence, name=name, value=rule.default)
        for clause in rule.clauses:
            if clause not in register.clauses:
                sentence = N_("规则设置“%(name)s”引用的条款“%(clause)s”没有登记。")
                yield name, Sentence(sentence, name=name, clause=clause)


def _of_roles(register: Register) -> Told:
    named: Iterable[tuple[str, Iterable[str]]] = (
        ("case_openers", register.case_openers),
        ("office_openers", register.office_openers),
        *((kind.key, kind.openers) for kind in register.procedures),
    )
    for element, roles in named:
        for role in roles:
            if role not in ROLES:
                yield element, _unknown(N_("岗位“%(name)s”不存在，是否为“%(nearest)s”？"), role, ROLES)


def _of_numbers(register: Register, taken: Mapping[str, str]) -> Told:
    kinds = ["CASE", *(["MEETING"] if register.meeting_process else ()), *(kind.number for kind in register.procedures)]
    for kind in kinds:
        if kind not in register.number_formats:
            yield kind, Sentence(N_("编号种类“%(kind)s”没有登记格式（number_formats）。"), kind=kind)
        elif (county := taken.get(shape_of(register.number_formats[kind]))) is not None:
            sentence = N_("“%(kind)s”的编号格式与%(county)s的相同，编号会重复；请改成本县自己的字样。")
            yield kind, Sentence(sentence, kind=kind, county=county)


def _of_outcomes(register: Register, options: bytes) -> Told:
    try:
        lists = options_in(options).lists
    except InvalidDefinitionError:
        return  # said of that file
    for kind in register.procedures:
        if kind.outcomes and kind.outcomes not in lists:
            yield kind.key, _unknown(N_("选项表“%(name)s”不存在，是否为“%(nearest)s”？"), kind.outcomes, lists)


def _of_stages(register: Register, processes: set[str]) -> Told:
    for stage in register.stages:
        for step in stage.steps:
            if f"{step.partition('/')[0]}/" not in processes:
                sentence = N_("阶段“%(stage)s”所列环节“%(step)s”没有这个流程，不会到达。")
                yield stage.key, Sentence(sentence, stage=stage.zh, step=step)


def _of_keys(content: bytes) -> Told:
    for key in yamlfiles.read(content):
        if key not in KEYS:
            yield str(key), _unknown(N_("不认识“%(name)s”，它不起作用；是否为“%(nearest)s”？"), str(key), KEYS)


def _unknown(sentence: str, name: str, known: Iterable[str]) -> Sentence:
    near = get_close_matches(name, list(known), 1)
    return Sentence(sentence, name=name, nearest=near[0] if near else "—")
