"""Write a decision table as DMN 1.3, the way dmn-js writes it.

Each row names the clause it rests on and our own one-line reading; the row's description repeats both, because the
editor shows the description as the annotation column.
"""

from dataclasses import dataclass
from pathlib import Path

from authoring.xml import Element, document, element

NAMESPACES = {
    "xmlns": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "xmlns:dmndi": "https://www.omg.org/spec/DMN/20191111/DMNDI/",
    "xmlns:dc": "http://www.omg.org/spec/DMN/20180521/DC/",
}


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    """Input: FEEL expression. Output: the variable it sets."""
    label: str
    type: str


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    tests: tuple[str, ...]
    """FEEL unary tests, one per input; "" matches anything."""
    outputs: tuple[str, ...]
    """One per output: a plain value, "=" and a FEEL expression, or "" where the row says nothing in that column."""
    clause: str
    reading: str


@dataclass(frozen=True, slots=True)
class Table:
    id: str
    name: str
    policy: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rows: tuple[Row, ...]


def write(table: Table, folder: Path) -> None:
    (folder / f"{table.id}.dmn").write_text(document(_definitions(table)), encoding="utf-8")


def _definitions(table: Table) -> Element:
    bounds = element("dc:Bounds", height="80", width="180", x="160", y="100")
    shape = element("dmndi:DMNShape", bounds, id=f"Shape_{_word(table)}", dmnElementRef=table.id)
    decision = element("decision", _decision_table(table), id=table.id, name=table.name)
    drawing = element("dmndi:DMNDI", element("dmndi:DMNDiagram", shape))
    return element(
        "definitions",
        decision,
        drawing,
        **NAMESPACES,
        id=f"Definitions_{_word(table)}",
        name=table.name,
        namespace="http://camunda.org/schema/1.0/dmn",
    )


def _word(table: Table) -> str:
    return table.id.replace("-", "_")


def _decision_table(table: Table) -> Element:
    return element(
        "decisionTable",
        *(_input(table, column) for column in table.inputs),
        *(_output(table, column) for column in table.outputs),
        element("annotation", name="依据条款"),
        element("annotation", name="说明"),
        *(_row(table, row) for row in table.rows),
        id=f"Table_{_word(table)}",
        hitPolicy=table.policy,
    )


def _input(table: Table, column: Column) -> Element:
    id_ = f"{_word(table)}_in_{column.name}"
    text = element("text", text=column.name)
    expression = element("inputExpression", text, id=f"{id_}_expression", typeRef=column.type)
    return element("input", expression, id=id_, label=column.label)


def _output(table: Table, column: Column) -> Element:
    id_ = f"{_word(table)}_out_{column.name}"
    return element("output", id=id_, label=column.label, name=column.name, typeRef=column.type)


def _row(table: Table, row: Row) -> Element:
    if len(row.tests) != len(table.inputs) or len(row.outputs) != len(table.outputs):
        raise ValueError(f"{table.id}: row {row.id} does not fit the columns")
    tests = (_cell("inputEntry", f"{row.id}_in{n}", test) for n, test in enumerate(row.tests, 1))
    outputs = (_cell("outputEntry", f"{row.id}_out{n}", _value(value)) for n, value in enumerate(row.outputs, 1))
    notes = (element("annotationEntry", element("text", text=text)) for text in (row.clause, row.reading))
    description = element("description", text=f"{row.clause} {row.reading}")
    return element("rule", description, *tests, *outputs, *notes, id=row.id)


def _value(written: str) -> str:
    if written.startswith("="):
        return written[1:]
    return f'"{written}"' if written else "null"


def _cell(kind: str, id_: str, text: str) -> Element:
    return element(kind, element("text", text=text), id=id_)
