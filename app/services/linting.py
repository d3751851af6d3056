"""What is wrong with definition files looked at together: the same findings in the studio and at publication."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache

from app import feel
from app.domain.definition_drafts import FileKind, find_kind
from app.domain.definitions import Catalogue, Finding, Operation, Severity
from app.domain.errors import N_, DomainError, InvalidDefinitionError, InvalidFileError, Sentence
from app.domain.roles import ROLES
from app.engine.blank import id_in, processes_in
from app.engine.profile import findings
from app.engine.references import References, elements_of, references_of
from app.feel import Choice, FeelType
from app.forms.lint import lint_file
from app.forms.options import OptionLists, options_in
from app.forms.parse import parse_form
from app.forms.schema import fact_types, field_types
from app.law.register import Register
from app.law.register import parse as parse_register
from app.services import crossing_findings, operation_findings, register_findings, scenario_findings, traceability
from app.services.letters import checking as letters
from app.services.operations import OPERATIONS
from app.services.operations.remedies import PERIOD_FACTS
from app.services.operations.reversals import NEW_JUDGMENT
from app.storage.facts import CASE_COLUMNS, MEETING_COLUMNS
from app.storage.releases import hash_of

OPTIONS_FILE = "options.yml"
MOST_NAMED = 5
"""Processes of one file that a sentence names."""
CASE_EXTRAS = {
    "number": "string",
    "title": "string",
    "county": "string",
    "regulation": "string",
    "status": "string",
    "lead_organ": "string",
    "legal_effect": "boolean",
    "filing_anchor": "date",
    "switches": "context",
}
MEETING_EXTRAS = {"number": "string", "title": "string", "county": "string", "status": "string", "switches": "context"}

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Closure:
    """What a release of one process holds."""

    process: str
    register: Register
    files: Files
    references: References
    nearby: frozenset[str] = frozenset()
    """Names of all files of the set, for suggestions."""

    @property
    def hashes(self) -> tuple[str, ...]:
        return tuple(sorted(hash_of(*item) for item in self.files.items()))


def closure_of(process: str, register: Register, register_name: str, files: Files) -> Closure:
    """Diagram, called diagrams, tables, forms and templates of papers of a process, with options and register; what is
    missing is left out.

    A further procedure reads the facts of its case, so its release holds the forms that state them.
    """
    references = references_of(files, process)
    wanted = {*references.files, *(f"{form}.form" for form in references.forms), register_name, OPTIONS_FILE}
    if register.case_process and process in {kind.process for kind in register.procedures}:
        wanted |= {f"{form}.form" for form in references_of(files, register.case_process).forms}
    wanted |= letters.templates_of(register, frozenset(name.removesuffix(".bpmn") for name in references.files))
    held = {name: files[name] for name in sorted(wanted) if name in files}
    return Closure(process, register, held, references, frozenset(files))


def registers_in(files: Files) -> dict[str, Register]:
    """The clause registers of a set by file name. Raises InvalidFileError."""
    return {name: parse_register(content) for name, content in files.items() if name.endswith(".law.yml")}


def clauses_in(registers: Iterable[Register]) -> frozenset[str]:
    """A diagram that two counties share cites both of their regulations."""
    return frozenset(clause for register in registers for clause in register.clauses)


def errors_of(closure: Closure, *, clauses: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """What stands against publishing; `clauses` may be cited besides those of the closure's own register."""
    return tuple(found for found in _kept(_Key(closure, clauses)) if found.severity is Severity.ERROR)


