"""A published decision table as people read it: all rows, in words, with the clauses of each."""

from dataclasses import dataclass

from app.domain.errors import N_
from app.engine.decisions import Column, DecisionTable, HitPolicy, Rule
from app.law.clauses import Clause
from app.law.register import Register
from app.queries.carriers import clauses_by_place
from app.queries.cell_words import cell_in_words
from app.queries.drawings import opened_by
from app.queries.published import find_table, registers


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    number: int
    tests: tuple[str, ...]
    """Cells of the conditions; empty where any value fits."""
    outputs: tuple[str, ...]
    notes: tuple[str, ...]
    """What the author wrote beside the row, without the clauses."""
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class TablePage:
    id: str
    name: str
    regulation_id: str
    regulation: str
    document_no: str
    hit_policy: HitPolicy
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rows: tuple[Row, ...]
    has_notes: bool
    askers: tuple[tuple[str, str, str], ...]
    """Process, step and name of every step that asks the table."""


WORDS = {"true": N_("是"), "false": N_("否"), "null": N_("未填")}
"""FEEL's own words (message ids)."""


def table_page(table_id: str, regulation_id: str | None, *, locale: str) -> TablePage:
    """Raises NotFoundError for a table that no published procedure asks."""
    regulation, published = find_table(table_id, regulation_id)
    register, table = registers()[regulation], published.tables[table_id]
    release_id = published.release_of_table.get(table_id) or next(iter(published.release_of_process.values()), "")
    by_place = clauses_by_place(register, published)
    reader = _Reader(register, release_id, locale)
    rows = tuple(
        reader.row(table, rule, number=number, clauses=by_place.get(f"{table_id}#{rule.id}", ()))
        for number, rule in enumerate(table.rules, 1)
    )
    askers = (
        (process, step, published.steps[f"{process}/{step}"].name)
        for process, release in published.release_of_process.items()
        for step, opened in opened_by(release, process).items()
        if opened == table_id and f"{process}/{step}" in published.steps
    )
    return TablePage(
        id=table_id,
        name=table.name,
        regulation_id=regulation,
        regulation=register.short_title,
        document_no=register.document_no,
        hit_policy=table.hit_policy,
        inputs=tuple(column.label for column in table.inputs),
        outputs=tuple(column.label for column in table.outputs),
        rows=rows,
        has_notes=any(row.notes for row in rows),
        askers=tuple(askers),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Whose words the cells are put into."""

    register: Register
    release_id: str
    """Empty where no procedure is published: codes then stay codes."""
    locale: str

    def row(self, table: DecisionTable, rule: Rule, *, number: int, clauses: tuple[Clause, ...]) -> Row:
        notes = tuple(note for note in rule.annotations if note and note not in self.register.clauses)
        return Row(
            rule.id,
            number,
            tests=self.cells(table.inputs, rule.tests),
            outputs=self.cells(table.outputs, tuple("" if cell == "null" else cell for cell in rule.outputs)),
            notes=notes,
            clauses=clauses,
        )

    def cells(self, columns: tuple[Column, ...], cells: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.cell(column, cell) for column, cell in zip(columns, cells, strict=True))

    def cell(self, column: Column, cell: str) -> str:
        if cell in ("", "-"):
            return ""
        if cell in WORDS:
            return WORDS[cell]
        if clause := self.register.clauses.get(cell.strip('"')):
            return clause.article
        field = column.expression.split(".")[-1].strip()
        return cell_in_words(self.release_id, self.locale, field, cell) if self.release_id else cell
