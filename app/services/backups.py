"""Backup and restore: database first, then papers and keys, in one archive that proves itself, sealed with a key.

Papers are named by their content and never change, so those that a moment of the database names are all there
afterwards. The manifest holds an SM3 digest of every file and what the database held; a restore is held against it.
"""

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from app.documents import sealing
from app.documents.archive import package as packages
from app.documents.store import path_of
from app.domain.errors import N_, ConflictError, InvalidFileError
from app.seals import sealed
from app.seals.provider import DamagedSealError
from app.services import anchoring, settings
from app.storage import copies
from app.storage.transaction import transaction

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database/"
KEYS = ("secret.key", "journal.key", "seal.key", "anchors.log")
"""Keys, and the anchors of the journal, where they lie in the data folder; an office that keeps them elsewhere keeps
their copies elsewhere too."""
PAPERS, PACKAGES = "attachments", "archives"
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    made_at: str
    kind: str
    """sqlite or postgresql."""
    schema: str
    columns: Mapping[str, Sequence[str]]
    rows: Mapping[str, int]
    heads: str
    papers: int
    """How many different papers the database names."""
    files: Mapping[str, str]
    """Name in the archive -> SM3."""


def make(target: Path, *, now: datetime, key: Path | None) -> Manifest:
    """Write an archive (mode 0600) of everything; it appears under its name only when it is whole.

    Sealed with the last key of the file `key`; without one it is plain.
    Raises ConflictError (the file is there, the journal is broken, papers are missing or damaged, the key lies where
    the backup is taken from), InvalidFileError (the key): nothing is kept.
    """
    if target.exists():
        raise ConflictError(N_("文件 %(name)s 已经存在，请换一个名称。"), name=target.name)
    data = settings.data_folder()
    if key is not None and key.resolve().is_relative_to(data.resolve()):
        raise ConflictError(N_("备份密钥不能放在数据目录里，请放到别处，并与备份分开保管。"))
    keys = sealing.keys_in(key) if key is not None else []
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        anchoring.anchor(why=anchoring.BACKUP, now=now)
        # beside the database: where the backup goes to, nothing lies open even for a moment
        with tempfile.TemporaryDirectory(dir=data, prefix=".wenze-") as folder:
            found = copies.copy(Path(folder))
            _ensure_sound(found)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                writer = sealing.SealedWriter(file, keys[-1]) if keys else file
                manifest = _write(writer, Path(folder), found, now)
                if isinstance(writer, sealing.SealedWriter):
                    writer.close()
                file.flush()
                os.fsync(file.fileno())
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def make_key(target: Path) -> None:
    """A new file of keys (mode 0600). Raises ConflictError where one is there: what it seals would never open again."""
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise ConflictError(N_("文件 %(name)s 已经存在，请换一个名称。"), name=target.name) from error
    with os.fdopen(descriptor, "w") as file:
        file.write(f"{sealing.new_key()}\n")
        file.flush()
        os.fsync(file.fileno())


def _ensure_sound(found: copies.Contents) -> None:
    if found.broken:
        raise ConflictError(N_("审计日志的链条有断裂（%(where)s），没有备份。"), where="、".join(found.broken[:5]))
    data = settings.data_folder()
    lost = [digest for digest in sorted(found.papers) if not path_of(data, digest).is_file()]
    if lost:
        raise ConflictError(N_("缺少%(count)s个附件文件（%(first)s），没有备份。"), count=len(lost), first=lost[0][:12])


def _write(file: Any, folder: Path, found: copies.Contents, now: datetime) -> Manifest:
    data, digests = settings.data_folder(), {}
    with tarfile.open(fileobj=file, mode="w|", bufsize=BLOCK) as archive:
        for path in sorted(folder.iterdir()):
            digests[DATABASE + path.name] = _add(archive, path, DATABASE + path.name)
        for digest in sorted(found.papers):
            name = f"{PAPERS}/{digest[:2]}/{digest}"
            digests[name] = _add(archive, path_of(data, digest), name, sha256_hex=digest)
        for digest in sorted(found.packages):  # those that were lost can be made anew from the rest
            if (path := packages.path_of(data, digest)).is_file():
                name = f"{PACKAGES}/{digest[:2]}/{path.name}"
                digests[name] = _add(archive, path, name, sha256_hex=digest)
        for name in KEYS:
            if (data / name).is_file():
                digests[name] = _add(archive, data / name, name)
        manifest = Manifest(
            made_at=now.isoformat(),
            kind=found.kind,
            schema=found.schema,
            columns=found.columns,
            rows=found.rows,
            heads=found.heads,
            papers=len(found.papers),
            files=digests,
        )
        content = json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=1).encode()
        member = tarfile.TarInfo(MANIFEST)
        member.size, member.mode, member.mtime = len(content), 0o600, int(now.timestamp())
        archive.addfile(member, io.BytesIO(content))
    return manifest


def _add(archive: tarfile.TarFile, path: Path, name: str, *, sha256_hex: str | None = None) -> str:
    """Put a file into the archive; returns its SM3. Raises ConflictError where it is not what its name says."""
    with path.open("rb") as file:  # once: another one may take its place while it is read
        member = archive.gettarinfo(arcname=name, fileobj=file)
        member.mode, member.uname, member.gname, member.uid, member.gid = 0o600, "", "", 0, 0
        archive.addfile(member, file)
        file.seek(0)
        sm3 = _digest(file, "sm3")
        file.seek(0)
        if sha256_hex is not None and not _says(file, path.name, sha256_hex):
            raise ConflictError(N_("附件文件 %(name)s 已经损坏，没有备份。"), name=sha256_hex[:12])
    return sm3


