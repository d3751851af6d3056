"""What an editor may choose from: everything that a diagram, table or form of the draft may refer to."""

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from app.domain.actors import Actor
from app.domain.definition_drafts import FileKind, find_kind
from app.domain.errors import DomainError
from app.domain.roles import ROLES
from app.engine.profile.catalogue import STEP_PROPERTIES, VARIABLE_TYPES
from app.engine.profile.raised import KINDS, Raised, raised_in
from app.engine.sources import bpmn, read_source
from app.feel import FeelType
from app.forms.options import OptionLists, options_in
from app.forms.parse import Form, parse_form
from app.forms.schema import field_types
from app.law.register import Register
from app.services import linting
from app.services.operations import OPERATIONS
from app.services.operations.names import NAMES
from app.services.studio import candidates
from app.services.studio.drafts import ensure_owner
from app.storage import organisation, studio

Entry = Mapping[str, Any]


def catalogue_of_draft(draft_id: str, *, actor: Actor) -> dict[str, Any]:
    """Choices with labels, for the draft's candidate; what cannot be read is left out (the findings tell it).

    Raises NotFoundError, NotAllowedError.
    """
    county_id = ensure_owner(actor)
    studio.get_draft(draft_id, county_id)
    files = candidates.files_of_draft(draft_id, county_id)
    lists, registers = _options(files), _registers(files)
    forms = dict(_forms(files))
    roots = dict(_roots(files))
    return {
        "forms": [_form(key, form, lists) for key, form in sorted(forms.items())],
        "roles": [{"id": role.id, "label": role.label} for role in ROLES.values()],
        "organs": [{"id": id_, "label": name} for id_, name in organisation.organs_of(county_id)],
        "clauses": [
            {"id": clause.id, "label": clause.reading, "article": clause.article}
            for register in registers
            for clause in register.clauses.values()
        ],
        "operations": [
            {
                "id": key,
                "label": NAMES[key],
                "parameters": dict(entry.parameters),
                "result": entry.result,
            }
            for key, entry in sorted(OPERATIONS.items())
        ],
        "decisions": [_named(name, root, "decision") for name, root in roots.items() if name.endswith(".dmn")],
        "processes": [
            {"key": entry["id"], "label": entry["label"]}
            for name, root in roots.items()
            if name.endswith(".bpmn")
            for entry in [_named(name, root, "process")]
        ],
        "messages": _messages(roots),
        **_raised(roots),
        "options": [
            {
                "id": name,
                "label": name,
                "values": [{"value": option.value, "label": option.zh} for option in options],
            }
            for name, options in sorted(lists.lists.items())
        ],
        "deadline_kinds": ["regulation", "statute", "internal"],
        "day_counts": ["CALENDAR", "WORKING"],
        "sources": ["regulation", "higher_law"],
        "legal_effects": ["decision", "service", "notice", "transfer"],
        "step_properties": sorted(STEP_PROPERTIES),
        "variable_types": sorted(VARIABLE_TYPES),
        "facts": _facts(files, registers),
    }


def _options(files: Mapping[str, bytes]) -> OptionLists:
    try:
        return options_in(files.get(linting.OPTIONS_FILE, b""))
    except DomainError:
        return OptionLists({})


def _registers(files: Mapping[str, bytes]) -> list[Register]:
    try:
        return list(linting.registers_in(files).values())
    except DomainError:
        return []


def _forms(files: Mapping[str, bytes]) -> Iterator[tuple[str, Form]]:
    for name, content in files.items():
        if find_kind(name) is FileKind.FORM:
            try:
                yield name.removesuffix(".form"), parse_form(content, name)
            except DomainError:
                continue


def _form(key: str, form: Form, lists: OptionLists) -> Entry:
    types = field_types(form, lists)
    fields = [
        {"key": field.key, "label": field.label, "type": str(types[field.key])}
        for field in form.fields
        if field.key is not None and field.key in types
    ]
    return {"key": key, "label": form.title or key, "fields": fields}


def _roots(files: Mapping[str, bytes]) -> Iterator[tuple[str, etree._Element]]:
    for name, content in files.items():
        if name.endswith((".bpmn", ".dmn")):
            try:
                yield name, read_source(content)
            except DomainError:
                continue


def _named(name: str, root: etree._Element, tag: str) -> dict[str, str]:
    """Id and name of what the file holds; a process without a name is called as its pool."""
    found = next((node for node in root if isinstance(node.tag, str) and etree.QName(node).localname == tag), None)
    id_ = found.get("id", "") if found is not None else name.rpartition(".")[0]
    label = found.get("name", "") if found is not None else ""
    if not label and (pool := root.find(f"{bpmn('collaboration')}/{bpmn('participant')}")) is not None:
        label = pool.get("name", "")
    return {"id": id_, "label": label or id_}


def _messages(roots: Mapping[str, etree._Element]) -> list[Entry]:
    """Every message by name, with the properties that it is found by."""
    keys: dict[str, set[str]] = {}
    for root in roots.values():
        names = {message.get("id", ""): message.get("name", "") for message in root.findall(bpmn("message"))}
        for name in names.values():
            keys.setdefault(name, set())
        for prop in root.findall(bpmn("correlationProperty")):
            for retrieval in prop.findall(bpmn("correlationPropertyRetrievalExpression")):
                if (name := names.get(retrieval.get("messageRef", ""))) is not None:
                    keys[name].add(prop.get("id", ""))
    return [{"id": name, "label": name, "keys": sorted(found)} for name, found in sorted(keys.items())]


def _raised(roots: Mapping[str, etree._Element]) -> dict[str, list[Entry]]:
    """Errors and escalations by code, with the processes that raise them themselves or by a call."""
    found: dict[Raised, list[str]] = {}
    for key, raised in raised_in(roots).items():
        for one in raised:
            found.setdefault(one, []).append(key)
    return {
        f"{kind}s": [
            {"id": one.code, "label": one.name or one.code, "raised_by": sorted(found[one])}
            for one in sorted(found)
            if one.kind == kind
        ]
        for kind in KINDS
    }


def _facts(files: Mapping[str, bytes], registers: list[Register]) -> dict[str, dict[str, Any]]:
    if not registers:
        return {"case": {}, "meeting": {}, "procedure": {}}
    try:
        known = linting.catalogue_of(files, registers[0])
    except DomainError:
        return {"case": {}, "meeting": {}, "procedure": {}}
    return {
        "case": _types(known.case_facts),
        "meeting": _types(known.meeting_facts),
        "procedure": _types(known.procedure_facts),
    }


def _types(facts: Mapping[str, FeelType] | None) -> dict[str, str]:
    """Names of the types, in the order of the facts."""
    known = sorted((facts or {}).items())
    return {name: "context" if isinstance(type_, Mapping) else str(type_) for name, type_ in known}
