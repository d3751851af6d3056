"""What lies inside an upload: an office file without macros or anything that is fetched, a PDF without scripts.

Names and signatures say little; here the parts are looked at. Nothing is unpacked to disk and nothing is run.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from app.domain.archives import HarmfulArchiveError, ensure_harmless
from app.domain.errors import N_, InvalidFileError

DAMAGED = N_("文件“%(name)s”已损坏，请重新保存后上传。")
ACTIVE_OFFICE = N_("文件“%(name)s”含有宏、外部模板、会运行程序的链接或异常压缩内容，不能接收。")
ACTIVE_PDF = N_("文件“%(name)s”含有脚本或者会自动执行的动作，请打印为不含脚本的 PDF 后再上传。")
LOCKED_PDF = N_("文件“%(name)s”设有密码或者使用限制，内容无法检查，请解除限制或者重新打印为 PDF 后再上传。")
WRONG = N_("文件“%(name)s”的内容与扩展名不符。")

_MAIN_PART = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".ofd": "OFD.xml"}
_ACTIVE_PARTS = re.compile(
    r"vbaproject|macrosheets/|dialogsheets/|activex/|/oleobject[^/]*\.bin"
    r"|\.(?:js|jse|vbs|vbe|wsf|hta|exe|dll|scr|com|pif|msi|bat|cmd|ps1|lnk|jar|cpl|chm|docm|dotm|xlsm|xltm|xlsb|xlam)$"
)
_FETCHING_PARTS = ("xl/connections.xml",)
_BLOCK = 1 << 20
_OVERLAP = 512
"""Bytes of a part that are looked at twice, so that nothing hides at the border of two blocks."""
_MOST_RELATIONS = 4_000_000
_LINKS = ("/hyperlink",)
"""Kinds of outward relations that do nothing before somebody clicks."""
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):")
_LINK_SCHEMES = ("http", "https", "ftp", "mailto", "tel", "file")
"""What a link may open; any other scheme is some program's own, and may tell it to run something."""
_ACTIVE_KINDS = ("/vbaproject", "/oleobject", "/control", "/afchunk", "/subdocument", "/attachedtemplate", "/frame")
"""Kinds of relations that lead to what runs or is read in, wherever it lies and whatever it is called."""
_ACTIVE_CONTENT = re.compile(
    rb"<!doctype|<(?:\w+:)?ddelink\b|<DataMashup\b|_xlnm\.Auto_(?:Open|Activate)"
    rb"|<(?:\w+:)?f\b[^<>]*>[^<]{0,300}(?:\b(?:webservice|image|rtd|call|register(?:\.id)?)\s*\(|\|')"
    rb"|INCLUDE(?:PICTURE|TEXT)\s[^<]{0,100}(?:https?:|ftp:|file:|\\\\\\\\)",
    re.IGNORECASE,
)
_FIELD = re.compile(rb"<(?:\w+:)?instrText\b[^<>]*>([^<]*)<|\binstr\s*=\s*[\"']([^\"'<]*)")
_FETCHING_FIELD = re.compile(
    rb"(?<![\w/.=?&%#-])(?:DDE(?:AUTO)?\b|LINK\s+\w+\.\w+|DATABASE\s+\\|IMPORT\s+\S{0,6}(?:https?:|ftp:|file:|\\\\))",
    re.IGNORECASE,
)
_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}

