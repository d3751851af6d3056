"""The official text of a regulation: read from a file, split into articles, paragraphs, sentences and items.

Nothing here knows a regulation. The structure is that of Chinese legislation: 条, 款, 项; an article may open with a
sentence before its items (lead), and an enumeration within a sentence counts as items where the register says so.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from lxml import etree

from app.domain.errors import N_, InvalidFileError

MAX_BYTES = 2 * 1024 * 1024
_MAX_INFLATED = 20 * 1024 * 1024
_DOCUMENT = "word/document.xml"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@dataclass(slots=True)
class Item:
    """项."""

    number: int
    text: str


@dataclass(slots=True)
class Paragraph:
    """款. With items, `text` is what stands before them."""

    text: str
    items: list[Item] = field(default_factory=list)

    @property
    def sentences(self) -> list[str]:
        return re.findall(r"[^。]+。?[”）]?", self.text)

    @property
    def enumeration(self) -> list[str]:
        """Members of a list within the sentence (包括：甲、乙，以及丙), empty where there is none."""
        _, colon, members = self.text.partition("：")
        if not colon:
            return []
        members = members.rstrip("。；")
        first, _, last = members.rpartition("以及")
        parts = (first or members).rstrip("，、").split("、")
        return [part for part in (*parts, last if first else "") if part]

    @property
    def whole(self) -> str:
        return "\n".join([self.text, *(f"（{numeral(item.number)}）{item.text}" for item in self.items)])


@dataclass(slots=True)
class Article:
    """条."""

    number: int
    paragraphs: list[Paragraph]


@dataclass(frozen=True, slots=True)
class OfficialText:
    head: str
    """Everything before the first article, without spaces: title, number, addressees, preamble."""
    addressees: str
    """主送机关; empty where there is none."""
    preamble: str
    articles: tuple[Article, ...]

    def article(self, number: int) -> Article | None:
        return next((article for article in self.articles if article.number == number), None)


def read_text(content: bytes, name: str) -> str:
    """The text of an uploaded file. Raises InvalidFileError with what to do instead."""
    if not content.strip():
        raise InvalidFileError(N_("文件“%(name)s”是空的，请重新选择。"), name=name)
    if len(content) > MAX_BYTES:
        raise InvalidFileError(N_("文件“%(name)s”超过2兆字节，不像一部办法的文本，请核对。"), name=name)
    if content.startswith(b"PK\x03\x04"):
        return _read_word(content, name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidFileError(
            N_("文件“%(name)s”不是 UTF-8 编码的文本，请另存为 UTF-8 文本或者 Word 文件（.docx）后再导入。"), name=name
        ) from error
    if "\0" in text:
        raise InvalidFileError(N_("文件“%(name)s”不是文本文件，请导入 .txt 或者 .docx。"), name=name)
    return text


def _read_word(content: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entry = archive.getinfo(_DOCUMENT)
            if entry.file_size > _MAX_INFLATED:
                raise InvalidFileError(N_("文件“%(name)s”展开后过大，不能导入。"), name=name)
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            root = etree.fromstring(archive.read(entry), parser)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        KeyError,
        etree.XMLSyntaxError,
        NotImplementedError,
        RuntimeError,
        OSError,
    ) as error:
        raise InvalidFileError(
            N_("文件“%(name)s”不是可以读取的 Word 文件，请另存为 .docx 或者文本。"), name=name
        ) from error
    return "\n".join("".join(run.itertext(f"{_WORD}t")) for run in root.iter(f"{_WORD}p"))


_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_NUMERAL = "[零一二三四五六七八九十百]+"


def number_of(numeral_: str) -> int:
    """The value of a Chinese numeral below a thousand; 0 for what is none."""
    total, digit = 0, 0
    for character in numeral_:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            total, digit = total + (digit or 1) * (100 if character == "百" else 10), 0
    return total + digit


def numeral(number: int) -> str:
    """The Chinese numeral of a number from 1 to 999."""
    digits = "零一二三四五六七八九"
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = f"{digits[hundreds]}百" if hundreds else ""
    if tens:
        words += f"{digits[tens] if tens > 1 or hundreds else ''}十"
    elif hundreds and ones:
        words += "零"
    return words + (digits[ones] if ones else "")


_ARTICLE = re.compile(rf"第\s*({_NUMERAL})\s*条(\s*)")
_LISTED = re.compile(rf"({_NUMERAL})\s*、")
_ITEM = re.compile(rf"[（(]\s*({_NUMERAL})\s*[）)]")
_HEADING = re.compile(rf"第\s*{_NUMERAL}\s*[章节编]\s*\S{{0,20}}")
_PAGE = re.compile(r"[-—–－\s]*\d{1,3}[-—–－\s]*")
_IMPRINT = re.compile(r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日\s*印发\s*$")
_ENDS = ("。", "；", ";", "。”", "？", "！")


def split(text: str, *, name: str = "") -> OfficialText:
    """The parts of a regulation's text. Lines broken for the page are joined again.

    Raises InvalidFileError where no articles can be found.
    """
    lines = [line.strip() for line in _lines(text)]
    starts = _article_starts(lines)
    if not starts:
        raise InvalidFileError(N_("文件“%(name)s”里没有找到条文（“第一条”或者“一、”），请核对文件内容。"), name=name)
    bounds = [*(index for index, _ in starts), len(lines)]
    articles = tuple(
        Article(number, _paragraphs(_opened(lines[start]), lines[start + 1 : end]))
        for (start, number), end in zip(starts, bounds[1:], strict=True)
    )
    head = lines[: bounds[0]]
    return OfficialText(
        head="".join(squeezed(line) for line in head),
        addressees=_addressees(head),
        preamble=_preamble(head),
        articles=articles,
    )


def _lines(text: str) -> Iterator[str]:
    """Lines with words on them, without page numbers, up to the imprint at the end of a printed document."""
    for line in text.replace("\u3000", " ").replace("\r", "\n").split("\n"):
        if _IMPRINT.search(line):
            return
        if line.strip() and not _PAGE.fullmatch(line.strip()):
            yield line


def squeezed(line: str) -> str:
    """Without the spaces that set Chinese for the page."""
    return re.sub(r"\s+", "", line)


def _article_starts(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Line and number of each article, in whichever of the two ways of numbering the text uses."""
    titled = [found for found in _starts(lines, _ARTICLE) if found]
    return titled if len(titled) > 1 else [found for found in _starts(lines, _LISTED) if found]


