"""What lies inside an upload: an office file without macros or anything that is fetched, a PDF without scripts.

Names and signatures say little; here the parts are looked at. Nothing is unpacked to disk and nothing is run.
"""

import re
import zipfile
import zlib
from io import BytesIO

from lxml import etree

from app.domain.archives import HarmfulArchiveError, ensure_harmless
from app.domain.errors import N_, InvalidFileError

DAMAGED = N_("文件“%(name)s”已损坏，请重新保存后上传。")
ACTIVE_OFFICE = N_("文件“%(name)s”含有宏、外部模板或异常压缩内容，不能接收。")
ACTIVE_PDF = N_("文件“%(name)s”含有脚本或者会自动执行的动作，请打印为不含脚本的 PDF 后再上传。")
WRONG = N_("文件“%(name)s”的内容与扩展名不符。")

_MAIN_PART = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".ofd": "OFD.xml"}
_ACTIVE_PARTS = re.compile(r"vbaproject|macrosheets/|dialogsheets/|activex/|/oleobject[^/]*\.bin|\.(?:js|vbs|exe|dll)$")
_FETCHING_PARTS = ("xl/connections.xml",)
_HEAD = 64 * 1024
"""Bytes of a part that are searched for a declaration of its own: it stands before the first element."""
_MOST_RELATIONS = 4_000_000
_LINKS = ("/hyperlink",)
"""Kinds of outward relations that do nothing before somebody clicks."""
_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}

_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_ACTION = re.compile(rb"/(?:JavaScript|JS|Launch|SubmitForm|ImportData|RichMedia|XFA)(?![A-Za-z0-9])")
_PDF_STREAM = re.compile(rb"/ObjStm\b[^>]{0,400}>>\s*stream\r?\n")
_MOST_STREAMS, _MOST_UNPACKED = 200, 1_000_000


def ensure_quiet_office(content: bytes, suffix: str, *, name: str) -> None:
    """Raises InvalidFileError: a bomb, a macro, a remote template or picture, a declaration that reads elsewhere."""
    try:
        ensure_harmless(content)
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
            if _MAIN_PART[suffix] not in names:
                raise InvalidFileError(WRONG, name=name)
            if any(_ACTIVE_PARTS.search(part.lower()) or part in _FETCHING_PARTS for part in names):
                raise HarmfulArchiveError
            for part in names:
                if part.lower().endswith((".xml", ".rels", ".vml")):
                    _ensure_quiet_part(archive, part)
    except HarmfulArchiveError:
        raise InvalidFileError(ACTIVE_OFFICE, name=name) from None
    except zipfile.BadZipFile as error:
        raise InvalidFileError(DAMAGED, name=name) from error


def _ensure_quiet_part(archive: zipfile.ZipFile, part: str) -> None:
    with archive.open(part) as file:
        head = file.read(_HEAD)
        # UTF-16 has a zero beside each letter; without them the words stand in the open
        if (
            b"<!doctype" in head.replace(b"\0", b"").lower()
            or b"macroenabled" in head.lower()
            or b"<ddelink" in head.lower()
        ):
            raise HarmfulArchiveError
        if part.lower().endswith(".rels"):
            _ensure_no_fetching(head + file.read(_MOST_RELATIONS))


def _ensure_no_fetching(content: bytes) -> None:
    try:
        root = etree.fromstring(content, etree.XMLParser(**_SAFE))
    except etree.XMLSyntaxError:
        raise HarmfulArchiveError from None
    for relation in root.iter():
        outward = relation.get("TargetMode", "").lower() == "external"
        if outward and not relation.get("Type", "").endswith(_LINKS):
            raise HarmfulArchiveError


def ensure_quiet_pdf(content: bytes, *, name: str) -> None:
    """Raises InvalidFileError: scripts or actions, in the open, spelled in numbers, or in a packed object stream."""
    if _acts(content):
        raise InvalidFileError(ACTIVE_PDF, name=name)
    for count, found in enumerate(_PDF_STREAM.finditer(content)):
        if count >= _MOST_STREAMS:
            break
        try:
            unpacked = zlib.decompressobj().decompress(
                content[found.end() : found.end() + _MOST_UNPACKED], _MOST_UNPACKED
            )
        except zlib.error:
            continue
        if _acts(unpacked):
            raise InvalidFileError(ACTIVE_PDF, name=name)


def _acts(content: bytes) -> bool:
    plain = _HEX.sub(lambda found: bytes([int(found[1], 16)]), content) if b"#" in content else content
    return _PDF_ACTION.search(plain) is not None
