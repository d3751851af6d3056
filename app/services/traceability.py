"""Law beside step, held against each other: what carries a clause exists, and what cites one is listed there."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from app.domain.definitions import Finding, Severity
from app.domain.errors import N_
from app.engine.sources import DMN, SourceError, bpmn, properties_of, read_source
from app.law.carriers import CHECKS, PAGES, REPORTS
from app.law.clauses import Carrier, CarrierKind
from app.law.register import Register

_NAMED = {CarrierKind.CHECK: CHECKS, CarrierKind.REPORT: REPORTS, CarrierKind.PAGE: PAGES}


def findings(files: Mapping[str, bytes], register_name: str, register: Register) -> Iterator[Finding]:
    """Hints at the clauses of one register; none of them stands against publishing."""
    places = {place: clauses for name, content in files.items() for place, clauses in places_of(name, content).items()}
    listed: dict[str, set[str]] = {}
    for clause in register.clauses.values():
        listed[clause.id] = set(clause.carried_by)
        if not clause.carriers and not clause.declaratory:
            sentence = N_("条款 %(clause)s 没有写明由什么落实（carried_by），也没有写明为什么不必落实（declaratory）。")
            yield _hint(register_name, clause.id, "clause-uncarried", sentence, clause=clause.id)
        for carrier in clause.carriers:
            if not _exists(carrier, files, places, register):
                sentence = N_("条款 %(clause)s 写明由 %(carrier)s 落实，但没有这一环节、表、行或者设置。")
                values = {"clause": clause.id, "carrier": str(carrier)}
                yield _hint(register_name, clause.id, "clause-carrier", sentence, **values)
    yield from _unlisted(places, register_name, register, listed)


def _unlisted(
    places: Mapping[str, str], register_name: str, register: Register, listed: Mapping[str, set[str]]
) -> Iterator[Finding]:
    for place, cited in places.items():
        for clause in register.cited_in((cited,)) if cited else ():
            if place not in listed[clause] and place.partition("#")[0] not in listed[clause]:
                sentence = N_("%(place)s 引用了条款 %(clause)s，条款登记的 carried_by 中没有写它。")
                yield _hint(register_name, clause, "clause-cited", sentence, place=place, clause=clause)


def _hint(file: str, element_id: str, rule: str, sentence: str, **values: str) -> Finding:
    return Finding(file, element_id, rule, sentence, values, severity=Severity.WARNING)


def _exists(carrier: Carrier, files: Mapping[str, bytes], places: Mapping[str, str], register: Register) -> bool:
    if carrier.kind is CarrierKind.TABLE:
        return f"{carrier.name}.dmn" in files
    if carrier.kind is CarrierKind.SWITCH:
        return carrier.name in register.switches
    if carrier.kind in _NAMED:
        return carrier.name in _NAMED[carrier.kind]
    return str(carrier) in places


@lru_cache(maxsize=1024)
def places_of(name: str, content: bytes) -> Mapping[str, str]:
    """`process/step` and `table#row` of a file, each with what it cites."""
    stem, _, ending = name.rpartition(".")
    if ending not in ("bpmn", "dmn"):
        return {}
    try:
        root = read_source(content)
    except SourceError:
        return {}  # said elsewhere
    if ending == "bpmn":
        nodes = (node for process in root.iter(bpmn("process")) for node in process.iter() if isinstance(node.tag, str))
        return {f"{stem}/{node.get('id')}": properties_of(node).get("clauses", "") for node in nodes if node.get("id")}
    return {
        f"{stem}#{rule.get('id', '')}": rule.findtext(f"{{{DMN}}}annotationEntry/{{{DMN}}}text") or ""
        for rule in root.iter(f"{{{DMN}}}rule")
    }
