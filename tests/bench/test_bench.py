"""`make bench` itself: that every figure can be taken. Nothing is asserted about milliseconds: machines differ."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from config import ROOT

pytestmark = pytest.mark.slow

TAKEN = ("complete, API", "bare floor", "complete, HTML form", "open a task page", "start a case, API")


def test_a_short_look_takes_every_figure(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"

    command = [sys.executable, "-m", "bench", "--quick", "--database", "sqlite", "--json", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=400)

    assert done.returncode == 0, done.stderr[-3000:]
    (figures,) = json.loads(file.read_text())["figures"]
    assert set(TAKEN) <= figures["timings"].keys()
    assert figures["values"]["parallel reviews: all accepted after, s"] > 0
    assert any(name.startswith("inbox/pool") for name in figures["timings"])
