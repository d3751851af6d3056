"""What is shown of a stored paper, how many pages it has, and what is refused; broken and hostile files are nothing."""

import io
import zipfile
import zlib
from pathlib import Path

import pytest

from app.documents.pages import count_pages
from app.documents.previews import PreviewKind, preview_of
from app.documents.store import ALLOWED, check
from app.domain.errors import InvalidFileError

DOCX = ALLOWED[".docx"]
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def packed(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), text)
    return out.getvalue()


def kept(folder: Path, content: bytes) -> Path:
    path = folder / "paper"
    path.write_bytes(content)
    return path


def document(body: str) -> str:
    return f"<w:document {W}><w:body>{body}</w:body></w:document>"


def test_the_words_of_a_word_file_are_read_paragraph_by_paragraph(tmp_path: Path) -> None:
    first = "<w:p><w:r><w:t>关于</w:t></w:r><w:r><w:t>败诉案件的报告</w:t></w:r></w:p>"
    body = f"{first}<w:p/><w:p><w:r><w:t>一、案情</w:t></w:r></w:p>"

    found = preview_of(kept(tmp_path, packed(word__document_xml=document(body))), DOCX)

    assert found.kind is PreviewKind.TEXT
    assert found.paragraphs == ("关于败诉案件的报告", "一、案情")
    assert not found.cut


def test_a_table_of_a_word_file_is_a_table_where_it_stands(tmp_path: Path) -> None:
    def paragraph(text: str) -> str:
        return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"

    def row(*cells: str) -> str:
        return f"<w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"

    inner = f"<w:tbl>{row(paragraph('内'))}</w:tbl>"
    table = f"<w:tbl>{row(paragraph('机关'), paragraph('件数'))}<w:sdt><w:sdtContent>{row(paragraph('甲') + inner, '')}"
    body = f"{paragraph('前言')}{table}</w:sdtContent></w:sdt></w:tbl>{paragraph('结尾')}"

    found = preview_of(kept(tmp_path, packed(word__document_xml=document(body))), DOCX)

    assert found.blocks == ("前言", (("机关", "件数"), ("甲\n内", "")), "结尾")
    assert found.paragraphs == ("前言", "机关\t件数", "甲\n内\t", "结尾")


def test_a_long_table_of_a_word_file_is_cut_and_says_so(tmp_path: Path) -> None:
    rows = "<w:tr><w:tc><w:p><w:r><w:t>行</w:t></w:r></w:p></w:tc></w:tr>" * 300

    found = preview_of(kept(tmp_path, packed(word__document_xml=document(f"<w:tbl>{rows}</w:tbl>"))), DOCX)

    assert len(found.blocks[0]) == 200
    assert found.cut


def test_a_long_word_file_is_cut_and_says_so(tmp_path: Path) -> None:
    body = "<w:p><w:r><w:t>段</w:t></w:r></w:p>" * 3000

    found = preview_of(kept(tmp_path, packed(word__document_xml=document(body))), DOCX)

    assert len(found.paragraphs) == 2000
    assert found.cut


@pytest.mark.parametrize(
    "content",
    [
        b"no archive at all",
        packed(other_xml="<a/>"),
        packed(word__document_xml="<broken"),
        packed(word__document_xml=f'<!DOCTYPE d [<!ENTITY e "{"x" * 10}">]>{document("<w:p><w:t>&e;</w:t></w:p>")}'),
        packed(word__document_xml=document("<w:p><w:t>a</w:t></w:p>" * 500_000)),
    ],
    ids=["no archive", "no document", "broken", "entity", "bomb"],
)
def test_a_broken_or_hostile_word_file_shows_nothing_of_it(tmp_path: Path, content: bytes) -> None:
    found = preview_of(kept(tmp_path, content), DOCX)

    assert found.kind is PreviewKind.NONE or "x" * 10 not in "".join(found.paragraphs)
    assert len(found.paragraphs) <= 2000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_texts_and_tables_are_read_in_the_encodings_of_the_offices(tmp_path: Path, encoding: str) -> None:
    text = preview_of(kept(tmp_path, "第一行\n第二行".encode(encoding)), "text/plain")
    table = preview_of(kept(tmp_path, "案号,机关\n甲,乙".encode(encoding)), "text/csv")

    assert text.paragraphs == ("第一行", "第二行")
    assert table.rows == (("案号", "机关"), ("甲", "乙"))


def test_pages_are_counted_in_the_open_and_in_compressed_objects() -> None:
    hidden = zlib.compress(b"<</Type/Page/Parent 1 0 R>> <</Type /Page>>")
    plain = b"%PDF-1.7 <</Type/Pages/Count 1>> <</Type/Page>>"

    assert count_pages(plain, "application/pdf") == 1
    assert count_pages(b"%PDF-1.7 <</Type/ObjStm/N 2>>\nstream\n" + hidden + b"\nendstream", "application/pdf") == 2
    assert count_pages(b"%PDF-1.7", "application/pdf") is None
    assert count_pages(b"", "image/png") == 1
    assert count_pages(packed(docProps__app_xml="<Properties><Pages>7</Pages></Properties>"), DOCX) == 7
    assert count_pages(packed(docProps__app_xml="<Properties/>"), DOCX) is None
    assert count_pages(b"text", "text/plain") is None


def test_a_text_is_received_and_a_program_that_calls_itself_one_is_not() -> None:
    assert check("甲,乙\n".encode(), "清单.csv") == ("清单.csv", "text/csv")

    with pytest.raises(InvalidFileError):
        check(b"MZ\x90\x00\x03", "清单.txt")
