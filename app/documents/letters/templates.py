"""A .docx template: its words with their places, what it names, and what stands against using it."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from docx.opc.constants import CONTENT_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import nodes
from lxml import etree

from app.documents import store
from app.documents.letters.language import TOO_MANY_MARKS, Fields, LanguageError, names_in, parse
from app.domain.definitions import Finding
from app.domain.errors import N_, InvalidFileError, Sentence

MAX_BYTES = 2_000_000
MAX_PART = 3_000_000
"""Bytes of one part of the file, unpacked: reading a template is not linear in its length."""
MOST_WORK = 50_000_000
"""Opening braces of a part times its characters: from each the reader of marks may look through all that follows. The
largest template of ours comes to a thirtieth of it."""
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FORBIDDEN = ("embeddings/", "activeX/", "vbaProject", "customUI", "word/comments")
_TAGS = ("{{", "{%", "{#")
_MARK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph of a template as its author finds it."""

    where: str
    """A `Sentence`: 第3段, 第1个表格第2行第1格, 页眉第1段 …; empty where it is not known."""
    text: str


class TemplateError(Exception):
    """The file cannot serve as a template at all."""

    def __init__(self, sentence: str, **values: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.values = values


@lru_cache(maxsize=256)
def tree_of(content: bytes) -> nodes.Template:
    """What the template says, all its parts together. Raises TemplateError, LanguageError."""
    ensure_readable(content)
    try:
        template = DocxTemplate(BytesIO(content))
        template.render_init()
        parts, properties = list(_filled_parts(template)), _filled_properties(template)
        if any(text.count("{") * len(text) > MOST_WORK for text in (*parts, *properties)):
            raise TemplateError(TOO_MANY_MARKS)
        source = [*map(template.patch_xml, parts), *properties]
    except (PackageNotFoundError, KeyError, ValueError, etree.XMLSyntaxError) as problem:
        raise TemplateError(N_("不是可以读取的 Word 文档（.docx），请用 WPS 或 Word 重新另存。")) from problem
    return parse("\n".join(source))


def _filled_parts(template: DocxTemplate) -> Iterator[str]:
    """Every part that is filled in: the body, headers, footers and footnotes."""
    yield template.get_xml()
    for kind in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(kind):
            yield template.get_part_xml(part)
    for part in template.docx.part.package.parts:
        if part.content_type == CONTENT_TYPE.WML_FOOTNOTES:
            yield part.blob.decode("utf-8")


def _filled_properties(template: DocxTemplate) -> list[str]:
    """What the file says of itself, in which marks are filled in as well."""
    said = template.docx.core_properties
    return [said.title, said.subject, said.author, said.comments, said.identifier, said.language]


def ensure_readable(content: bytes) -> None:
    """Raises TemplateError: no harmless .docx."""
    if len(content) > MAX_BYTES:
        raise TemplateError(N_("模板文件超过 %(limit)s MB。"), limit=MAX_BYTES // 1_000_000)
    try:
        store.check(content, "template.docx")
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
    except InvalidFileError as problem:
        raise TemplateError(problem.sentence, **problem.values) from problem
    except (zipfile.BadZipFile, OSError, RuntimeError, zlib.error) as problem:
        raise TemplateError(N_("不是可以读取的 Word 文档（.docx），请用 WPS 或 Word 重新另存。")) from problem
    if any(part in entry.filename for entry in entries for part in _FORBIDDEN):
        raise TemplateError(N_("模板不得含有宏、嵌入对象或批注，请删除后再上传。"))
    if any(entry.file_size > MAX_PART for entry in entries):
        raise TemplateError(N_("模板内容过大，请删去不需要的图片和表格。"))


def template_title(content: bytes) -> str:
    """What the file itself says that it is called; empty where it says nothing or cannot be read."""
    try:
        ensure_readable(content)
        return str(DocxTemplate(BytesIO(content)).get_docx().core_properties.title).strip()[:100]
    except (TemplateError, PackageNotFoundError, KeyError, ValueError, etree.XMLSyntaxError):
        return ""


def paths_in(content: bytes) -> tuple[str, ...]:
    """The dotted names that a template prints or asks: `case.matter`, `items.votes.organ`."""
    return _paths(content)


@lru_cache(maxsize=256)
def _paths(content: bytes) -> tuple[str, ...]:
    return tuple(names_in(tree_of(content)).paths)


def findings_of(content: bytes, known: Fields, *, file: str) -> Iterator[Finding]:
    """What stands against publishing a template: an unreadable file, forbidden marks, every unknown name with its
    place and the name that was probably meant."""
    try:
        tree = tree_of(content)
    except TemplateError as problem:
        yield Finding(file, None, "letter-file", problem.sentence, problem.values)
        return
    except LanguageError as problem:
        place = _place_of(content, problem.words) if problem.words else _broken_place(content)
        place = place if place.where else _broken_place(content)
        values = {**problem.values, "where": place.where, "text": _short(place.text)}
        sentence = N_("%(where)s“%(text)s”：%(problem)s")
        values["problem"] = Sentence(problem.sentence, **problem.values)
        yield Finding(file, place.where or None, "letter-marks", sentence, values)
        return
    for unknown in names_in(tree, known).unknown:
        place = _place_of(content, unknown.path)
        values = {"where": place.where, "text": _short(place.text), "name": unknown.path}
        if unknown.nearest:
            sentence = N_("%(where)s“%(text)s”中的字段“%(name)s”不存在，是不是“%(nearest)s”？")
            values["nearest"] = unknown.nearest
        else:
            sentence = N_("%(where)s“%(text)s”中的字段“%(name)s”不存在，请从字段目录中选择。")
        yield Finding(file, place.where or None, "letter-field", sentence, values)


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:38]}……"


