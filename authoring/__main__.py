"""Write diagrams and tables: `python -m authoring [--into FOLDER] [ID ...]`.

FOLDER is `processes/` when left out; without ids everything is written. A module named `*_diagrams` lists its diagram
functions in `DIAGRAMS`, one named `*_tables` gives its tables from `all_tables()`: both are found by their names.
"""

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

import authoring
from authoring import tables
from authoring.diagram import Diagram
from authoring.writer import write


def diagrams() -> Iterator[Diagram]:
    for name in _modules("_diagrams"):
        for build in importlib.import_module(name).DIAGRAMS:
            yield build()


def decision_tables() -> Iterator[tables.Table]:
    for name in _modules("_tables"):
        yield from importlib.import_module(name).all_tables()


def _modules(ending: str) -> list[str]:
    names = (module.name for module in pkgutil.iter_modules(authoring.__path__, "authoring."))
    return sorted(name for name in names if name.endswith(ending))


def main() -> int:
    parser = argparse.ArgumentParser(prog="authoring", description=__doc__)
    parser.add_argument("--into", type=Path, default=Path(__file__).parents[1] / "processes")
    parser.add_argument("ids", nargs="*")
    options = parser.parse_args()
    wrong = 0
    for diagram in diagrams():
        if options.ids and diagram.process not in options.ids:
            continue
        for sentence in write(diagram, options.into):
            wrong += 1
            sys.stderr.write(f"{diagram.process}: {sentence}\n")
    for table in decision_tables():
        if not options.ids or table.id in options.ids:
            tables.write(table, options.into)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
