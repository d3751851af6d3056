"""Decision tables over FEEL: the hit policies the library lacks, each checked as DMN demands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from lxml import etree

from app import feel
from app.domain.advance import Values
from app.domain.errors import N_, Sentence
from app.engine.failures import StepError
from app.engine.sources import DMN, SourceError, local_name
from app.feel import FeelError, FeelTableError, TableInput, TableRow
from app.feel.interpreter import TIME_LIMIT


class HitPolicy(StrEnum):
    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    ANY = "ANY"
    RULE_ORDER = "RULE ORDER"
    COLLECT = "COLLECT"
    PRIORITY = "PRIORITY"
    OUTPUT_ORDER = "OUTPUT ORDER"

    @property
    def lists(self) -> bool:
        """Whether each output is a list, with an entry for every row that matched."""
        return self in (HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)

    @property
    def ranks(self) -> bool:
        """Whether the order of the output values decides, not that of the rows."""
        return self in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER)


class Aggregation(StrEnum):
    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


@dataclass(frozen=True, slots=True)
class Column:
    id: str
    label: str
    """What the author reads at the column's head."""
    expression: str
    """Input: FEEL expression. Output: the name of the variable it sets."""
    type: str
    values: str = ""
    """Of an output: what it may be, the most important first, as constants with commas between them."""

    def ranking(self) -> list[Any]:
        """The values in their order. Raises FeelError where they are no constants."""
        return list(feel.evaluate(f"[{self.values}]", {})) if self.values else []


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    tests: tuple[str, ...]
    outputs: tuple[str, ...]
    annotations: tuple[str, ...]
    cell_ids: tuple[str, ...] = ()
    """Element ids of tests, then outputs."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a table proposes: outputs by name, ids of the rows that matched."""

    hits: tuple[str, ...]
    outputs: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DecisionTable:
    id: str
    name: str
    table_id: str
    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]

    def decide(self, context: Values, *, now: datetime, time_limit: float = TIME_LIMIT) -> Decision:
        """Evaluate the table within seconds. Raises StepError that names table, row and column."""
        try:
            result = feel.evaluate_table(
                [TableInput(column.expression, column.type) for column in self.inputs],
                [TableRow(rule.tests, rule.outputs) for rule in self.rules],
                context=context,
                now=now,
                first=self.hit_policy is HitPolicy.FIRST,
                time_limit=time_limit,
            )
            found = self._ranked(list(zip(result.hits, result.outputs, strict=True)))
        except FeelTableError as problem:
            raise self._cell_error(problem) from problem
        except FeelError as problem:
            raise StepError(
                N_("决策表“%(table)s”：%(problem)s"), table=self.name, problem=str(problem), detail=problem.detail
            ) from problem
        hits = tuple(index for index, _ in found)
        rows = [dict(zip((c.expression for c in self.outputs), row, strict=True)) for _, row in found]
        if not rows and not self.hit_policy.lists:
            raise self._nothing_fits(context, now)
        return Decision(hits=tuple(self.rules[index].id for index in hits), outputs=self._outputs(hits, rows))

    def _nothing_fits(self, context: Values, now: datetime) -> StepError:
        """Names the inputs that nothing was known of. What was known is the case's, and no administrator's."""
        unknown = [c.label for c in self.inputs if feel.evaluate(c.expression, context, now=now) is None]
        if not unknown:
            return StepError(N_("决策表“%(table)s”没有命中任何一行。"), table=self.name)
        sentence = N_("决策表“%(table)s”没有命中任何一行；没有内容的输入：%(inputs)s。")
        return StepError(sentence, table=self.name, inputs="、".join(unknown))

    def _ranked(self, found: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
        """The rows by the order of their output values where the policy says so, of PRIORITY only the first.

        Columns count from left to right, a value that no order names comes last, and rows that say the same stay as
        they are in the table. Raises FeelError.
        """
        if not self.hit_policy.ranks:
            return found
        orders = [column.ranking() for column in self.outputs]

        def rank(entry: tuple[int, Any]) -> list[int]:
            cells = zip(orders, entry[1], strict=True)
            return [order.index(value) if value in order else len(order) for order, value in cells]

        ranked = sorted(found, key=rank)
        return ranked[:1] if self.hit_policy is HitPolicy.PRIORITY else ranked

    def _outputs(self, hits: tuple[int, ...], rows: list[dict[str, Any]]) -> dict[str, Any]:
        if self.hit_policy.lists:
            return self._collected(rows)
        if self.hit_policy is HitPolicy.UNIQUE and len(rows) > 1:
            raise StepError(
                N_("决策表“%(table)s”要求只命中一行，却命中了第 %(rows)s 行。"),
                table=self.name,
                rows="、".join(str(index + 1) for index in hits),
            )
        if self.hit_policy is HitPolicy.ANY and any(row != rows[0] for row in rows):
            raise StepError(
                N_("决策表“%(table)s”第 %(rows)s 行同时命中但结果不一致。"),
                table=self.name,
                rows="、".join(str(index + 1) for index in hits),
            )
        return rows[0]

    def _collected(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        lists = {column.expression: [row[column.expression] for row in rows] for column in self.outputs}
        if self.aggregation is None:
            return dict(lists)
        return {name: self._aggregated(name, values) for name, values in lists.items()}

    def _aggregated(self, name: str, values: list[Any]) -> Any:
        try:
            return _AGGREGATIONS[self.aggregation](values) if self.aggregation else values
        except TypeError:
            raise StepError(
                N_("决策表“%(table)s”输出列“%(column)s”的值不能汇总。"), table=self.name, column=name
            ) from None

    def _cell_error(self, problem: FeelTableError) -> StepError:
        columns = self.outputs if problem.output else self.inputs
        column = columns[problem.column - 1].label if problem.column else ""
        values = {"table": self.name, "column": column, "problem": str(problem), "detail": problem.detail}
        if problem.row is None:
            return StepError(N_("决策表“%(table)s”列“%(column)s”：%(problem)s"), **values)
        return StepError(N_("决策表“%(table)s”第 %(row)s 行列“%(column)s”：%(problem)s"), row=problem.row, **values)


_AGGREGATIONS: Mapping[Aggregation, Callable[[list[Any]], Any]] = {
    Aggregation.SUM: sum,
    Aggregation.MIN: lambda values: min(values, default=None),
    Aggregation.MAX: lambda values: max(values, default=None),
    Aggregation.COUNT: len,
}

MOST_NAMED = 5


def read_table(root: etree._Element) -> DecisionTable:
    """The decision table of a .dmn file (one decision per file). Raises SourceError."""
    decisions = [element for element in root if _is(element, "decision")]
    if not decisions:
        raise SourceError(N_("文件里没有决策。"))
    if len(decisions) > 1:
        names = "、".join(one.get("name") or one.get("id", "") for one in decisions[:MOST_NAMED])
        sentence = N_("文件里有 %(count)s 个决策（%(names)s）；请拆开，一个文件一个决策，前一个的结论作后一个的条件。")
        raise SourceError(sentence, count=len(decisions), names=names)
    decision = decisions[0]
    table = next((element for element in decision if _is(element, "decisionTable")), None)
    if table is None:
        raise _without_table(decision)
    outputs = [element for element in table if _is(element, "output")]
    return DecisionTable(
        id=decision.get("id", ""),
        name=decision.get("name") or decision.get("id", ""),
        table_id=table.get("id", ""),
        hit_policy=_policy(table),
        aggregation=_aggregation(table),
        inputs=tuple(_input(element) for element in table if _is(element, "input")),
        outputs=tuple(_output(element) for element in outputs),
        rules=tuple(_rule(element) for element in table if _is(element, "rule")),
    )


def _without_table(decision: etree._Element) -> SourceError:
    """What stands in the place of a table, and what becomes of it here."""
    name = decision.get("name") or decision.get("id", "")
    kind = next((_LOGIC[logic] for logic in _LOGIC if any(_is(child, logic) for child in decision)), None)
    if kind is None:
        return SourceError(
            N_("决策“%(name)s”还没有写决策表。请新建决策表，填好条件列、结论列和各行后再导入。"), name=name
        )
    return SourceError(
        N_(
            "决策“%(name)s”写成了%(kind)s，不是决策表，这里不能运行。"
            "请改写成决策表（每种情形一行）；只是一个算式的，写在流程图的变量计算里。"
        ),
        name=name,
        kind=kind,
    )


_LOGIC: Mapping[str, Sentence] = {
    "literalExpression": Sentence(N_("一个算式（literal expression）")),
    "context": Sentence(N_("分步算式（boxed context）")),
    "invocation": Sentence(N_("对另一段规则的调用（invocation）")),
    "functionDefinition": Sentence(N_("一个函数（function）")),
    "list": Sentence(N_("一个列表（list）")),
    "relation": Sentence(N_("一张数据表（relation）")),
    "conditional": Sentence(N_("如果—那么—否则（conditional）")),
    "filter": Sentence(N_("筛选（filter）")),
    "for": Sentence(N_("逐项计算（for）")),
    "every": Sentence(N_("逐项检查是否全部满足（every）")),
    "some": Sentence(N_("逐项检查是否有一项满足（some）")),
}
"""What DMN lets a decision be besides a table."""


def _is(element: Any, name: str) -> bool:
    return isinstance(element.tag, str) and local_name(element) == name and element.tag.startswith(f"{{{DMN}")


def _policy(table: etree._Element) -> HitPolicy:
    text = table.get("hitPolicy", "UNIQUE")
    try:
        return HitPolicy(text)
    except ValueError:
        raise SourceError(
            N_("不支持命中策略 %(policy)s，可以用：%(menu)s。"), policy=text, menu="、".join(HitPolicy)
        ) from None


def _aggregation(table: etree._Element) -> Aggregation | None:
    text = table.get("aggregation")
    try:
        return Aggregation(text) if text else None
    except ValueError:
        raise SourceError(N_("不支持汇总方式 %(aggregation)s。"), aggregation=text) from None


def _input(element: etree._Element) -> Column:
    expression = next((child for child in element if _is(child, "inputExpression")), None)
    text = _text(expression) if expression is not None else ""
    type_ = expression.get("typeRef", "") if expression is not None else ""
    return Column(element.get("id", ""), element.get("label") or text, text, type_)


def _output(element: etree._Element) -> Column:
    name = element.get("name", "")
    values = next((child for child in element if _is(child, "outputValues")), None)
    text = _text(values) if values is not None else ""
    return Column(element.get("id", ""), element.get("label") or name, name, element.get("typeRef", ""), text)


def _rule(element: etree._Element) -> Rule:
    tests = [child for child in element if _is(child, "inputEntry")]
    outputs = [child for child in element if _is(child, "outputEntry")]
    notes = [child for child in element if _is(child, "annotationEntry")]
    return Rule(
        id=element.get("id", ""),
        tests=tuple(_text(child) for child in tests),
        outputs=tuple(_text(child) for child in outputs),
        annotations=tuple(_text(child) for child in notes),
        cell_ids=tuple(child.get("id", "") for child in [*tests, *outputs]),
    )


def _text(element: etree._Element) -> str:
    text = next((child for child in element if _is(child, "text")), None)
    return ((text.text if text is not None else None) or "").strip()
