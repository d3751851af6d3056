"""What the operations of a regulation's diagrams need of its register and forms, said before a case lacks it."""

import re
from collections.abc import Iterator, Mapping

from app.domain.definitions import Finding, Severity
from app.domain.errors import N_, Sentence
from app.domain.losses import NOT_COUNTED
from app.domain.spelling import nearest
from app.engine.references import references_of
from app.engine.sources import SourceError, bpmn, read_source, spiff
from app.law.register import Register
from app.services.register_findings import fields_in

FIELDS = {"case/record_subjects": "subjects", "subject/record_decision": "kind"}
"""Operation -> the field that it reads, whichever form asks it."""
NUMBERED = {"subject/record_decision": "DECISION"}
"""Operation -> the kind of number that it gives."""
_TEXT = re.compile(r'\s*"([^"\\]*)"\s*')


def findings(files: Mapping[str, bytes], name: str, register: Register) -> Iterator[Finding]:
    """At the steps of the diagrams that proceedings of this regulation run on, called ones too."""
    fields = fields_in(files)
    held = sorted({file for process in register.processes for file in references_of(files, process).files})
    for file in held:
        for element, operation, given in _calls(files.get(file, b"")):
            for lacking in _lacking(operation, given, register=register, fields=fields):
                yield Finding(file, element, "operation-needs", lacking.id, lacking.values)
            for mistaken in _mistaken_outcomes(operation, given):
                yield Finding(file, element, "outcome", mistaken.id, mistaken.values, Severity.WARNING)
    if register.case_process and "matter" not in fields:
        sentence = N_("没有表单填写事由（字段 matter），案件在各处没有名称。")
        yield Finding(name, "case_process", "operation-needs", sentence)


def _lacking(operation: str, given: Mapping[str, str], *, register: Register, fields: set[str]) -> Iterator[Sentence]:
    field = FIELDS.get(operation, "")
    if field and field not in fields:
        sentence = N_("操作 %(operation)s 读取表单字段“%(field)s”，但没有表单有这个字段。")
        yield Sentence(sentence, operation=operation, field=field)
    kind = given.get("kind", "") if operation == "numbers/issue" else NUMBERED.get(operation, "")
    if kind and kind not in register.number_formats:
        sentence = N_("操作 %(operation)s 要编“%(kind)s”文号，条款登记的 number_formats 中没有这一种。")
        yield Sentence(sentence, operation=operation, kind=kind)
    key = given.get("key", "") if operation.startswith("case/procedures") else ""
    if key and register.procedure(key) is None:
        sentence = N_("操作 %(operation)s 查找关联程序“%(key)s”，条款登记的 procedures 中没有这一种。")
        yield Sentence(sentence, operation=operation, key=key)


def _calls(content: bytes) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Step, operation, and the parameters that are written as plain texts."""
    try:
        root = read_source(content)
    except SourceError:
        return  # said of that file
    for node in root.iter(bpmn("serviceTask")):
        for operator in node.iter(spiff("serviceTaskOperator")):
            given = ((one.get("id", ""), one.get("value", "")) for one in operator.iter(spiff("parameter")))
            texts = {name: found[1] for name, value in given if (found := _TEXT.fullmatch(value))}
            yield node.get("id", ""), operator.get("id", ""), texts


def _mistaken_outcomes(operation: str, given: Mapping[str, str]) -> Iterator[Sentence]:
    """Nearly one of the outcomes with which a case is not counted as lost: it would be counted in silence."""
    outcome = given.get("outcome", "") if operation == "case/close" else ""
    near = nearest(outcome, NOT_COUNTED, alike=0.8)
    if near and outcome not in NOT_COUNTED:
        sentence = N_("结果“%(name)s”不是统计认识的代码，案件仍会计为败诉；是否为“%(nearest)s”？")
        yield Sentence(sentence, name=outcome, nearest=near)