def _place_of(content: bytes, words: str) -> Place:
    """The first paragraph in whose marks the words stand."""
    marked = [place for place in places_in(content) if any(tag in place.text for tag in _TAGS)]
    return next((place for place in marked if words in place.text), Place("", words))


def _broken_place(content: bytes) -> Place:
    """The first paragraph whose marks do not close, or of which one cannot be read by itself."""
    for place in places_in(content):
        text = place.text
        if text.count("{{") != text.count("}}") or text.count("{%") != text.count("%}"):
            return place
        if not all(_is_readable(mark) for mark in _MARK.findall(text)):
            return place
    return Place("", "")


def _is_readable(mark: str) -> bool:
    words = mark[2:-2].split()
    if mark.startswith("{%"):
        return bool({"if", "elif", "else", "endif", "for", "endfor", "vm"} & set(words[:2]))
    try:
        parse(mark)
    except LanguageError:
        return False
    return True


def places_in(content: bytes) -> Iterator[Place]:
    """Every paragraph with its place, body first, then headers and footers."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = archive.namelist()
        parts = [("", name) for name in names if name == "word/document.xml"]
        parts += [(N_("页眉"), name) for name in names if name.startswith("word/header")]
        parts += [(N_("页脚"), name) for name in names if name.startswith("word/footer")]
        for prefix, name in parts:
            parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
            root = etree.fromstring(archive.read(name), parser)
            body = root.find(f"{WORD}body")
            yield from _places(body if body is not None else root, prefix)


def _places(body: Any, prefix: str) -> Iterator[Place]:
    paragraph = table = 0
    for element in body:
        if element.tag == f"{WORD}p":
            paragraph += 1
            yield Place(_within(prefix, Sentence(N_("第%(number)s段"), number=paragraph)), _text(element))
        elif element.tag == f"{WORD}tbl":
            table += 1
            for row, line in enumerate(element.iter(f"{WORD}tr"), 1):
                for cell, box in enumerate(line.iter(f"{WORD}tc"), 1):
                    where = Sentence(N_("第%(table)s个表格第%(row)s行第%(cell)s格"), table=table, row=row, cell=cell)
                    for part in box.iter(f"{WORD}p"):
                        yield Place(_within(prefix, where), _text(part))


def _within(prefix: str, place: Sentence) -> Sentence:
    return Sentence(N_("%(part)s%(place)s"), part=Sentence(prefix), place=place) if prefix else place


def _text(paragraph: Any) -> str:
    """Its words, and the codes of its fields: marks are filled in there as well."""
    return "".join(part.text or "" for part in paragraph.iter(f"{WORD}t", f"{WORD}instrText"))
