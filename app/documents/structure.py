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
LOCKED_PDF = N_("文件“%(name)s”设有密码或者使用限制，内容无法检查，请解除限制或者重新打印为 PDF 后再上传。")
WRONG = N_("文件“%(name)s”的内容与扩展名不符。")

_MAIN_PART = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".ofd": "OFD.xml"}
_ACTIVE_PARTS = re.compile(r"vbaproject|macrosheets/|dialogsheets/|activex/|/oleobject[^/]*\.bin|\.(?:js|vbs|exe|dll)$")
_FETCHING_PARTS = ("xl/connections.xml",)
_BLOCK = 1 << 20
_OVERLAP = 512
"""Bytes of a part that are looked at twice, so that nothing hides at the border of two blocks."""
_MOST_RELATIONS = 4_000_000
_LINKS = ("/hyperlink",)
"""Kinds of outward relations that do nothing before somebody clicks."""
_ACTIVE_KINDS = ("/vbaproject", "/oleobject", "/control", "/afchunk", "/subdocument", "/attachedtemplate", "/frame")
"""Kinds of relations that lead to what runs or is read in, wherever it lies and whatever it is called."""
_ACTIVE_CONTENT = re.compile(
    rb"<!doctype|<(?:\w+:)?ddelink\b|<(?:\w+:)?f\b[^>]*>[^<]{0,300}webservice\s*\("
    rb"|INCLUDE(?:PICTURE|TEXT)\s[^<]{0,100}(?:https?:|ftp:|file:|\\\\\\\\)",
    re.IGNORECASE,
)
_FIELD = re.compile(rb"<(?:\w+:)?instrText\b[^>]*>([^<]*)<|\binstr\s*=\s*[\"']([^\"'<]*)")
_DDE = re.compile(rb"DDE(?:AUTO)?\b")
_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}

_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_ACTION = re.compile(
    rb"/(?:JavaScript|JS|Launch|SubmitForm|ImportData|RichMedia|XFA|GoToE|Rendition)(?![A-Za-z0-9])"
    rb"|/OpenAction\s*<<(?:(?!>>).){0,300}/URI",
    re.DOTALL,
)
_SPELLED_STREAM = re.compile(rb"/(?=\S{0,17}#)(?:O|#4[Ff])(?:b|#62)(?:j|#6[Aa])(?:S|#53)(?:t|#74)(?:m|#6[Dd])")
"""The name of an object stream with a letter written in numbers, which only who hides something does."""
_PDF_STREAM = re.compile(rb"/ObjStm\b[^>]{0,400}>>\s*stream\r?\n")
_MOST_STREAMS, _MOST_UNPACKED, _PDF_HEAD = 200, 1_000_000, 400


def ensure_quiet_office(content: bytes, suffix: str, *, name: str) -> None:
    """Raises InvalidFileError: a bomb, a macro, a remote template or picture, a declaration that reads elsewhere."""
    try:
        ensure_harmless(content)
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
            if _MAIN_PART[suffix] not in names:
                raise InvalidFileError(WRONG, name=name)
            if any(_ACTIVE_PARTS.search(part.lower()) or part.lower() in _FETCHING_PARTS for part in names):
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
        if part.lower().endswith(".rels"):
            content = file.read(_MOST_RELATIONS)
            _ensure_quiet(content)
            _ensure_no_fetching(content)
            return
        before, fields = b"", b""
        while block := file.read(_BLOCK):
            # UTF-16 has a zero beside each letter; without them the words stand in the open
            content = before + block.replace(b"\0", b"")
            _ensure_quiet(content, is_list_of_kinds=part == "[Content_Types].xml")
            fields += b"".join(found[1] or found[2] or b"" for found in _FIELD.finditer(content))
            before = content[-_OVERLAP:]
        if _DDE.search(fields):
            raise HarmfulArchiveError


def _ensure_quiet(content: bytes, *, is_list_of_kinds: bool = False) -> None:
    active = _ACTIVE_CONTENT.search(content.replace(b"\0", b""))
    if active or (is_list_of_kinds and re.search(rb"macroenabled|vbaproject", content, re.IGNORECASE)):
        raise HarmfulArchiveError


def _ensure_no_fetching(content: bytes) -> None:
    try:
        root = etree.fromstring(content, etree.XMLParser(**_SAFE))
    except etree.XMLSyntaxError:
        raise HarmfulArchiveError from None
    for relation in root.iter(etree.Element):
        kind = relation.get("Type", "").lower()
        outward = relation.get("TargetMode", "").lower() == "external"
        if kind.endswith(_ACTIVE_KINDS) or (outward and not kind.endswith(_LINKS)):
            raise HarmfulArchiveError


def ensure_quiet_pdf(content: bytes, *, name: str) -> None:
    """Raises InvalidFileError: scripts or actions, in the open, spelled in numbers, or in a packed object stream; a
    locked file whose objects are packed, because nobody can look into them."""
    if _acts(content) or _SPELLED_STREAM.search(content):
        raise InvalidFileError(ACTIVE_PDF, name=name)
    for count, found in enumerate(_PDF_STREAM.finditer(content)):
        if count >= _MOST_STREAMS:
            break
        try:
            unpacked = zlib.decompressobj().decompress(
                content[found.end() : found.end() + _MOST_UNPACKED], _MOST_UNPACKED
            )
        except zlib.error:
            if b"/Encrypt" in content:  # opens without a password where that is empty, and does what nobody saw
                raise InvalidFileError(LOCKED_PDF, name=name) from None
            head = content[max(0, found.start() - _PDF_HEAD) : found.end()]
            if b"/Filter" in head:  # packed in a way that nobody needs
                raise InvalidFileError(ACTIVE_PDF, name=name) from None
            continue
        if _acts(unpacked):
            raise InvalidFileError(ACTIVE_PDF, name=name)


def _acts(content: bytes) -> bool:
    plain = _HEX.sub(lambda found: bytes([int(found[1], 16)]), content) if b"#" in content else content
    return _PDF_ACTION.search(plain) is not None