def _says(file: BinaryIO, name: str, sha256_hex: str) -> bool:
    """Whether a file of the store opens and is what its name says; it stays sealed in the archive."""
    try:
        return _digest(sealed.unsealed(file, name=name), "sha256") == sha256_hex
    except DamagedSealError:
        return False


def _digest(file: Any, kind: str) -> str:
    """Of what is left to read."""
    digest = hashlib.new(kind)
    while block := file.read(BLOCK):
        digest.update(block)
    return digest.hexdigest()


# ---- back again


def check(archive: Path, *, key: Path | None) -> Manifest:
    """Hold every file of an archive against its manifest. Raises InvalidFileError; nothing is written."""
    manifest, seen = read(archive, key=key), set()
    for name, content in _members(archive, key):
        if name == MANIFEST:
            continue
        if manifest.files.get(name) != _digest(content, "sm3"):
            raise InvalidFileError(N_("备份中的 %(name)s 与清单不符，该备份不能使用。"), name=name)
        seen.add(name)
    if missing := sorted(manifest.files.keys() - seen):
        raise InvalidFileError(N_("备份中缺少 %(name)s，该备份不能使用。"), name=missing[0])
    return manifest


def read(archive: Path, *, key: Path | None) -> Manifest:
    """What an archive says of itself. Raises InvalidFileError."""
    for name, content in _members(archive, key):
        if name == MANIFEST:
            try:
                said = json.loads(content.read())
                if said.pop("format") == FORMAT:
                    return Manifest(**said)
            except (ValueError, TypeError, KeyError, AttributeError):
                break
    raise InvalidFileError(N_("这不是本系统的备份文件。"))


@contextmanager
def all_or_nothing(data: Path, *, database: Path | None) -> Iterator[None]:
    """What is restored inside goes again where it cannot be finished: a full disk, a damaged file, an interruption.

    Rows of PostgreSQL are one transaction of their own. Raises ConflictError where something is there already.
    """
    _ensure_empty(data, database)
    existed = data.exists()
    try:
        yield
    except BaseException:
        for path in data.iterdir() if data.exists() else ():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if not existed and data.exists():
            data.rmdir()
        for suffix in ("", "-wal", "-shm") if database is not None else ():
            Path(f"{database}{suffix}").unlink(missing_ok=True)
        raise


def _ensure_empty(data: Path, database: Path | None) -> None:
    if any(data.iterdir()) if data.exists() else False:
        raise ConflictError(N_("数据目录不是空的，只能恢复到空的目录。"))
    if database is not None and database.exists():
        raise ConflictError(N_("数据库文件已经存在，只能恢复到空的目录。"))


def restore_files(archive: Path, data: Path, *, database: Path | None, key: Path | None) -> None:
    """Write papers and keys into an empty data folder, and the embedded database to its place.

    `archive` was checked before. Raises ConflictError where something is there already: nothing was changed.
    """
    _ensure_empty(data, database)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in _members(archive, key):
        if name in KEYS or name.startswith((f"{PAPERS}/", f"{PACKAGES}/")):
            _keep(content, data / name)
        elif name == DATABASE + copies.FILE and database is not None:
            _keep(content, database)


def restore_rows(archive: Path, manifest: Manifest, *, key: Path | None) -> None:
    """Fill an empty PostgreSQL whose tables are of the backup's schema. Raises ConflictError where it is not empty."""
    with tempfile.TemporaryDirectory(dir=settings.data_folder(), prefix=".wenze-") as folder:
        for name, content in _members(archive, key):
            if name.startswith(DATABASE):
                _keep(content, Path(folder) / name.removeprefix(DATABASE))
        if any(copies.contents().rows.values()):
            raise ConflictError(N_("数据库不是空的，只能恢复到空的数据库。"))
        with transaction():
            copies.load(Path(folder), manifest.columns)


def verify(manifest: Manifest) -> None:
    """Hold what was restored against the manifest. Raises ConflictError."""
    found = copies.contents()
    _ensure_sound(found)
    wrong = sorted(table for table in manifest.rows if found.rows.get(table) != manifest.rows[table])
    if wrong or found.heads != manifest.heads:
        what = "、".join(wrong[:5]) or "journal"
        raise ConflictError(N_("恢复后的数据与备份清单不符（%(what)s），请勿使用。"), what=what)


def _members(archive: Path, key: Path | None) -> Iterator[tuple[str, Any]]:
    """Plain files of an archive whose names lead nowhere else. Raises InvalidFileError for anything else in it.

    Each is read before the next one is asked for: a sealed archive is a stream.
    """
    try:
        with _opened(archive, key) as file, tarfile.open(fileobj=file, mode="r|", bufsize=BLOCK) as opened:
            for member in opened:
                content = opened.extractfile(member) if member.isreg() else None
                if content is None or member.name.startswith("/") or ".." in member.name.split("/"):
                    raise InvalidFileError(N_("这不是本系统的备份文件。"))
                yield member.name, content
    except (tarfile.TarError, OSError) as error:
        raise InvalidFileError(N_("备份文件无法读取：%(why)s"), why=str(error)[:100]) from error


@contextmanager
def _opened(archive: Path, key: Path | None) -> Iterator[Any]:
    """The archive as a stream, opened with the key where it is sealed. Raises InvalidFileError."""
    with archive.open("rb") as file:
        if not sealing.is_sealed(archive):
            yield file
        elif key is None:
            raise InvalidFileError(N_("这份备份是加密的，请用 --key-file 指明密钥文件。"))
        else:
            yield sealing.SealedReader(file, sealing.keys_in(key))


def _keep(content: Any, path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while block := content.read(BLOCK):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
