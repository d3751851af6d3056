"""Decision tables: their own form, and whether they fit the steps that use them."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from app import feel
from app.domain.errors import N_
from app.engine.decisions import Aggregation, DecisionTable, HitPolicy, Rule
from app.engine.profile import scopes
from app.engine.profile.model import Container, Element, Model, Table, extension_text, nearest
from app.engine.profile.rows import check_rows, texts_in
from app.engine.profile.texts import check_expression, fits
from app.engine.sources import local_name
from app.feel import Choice, FeelError, FeelType

MAX_ROWS = 300
MAX_COLUMNS = 40
MAX_CELL = 500
TYPES = frozenset({"string", "number", "boolean", "date", "list", "context", "any", ""})

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
_SYNTAX = frozenset({"syntax", "nesting", "length", "unsupported", "unknown_function"})


def check_tables(model: Model) -> None:
    for key, table in model.tables.items():
        _check_form(model, table)
        _check_rules(model, table)
        check_rows(model.report, table.file, table.table)
        uses = list(_uses(model, key))
        for container, node in uses:
            _check_use(model, table, container, node)
            _check_cells(model, table, scopes.scope_of_node(model, container, node), syntax_only=False)
        if not uses:
            _check_cells(model, table, {}, syntax_only=True)


def _uses(model: Model, key: str) -> Iterator[tuple[Container, Element]]:
    for process in model.processes.values():
        for container in process.containers:
            for node in container.of_kind("businessRuleTask"):
                if extension_text(node, "calledDecisionId") == key:
                    yield container, node


def _check_form(model: Model, entry: Table) -> None:
    report, file, table = model.report, entry.file, entry.table
    if file != f"{table.id}.dmn":
        report.error(file, table.id, "table_file", N_("决策的标识 %(id)s 与文件名不同。"), id=table.id)
    if not table.inputs or not table.outputs or not table.rules:
        report.error(file, table.table_id, "table_empty", N_("决策表须有输入列、输出列和至少一行。"))
    if len(table.rules) > MAX_ROWS or len(table.inputs) + len(table.outputs) > MAX_COLUMNS:
        report.error(file, table.table_id, "size", N_("决策表过大，请拆分。"))
    for column in [*table.inputs, *table.outputs]:
        if column.type not in TYPES:
            report.error(file, column.id, "table_type", N_("列的类型 %(type)s 不存在。"), type=column.type)
    for column in table.outputs:
        if not _NAME.fullmatch(column.expression):
            sentence = N_("输出列的名称 `%(name)s` 不能用作变量名。")
            report.error(file, column.id, "table_output", sentence, name=column.expression)
    _check_aggregation(model, entry)
    _check_ranking(model, entry)
    for element in entry.root.iter():
        if isinstance(element.tag, str) and local_name(element) == "literalExpression":
            report.error(file, element, "table_literal", N_("一个文件只能有一张决策表。"))


def _check_aggregation(model: Model, entry: Table) -> None:
    report, file, table = model.report, entry.file, entry.table
    if table.aggregation is not None and table.hit_policy is not HitPolicy.COLLECT:
        report.error(file, table.table_id, "table_aggregation", N_("只有命中策略 COLLECT 可以汇总。"))
    if table.aggregation is not None and len(table.outputs) != 1:
        report.error(file, table.table_id, "table_aggregation", N_("汇总的决策表只能有一个输出列。"))


def _check_ranking(model: Model, entry: Table) -> None:
    """Where the output values decide, some column tells their order, and no row gives another value there."""
    report, file, table = model.report, entry.file, entry.table
    if not table.hit_policy.ranks:
        return
    if not any(column.values for column in table.outputs):
        sentence = N_("命中策略 %(policy)s 要求至少一个输出列写明可取的值，最优先的写在最前。")
        report.error(file, table.table_id, "table_ranking", sentence, policy=table.hit_policy.value)
    for place, column in enumerate(table.outputs):
        try:
            order = column.ranking()
        except FeelError:
            report.error(file, column.id, "table_ranking", N_("列“%(column)s”可取的值须是常量。"), column=column.label)
            continue
        for number, rule in enumerate(table.rules if order else (), 1):
            if not _is_among(rule.outputs[place : place + 1], order):
                sentence = N_("第 %(row)s 行的结果不在列“%(column)s”可取的值当中，排不出先后。")
                report.error(file, rule.id, "table_ranking", sentence, row=number, column=column.label)


def _is_among(cell: Sequence[str], order: Sequence[Any]) -> bool:
    """Whether a cell gives one of the values; what only a case can tell is left to it."""
    try:
        return not cell or feel.evaluate(cell[0], {}) in order
    except FeelError:
        return True


def _check_rules(model: Model, entry: Table) -> None:
    table, seen = entry.table, set[str]()
    for number, rule in enumerate(table.rules, 1):
        if not rule.id or rule.id in seen:
            model.report.error(
                entry.file, rule.id or table.table_id, "rule_id", N_("第 %(row)s 行没有唯一的标识。"), row=number
            )
        seen.add(rule.id)
        if len(rule.tests) != len(table.inputs) or len(rule.outputs) != len(table.outputs):
            model.report.error(entry.file, rule.id, "rule_cells", N_("第 %(row)s 行的单元格数与列数不同。"), row=number)
        _check_annotation(model, entry, rule, row=number)


def _check_annotation(model: Model, entry: Table, rule: Rule, *, row: int) -> None:
    """Every row cites its clause. A register's id may hold a space: then it stands in an annotation of its own."""
    known = model.catalogue.clauses
    if known is None:
        return
    cited = {word for text in rule.annotations for word in re.split(r"[\s,，;；、]+", text) if word}
    cited |= {text.strip() for text in rule.annotations}
    if not cited & known:
        sentence = N_("第 %(row)s 行没有注明条款登记册中的条款。")
        model.report.error(entry.file, rule.id, "rule_clause", sentence, row=row)


