"""What a clause register gets wrong by itself, before any case would stumble over it."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress

from app import yamlfiles
from app.domain.definitions import Finding, Severity
from app.domain.errors import N_, InvalidDefinitionError, Sentence
from app.domain.numbering import shape_of
from app.domain.roles import ROLES, Reach
from app.domain.spelling import meant
from app.engine.references import named_by_steps
from app.forms.options import options_in
from app.forms.parse import parse_form
from app.law.register import Register
from app.law.reports import SHEETS
from app.services.traceability import places_of
from app.storage.facts import CASE_COLUMNS

_KEYS = """
    id county title title_en short_title document_no issuer issued_on in_force_from in_force_to status notices
    number_prefix number_format number_formats case_process meeting_process procedures subject_steps series_steps
    case_openers office_openers docketed_stages stages switches clauses assessment reports papers
"""
KEYS = frozenset(_KEYS.split())
_PERIOD = re.compile(r"-?P(\d+[YMWD])+|PT\d+H")


def findings(
    files: Mapping[str, bytes], name: str, register: Register, *, options: str, taken: Mapping[str, str]
) -> Iterator[Finding]:
    """`options`: the file of the option lists; `taken`: shapes of the numbers of other counties, by county."""
    told = (*_of_term(register), *_of_switches(register), *_of_roles(register), *_of_numbers(register, taken))
    for element, sentence in (*told, *_of_outcomes(register, files.get(options, b""))):
        yield Finding(name, element, "register", sentence.id, sentence.values)
    steps = {place for file, content in files.items() if file.endswith(".bpmn") for place in places_of(file, content)}
    hints = (
        *_of_periods(register),
        *_of_steps(register, steps),
        *_of_reports(register, fields_in(files) | CASE_COLUMNS),
        *_of_counting(register, files),
        *_of_keys(files[name]),
        *_of_openers(register, named_by_steps(files, "candidateRole")),
    )
    for element, sentence in hints:
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
                yield element, _unknown(N_("岗位“%(name)s”不存在%(meant)s"), role, ROLES)


def _of_openers(register: Register, asked: Collection[str]) -> Told:
    """Roles that open a case and see it no more: they see what is addressed to them, and no step is."""
    for name, roles in (("case_openers", register.case_openers), ("office_openers", register.office_openers)):
        for role in roles:
            if role in ROLES and role not in asked and ROLES[role].reach not in (Reach.COUNTY, Reach.ORGAN):
                sentence = N_("岗位“%(role)s”可以立案，却没有环节由它办理，立案以后看不到案件。")
                yield name, Sentence(sentence, role=Sentence(ROLES[role].label))


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
            yield kind.key, _unknown(N_("选项表“%(name)s”不存在%(meant)s"), kind.outcomes, lists)


def _of_periods(register: Register) -> Told:
    for clause in register.clauses.values():
        if clause.period and not _PERIOD.fullmatch(str(clause.period)):
            sentence = N_("条款“%(clause)s”的期间“%(period)s”写法不对，应如 P3D、P1M、-P5D。")
            yield clause.id, Sentence(sentence, clause=clause.id, period=clause.period)


def _of_steps(register: Register, steps: set[str]) -> Told:
    """Steps that are listed and drawn nowhere: what they are listed for never happens."""
    indicators = [indicator for report in register.reports.values() for indicator in report.indicators]
    listed: Iterable[tuple[str, str, Iterable[str]]] = (
        *((stage.key, stage.zh, stage.steps) for stage in register.stages),
        ("series_steps", "series_steps", register.series_steps),
        *((indicator.key, indicator.zh, indicator.steps) for indicator in indicators),
    )
    for element, title, named in listed:
        for step in named:
            if step not in steps:
                sentence = N_("“%(title)s”所列的环节“%(step)s”不存在，不起作用%(meant)s")
                yield element, Sentence(sentence, title=title, step=step, meant=meant(step, steps))
    ends = {step.partition("/")[2] for step in steps}
    for step in register.subject_steps:
        if step not in ends:
            yield "subject_steps", _unknown(N_("环节“%(name)s”不存在%(meant)s"), step, ends)


def _of_reports(register: Register, facts: set[str]) -> Told:
    """Facts that no form states count nothing."""
    kinds = {kind.key for kind in register.procedures}
    for key in register.reports.keys() - SHEETS:
        yield key, _unknown(N_("不认识“%(name)s”，它不起作用%(meant)s"), key, SHEETS)
    for report in register.reports.values():
        for one in report.indicators:
            named = (one.fact, one.since, one.due, one.extended_to, one.organ, *one.where)
            for fact in named:
                if fact and fact not in facts:
                    sentence = N_("没有表单填写“%(name)s”，这一项统计不到%(meant)s")
                    yield one.key, _unknown(sentence, fact, facts)
            if one.switch and one.switch not in register.switches:
                yield (
                    one.key,
                    _unknown(N_("规则设置“%(name)s”不存在%(meant)s"), one.switch, register.switches),
                )
            if one.procedure and one.procedure not in kinds:
                yield one.key, _unknown(N_("关联程序“%(name)s”不存在%(meant)s"), one.procedure, kinds)


COMPUTES_DATES = b'"case/compute_dates"'


def _of_counting(register: Register, files: Mapping[str, bytes]) -> Told:
    """A case counts as lost by its kind, from the day on which the document took effect: both must be stated."""
    stated = fields_in(files)
    computed = any(COMPUTES_DATES in content for name, content in files.items() if name.endswith(".bpmn"))
    if register.reports and "case_type" not in stated:
        yield "reports", Sentence(N_("没有表单填写 case_type（败诉类型），考核表和通报不会计入任何案件。"))
    if register.reports and "effective_date" not in stated and not computed:
        sentence = N_(
            "没有表单填写 effective_date（生效日期），也没有环节计算它：案件一直待生效，考核表和通报不会计入。"
        )
        yield "reports", Sentence(sentence)


def fields_in(files: Mapping[str, bytes]) -> set[str]:
    """Names of everything that some form asks."""
    found: set[str] = set()
    for name, content in files.items():
        if name.endswith(".form"):
            with suppress(InvalidDefinitionError):  # said of that file
                found.update(field.key or "" for field in parse_form(content, name).fields)
    return found


def _of_keys(content: bytes) -> Told:
    for key in yamlfiles.read(content):
        if key not in KEYS:
            yield str(key), _unknown(N_("不认识“%(name)s”，它不起作用%(meant)s"), str(key), KEYS)


def _unknown(sentence: str, name: str, known: Iterable[str]) -> Sentence:
    return Sentence(sentence, name=name, meant=meant(name, known))