def findings_of(closure: Closure, *, clauses: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """Findings of one release. Where a form is wrong nothing is said of the diagrams."""
    files, references = closure.files, closure.references
    try:
        catalogue = catalogue_of(
            files, closure.register, process=closure.process, clauses=clauses, nearby=closure.nearby
        )
    except InvalidDefinitionError:
        return tuple(_form_findings(files, facts=None))
    diagrams = {name: content for name, content in files.items() if name.endswith((".bpmn", ".dmn"))}
    of_forms = tuple(_form_findings(files, facts=_read_by_forms(catalogue, diagrams)))
    if any(finding.severity is Severity.ERROR for finding in of_forms):
        return of_forms
    found = of_forms + findings(diagrams, catalogue)
    if any(finding.severity is Severity.ERROR for finding in found):
        return found  # with the element that refers to what is missing
    missing = {*references.missing, *(f"{form}.form" for form in references.forms)} - files.keys()
    sentence = N_("引用的文件“%(name)s”不存在。")
    found += tuple(Finding(name, None, "missing-file", sentence, {"name": name}) for name in sorted(missing))
    register_file = next((name for name in files if name.endswith(".law.yml")), "")
    return found + tuple(letters.findings(files, closure.register, register_file=register_file))


def ensure_publishable(closure: Closure, *, clauses: frozenset[str] = frozenset()) -> None:
    """Raises InvalidDefinitionError with every error that the linter finds."""
    if found := errors_of(closure, clauses=clauses):
        raise InvalidDefinitionError(found)


def tables_of(register: Register, files: Files) -> Closure | None:
    """The tables that assess a case apart from any procedure, as a set of their own."""
    if register.assessment is None:
        return None
    names = [f"{table}.dmn" for table in sorted(set(register.assessment.tables.values()))]
    held = {name: files[name] for name in (*names, OPTIONS_FILE) if name in files}
    references = References(frozenset(names), frozenset(names) - held.keys(), frozenset())
    return Closure("", register, held, references)


def _form_findings(files: Files, *, facts: Mapping[str, FeelType] | None) -> Iterator[Finding]:
    options = options_in(files[OPTIONS_FILE])
    for name, content in files.items():
        if name.endswith(".form"):
            yield from lint_file(content, file=name, options=options, facts=facts)
            with suppress(InvalidDefinitionError):  # said above
                yield from _hidden_fields(name, content)


def _hidden_fields(name: str, content: bytes) -> Iterator[Finding]:
    """Answers that no expression could read, because the program gives something else under their name."""
    form = parse_form(content)
    for field in form.fields:
        if field.key in CASE_EXTRAS and field.key in fact_types(form):
            sentence = N_("字段名 %(name)s 由系统使用，表达式中的 case.%(name)s 读不到这里填写的内容，请换一个名称。")
            yield Finding(name, field.id, "form-core-name", sentence, {"name": field.key})


def _read_by_forms(catalogue: Catalogue, diagrams: Files) -> dict[str, FeelType]:
    """What expressions of a form may name beside its own fields (`services.tasks`): what operations stated too."""
    elements = elements_of(content for name, content in diagrams.items() if name.endswith(".bpmn"))
    return {
        **dict.fromkeys(elements, "any"),
        "case": {**NEW_JUDGMENT, **(catalogue.case_facts or {}), "subjects": "list"},
        "meeting": catalogue.meeting_facts or {},
        "procedure": {**PERIOD_FACTS, **(catalogue.procedure_facts or {})},
        "subject": "any",
    }


def catalogue_of(
    files: Files,
    register: Register,
    *,
    process: str = "",
    clauses: frozenset[str] = frozenset(),
    nearby: frozenset[str] = frozenset(),
) -> Catalogue:
    """What the diagrams of a release of `process` may refer to; `clauses` besides those of its own register.

    Raises InvalidDefinitionError: a form or the option lists cannot be read.
    """
    forms = {
        name.removesuffix(".form"): field_types(parse_form(content), options_in(files[OPTIONS_FILE]))
        for name, content in files.items()
        if name.endswith(".form")
    }
    facts = _joined(forms.values())
    switches = {name: Choice(map(str, rule.values)) for name, rule in register.rules.items()}
    return Catalogue(
        forms=forms,
        roles=frozenset(ROLES),
        clauses=clauses | frozenset(register.clauses),
        operations=_operations(register, process, options_in(files[OPTIONS_FILE])),
        case_facts={**facts, **_columns(CASE_COLUMNS, facts), **CASE_EXTRAS, "switches": switches},
        meeting_facts={**facts, **_columns(MEETING_COLUMNS, facts), **MEETING_EXTRAS, "switches": switches},
        procedure_facts={**facts, **MEETING_EXTRAS, "switches": switches},
        codes=_codes(files),
        nearby=nearby,
    )


def _codes(files: Files) -> frozenset[str]:
    options = options_in(files[OPTIONS_FILE]).lists.values()
    return frozenset(option.value for listed in options for option in listed if isinstance(option.value, str))


def _operations(register: Register, process: str, options: OptionLists) -> dict[str, Operation]:
    """A further procedure ends with one of the outcomes that the register lists for it."""
    known = {key: Operation(key, entry.parameters, entry.result) for key, entry in OPERATIONS.items()}
    kind = next((kind for kind in register.procedures if kind.process == process), None)
    if kind is not None and (listed := options.get(kind.outcomes)):
        taken = {"outcome": Choice(str(option.value) for option in listed)}
        ends = ("case/close", "procedure/conclude")
        known |= {key: replace(known[key], parameters={**known[key].parameters, **taken}) for key in ends}
    return known


def _joined(forms: Iterable[Mapping[str, FeelType]]) -> dict[str, FeelType]:
    """Everything that the forms ask, by name; of a field that several ask, the values of all of them."""
    facts: dict[str, FeelType] = {}
    for fields in forms:
        for name, type_ in fields.items():
            facts[name] = feel.joined(facts[name], type_) if name in facts else type_
    return facts


def _columns(names: Iterable[str], facts: Mapping[str, FeelType]) -> dict[str, FeelType]:
    """Core facts: of those that are chosen from a list the values are known, of others the program keeps any."""
    return {name: facts[name] if isinstance(facts.get(name), Choice) else "any" for name in names}


def findings_of_set(
    files: Files, *, county_id: str, clauses: frozenset[str] = frozenset(), numbers: Mapping[str, str] | None = None
) -> tuple[Finding, ...]:
    """Findings of all files of a county, each said once; `clauses` of other counties may be cited, their `numbers`
    (shape -> county) not be used again.

    Files that no register reaches are looked at too: they are published with the others.
    """
    registers, found = _registers(files, county_id)
    try:
        options_in(files.get(OPTIONS_FILE, b""))
    except InvalidDefinitionError as refusal:
        return tuple(found) + tuple(refusal.findings)
    known = clauses | clauses_in(registers.values())
    reached: set[str] = {OPTIONS_FILE, *registers}
    for name, register in registers.items():
        for process in register.processes:
            reached |= _add(found, closure_of(process, register, name, files), known)
        if (tables := tables_of(register, files)) is not None:
            reached |= _add(found, tables, known)
    for name, register in registers.items():
        found += register_findings.findings(files, name, register, options=OPTIONS_FILE, taken=numbers or {})
        found += operation_findings.findings(files, name, register)
        found += traceability.findings(files, name, register)
    found += crossing_findings.findings(files, registers)
    found += scenario_findings.findings(files)
    found += _misnamed(files)
    found += _unreached(files, registers, reached, known)
    return tuple(_once(found))


def _add(found: list[Finding], closure: Closure, clauses: frozenset[str]) -> set[str]:
    found += _kept(_Key(closure, clauses))
    return set(closure.files)


class _Key:
    """A closure compared by its contents: what did not change is not looked at again."""

    def __init__(self, closure: Closure, clauses: frozenset[str]) -> None:
        self.closure, self.clauses = closure, clauses
        missing = tuple(sorted(closure.references.missing))
        self.value = (closure.process, closure.register.id, closure.hashes, missing, closure.nearby, clauses)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)


