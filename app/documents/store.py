"""The content-addressed store of papers under the data folder: written and fsynced before the row that names them.

A file lies sealed (`app.seals`) under the digest of what it says, which rows, journal and archives name.
"""

import fcntl
import os
import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

from app.documents import redrawing, scanning, structure
from app.domain.errors import N_, InvalidFileError
from app.seals import sealed
from app.seals.provider import current_key

MAX_BYTES = 20 * 1024 * 1024
ALLOWED = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".ofd": "application/ofd",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
_SIGNATURES = {
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".docx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
    ".ofd": (b"PK\x03\x04",),
}
_TEXTS = (".txt", ".csv")
"""Kinds without a signature: they must be text of the offices' encodings, and nothing else."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


@dataclass(frozen=True, slots=True)
class Received:
    """An upload as it may be kept."""

    content: bytes
    """A picture drawn anew; everything else as it came."""
    file_name: str
    media_type: str


def received(content: bytes, name: str) -> Received:
    """The upload as it is kept. Raises InvalidFileError with what to do instead."""
    clean, media_type = check(content, name)
    suffix = Path(clean).suffix.lower()
    scanning.ensure_clean(content, name=clean)
    if suffix in redrawing.KINDS:
        content = redrawing.drawn_anew(content, suffix, name=clean)
    return Received(content, clean, media_type)


def check(content: bytes, name: str) -> tuple[str, str]:
    """The clean file name and media type of an upload. Raises InvalidFileError with what to do instead."""
    clean = clean_name(name)
    suffix = Path(clean).suffix.lower()
    if not content:
        raise InvalidFileError(N_("文件“%(name)s”是空的，请重新选择。"), name=clean)
    if len(content) > MAX_BYTES:
        raise InvalidFileError(N_("文件“%(name)s”超过20兆字节，请压缩或拆分后再上传。"), name=clean)
    if suffix not in ALLOWED:
        raise InvalidFileError(N_("不接受“%(name)s”这种文件，请上传 PDF、OFD、Word、Excel、文本或图片。"), name=clean)
    wrong = not _is_text(content) if suffix in _TEXTS else not content.startswith(_SIGNATURES[suffix])
    if wrong:
        raise InvalidFileError(N_("文件“%(name)s”的内容与扩展名不符。"), name=clean)
    if suffix in (".docx", ".xlsx", ".ofd"):
        structure.ensure_quiet_office(content, suffix, name=clean)
    if suffix == ".pdf":
        structure.ensure_quiet_pdf(content, name=clean)
    return clean, ALLOWED[suffix]


def clean_name(name: str) -> str:
    """The last part of a file name without control and direction characters, at most 120 characters."""
    if _BIDI.search(name):
        raise InvalidFileError(N_("文件名含有不可见的方向控制字符，请改名后再上传。"))
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    clean = "".join(character for character in last if unicodedata.category(character)[0] != "C").strip(" .")
    stem, _, suffix = clean.rpartition(".") if "." in clean else (clean, "", "")
    return f"{stem[:110]}.{suffix[:8]}" if suffix else (clean[:120] or "文件")


def _is_text(content: bytes) -> bool:
    """UTF-8 or what older office programs write, without control characters other than line ends and tabs."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _CONTROL.search(text) is None
    return False


def path_of(folder: Path, digest: str) -> Path:
    return folder / "attachments" / digest[:2] / digest


def keep(folder: Path, content: bytes) -> str:
    """Seal a content once and make it durable. Returns its SHA-256. Raises MissingKeyError."""
    digest = sha256(content).hexdigest()
    path = path_of(folder, digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    with held(path):
        if path.exists():
            path.touch()  # it has an owner again: `drop_unclaimed` leaves young files alone
            return digest
    temporary = path.with_suffix(f".{uuid4().hex}.part")
    sealed.write(temporary, (content,), size=len(content), name=path.name)
    temporary.replace(path)
    return digest


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Alone with the files beside it: what is sealed anew meanwhile neither comes back from the dead nor looks old."""
    with path.parents[1].with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def reseal(path: Path) -> bool:
    """Seal a file with the newest key, unless it is gone or is sealed with that already; its age stays.

    Raises MissingKeyError, DamagedSealError: the file stays as it was.
    """
    temporary = path.with_suffix(f".{uuid4().hex}.part")
    try:
        if sealed.key_of(path) == current_key():
            return False
        with sealed.opened(path) as file:
            blocks = iter(lambda: file.read(sealed.PIECE), b"")
            sealed.write(temporary, blocks, size=sealed.size_of(path), name=path.name)
        with held(path):
            age = path.stat()
            os.utime(temporary, ns=(age.st_atime_ns, age.st_mtime_ns))
            temporary.replace(path)
    except FileNotFoundError:
        return False
    finally:
        temporary.unlink(missing_ok=True)
    return True


def kept_files(folder: Path) -> Iterator[Path]:
    """Everything that lies sealed in the data folder: papers, PDFs beside them, packages of closed cases."""
    for shelf, pattern in (("attachments", "*/*"), ("pdf", "*/*.pdf"), ("archives", "*/*.zip")):
        yield from (path for path in sorted((folder / shelf).glob(pattern)) if path.suffix != ".part")


def remove(path: Path) -> None:
    """Take a file away, where it is there."""
    if path.is_file():
        with held(path):
            path.unlink(missing_ok=True)


def batches(folder: Path, *, before: datetime) -> Iterator[list[Path]]:
    """Files of the store that were last written before an instant, folder by folder."""
    for shelf in sorted((folder / "attachments").glob("*")):
        found = [path for path in sorted(shelf.iterdir()) if path.is_file()]
        yield [path for path in found if path.stat().st_mtime < before.timestamp()]


def drop_unclaimed(paths: Iterable[Path], *, before: datetime) -> None:
    """Remove files that no paper names, those that an upload has touched meanwhile excepted."""
    for path in paths:
        with held(path):
            if path.is_file() and path.stat().st_mtime < before.timestamp():
                path.unlink(missing_ok=True)
