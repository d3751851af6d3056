"""FEEL by bpmn.io's interpreter in V8: evaluated strictly, checked before publication."""

from app.feel.checking import (
    Choice,
    FeelType,
    Inspection,
    ListOf,
    Problem,
    check,
    check_unary,
    inspect,
    joined,
    names_of,
)
from app.feel.errors import FeelError, FeelMemoryError, FeelTableError, FeelTimeoutError, FeelUnavailableError
from app.feel.interpreter import TableInput, TableResult, TableRow, evaluate, evaluate_table, unary

__all__ = [
    "Choice",
    "FeelError",
    "FeelMemoryError",
    "FeelTableError",
    "FeelTimeoutError",
    "FeelType",
    "FeelUnavailableError",
    "Inspection",
    "ListOf",
    "Problem",
    "TableInput",
    "TableResult",
    "TableRow",
    "check",
    "check_unary",
    "evaluate",
    "evaluate_table",
    "inspect",
    "joined",
    "names_of",
    "unary",
]
