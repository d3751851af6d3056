"""What an expression can do wrong. The sentence is Chinese; `detail` is for the technical administrator."""

from typing import Any

from app.domain.errors import N_, DomainError


class FeelError(DomainError):
    """An expression could not be read or gave no usable value."""

    sentence = N_("表达式无法计算。")

    def __init__(self, sentence: str | None = None, *, detail: str = "", **values: Any) -> None:
        super().__init__(sentence, **values)
        self.detail = detail


class FeelTimeoutError(FeelError):
    sentence = N_("表达式计算超过 %(seconds)s 秒，已停止。")


class FeelMemoryError(FeelError):
    sentence = N_("表达式占用内存过多，已停止。")


class FeelUnavailableError(FeelError):
    """The interpreter itself is missing or broken: a matter of installation, not of the expression."""

    sentence = N_("表达式解释器不可用，请联系系统管理员。")


class FeelTableError(FeelError):
    """A cell of a decision table failed. Rows and columns count from 1; without `row` it is an input's expression."""

    sentence = N_("决策表的单元格无法计算。")

    def __init__(self, cause: FeelError, *, row: int | None, column: int | None, output: bool) -> None:
        super().__init__(cause.sentence, detail=cause.detail, **cause.values)
        self.row = row
        self.column = column
        self.output = output
