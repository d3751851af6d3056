"""What the shipped diagrams and tables cite, and what the registers say carries each clause."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from app.engine.decisions import DecisionTable, read_table
from app.engine.parse import Definition
from app.engine.parse import parse as parse_definition
from app.engine.sources import read_source
from app.law.clauses import CarrierKind
from app.law.register import Register
from app.law.register import parse as parse_register
from authoring.carriers import cited_in
from tests.processes.offices import FOLDER


@cache
def registers() -> dict[str, Register]:
    """Every shipped register by the id of its regulation."""
    found = (parse_register(path.read_bytes()) for path in sorted(FOLDER.glob("*.law.yml")))
    return {register.id: register for register in found}


@cache
def files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.suffix in {".bpmn", ".dmn"}}


@cache
def definitions(regulation: str) -> tuple[Definition, ...]:
    """Everything that proceedings of a regulation run on."""
    return tuple(parse_definition(files(), process) for process in registers()[regulation].processes)


@dataclass(frozen=True, slots=True)
class Cited:
    """A step or row, and the clauses it cites."""

    carrier: str
    clauses: tuple[str, ...]


def steps_of(regulation: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Carrier word, element kind and properties of every step."""
    for definition in definitions(regulation):
        for step in definition.steps_by_process.values():
            yield f"{step.process_key}/{step.id}", step.kind, dict(step.properties)


def citing_steps(regulation: str) -> Iterator[Cited]:
    for carrier, _, properties in steps_of(regulation):
        if clauses := tuple(properties.get("clauses", "").split()):
            yield Cited(carrier, clauses)


@cache
def tables_of(regulation: str) -> dict[str, DecisionTable]:
    """Tables that the procedure asks, and those that assess a case by themselves."""
    asked = {key: table for definition in definitions(regulation) for key, table in definition.tables.items()}
    assessment = registers()[regulation].assessment
    apart = set(assessment.tables.values()) - set(asked) if assessment else set()
    return asked | {key: read_table(read_source(files()[f"{key}.dmn"])) for key in sorted(apart)}


def rows_of(regulation: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Table, row and annotations of every row."""
    for table in tables_of(regulation).values():
        for rule in table.rules:
            yield table.id, rule.id, rule.annotations


def citing_rows(regulation: str) -> Iterator[Cited]:
    """Rows with the clauses in their first annotation; a clause id may hold a space, so the longest fit counts."""
    for table, row, annotations in rows_of(regulation):
        yield Cited(f"{table}#{row}", cited_in(annotations[0] if annotations else "", registers()[regulation]))


def places(regulation: str) -> set[str]:
    """Every carrier word that the regulation's diagrams and tables offer."""
    rows = {f"{table}#{row}" for table, row, _ in rows_of(regulation)}
    return {carrier for carrier, _, _ in steps_of(regulation)} | set(tables_of(regulation)) | rows


DRAWN = {CarrierKind.STEP, CarrierKind.ROW, CarrierKind.TABLE}
