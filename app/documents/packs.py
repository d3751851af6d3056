"""A regulation pack: one zip with everything that a regulation is made of, named and hashed in `manifest.yml`.

Inside, `processes/` holds diagrams, tables and the clause register, `forms/` the forms and `options.yml`, `scenarios/`
the acceptance with its invented people, `letters/` the templates. Nothing is unpacked to disk, nothing is executed.
"""

import io
import posixpath
import re
import stat
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from app import yamlfiles
from app.domain.errors import N_, InvalidFileError

FORMAT = 1
MANIFEST = "manifest.yml"
LONGEST = 20_000_000
"""Bytes of a pack."""
MOST_ENTRIES, MOST_UNPACKED, MOST_RATIO, LONGEST_FILE = 2000, 50_000_000, 100, 1_000_000
DESKTOP = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
"""What desktops leave in folders."""
_OPTIONS = "options.yml"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(?:/[a-z0-9][a-z0-9._-]*){0,2}")
_MADE = (2025, 1, 1, 0, 0, 0)
"""The date of every entry: the same contents make the same pack."""


@dataclass(frozen=True, slots=True)
class Pack:
    """What a pack says about itself, and its files by release names: `filing.bpmn`, `scenarios/filing/late.yml`."""

    regulation_id: str
    title: str
    document_no: str
    county_id: str
    county_name: str
    files: Mapping[str, bytes]
    roles: tuple[str, ...] = ()
    """Roles that its steps are addressed to."""
    organs: tuple[str, ...] = ()
    """Names of the organs that it needs, for whoever sets the county up."""
    switches: Mapping[str, Any] = field(default_factory=dict)
    """Defaults of its rule settings."""


def path_of(name: str) -> str:
    """Where a file lies in a pack, from its release name."""
    if name.startswith(("scenarios/", "letters/")):
        return name
    return f"forms/{name}" if name.endswith(".form") or name == _OPTIONS else f"processes/{name}"


def name_of(path: str) -> str | None:
    """The release name of a file of a pack; None for what does not belong into one."""
    room, _, rest = path.partition("/")
    if room == "processes" and rest.endswith((".bpmn", ".dmn", ".law.yml")) and "/" not in rest:
        return rest
    if room == "forms" and (rest.endswith(".form") or rest == _OPTIONS):
        return rest
    if (room == "scenarios" and rest.endswith(".yml")) or (room == "letters" and rest.endswith(".docx")):
        return path
    return None


def write(pack: Pack) -> bytes:
    """The pack as a zip; equal packs are equal bytes."""
    entries = {path_of(name): content for name, content in sorted(pack.files.items())}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_entry(MANIFEST), _manifest(pack, entries))
        for path, content in entries.items():
            archive.writestr(_entry(path), content)
    return out.getvalue()


def _entry(path: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _MADE)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    return entry


def _manifest(pack: Pack, entries: Mapping[str, bytes]) -> str:
    said = {
        "format": FORMAT,
        "regulation": pack.regulation_id,
        "title": pack.title,
        "document_no": pack.document_no,
        "county": {"id": pack.county_id, "name": pack.county_name},
        "needs": {"roles": list(pack.roles), "organs": list(pack.organs)},
        "switches": dict(pack.switches),
        "files": {path: sha256(content).hexdigest() for path, content in entries.items()},
    }
    return str(yaml.safe_dump(said, allow_unicode=True, sort_keys=False))


