"""The words of papers, for the search: whatever a file does, the reader ends in time and takes nobody along."""

import time
from pathlib import Path

import pytest

from app.documents import words
from app.documents.words import words_of
from app.scenarios.demo_papers import paper_of
from app.scenarios.world import PAPER

PDF = "application/pdf"


def pdf_saying(text: str) -> bytes:
    """A page with one line in a font that every reader has."""
    stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode()
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R\n"
        b"/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
        b"4 0 obj<</Length " + str(len(stream)).encode() + b">>stream\n" + stream + b"\nendstream endobj\n"
        b"5 0 obj" + font + b"endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )


def kept(folder: Path, content: bytes) -> Path:
    file = folder / "paper"
    file.write_bytes(content)
    return file


def test_the_words_of_a_pdf_are_read(tmp_path: Path) -> None:
    assert words_of(kept(tmp_path, pdf_saying("Judgment 1503")), PDF) == "Judgment 1503"


def test_a_paper_of_the_demonstration_says_what_it_stands_for(tmp_path: Path) -> None:
    read = words_of(kept(tmp_path, paper_of("文书扫描件-金败责〔2026〕0006号.pdf")), PDF)

    assert read.startswith("文书扫描件")
    assert "演示材料" in read


@pytest.mark.parametrize("content", [PAPER, b"%PDF-1.7 and then nothing", b"", pdf_saying("x")[:200]])
def test_a_page_without_words_or_a_broken_file_has_none(tmp_path: Path, content: bytes) -> None:
    assert words_of(kept(tmp_path, content), PDF) == ""


def test_a_reader_that_hangs_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = tmp_path / "reader.py"
    reader.write_text("import sys, time\nsys.stdout.write('so far')\nsys.stdout.flush()\ntime.sleep(600)\n", "utf-8")
    monkeypatch.setattr(words, "READER", reader)
    monkeypatch.setattr(words, "PATIENCE", 3.0)
    began = time.monotonic()

    read = words_of(kept(tmp_path, PAPER), PDF)

    assert read == "so far"
    assert time.monotonic() - began < 300


def test_the_words_of_a_text_are_its_lines(tmp_path: Path) -> None:
    assert words_of(kept(tmp_path, "送达回证\n\n第三页".encode()), "text/plain") == "送达回证\n第三页"