@lru_cache(maxsize=64)
def _kept(key: _Key) -> tuple[Finding, ...]:
    return findings_of(key.closure, clauses=key.clauses)


def _once(found: Iterable[Finding]) -> Iterator[Finding]:
    """A shared diagram is looked at with each process that calls it."""
    seen = set()
    for finding in found:
        mark = (finding.file, finding.element_id, finding.rule, str(finding))
        if mark not in seen:
            seen.add(mark)
            yield finding


def _registers(files: Files, county_id: str) -> tuple[dict[str, Register], list[Finding]]:
    registers: dict[str, Register] = {}
    found: list[Finding] = []
    for name, content in files.items():
        if find_kind(name) is not FileKind.REGISTER:
            continue
        try:
            register = parse_register(content)
        except InvalidFileError as refusal:
            found.append(Finding(name, None, "register", refusal.sentence, refusal.values))
            continue
        if register.county != county_id:
            sentence = N_("条款登记写的县是 %(given)s，应为本县 %(county)s。")
            found.append(Finding(name, "county", "register", sentence, {"given": register.county, "county": county_id}))
        if any(other.id == register.id for other in registers.values()):
            found.append(Finding(name, "id", "register", N_("两份条款登记的标识相同：%(id)s。"), {"id": register.id}))
        registers[name] = register
    return registers, found


