"""`python -m bench [--quick] [--database sqlite|postgresql|both]`: measure, print, and keep the figures."""

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench import report
from bench.measures import FULL, QUICK, measure
from config import ROOT


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a short look (half a minute): nothing is written down")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--json", type=Path, default=ROOT / "var" / "bench.json", help="where the figures go")
    wanted = parser.parse_args()
    kinds = ("sqlite", "postgresql") if wanted.database == "both" else (wanted.database,)
    report.say("", "", *(f"{word:>9}" for word in ("p50 ms", "p95 ms", "cpu ms", "worker")))
    found = []
    for kind in kinds:
        with tempfile.TemporaryDirectory(prefix="wenze-bench-") as folder:
            found.append(measure(kind, QUICK if wanted.quick else FULL, Path(folder)))
    now = datetime.now(UTC)
    report.write_json(wanted.json, found, now=now)
    if not wanted.quick:
        report.write_page(ROOT / "docs" / "performance-figures.md", found, now=now)


if __name__ == "__main__":
    main()
