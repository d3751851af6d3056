"""What a paper says, as one text for the search; empty where nobody can tell."""

import subprocess
import sys
from functools import lru_cache
from pathlib import Path

from app.documents.previews import preview_of
from app.domain.errors import ConflictError
from app.seals import sealed

READER = Path(__file__).with_name("pdf_words.py")
PATIENCE = 5.0
"""Seconds for one PDF, by the clock on the wall."""


@lru_cache(maxsize=24)
def words_of(path: Path, media_type: str) -> str:
    """The file is content-addressed, so its words never change; the last few are remembered.

    Whoever will ask inside a transaction asks once before it: reading a PDF may take seconds.
    """
    if media_type == "application/pdf":
        return _pdf(path)
    shown = preview_of(path, media_type)
    return "\n".join([*shown.paragraphs, *(" ".join(row) for row in shown.rows)])


def _pdf(path: Path) -> str:
    """What was read until the time was up or the reader gave up, however little."""
    command = [sys.executable, "-I", str(READER)]
    try:
        done = subprocess.run(command, input=sealed.read(path), capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired as slow:
        return _text(slow.stdout or b"")
    except (OSError, ConflictError):  # the latter: its seal does not open
        return ""
    return _text(done.stdout)


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace").replace("\0", "").replace("\r\n", "\n").strip()
