"""What a template of a release may name; docs/how-to-write-a-paper.md tells it to whoever writes one."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from app.documents.letters.language import Fields
from app.domain.subjects import TABLE, WHO
from app.engine.sources import SourceError, bpmn, properties_of, read_source
from app.forms.parse import Component, parse_form
from app.forms.presentation import words_of
from app.forms.schema import IDENTITY_NUMBER
from app.law.papers import PaperKind
from app.law.register import Register
from app.storage.facts import CASE_COLUMNS, MEETING_COLUMNS

CASE = ("number", "title", "county", "regulation", "status", "lead_organ", "legal_effect", "filing_anchor")
MEETING = ("number", "title", "county", "status")
SUBJECT = ("name", "organ", "role", "subject_kind", "decision_no", "decision_kind", "decided_at", "current_organ")
"""What the row of a responsible subject says; its facts come besides, and `kind` is that of the decision."""
ITEM = ("item_no", "title", "case_no", "kind", "resolution", "decided_by", "decided_at", "recused")
VOTE = ("organ", "decision", "comment", "signed_at", "signature")
CLAUSE = ("id", "article", "reading")
ISSUED = ("name", "number", "issued_on", "version", "sha256", "signed_by")
ACTOR = ("name", "organ")
COUNTY = ("name",)
REGULATION = ("title", "short_title", "document_no", "issuer")


def _names(names: Iterable[str]) -> dict[str, Any]:
    return dict.fromkeys(names)


def fields_of(files: Mapping[str, bytes], register: Register, kind: PaperKind) -> Fields:
    """Everything that the template of a kind of paper may name, as nested names."""
    forms_ = _forms_in(files)
    facts = {name: _shape(components[0]) for name, components in components_of(forms_).items()}
    forms = [form for form in (form_key_of(files, step) for step in kind.steps) if form]
    subject = {**_names(columns_of_subjects(forms_)), **facts, **_names(SUBJECT)}
    item = {**facts, **_names(ITEM), "votes": [_names(VOTE)]}
    return {
        "case": {**facts, **_names(CASE_COLUMNS), **_names(CASE)},
        "meeting": {**facts, **_names(MEETING_COLUMNS), **_names(MEETING)},
        "procedure": {**facts, **_names(MEETING)},
        "subject": subject,
        "subjects": [subject],
        "item": item,
        "items": [item],
        "members": [{"name": None}],
        "task": _answers(files, forms),
        "organ": {"name": None},
        "county": _names(COUNTY),
        "regulation": _names(REGULATION),
        "actor": _names(ACTOR),
        "number": None,
        "issued_on": None,
        "clauses": [_names(CLAUSE)],
        "papers": {id_: _names(ISSUED) for id_ in register.papers},
    }


def _answers(files: Mapping[str, bytes], forms: Iterable[str]) -> dict[str, Any]:
    """The fields of the forms of the steps that make the paper; one that only some of them have is empty elsewhere."""
    found: dict[str, Any] = {}
    for form in forms:
        content = files.get(f"{form}.form")
        fields = parse_form(content).fields if content else ()
        found |= {field.key: _shape(field) for field in fields if field.key}
    return found


def _shape(component: Component) -> Any:
    return [_names(column.key for column in component.columns if column.key)] if component.type == "table" else None


def _forms_in(files: Mapping[str, bytes]) -> tuple[bytes, ...]:
    return tuple(content for name, content in files.items() if name.endswith(".form"))


@lru_cache(maxsize=64)
def components_of(forms: tuple[bytes, ...]) -> Mapping[str, tuple[Component, ...]]:
    """The fields of all forms by name: several may state the same fact, with option lists of their own."""
    found: dict[str, list[Component]] = {}
    for content in forms:
        for component in parse_form(content).fields:
            if component.key:
                found.setdefault(component.key, []).append(component)
    return {name: tuple(components) for name, components in found.items()}


def columns_of_subjects(forms: tuple[bytes, ...]) -> Mapping[str, tuple[Component, ...]]:
    """What tables of responsible subjects say of each besides who it is, by name (`case/record_subjects`)."""
    found: dict[str, tuple[Component, ...]] = {}
    for table in components_of(forms).get(TABLE, ()):
        for column in table.columns:
            if column.key and column.key not in WHO and column.type != IDENTITY_NUMBER:
                found[column.key] = (*found.get(column.key, ()), column)
    return found


def component_for(components: tuple[Component, ...], value: Any, *, options: bytes) -> Component | None:
    """The field that can say a value in words: of several the first whose option list knows its codes."""
    codes = [code for code in (value if isinstance(value, list) else [value]) if code is not None]
    coded = [field for field in components if field.properties.get("options") and field.type != "table"]
    for component in coded:
        if codes and all(words_of(component, code, options=options, names={}) != str(code) for code in codes):
            return component
    plain = (field for field in components if field not in coded)
    return next(plain, components[0] if components else None)


def form_key_of(files: Mapping[str, bytes], step: str) -> str | None:
    """The form of a step (`process/step`); None where the release has no such step of a person."""
    process, _, step_id = step.partition("/")
    content = files.get(f"{process}.bpmn")
    return _form_keys(content).get(step_id) if content else None


@lru_cache(maxsize=256)
def _form_keys(content: bytes) -> Mapping[str, str]:
    try:
        root = read_source(content)
    except SourceError:
        return {}
    return dict(_steps(root))


def _steps(root: Any) -> Iterator[tuple[str, str]]:
    for kind in ("userTask", "manualTask"):
        for element in root.iter(bpmn(kind)):
            yield element.get("id", ""), properties_of(element).get("formKey", "")
