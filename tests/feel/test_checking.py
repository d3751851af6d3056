"""What an author is told about an expression before anything runs."""

from typing import Any

import pytest

from app import feel

SCOPE: dict[str, Any] = {
    "case": {"level": "string", "outcome": "string", "filed_on": "date", "amount": "number"},
    "votes": "list",
    "n": "number",
    "ok": "boolean",
    "outcome": "string",
    "due": "date",
    "note": "context",
}


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("outcom", "`outcom` 不存在，是否为 `outcome`？"),
        ('case.outcom = "A"', "`outcom` 不存在，是否为 `outcome`？"),
        ("zzz", "`zzz` 不存在。"),
        ("cuont(votes)", "`cuont` 不存在，是否为 `count`？"),
        ("case.level.x", "`case.level.x` 不能再取下一级内容。"),
        ('n = "3"', '`n = "3"` 比较了不同类型的值（number 与 string）。'),
        ("n and ok", "`n` 应为 boolean，实为 number。"),
        ("case.level + n", "`case.level + n` 的两边类型不能计算（string 与 number）。"),
        ("due < today()", "`due < today()` 中以文本保存的日期须写成 date(…) 或 date and time(…)。"),
        ("n instance of number", "不支持 `n instance of number` 这种写法。"),
        ("", "表达式为空。"),
        ("x" * 2001, "表达式超过 2000 个字符。"),
        ("(" * 80 + "n" + ")" * 80, "表达式嵌套过深。"),
    ],
)
def test_a_mistake_is_explained(expression: str, sentence: str) -> None:
    assert [str(problem) for problem in feel.check(expression, SCOPE)] == [sentence]


@pytest.mark.parametrize(
    ("expression", "type_"),
    [
        ("date(due) < today()", "boolean"),
        ('every v in votes satisfies v.vote = "同意"', "boolean"),
        ('count(votes[item != "回避"]) >= 4', "boolean"),
        ("case.amount * 2", "number"),
        ('if ok then "a" else "b"', "string"),
        ("{a: n, b: a + 1}.b", "number"),
        ("[1, 2]", "list"),
        ("{a: n}", "context"),
        ("note.anything.at.all", "any"),
        ("for v in votes return v", "list"),
        ("case.filed_on", "iso"),
        ("now()", "date time"),
    ],
)
def test_the_type_of_a_right_expression_is_known(expression: str, type_: str) -> None:
    inspection = feel.inspect(expression, SCOPE)

    assert (inspection.type, inspection.problems) == (type_, ())


def test_the_names_an_expression_reads_leave_out_its_own() -> None:
    assert feel.names_of("for v in votes return v.x + case.level") == ("case", "case.level", "votes")
    assert feel.names_of("votes[item.a = n]") == ("n", "votes")
    with pytest.raises(feel.FeelError):
        feel.names_of("a +")


def test_cells_are_checked_against_the_type_of_their_column() -> None:
    assert feel.check_unary('"a","b"', SCOPE, input_type="string") == []
    assert feel.check_unary("> today()", SCOPE, input_type="date") != []
    assert feel.check_unary('"a"', SCOPE, input_type="number") != []
    assert feel.check_unary("[1..5]", SCOPE, input_type="string") != []


def test_entries_of_a_written_out_context_are_known() -> None:
    assert feel.inspect('{case_no: outcome, n: n, x: "a"}', SCOPE).fields == {
        "case_no": "string",
        "n": "number",
        "x": "string",
    }
