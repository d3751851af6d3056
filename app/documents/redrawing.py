"""Pictures are kept as they were drawn anew, never as they came."""

import subprocess
import sys
from pathlib import Path

from app.domain.errors import N_, InvalidFileError

PROGRAM = Path(__file__).with_name("redraw.py")
PATIENCE = 15.0
"""Seconds for one picture, by the clock on the wall."""
TOO_LARGE = 4
"""What the program ends with for it (its own constant of that name)."""
KINDS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}


def drawn_anew(content: bytes, suffix: str, *, name: str) -> bytes:
    """The picture without anything that is none. Raises InvalidFileError: damaged, another kind, too large."""
    command = [sys.executable, "-I", str(PROGRAM), KINDS[suffix]]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise InvalidFileError(N_("图片“%(name)s”处理时间过长，请缩小后再上传。"), name=name) from None
    if done.returncode == TOO_LARGE:
        raise InvalidFileError(N_("图片“%(name)s”的尺寸过大，请缩小后再上传。"), name=name)
    if done.returncode != 0 or not done.stdout:
        raise InvalidFileError(N_("图片“%(name)s”无法读取，请重新保存后上传。"), name=name)
    return done.stdout
