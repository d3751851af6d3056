"""A PDF is looked into before it is taken: what cannot be looked into is refused, with what to do about it."""

import zlib

import pytest

from app.documents.structure import ensure_quiet_pdf
from app.domain.errors import InvalidFileError

STREAM = b"4 0 obj<</Type/ObjStm/N 1/First 0/Filter/FlateDecode>>stream\n%s\nendstream endobj\n"
HEAD = b"%PDF-1.7\n1 0 obj<<>>endobj\n"
LOCKED = b"trailer<</Root 1 0 R/Encrypt 9 0 R>>\n%%EOF\n"
OPEN = b"trailer<</Root 1 0 R>>\n%%EOF\n"


def test_a_locked_file_whose_objects_are_packed_is_refused_because_nobody_can_look_into_it() -> None:
    with pytest.raises(InvalidFileError, match="设有密码或者使用限制"):
        ensure_quiet_pdf(HEAD + STREAM % (b"\x93\x1f" * 40) + LOCKED, name="判决书.pdf")


def test_a_locked_file_whose_objects_lie_open_and_a_packed_one_that_is_not_locked_are_taken() -> None:
    ensure_quiet_pdf(HEAD + LOCKED, name="判决书.pdf")
    ensure_quiet_pdf(HEAD + STREAM % zlib.compress(b"<</Type/Page>>") + OPEN, name="判决书.pdf")


def test_a_script_in_a_packed_object_is_refused() -> None:
    with pytest.raises(InvalidFileError, match="脚本"):
        ensure_quiet_pdf(HEAD + STREAM % zlib.compress(b"<</S/JavaScript/JS(1)>>") + OPEN, name="判决书.pdf")
