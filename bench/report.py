"""The figures as a table for people, and as JSON for whoever compares."""

import json
import platform
import sqlite3
import sys
from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from bench.clients import Timing

PACKAGES = ("Flask", "gunicorn", "SQLAlchemy", "psycopg", "SpiffWorkflow", "mini-racer")
BEGIN, END = "<!-- figures -->", "<!-- end of figures -->"


@dataclass
class Figures:
    """Everything that one database gave."""

    database: str
    timings: dict[str, Timing] = field(default_factory=dict)
    values: dict[str, float] = field(default_factory=dict)


def say(*cells: str | float) -> None:
    """One line of the running table."""
    shown = [f"{cell:>9.2f}" if isinstance(cell, float) else f"{cell:<11}" for cell in cells]
    sys.stdout.write(f"{shown[0]}{cells[1]!s:<58}{''.join(shown[2:])}\n")
    sys.stdout.flush()


def write_json(path: Path, found: list[Figures], *, now: datetime) -> None:
    document = {"at": now.isoformat(), "versions": versions(), "figures": [asdict(figures) for figures in found]}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def versions() -> dict[str, str]:
    return {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version} | {n: version(n) for n in PACKAGES}


def write_page(path: Path, found: list[Figures], *, now: datetime) -> None:
    """Put the tables between the marks of the page; what stands around them stays."""
    text = path.read_text("utf-8") if path.is_file() else f"# Performance: the figures\n\n{BEGIN}\n{END}\n"
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    path.write_text(f"{before}{BEGIN}\n{tables(found, now=now)}{END}{after}", "utf-8")


def tables(found: list[Figures], *, now: datetime) -> str:
    known = ", ".join(f"{name} {number}" for name, number in versions().items())
    lines = [f"Measured {now:%Y-%m-%d} by `make bench`: {known}.", ""]
    for figures in found:
        lines += [f"## {figures.database}", "", "| What | p50 ms | p95 ms | processor ms | worker ms | requests |"]
        lines.append("|---|---|---|---|---|---|")
        lines += [
            f"| {name} | {t.p50:.1f} | {t.p95:.1f} | {t.processor:.2f} | {t.worker:.2f} | {t.number} |"
            for name, t in figures.timings.items()
        ]
        lines += ["", "| What | |", "|---|---|"]
        lines += [f"| {name} | {value:.2f} |" for name, value in figures.values.items()]
        lines.append("")
    return "\n".join(lines) + "\n"