def read(data: bytes, *, changed_by_hand: bool = False) -> Pack:
    """A pack from its zip. Raises InvalidFileError with a sentence; nothing of it is kept.

    With `changed_by_hand` the files may be others than the manifest says: whoever hands it in changed them himself.
    What a desktop adds to every zip is passed over, also folders around everything.
    """
    if len(data) > LONGEST:
        raise InvalidFileError(N_("制度包超过 20 MB。"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            named = ((_path_of(entry), entry) for entry in archive.infolist())
            entries = [(path, entry) for path, entry in named if not _of_the_desktop(path)]
            files = [(path, entry) for path, entry in entries if not path.endswith("/")]
            around = _folder_around([path for path, _ in files])
            _ensure_harmless(entries, around=around)
            contents = {path.removeprefix(around): archive.read(entry) for path, entry in files}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise InvalidFileError(N_("文件不是可以读取的制度包（zip）。")) from error
    manifest = _read_manifest(contents.pop(MANIFEST, None))
    if not changed_by_hand:
        _ensure_hashes(manifest["files"], contents)
    return _pack(manifest, contents)


_IN_UTF8 = 0x800
"""Flag of a zip's entry."""


def _of_the_desktop(path: str) -> bool:
    return path.startswith("__MACOSX/") or path.rpartition("/")[2] in DESKTOP


def _path_of(entry: zipfile.ZipInfo) -> str:
    """As whoever packed it read the name: older tools of Chinese Windows write GBK, and backslashes."""
    name = entry.filename
    if not entry.flag_bits & _IN_UTF8 and not name.isascii():
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("gbk")
    return name.replace("\\", "/")


def _folder_around(paths: Sequence[str]) -> str:
    """The folders that everything lies in, with a slash at the end; empty where the manifest lies on top."""
    if any(path.startswith("/") for path in paths):
        return ""
    around = posixpath.commonpath([posixpath.dirname(path) for path in paths]) if paths else ""
    held = [f"{posixpath.dirname(path)}/" for path in paths if posixpath.basename(path) == MANIFEST]
    return f"{around}/" if around and (not held or f"{around}/" in held) else ""


def _ensure_harmless(entries: list[tuple[str, zipfile.ZipInfo]], *, around: str) -> None:
    """Looks at the directory of the zip only. Raises InvalidFileError."""
    packed = sum(entry.compress_size for _, entry in entries) or 1
    unpacked = sum(entry.file_size for _, entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked / packed > MOST_RATIO:
        raise InvalidFileError(N_("制度包展开后过大，不能导入。"))
    names = [path for path, _ in entries]
    if len(set(names)) != len(names):
        raise InvalidFileError(N_("制度包中有重名的文件。"))
    for path, entry in entries:
        if path.endswith("/"):
            continue
        if entry.flag_bits & 1:
            raise InvalidFileError(N_("制度包不能加密。"))
        if entry.file_size > LONGEST_FILE:
            raise InvalidFileError(N_("制度包中的文件“%(name)s”超过 1 MB。"), name=_shown(path))
        is_link = stat.S_ISLNK(entry.external_attr >> 16)
        inner = path.removeprefix(around)
        if is_link or (inner != MANIFEST and not _belongs(inner)):
            raise InvalidFileError(N_("制度包中的“%(name)s”不是制度的文件。"), name=_shown(path))


def _belongs(path: str) -> bool:
    """No way out of the pack, and a known room and ending."""
    parts = PurePosixPath(path).parts
    return _NAME.fullmatch(path) is not None and ".." not in parts and name_of(path) is not None


def _shown(name: str) -> str:
    return "".join(character if character.isprintable() else "�" for character in name[:80])


def _read_manifest(content: bytes | None) -> Mapping[str, Any]:
    if content is None:
        raise InvalidFileError(N_("制度包中没有 manifest.yml。"))
    try:
        said = yamlfiles.read(content)
    except yaml.YAMLError as error:
        raise InvalidFileError(N_("制度包的 manifest.yml 无法读取。")) from error
    if not isinstance(said, Mapping) or not isinstance(said.get("files"), Mapping):
        raise InvalidFileError(N_("制度包的 manifest.yml 无法读取。"))
    if said.get("format") != FORMAT:
        raise InvalidFileError(
            N_("制度包的格式是 %(given)s，本系统读取格式 %(known)s。"), given=str(said.get("format"))[:20], known=FORMAT
        )
    return said


def _ensure_hashes(said: Mapping[str, Any], contents: Mapping[str, bytes]) -> None:
    for path, content in contents.items():
        if said.get(path) != sha256(content).hexdigest():
            raise InvalidFileError(
                N_(
                    "制度包中的“%(name)s”与清单的校验值不符：是自己改动的，请勾选“包中的文件是自己改动的”；"
                    "不是的，请向提供者重新索取。"
                ),
                name=_shown(path),
            )
    if missing := sorted(str(path) for path in said.keys() - contents.keys()):
        raise InvalidFileError(N_("制度包缺少清单中的文件“%(name)s”。"), name=_shown(missing[0]))


def _pack(manifest: Mapping[str, Any], contents: Mapping[str, bytes]) -> Pack:
    county, needs = manifest.get("county"), manifest.get("needs")
    if not isinstance(county, Mapping) or not isinstance(needs, Mapping):
        raise InvalidFileError(N_("制度包的 manifest.yml 无法读取。"))
    switches = manifest.get("switches")
    return Pack(
        regulation_id=_text(manifest.get("regulation")),
        title=_text(manifest.get("title")),
        document_no=_text(manifest.get("document_no")),
        county_id=_text(county.get("id")),
        county_name=_text(county.get("name")),
        files={name: content for path, content in contents.items() if (name := name_of(path)) is not None},
        roles=_texts(needs.get("roles")),
        organs=_texts(needs.get("organs")),
        switches=dict(switches) if isinstance(switches, Mapping) else {},
    )


def _text(value: Any) -> str:
    return value[:200] if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(item) for item in value[:200]) if isinstance(value, list) else ()


def files_in(folder: Path) -> dict[str, bytes]:
    """The files of an unpacked pack by their release names. Raises InvalidFileError for one that is none."""
    found = {}
    for path in sorted(folder.rglob("*")):
        inner = path.relative_to(folder).as_posix()
        if not path.is_file() or inner == MANIFEST:
            continue
        if not _belongs(inner):
            raise InvalidFileError(N_("制度包中的“%(name)s”不是制度的文件。"), name=_shown(inner))
        found[name_of(inner) or inner] = path.read_bytes()
    return found
