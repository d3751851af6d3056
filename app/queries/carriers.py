"""What carries a clause, in words and with the place where it can be looked at."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.domain.roles import ROLES
from app.law.carriers import CHECKS, PAGES, REPORTS
from app.law.clauses import Carrier, CarrierKind, Clause
from app.law.register import Register
from app.queries.drawings import process_name
from app.queries.published import Published


@dataclass(frozen=True, slots=True)
class CarrierView:
    kind: CarrierKind
    word: str
    """As the register writes it."""
    process: str
    """Process, table, switch or endpoint: what the address needs."""
    part: str
    """Step or row."""
    name: str
    """What it is called (message id)."""
    within: str
    """The diagram or table that it stands in (message id); empty where there is none."""
    number: int | None
    """Of a table row, from 1."""
    by: str
    """Role that performs a step (message id); empty for what the system does."""
    exists: bool
    """Whether the published procedure has it."""


def carrier_view(carrier: Carrier, register: Register, published: Published) -> CarrierView:
    if carrier.kind is CarrierKind.STEP:
        return _step(carrier, published)
    if carrier.kind in (CarrierKind.ROW, CarrierKind.TABLE):
        return _row(carrier, published)
    names: Mapping[CarrierKind, Mapping[str, str]] = {
        CarrierKind.CHECK: {key: duty.label for key, duty in CHECKS.items()},
        CarrierKind.REPORT: {key: duty.label for key, duty in REPORTS.items()},
        CarrierKind.SWITCH: {key: rule.zh for key, rule in register.rules.items()},
        CarrierKind.PAGE: PAGES,
    }
    known = names[carrier.kind]
    return _view(carrier, known.get(carrier.name, carrier.name), exists=carrier.name in known)


def _step(carrier: Carrier, published: Published) -> CarrierView:
    step = published.steps.get(str(carrier))
    if step is None:
        return _view(carrier, str(carrier), exists=False)
    role = step.properties.get("candidateRole", "")
    within = process_name(published.release_of_process[carrier.name], carrier.name)
    by = ROLES[role].label if role in ROLES else ""
    return _view(carrier, step.name or step.id, within=within, by=by)


def _row(carrier: Carrier, published: Published) -> CarrierView:
    table = published.tables.get(carrier.name)
    rows = [rule.id for rule in table.rules] if table else []
    if table is None or (carrier.part and carrier.part not in rows):
        return _view(carrier, str(carrier), exists=False)
    number = rows.index(carrier.part) + 1 if carrier.part else None
    return _view(carrier, table.name, number=number)


def _view(
    carrier: Carrier, name: str, *, within: str = "", number: int | None = None, by: str = "", exists: bool = True
) -> CarrierView:
    return CarrierView(carrier.kind, str(carrier), carrier.name, carrier.part, name, within, number, by, exists)


def clauses_by_place(register: Register, published: Published) -> dict[str, tuple[Clause, ...]]:
    """Clauses by `process/step`, `table#row` or `table`: those that it cites and those that name it as carrier."""
    found: dict[str, dict[str, Clause]] = {}
    for place, ids in _cited(register, published):
        found.setdefault(place, {}).update((key, register.clauses[key]) for key in ids if key in register.clauses)
    for clause in register.clauses.values():
        for carrier in clause.carriers:
            if carrier.kind in (CarrierKind.STEP, CarrierKind.ROW, CarrierKind.TABLE):
                found.setdefault(str(carrier), {})[clause.id] = clause
    order = {key: position for position, key in enumerate(register.clauses)}
    return {place: tuple(sorted(some.values(), key=lambda clause: order[clause.id])) for place, some in found.items()}


def _cited(register: Register, published: Published) -> Iterator[tuple[str, Iterable[str]]]:
    for place, step in published.steps.items():
        yield place, step.clauses
    for table in published.tables.values():
        for rule in table.rules:
            yield f"{table.id}#{rule.id}", register.cited_in(rule.annotations)
