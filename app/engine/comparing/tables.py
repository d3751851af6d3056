"""Decision tables for comparing: columns, rows by their ids, cells by the name of their column."""

from collections.abc import Iterator

from lxml import etree

from app.domain.errors import N_, Sentence
from app.engine.comparing.subjects import Picture, Subject, UnreadableError, named, present
from app.engine.sources import DMN, SourceError, read_source

TABLE, INPUT, OUTPUT, ROW = N_("决策表“%(name)s”"), N_("条件列“%(name)s”"), N_("结论列“%(name)s”"), N_("第 %(name)s 行")


def read(data: bytes) -> Picture:
    """Raises UnreadableError."""
    try:
        root = read_source(data)
    except SourceError as error:
        raise UnreadableError from error
    subjects: dict[str, Subject] = {}
    for decision in root.iter(_dmn("decision")):
        subjects |= {subject.id: subject for subject in _subjects(decision)}
    return Picture(subjects, ordered=True)


def _dmn(name: str) -> str:
    return f"{{{DMN}}}{name}"


def _subjects(decision: etree._Element) -> Iterator[Subject]:
    table = decision.find(_dmn("decisionTable"))
    literal = decision.find(_dmn("literalExpression"))
    yield Subject(
        decision.get("id", ""),
        named(TABLE, decision.get("name") or decision.get("id", "")),
        present(
            {
                N_("名称"): decision.get("name"),
                N_("命中方式"): _policy(table) if table is not None else "",
                N_("表达式"): _text(literal) if literal is not None else "",
            }
        ),
    )
    if table is None:
        return
    inputs, outputs = table.findall(_dmn("input")), table.findall(_dmn("output"))
    yield from (_column(INPUT, column) for column in inputs)
    yield from (_column(OUTPUT, column) for column in outputs)
    notes = [note.get("name", "") for note in table.findall(_dmn("annotation"))]
    heads = [_head(column) for column in (*inputs, *outputs)]
    yield from (_row(rule, heads, notes) for rule in table.findall(_dmn("rule")))


def _policy(table: etree._Element) -> str:
    return " ".join(part for part in (table.get("hitPolicy", "UNIQUE"), table.get("aggregation", "")) if part)


def _column(kind: str, column: etree._Element) -> Subject:
    expression = column.find(_dmn("inputExpression"))
    type_ = column.get("typeRef") or (expression.get("typeRef") if expression is not None else "")
    values = column.find(_dmn("inputValues"))
    values = values if values is not None else column.find(_dmn("outputValues"))
    return Subject(
        column.get("id", ""),
        named(kind, _head(column)),
        present(
            {
                N_("名称"): column.get("label"),
                N_("变量"): column.get("name"),
                N_("表达式"): _text(expression) if expression is not None else "",
                N_("类型"): type_,
                N_("允许的值"): _text(values) if values is not None else "",
            }
        ),
    )


def _head(column: etree._Element) -> str:
    expression = column.find(_dmn("inputExpression"))
    said = _text(expression) if expression is not None else ""
    return column.get("label") or column.get("name") or said or column.get("id", "")


def _row(rule: etree._Element, heads: list[str], notes: list[str]) -> Subject:
    cells = [_text(cell) for name in ("inputEntry", "outputEntry") for cell in rule.findall(_dmn(name))]
    remarks = [_text(cell) for cell in rule.findall(_dmn("annotationEntry"))]
    facets: dict[str, str | None] = {}
    for head, cell in zip([*heads, *notes], [*cells, *remarks], strict=False):
        facets[Sentence(N_("单元格“%(column)s”"), column=head)] = cell
    described = rule.find(_dmn("description"))
    facets[N_("说明")] = (described.text or "").strip() if described is not None else ""
    return Subject(rule.get("id", ""), named(ROW, rule.get("id", "")), present(facets))


def _text(element: etree._Element) -> str:
    text = element.find(_dmn("text"))
    return (text.text or "").strip() if text is not None else ""
