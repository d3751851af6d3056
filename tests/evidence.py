"""Tables of docs that name a test as evidence: whether there is such a test."""

import ast
from functools import cache
from pathlib import Path

from config import ROOT


def lines_of(path: Path) -> list[list[str]]:
    """Cells of the tables' lines, without the heads of the tables."""
    text = path.read_text("utf-8").splitlines()
    heads = {number - 1 for number, line in enumerate(text) if line.startswith(("|---", "| ---"))}
    return [
        line.strip("| \n").split(" | ")
        for number, line in enumerate(text)
        if line.startswith("| ") and not line.startswith("| ---") and number not in heads
    ]


@cache
def functions_in(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def missing(reference: str) -> bool:
    """Whether `file::test` names no test."""
    file, _, function = reference.partition("::")
    path = ROOT / file
    return not path.is_file() or not function.startswith("test_") or function not in functions_in(path)