def _starts(lines: Sequence[str], pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    last = 0
    for index, line in enumerate(lines):
        found = pattern.match(line)
        number = number_of(found[1]) if found else 0
        # a broken line may begin with the citation of another article: articles count upwards
        if found and last < number <= last + 5:
            yield index, number
            last = number


def _opened(line: str) -> str:
    return re.sub(rf"^(第\s*{_NUMERAL}\s*条\s*|{_NUMERAL}\s*、)", "", line)


def _paragraphs(first: str, rest: Sequence[str]) -> list[Paragraph]:
    paragraphs: list[Paragraph] = []
    for block in _blocks([first, *rest]):
        found = _ITEM.match(block)
        if found and paragraphs:
            paragraphs[-1].items.append(Item(number_of(found[1]), block[found.end() :]))
        else:
            paragraphs.append(Paragraph(block))
    return paragraphs


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    """Lines joined where the page broke them: a block ends with a sentence or where an item begins."""
    block = ""
    for line in lines:
        if _HEADING.fullmatch(line):
            continue
        if block and (_ITEM.match(line) or block.endswith(_ENDS)):
            yield block
            block = ""
        block += squeezed(line)
    if block:
        yield block


def _addressees(head: Sequence[str]) -> str:
    """The lines up to the first that ends with a colon, back to the title or number above them."""
    end = next((index for index, line in enumerate(head) if line.endswith(("：", ":"))), None)
    if end is None:
        return ""
    start = end
    while start and not re.search(r"(通知|号|办法|规定|细则|[）)〕])$", squeezed(head[start - 1])):
        start -= 1
    return "".join(squeezed(line) for line in head[start : end + 1])


def _preamble(head: Sequence[str]) -> str:
    """The paragraph that says why and on what basis the regulation is made (制定本…)."""
    end = next((index for index, line in enumerate(head) if re.search(r"制定本\S+。$", line)), None)
    if end is None:
        return ""
    start = end
    while start and (squeezed(head[start - 1]).endswith("，") or len(head[start - 1]) > 30):
        start -= 1
    return "".join(squeezed(line) for line in head[start : end + 1])
