"""`python -m tests.faults`: every trial on both databases, one table; status 1 when one of them failed."""

import argparse
import sys
import time
from dataclasses import fields, replace
from pathlib import Path

from config import ROOT
from tests.faults import program
from tests.faults.lab import LONG, POSTGRESQL, SHORT, SQLITE, Row

DOCUMENT = ROOT / "docs" / "faults.md"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tests.faults")
    parser.add_argument("--short", action="store_true", help="the form that the tests run")
    parser.add_argument("--times", type=int, default=1, help="the long form so many times over (hours, per release)")
    parser.add_argument("--database", choices=(SQLITE, POSTGRESQL), action="append")
    parser.add_argument("--write", type=Path, default=None, help="document whose table is replaced")
    parser.add_argument("--json", type=Path, default=None)
    for name in [field.name for field in fields(LONG)]:
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(getattr(LONG, name)), default=None)
    return parser.parse_args()


def main() -> int:
    given = arguments()
    named = {field.name: getattr(given, field.name) for field in fields(LONG)}
    scale = replace(SHORT if given.short else LONG, **{k: v for k, v in named.items() if v is not None})
    began, rows = time.monotonic(), list[Row]()
    with program.laboratory() as lab:
        for kind in (given.database or (SQLITE, POSTGRESQL)) * given.times:
            for trial in program.trials(lab, kind, scale):
                rows.append(trial())
                tell(rows[-1], time.monotonic() - began)
        what = program.versions(lab)
    minutes = (time.monotonic() - began) / 60
    sys.stdout.write("\n" + program.section(rows, what=what, scale=scale, minutes=minutes))
    if given.write:
        program.write_section(given.write, program.section(rows, what=what, scale=scale, minutes=minutes))
    if given.json:
        given.json.write_text(program.as_json(rows, what=what, scale=scale), "utf-8")
    return 0 if all(row.passed for row in rows) else 1


def tell(row: Row, seconds: float) -> None:
    sys.stdout.write(f"{seconds:6.0f} s  " + " | ".join(program.line_of(row)) + "\n")
    for fault in row.faults[:5]:
        sys.stdout.write(f"          {fault[:300]}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
