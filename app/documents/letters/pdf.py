"""The PDF beside a paper, made by LibreOffice where the machine has it; kept sealed, never in the case.

The worker makes it after a paper was issued; who opens it before that makes it now. The conversion runs in a process
of its own with an empty profile, without network and without the rights to anything but its folder; it may take a
minute and is killed after that.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

from app.documents import store
from app.domain.errors import N_, ConflictError
from app.seals import sealed

LONGEST = 90
"""Seconds that one conversion may take."""
_FONTS = Path(__file__).with_name("fonts.conf")
_NAMES = ("soffice", "libreoffice")
_running: set[int] = set()
"""Groups of office programs that this process has started."""


class PdfUnavailableError(ConflictError):
    """This machine makes no PDF, or could not make this one; the .docx is there all the same."""

    sentence = N_("本机没有安装 LibreOffice，不能生成 PDF，请下载 Word 文件。安装：libreoffice-writer-nogui。")


@lru_cache(maxsize=1)
def program() -> str | None:
    """The path of LibreOffice; None where it is not installed."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


def kept_at(folder: Path, digest: str) -> Path:
    """Where the PDF of a stored .docx lies once it was made."""
    return folder / "pdf" / digest[:2] / f"{digest}.pdf"


def pdf_of(folder: Path, digest: str, *, gently: bool = False) -> Path:
    """The PDF of a stored .docx (SHA-256), made now if it was never made. Raises PdfUnavailableError.

    `gently`: whoever else needs the processor goes first.
    """
    path = kept_at(folder, digest)
    if path.exists():
        return path
    content = convert(sealed.read(store.path_of(folder, digest)), gently=gently)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{uuid4().hex}.part")
    sealed.write(temporary, (content,), size=len(content), name=path.name)
    temporary.replace(path)  # two that made it at once made the same
    return path


def convert(content: bytes, *, gently: bool = False) -> bytes:
    """A .docx as PDF. Raises PdfUnavailableError."""
    office = program()
    if office is None:
        raise PdfUnavailableError
    with tempfile.TemporaryDirectory(prefix="wenze-pdf-") as name:
        folder = Path(name)
        source = folder / "paper.docx"
        source.write_bytes(content)
        nice = shutil.which("nice") if gently else None
        command = [
            *((nice, "-n", "15") if nice else ()),
            office,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--norestore",
            "--nologo",
            "--convert-to",
            "pdf:writer_pdf_Export",
            "--outdir",
            str(folder),
            str(source),
        ]
        try:
            _run(command, folder)
            return (folder / "paper.pdf").read_bytes()
        except (OSError, subprocess.SubprocessError) as problem:
            raise PdfUnavailableError(N_("PDF 没有生成，请下载 Word 文件，或者稍后再试。")) from problem


def _run(command: list[str], folder: Path) -> None:
    """The program and all that it starts, in a group of its own that is ended as a whole when it takes too long.

    LibreOffice is started by a script: ending the script alone would leave the office itself, hung, behind.
    """
    with subprocess.Popen(
        command,
        env=_environment(folder),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        _running.add(process.pid)
        try:
            if code := process.wait(LONGEST):
                raise subprocess.CalledProcessError(code, command)
        except BaseException:
            if process.returncode is None:  # the number of a group whose first process is gone may be another's
                _end(process.pid)
            raise
        finally:
            _running.discard(process.pid)


def end_running() -> None:
    """End what still runs, because this process is about to end."""
    for group in tuple(_running):
        _end(group)


def _end(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of ours: no settings, no passwords, a home that goes with the folder."""
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "FONTCONFIG_FILE": str(_FONTS),
        "SAL_USE_VCLPLUGIN": "svp",
    }
