"""Hit policies as DMN means them; what goes wrong names table, row and column."""

from typing import Any

import pytest

from app.engine.canonical import canonical
from app.engine.decisions import DecisionTable, read_table
from app.engine.failures import StepError
from app.engine.sources import DMN, SourceError, read_source
from tests.engine import diagrams as d
from tests.engine.proceedings import NOON


def table(rows: list[list[str]], hit: str = "UNIQUE", aggregation: str = "", outputs: int = 1) -> DecisionTable:
    heads = {"points": "number"} if outputs == 1 else {"points": "number", "why": "string"}
    return read_table(
        read_source(d.table("t", {"kind": "string", "amount": "number"}, heads, rows, hit=hit, aggregation=aggregation))
    )


def decided(rows: list[list[str]], hit: str = "UNIQUE", aggregation: str = "", **context: Any) -> Any:
    decision = table(rows, hit, aggregation).decide({"kind": "A", "amount": 5, **context}, now=NOON)
    return decision.outputs["points"], decision.hits


OVERLAP = [['"A"', "> 3", "1"], ['"A","B"', "-", "2"], ['"C"', "-", "3"]]


def test_unique_gives_the_one_row_that_matches() -> None:
    assert decided(OVERLAP, kind="B") == (2, ("row2",))


def test_unique_refuses_two_rows_and_names_them() -> None:
    with pytest.raises(StepError, match="决策表“t表”要求只命中一行，却命中了第 1、2 行"):
        decided(OVERLAP)


def test_first_gives_the_first_row_that_matches() -> None:
    assert decided(OVERLAP, "FIRST") == (1, ("row1",))


def test_any_gives_the_common_result_and_refuses_different_ones() -> None:
    assert decided([["-", "> 3", "1"], ['"A"', "-", "1"]], "ANY") == (1, ("row1", "row2"))
    with pytest.raises(StepError, match="第 1、2 行同时命中但结果不一致"):
        decided(OVERLAP, "ANY")


def test_rule_order_and_collect_give_lists() -> None:
    assert decided(OVERLAP, "RULE ORDER") == ([1, 2], ("row1", "row2"))
    assert decided(OVERLAP, "COLLECT") == ([1, 2], ("row1", "row2"))
    assert decided(OVERLAP, "COLLECT", kind="Z") == ([], ())


@pytest.mark.parametrize(("aggregation", "value"), [("SUM", 3), ("MIN", 1), ("MAX", 2), ("COUNT", 2)])
def test_collect_aggregates(aggregation: str, value: int) -> None:
    assert decided(OVERLAP, "COLLECT", aggregation)[0] == value


def test_no_row_is_an_error_except_when_lists_are_collected() -> None:
    with pytest.raises(StepError, match="决策表“t表”没有命中任何一行。"):
        decided(OVERLAP, kind="Z")
    with pytest.raises(StepError, match="决策表“t表”没有命中任何一行；没有内容的输入：amount。"):
        decided(OVERLAP, kind="Z", amount=None)


def test_annotations_are_kept_and_do_no_harm() -> None:
    found = table([['"A"', "-", "1", "X-art-5"]])

    assert found.rules[0].annotations == ("X-art-5",)
    assert found.decide({"kind": "A", "amount": 1}, now=NOON).outputs == {"points": 1}


def test_an_error_names_table_row_and_column() -> None:
    with pytest.raises(StepError, match="决策表“t表”第 2 行列“amount”：`gone` 不存在或尚无内容。"):
        decided([['"B"', "-", "1"], ['"A"', "> gone", "1"]])
    with pytest.raises(StepError, match="第 1 行列“points”"):
        decided([['"A"', "-", "gone"]])
    with pytest.raises(StepError, match="决策表“t表”列“amount”：输入值的类型应为 number。"):
        decided([['"A"', "-", "1"]], amount="5")


def test_other_hit_policies_are_refused_and_those_that_exist_named() -> None:
    with pytest.raises(SourceError, match="不支持命中策略 SOMETHING，可以用：UNIQUE、FIRST"):
        table(OVERLAP, "SOMETHING")


def ranked(rows: list[list[str]], hit: str, order: str) -> Any:
    content = d.table("t", {"kind": "string"}, {"points": "number"}, rows, hit=hit, order=order)
    decision = read_table(read_source(content)).decide({"kind": "A"}, now=NOON)
    return decision.outputs["points"], decision.hits


def test_priority_gives_the_result_that_the_order_of_the_values_puts_first() -> None:
    rows = [["-", "1"], ['"A"', "3"], ['"B"', "5"], ['"A"', "3"]]

    assert ranked(rows, "PRIORITY", "5, 3, 1") == (3, ("row2",))
    assert ranked(rows, "PRIORITY", "1, 3, 5") == (1, ("row1",))


def test_an_order_that_cannot_be_read_is_told_with_the_name_of_the_table() -> None:
    with pytest.raises(StepError, match="决策表“t表”："):
        ranked([["-", "1"]], "PRIORITY", "unknown, 1")


def test_output_order_gives_all_results_in_the_order_of_the_values_and_unnamed_ones_last() -> None:
    rows = [["-", "7"], ["-", "1"], ['"A"', "3"], ["-", "1"]]

    assert ranked(rows, "OUTPUT ORDER", "3, 1") == ([3, 1, 1, 7], ("row3", "row2", "row4", "row1"))


def test_a_file_holds_one_decision() -> None:
    two = d.table("t", {"a": "any"}, {"b": "any"}, [["-", "1"]]).replace(
        b"</definitions>", b'<decision id="u"/></definitions>'
    )

    with pytest.raises(SourceError, match="2 个决策"):
        read_table(read_source(two))


@pytest.mark.parametrize(
    "namespace",
    [
        b"http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        b"http://www.omg.org/spec/DMN/20151101/dmn11.xsd",
        b"http://www.omg.org/spec/DMN/20180521/MODEL/",
        b"https://www.omg.org/spec/DMN/20211108/MODEL/",
        b"https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_a_table_of_another_version_of_dmn_is_read_and_written_as_ours(namespace: bytes) -> None:
    ours = d.table("t", {"kind": "string", "amount": "number"}, {"points": "number"}, OVERLAP, hit="FIRST")
    other = ours.replace(b"https://www.omg.org/spec/DMN/20191111/MODEL/", namespace)
    other = other.replace(b'typeRef="string"', b'typeRef="feel:string"').replace(b'"number"', b'"integer"')

    assert canonical(other) == canonical(ours)
    assert read_table(read_source(other)) == read_table(read_source(ours))


@pytest.mark.parametrize(
    ("logic", "said"),
    [
        ("<literalExpression><text>1 + 1</text></literalExpression>", "一个算式.*请改写成决策表"),
        ("<context/>", "分步算式.*请改写成决策表"),
        ("<conditional/>", "如果—那么—否则.*请改写成决策表"),
        ("<invocation/>", "调用.*请改写成决策表"),
        ("", "还没有写决策表"),
    ],
)
def test_a_decision_that_is_no_table_is_called_what_it_is(logic: str, said: str) -> None:
    file = f'<definitions xmlns="{DMN}" id="d" name="d"><decision id="t" name="定级">{logic}</decision></definitions>'

    with pytest.raises(SourceError, match=f"“定级”.*{said}"):
        read_table(read_source(file.encode()))
