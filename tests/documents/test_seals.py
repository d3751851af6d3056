"""DB-11, GM-1: what lies sealed opens only as what it was, where it was, with the key that sealed it."""

import os
import resource
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from app.documents import store
from app.documents.previews import preview_of
from app.documents.words import words_of
from app.domain.errors import ConflictError
from app.seals import provider, sealed, sm4, values
from app.seals.provider import DamagedSealError, MissingKeyError

LARGE = 48 * 1024 * 1024
BIG = sealed.PIECE * 3 + 17


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "seal.key"
    provider.use("app.seals.sm4:Sm4Provider", file)
    return file


def kept_sealed(tmp_path: Path, content: bytes, name: str = "paper") -> Path:
    path = tmp_path / name
    sealed.write(path, (content,), size=len(content))
    return path


@pytest.mark.parametrize("size", [1, sealed.PIECE - 1, sealed.PIECE, sealed.PIECE + 1, BIG])
def test_a_file_reads_as_it_was_written_and_shows_nothing_of_it(tmp_path: Path, size: int) -> None:
    content = (b"secret words " * (size // 13 + 1))[:size]

    path = kept_sealed(tmp_path, content)

    assert sealed.read(path) == content
    assert sealed.size_of(path) == size
    assert sealed.is_whole(path)
    assert b"secret" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600


def test_any_part_of_a_file_is_read_without_the_rest(tmp_path: Path) -> None:
    content = os.urandom(BIG)
    path = kept_sealed(tmp_path, content)

    with sealed.opened(path) as file:
        for place in (0, sealed.PIECE - 2, sealed.PIECE * 2 + 5, BIG - 3):
            file.seek(place)
            assert file.read(7) == content[place : place + 7]
        assert file.seek(0, os.SEEK_END) == BIG
        assert file.read() == b""


@pytest.mark.parametrize("place", [8, 9, 20, 30, 100, sealed.PIECE + 60, -1])
def test_a_changed_byte_is_found_wherever_it_lies(tmp_path: Path, place: int) -> None:
    path = kept_sealed(tmp_path, os.urandom(BIG))
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)

    with pytest.raises((DamagedSealError, MissingKeyError)):
        sealed.verify(path)


@pytest.mark.parametrize("cut", [1, 40, sealed.PIECE, sealed.PIECE * 2 + 100])
def test_a_file_that_lost_its_end_or_got_another_one_is_found(tmp_path: Path, cut: int) -> None:
    path = kept_sealed(tmp_path, os.urandom(BIG))
    whole = path.read_bytes()

    path.write_bytes(whole[:-cut])

    assert not sealed.is_whole(path)
    with pytest.raises(DamagedSealError):
        sealed.verify(path)
    path.write_bytes(whole + whole[-cut:])
    assert not sealed.is_whole(path)
    with pytest.raises(DamagedSealError):
        sealed.verify(path)


def test_pieces_that_changed_places_are_found(tmp_path: Path) -> None:
    path = kept_sealed(tmp_path, os.urandom(sealed.PIECE * 2))
    content = path.read_bytes()
    head = len(content) - 2 * (4 + sealed.PIECE + sm4.NONCE + sm4.PROOF)
    one = 4 + sealed.PIECE + sm4.NONCE + sm4.PROOF

    path.write_bytes(content[:head] + content[head + one :] + content[head : head + one])

    with pytest.raises(DamagedSealError):
        sealed.verify(path)


def test_a_file_does_not_open_under_the_name_of_another_one(tmp_path: Path) -> None:
    path = kept_sealed(tmp_path, b"his", "one")

    path.rename(tmp_path / "other")

    with pytest.raises(DamagedSealError):
        sealed.read(tmp_path / "other")


def test_a_value_opens_only_where_it_was_sealed() -> None:
    one = values.seal("11010519491231002X", bound="person one")

    assert values.opened(one, bound="person one") == "11010519491231002X"
    assert b"1101" not in one
    with pytest.raises(DamagedSealError):
        values.opened(one, bound="person two")
    for place in range(len(one)):
        changed = bytearray(one)
        changed[place] ^= 1
        with pytest.raises((DamagedSealError, MissingKeyError)):
            values.opened(bytes(changed), bound="person one")


def test_a_new_key_seals_at_once_and_the_old_one_goes_on_opening(tmp_path: Path, key_file: Path) -> None:
    before = values.seal("1", bound="x")

    added = sm4.add_key(key_file)

    after = values.seal("1", bound="x")
    assert values.key_of(after) == added != values.key_of(before)
    assert (values.opened(before, bound="x"), values.opened(after, bound="x")) == ("1", "1")
    assert key_file.stat().st_mode & 0o777 == 0o600


def test_without_its_key_nothing_opens_and_the_refusal_names_it(tmp_path: Path, key_file: Path) -> None:
    path, kept = kept_sealed(tmp_path, b"his"), values.seal("1", bound="x")
    name = sealed.key_of(path)

    key_file.write_text(sm4.new_line())

    with pytest.raises(MissingKeyError, match=name):
        sealed.read(path)
    with pytest.raises(MissingKeyError, match=name):
        values.opened(kept, bound="x")
    key_file.unlink()
    with pytest.raises(MissingKeyError):
        values.seal("2", bound="x")
    with pytest.raises(MissingKeyError):
        sealed.write(tmp_path / "new", (b"x",), size=1)
    assert not (tmp_path / "new").exists()


def test_what_was_kept_before_there_were_seals_reads_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "old"
    path.write_bytes(b"%PDF-1.7 old")

    assert (sealed.read(path), sealed.size_of(path), sealed.key_of(path)) == (b"%PDF-1.7 old", 12, "")


def test_the_store_seals_what_it_keeps_and_seals_it_anew_for_a_new_key(tmp_path: Path, key_file: Path) -> None:
    digest = store.keep(tmp_path, b"%PDF-1.7 of him")
    path = store.path_of(tmp_path, digest)
    first, age = sealed.key_of(path), path.stat().st_mtime_ns
    old = path.with_name("0" * 64)
    old.write_bytes(b"open")
    added = sm4.add_key(key_file)

    assert store.reseal(path)
    assert store.reseal(old)

    assert sealed.key_of(path) == sealed.key_of(old) == added != first
    assert (sealed.read(path), sealed.read(old)) == (b"%PDF-1.7 of him", b"open")
    assert path.stat().st_mtime_ns == age
    assert not store.reseal(path)
    assert store.keep(tmp_path, b"%PDF-1.7 of him") == digest
    store.remove(path)
    assert not store.reseal(path)
    assert not path.exists()


def test_words_and_previews_come_out_of_sealed_papers(tmp_path: Path) -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        archive.writestr("word/document.xml", f'<w:p xmlns:w="{space}"><w:r><w:t>谈话笔录</w:t></w:r></w:p>')
    docx, text = (store.path_of(tmp_path, store.keep(tmp_path, c)) for c in (made.getvalue(), "一,二".encode()))

    assert preview_of(docx, store.ALLOWED[".docx"]).paragraphs == ("谈话笔录",)
    assert words_of(docx, store.ALLOWED[".docx"]) == "谈话笔录"
    assert preview_of(text, "text/csv").rows == (("一", "二"),)


def test_a_large_file_is_sealed_and_read_with_the_memory_of_a_piece(tmp_path: Path) -> None:
    path = tmp_path / "large"
    block = bytes(1 << 20)
    sealed.write(tmp_path / "warm", (block,), size=len(block))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    sealed.write(path, (block for _ in range(LARGE >> 20)), size=LARGE)
    sealed.verify(path)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 8 * 1024
    assert sealed.size_of(path) == LARGE


class OfTheOffice:
    """A module of another kind: its keys lie elsewhere, and what it adds has another length."""

    def __init__(self, key_file: Path) -> None:
        self.where = key_file

    def key_ids(self) -> tuple[str, ...]:
        return ("hsm1",)

    def seal(self, key_id: str, content: bytes, bound: bytes) -> bytes:
        return bytes([sum(bound) % 256]) * 40 + content[::-1]

    def open(self, key_id: str, sealed: bytes, bound: bytes) -> bytes:
        if key_id != "hsm1":
            raise MissingKeyError(key_id)
        if sealed[:40] != bytes([sum(bound) % 256]) * 40:
            raise DamagedSealError
        return sealed[:39:-1]

    def add_key(self) -> str:
        raise ConflictError


def test_an_office_puts_in_its_own_module_by_naming_a_class(tmp_path: Path, key_file: Path) -> None:
    provider.use(f"{__name__}:OfTheOffice", key_file)
    content = os.urandom(BIG)

    path = kept_sealed(tmp_path, content)

    assert (sealed.read(path), sealed.key_of(path)) == (content, "hsm1")
    assert values.opened(values.seal("1", bound="x"), bound="x") == "1"
    with pytest.raises(ValueError, match="WENZE_SEAL_MODULE"):
        provider.use("app.seals.sm4:Missing", key_file)


def test_what_is_erased_while_it_is_sealed_anew_does_not_come_back(
    tmp_path: Path, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = store.path_of(tmp_path, store.keep(tmp_path, b"%PDF-1.7 of him"))
    sm4.add_key(key_file)
    real = sealed.write

    def slowly(*given: object, **more: object) -> None:
        real(*given, **more)  # type: ignore[arg-type]
        store.remove(path)

    monkeypatch.setattr(sealed, "write", slowly)

    assert not store.reseal(path)

    assert not path.exists()
    assert list(path.parent.iterdir()) == []