_HEX = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_ACTION = re.compile(
    rb"/(?:JavaScript|JS|Launch|SubmitForm|ImportData|RichMedia|XFA|GoToE|Rendition)(?![A-Za-z0-9])"
)
_PDF_OPENING = re.compile(rb"/(?:OpenAction|AA)\s{0,99}(?:<<|(\d{1,9})\s{1,99}\d{1,5}\s{1,99}R\b)")
"""What happens when the file is opened: said there, or by the number of an object."""
_PDF_AWAY = re.compile(rb"/(?:URI|GoToR|Thread|Sound|Movie)(?![A-Za-z0-9])")
_MOST_OPENINGS, _MOST_OBJECTS, _MOST_VERSIONS, _PDF_REACH = 2_000, 10, 100, 300
"""More openings, objects that say what is opened, and versions of one such object, nobody needs; and how many bytes of
an action are looked at."""
_NAMED_STREAM = re.compile(rb"/(?:O|#4[Ff])(?:b|#62)(?:j|#6[Aa])(?:S|#53)(?:t|#74)(?:m|#6[Dd])")
"""An object stream, also with letters written in numbers, which only who hides something does."""
_PDF_STREAM = re.compile(rb"[^>]{0,400}>>\s{0,99}stream\r?\n")
_MOST_STREAMS, _MOST_UNPACKED, _PDF_HEAD = 200, 1_000_000, 400
_MOST_SPELLED, _MOST_NAMED_STREAMS = 300_000, 200_000
"""More letters in numbers and object streams than these nobody needs in 20 MB."""


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
        if _FETCHING_FIELD.search(fields):
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
        kind = relation.get("Type", "").strip().lower()
        outward = relation.get("TargetMode", "").strip().lower() == "external"
        if kind.endswith(_ACTIVE_KINDS) or (outward and not _is_quiet_link(kind, relation.get("Target", ""))):
            raise HarmfulArchiveError


def _is_quiet_link(kind: str, target: str) -> bool:
    """Whether it does nothing before somebody clicks, and then opens a page, a letter or a file."""
    scheme = _SCHEME.match(target.strip())
    return kind.endswith(_LINKS) and (scheme is None or scheme[1].lower() in _LINK_SCHEMES)


def ensure_quiet_pdf(content: bytes, *, name: str) -> None:
    """Raises InvalidFileError: scripts or actions, in the open, spelled in numbers, or in a packed object stream; a
    locked file whose objects are packed, because nobody can look into them."""
    if _acts(content):
        raise InvalidFileError(ACTIVE_PDF, name=name)
    for found in list(_object_streams(content, name=name))[:_MOST_STREAMS]:
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


def _object_streams(content: bytes, *, name: str) -> Iterator[re.Match[bytes]]:
    """Raises InvalidFileError for one that hides its name, or more than a paper of this size can have."""
    for count, found in enumerate(_NAMED_STREAM.finditer(content)):
        if b"#" in found[0] or count == _MOST_NAMED_STREAMS:
            raise InvalidFileError(ACTIVE_PDF, name=name)
        if stream := _PDF_STREAM.match(content, found.end()):
            yield stream


def _acts(content: bytes) -> bool:
    if content.count(b"#") > _MOST_SPELLED:
        return True
    plain = _HEX.sub(lambda found: bytes([int(found[1], 16)]), content) if b"#" in content else content
    return _PDF_ACTION.search(plain) is not None or _opens_elsewhere(plain)


def _opens_elsewhere(content: bytes) -> bool:
    """Whether opening it asks another machine. No file makes this long."""
    numbers = set()
    for count, found in enumerate(_PDF_OPENING.finditer(content)):
        if found[1]:
            numbers.add(found[1])
        elif _is_away(content, found.end(), before=b">>"):
            return True
        if count == _MOST_OPENINGS or len(numbers) > _MOST_OBJECTS:
            return True
    return any(_object_is_away(content, number) for number in numbers)


def _object_is_away(content: bytes, number: bytes) -> bool:
    """Whether one version of the object does."""
    for count, found in enumerate(re.finditer(rb"%b\s{1,9}\d{1,5}\s{1,9}obj\b" % number, content)):
        of_another = content[found.start() - 1 : found.start()].isdigit()  # 19 is not 9
        if count == _MOST_VERSIONS or (not of_another and _is_away(content, found.end(), before=b"endobj")):
            return True
    return False


def _is_away(content: bytes, start: int, *, before: bytes) -> bool:
    said = content[start : start + _PDF_REACH].partition(before)[0]
    return _PDF_AWAY.search(said) is not None