def several_processes(names: Sequence[str]) -> Sentence:
    """Why a file of several processes is shown in part and not published."""
    sentence = N_(
        "文件里有 %(count)s 个流程（%(names)s），编辑器只显示一个；请拆开，一个文件一个流程，用调用活动或消息连接。"
    )
    return Sentence(sentence, count=len(names), names="、".join(names[:MOST_NAMED]))


def _misnamed(files: Files) -> Iterator[Finding]:
    """Calls and registers find a process by its id, so its file has that name, and one file has one process."""
    for name, content in files.items():
        if find_kind(name) is not FileKind.DIAGRAM:
            continue
        id_, stem, held = _process_in(content), name.removesuffix(".bpmn"), _processes_in(content)
        if len(held) > 1:
            several = several_processes(held)
            yield Finding(name, None, "process_file", several.id, several.values)
        elif not id_:
            yield Finding(name, None, "process_file", N_("一个文件须有且只有一个流程。"))
        elif id_ != stem:
            sentence = N_("流程标识 %(id)s 与文件名 %(name)s 不同。")
            yield Finding(name, id_, "process_file", sentence, {"id": id_, "name": stem})


@lru_cache(maxsize=512)
def _processes_in(content: bytes) -> tuple[str, ...]:
    try:
        return processes_in(content)
    except DomainError:
        return ()  # said of the file


@lru_cache(maxsize=512)
def _process_in(content: bytes) -> str:
    try:
        return id_in(content)
    except DomainError:
        return ""


def _unreached(
    files: Files, registers: Mapping[str, Register], reached: set[str], clauses: frozenset[str]
) -> list[Finding]:
    """Diagrams, tables and forms that nothing leads to yet."""
    found: list[Finding] = []
    name, register = next(iter(registers.items()), ("", None))
    for file in sorted(files.keys() - reached):
        kind = find_kind(file)
        if kind is FileKind.FORM:
            found += lint_file(files[file], file=file, options=options_in(files[OPTIONS_FILE]))
        if kind not in (FileKind.DIAGRAM, FileKind.TABLE, FileKind.FORM) or file in reached:
            continue
        if kind is FileKind.DIAGRAM and register is not None:
            reached |= _add(found, closure_of(file.removesuffix(".bpmn"), register, name, files), clauses)
        if kind is FileKind.TABLE and register is not None:
            alone = {file: files[file], OPTIONS_FILE: files[OPTIONS_FILE]}
            _add(found, Closure("", register, alone, References(frozenset({file}), frozenset(), frozenset())), clauses)
        sentence = N_("没有流程、决策或条款登记用到这个文件，发布后不会起作用。")
        found.append(Finding(file, None, "unused", sentence, severity=Severity.WARNING))
    return found