def _check_use(model: Model, entry: Table, container: Container, node: Element) -> None:
    targets = scopes.writable(container, node)
    for column in entry.table.outputs:
        given = _result_type(entry.table, column.type or "any")
        if column.expression not in targets:
            sentence = N_("决策表的输出 `%(name)s` 没有声明为流程变量。")
            model.report.error(container.file, node, "undeclared", sentence, name=column.expression)
        elif not fits(given, targets[column.expression]):
            sentence = N_("变量 `%(name)s` 声明为 %(wanted)s，这里却得到 %(given)s。")
            model.report.error(
                container.file,
                node,
                "variable_type",
                sentence,
                name=column.expression,
                wanted=targets[column.expression],
                given=given,
            )


def _result_type(table: DecisionTable, cell: str) -> str:
    if not table.hit_policy.lists:
        return cell
    if table.aggregation is None:
        return "list"
    return "number" if table.aggregation in (Aggregation.SUM, Aggregation.COUNT) else cell


def _check_cells(model: Model, entry: Table, scope: scopes.Scope, *, syntax_only: bool) -> None:
    table = entry.table
    types: list[FeelType] = []
    for column in table.inputs:
        wanted = column.type or "any"
        if syntax_only:
            _check_syntax(model, entry, column.id, column.expression, unary=False)
            types.append(wanted)
        else:
            found = check_expression(model, entry.file, column.id, text=column.expression, scope=scope, wanted=wanted)
            types.append(found.known if found.values is not None else wanted)
    for row, rule in enumerate(table.rules, 1):
        _check_row(model, entry, rule, scope=scope, types=types, row=row, syntax_only=syntax_only)
    for place, type_ in enumerate(types):
        if not isinstance(type_, Choice):
            _check_codes(model, entry, place)


def _check_row(
    model: Model,
    entry: Table,
    rule: Rule,
    *,
    scope: scopes.Scope,
    types: Sequence[FeelType],
    row: int,
    syntax_only: bool,
) -> None:
    """`types` are those of the input columns, with the values that are known of them."""
    table = entry.table
    cells = [(column, text, type_) for column, text, type_ in zip(table.inputs, rule.tests, types, strict=False)]
    cells += [(column, text, None) for column, text in zip(table.outputs, rule.outputs, strict=False)]
    for place, (column, text, tested) in enumerate(cells):
        element = rule.cell_ids[place] if place < len(rule.cell_ids) and rule.cell_ids[place] else rule.id
        if text in ("", "-"):
            continue
        model.report.spend(entry.file, text)
        if len(text) > MAX_CELL:
            model.report.error(entry.file, element, "cell_size", N_("单元格超过 %(limit)s 个字符。"), limit=MAX_CELL)
        elif syntax_only:
            _check_syntax(model, entry, element, text, unary=tested is not None)
        elif tested is not None:
            for problem in feel.check_unary(text, scope, input_type=tested):
                sentence = N_("第 %(row)s 行列“%(column)s”：%(problem)s")
                tell = model.report.error if problem.certain else model.report.warning
                tell(
                    entry.file,
                    element,
                    f"feel_{problem.rule}",
                    sentence,
                    row=row,
                    column=column.label,
                    problem=str(problem),
                )
        else:
            check_expression(model, entry.file, element, text=text, scope=scope, wanted=column.type or "any")


def _check_codes(model: Model, entry: Table, place: int) -> None:
    """The one text of a column that no option list has and that is nearly an option: a slip of the pen.

    Where several are in no list the column holds something else than options.
    """
    codes = model.catalogue.codes
    rows = [(row, rule) for row, rule in enumerate(entry.table.rules, 1) if place < len(rule.tests)]
    texts = frozenset[str]().union(*(texts_in(rule.tests[place]) for _, rule in rows))
    near = nearest(min(texts - codes), codes) if len(texts - codes) == 1 and texts & codes else None
    for row, rule in rows if near is not None else ():
        for value in texts_in(rule.tests[place]) - codes:
            sentence = N_("第 %(row)s 行列“%(column)s”：没有“%(value)s”这个选项，是否为“%(candidate)s”？")
            values = {"row": row, "column": entry.table.inputs[place].label, "value": value, "candidate": near}
            model.report.warning(entry.file, rule.id, "feel_unknown_value", sentence, **values)


def _check_syntax(model: Model, entry: Table, element: str, text: str, *, unary: bool) -> None:
    for problem in feel.inspect(text, {}, unary=unary).problems:
        if problem.rule in _SYNTAX:
            model.report.error(entry.file, element, f"feel_{problem.rule}", problem.sentence, **problem.values)
