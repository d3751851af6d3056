"""Whether the papers of a register can be made: at publish, and whenever a draft of definitions is looked at."""

from collections.abc import Iterator, Mapping

from app import feel
from app.documents.letters.templates import findings_of
from app.domain.definitions import Finding
from app.domain.errors import N_
from app.domain.spelling import meant
from app.feel import FeelError
from app.law.papers import PaperKind, Per
from app.law.register import Register
from app.services.letters.fields import fields_of, form_key_of

SEEN_BY_WHEN = ("task", "case", "subject", "meeting", "item", "procedure", "organ")


def templates_of(register: Register, processes: Mapping[str, object] | frozenset[str]) -> frozenset[str]:
    """Names of the templates that a release with these processes (ids) holds."""
    kinds = register.papers.values()
    return frozenset(kind.template for kind in kinds if any(_process(step) in processes for step in kind.steps))


def _process(step: str) -> str:
    return step.partition("/")[0]


def findings(files: Mapping[str, bytes], register: Register, *, register_file: str) -> Iterator[Finding]:
    """What stands against the papers that steps of these files make. Steps of diagrams that are not among the files
    are not looked at: they belong to another release of the regulation."""
    here = frozenset(name.removesuffix(".bpmn") for name in files if name.endswith(".bpmn"))
    for kind in register.papers.values():
        own = [step for step in kind.steps if _process(step) in here]
        if own:
            yield from _of_kind(files, register, kind, own, register_file)


def _of_kind(
    files: Mapping[str, bytes], register: Register, kind: PaperKind, steps: list[str], file: str
) -> Iterator[Finding]:
    for step in steps:
        if not form_key_of(files, step):
            sentence = N_("文书“%(name)s”所列环节“%(step)s”不存在，或者不是人员办理的环节。")
            yield Finding(file, kind.id, "letter-step", sentence, {"name": kind.name, "step": step})
    yield from _of_entry(register, kind, file)
    content = files.get(kind.template)
    if content is None:
        sentence = N_("文书“%(name)s”的模板“%(template)s”不存在。")
        yield Finding(file, kind.id, "letter-template", sentence, {"name": kind.name, "template": kind.template})
        return
    yield from findings_of(content, fields_of(files, register, kind), file=kind.template)


def _of_entry(register: Register, kind: PaperKind, file: str) -> Iterator[Finding]:
    """What the entry of the register itself gets wrong."""
    if kind.number and kind.number not in register.number_formats:
        sentence = N_("文书“%(name)s”的文号种类“%(number)s”没有登记格式。")
        yield Finding(file, kind.id, "letter-number", sentence, {"name": kind.name, "number": kind.number})
    for other in (*kind.instead_of, *kind.serves):
        if other not in register.papers:
            sentence = N_("文书“%(name)s”提到的文书“%(other)s”没有登记%(meant)s")
            values = {"name": kind.name, "other": other, "meant": meant(other, register.papers)}
            yield Finding(file, kind.id, "letter-other", sentence, values)
    for clause in kind.clauses:
        if clause not in register.clauses:
            sentence = N_("文书“%(name)s”引用的条款“%(clause)s”没有登记。")
            yield Finding(file, kind.id, "letter-clause", sentence, {"name": kind.name, "clause": clause})
    if kind.when:
        sentence = N_("文书“%(name)s”的出具条件有误：%(problem)s")
        yield from _of_expression(kind, kind.when, sentence, file=file)
    if kind.served_on:
        sentence = N_("文书“%(name)s”的送达日期有误：%(problem)s")
        yield from _of_expression(kind, kind.served_on, sentence, file=file)
    if kind.per is not Per.STEP and kind.keeps_number and not kind.number:
        sentence = N_("文书“%(name)s”没有文号，不能保留原文号。")
        yield Finding(file, kind.id, "letter-number", sentence, {"name": kind.name})


def _of_expression(kind: PaperKind, expression: str, sentence: str, *, file: str) -> Iterator[Finding]:
    try:
        problems = feel.check(expression, dict.fromkeys(SEEN_BY_WHEN, "context"))
    except FeelError as problem:
        problems_text = [str(problem)]
    else:
        problems_text = [str(problem) for problem in problems]
    for text in problems_text:
        yield Finding(file, kind.id, "letter-when", sentence, {"name": kind.name, "problem": text})
