"""A sealed file opens whole with its key, or not at all."""

import io
import tracemalloc
from pathlib import Path

import pytest

from app.documents import sealing
from app.documents.sealing import PIECE, SealedReader, SealedWriter
from app.domain.errors import InvalidFileError

KEY = bytes(range(32))
PROOF = 16
HEADER = 48


def sealed(content: bytes, key: bytes = KEY) -> bytes:
    out = io.BytesIO()
    writer = SealedWriter(out, key)
    for start in range(0, len(content), 700_001):
        writer.write(content[start : start + 700_001])
    writer.close()
    return out.getvalue()


def opened(content: bytes, key: bytes = KEY, size: int = -1) -> bytes:
    reader = SealedReader(io.BytesIO(content), [bytes(32), key])
    return b"".join(iter(lambda: reader.read(size), b""))


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_sealed_is_read_again_in_parts_of_any_size(length: int) -> None:
    content = bytes(range(256)) * (length // 256 + 1)
    content = content[:length]

    found = sealed(content)

    assert opened(found) == opened(found, size=99_991) == content
    assert sealed(content) != found


def test_a_changed_byte_anywhere_is_found() -> None:
    whole = sealed(bytes(2 * PIECE + 5))

    for place in (0, 8, 20, HEADER, HEADER + PIECE, HEADER + PIECE + PROOF, len(whole) - 1):
        changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        if place == 0:
            continue  # no sealed file any more; the command sees that first
        with pytest.raises(InvalidFileError):
            opened(changed)


def test_pieces_left_out_swapped_cut_off_or_taken_from_another_file_are_found() -> None:
    whole, other = sealed(bytes(3 * PIECE)), sealed(bytes(3 * PIECE))
    piece = PIECE + PROOF
    head, first, second, rest = whole[:48], whole[48 : 48 + piece], whole[48 + piece : 48 + 2 * piece], 48 + 2 * piece

    for wrong in (
        head + second + whole[rest:],
        head + second + first + whole[rest:],
        head + first + second,
        head + first + other[48 + piece : 48 + 2 * piece] + whole[rest:],
        whole + first,
        whole[:-1],
        head,
    ):
        with pytest.raises(InvalidFileError):
            opened(wrong)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(InvalidFileError, match="都打不开它"):
        opened(sealed(b"x"), key=bytes(reversed(range(32))))


def test_a_file_of_keys_is_read_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"{'a' * 64}\n\n{'b' * 64}\n")

    assert sealing.keys_in(file) == [bytes.fromhex("a" * 64), bytes.fromhex("b" * 64)]

    for wrong in ("", "a" * 63, "中文"):
        file.write_text(wrong)
        with pytest.raises(InvalidFileError):
            sealing.keys_in(file)


def test_a_large_file_is_never_in_memory(tmp_path: Path) -> None:
    tracemalloc.start()
    with (tmp_path / "large").open("wb") as file:
        writer = SealedWriter(file, KEY)
        for _ in range(40):
            writer.write(bytes(PIECE))
        writer.close()
    with (tmp_path / "large").open("rb") as file:
        reader, length = SealedReader(file, [KEY]), 0
        while block := reader.read(PIECE):
            length += len(block)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert length == 40 * PIECE
    assert peak < 12 * PIECE
