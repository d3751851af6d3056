"""Databases of golden instances: packed, unpacked, and the world in which one is played on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import zstandard
from flask import Flask

from app import yamlfiles
from config import ROOT, Config

FOLDER = Path(__file__).parent
PASSWORD = "only-For-Tests-1"
WINDOW = 27
"""Bits of the window: the base lies in it as a whole."""


def pack(content: bytes, base: bytes = b"") -> bytes:
    parameters = zstandard.ZstdCompressionParameters.from_level(
        19, window_log=WINDOW, enable_ldm=True, source_size=len(content)
    )
    return zstandard.ZstdCompressor(dict_data=_dictionary(base), compression_params=parameters).compress(content)


def unpack(content: bytes, base: bytes = b"") -> bytes:
    decompressor = zstandard.ZstdDecompressor(dict_data=_dictionary(base), max_window_size=2**WINDOW)
    return decompressor.decompress(content)


def _dictionary(base: bytes) -> zstandard.ZstdCompressionDict | None:
    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT) if base else None


def versions() -> list[str]:
    return sorted(path.name for path in FOLDER.iterdir() if (path / "index.yml").is_file())


def index_of(version: str) -> dict[str, Any]:
    found: dict[str, Any] = yamlfiles.read((FOLDER / version / "index.yml").read_text("utf-8"))
    return found


def digest_of_migration(name: str) -> str:
    """Of one script of the schema; empty when there is none by that name."""
    path = ROOT / "migrations" / "versions" / name
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def schema_of(version: str) -> dict[str, str]:
    """The scripts of the schema that a version had, and their digests."""
    found: dict[str, str] = yamlfiles.read((FOLDER / version / "schema.yml").read_text("utf-8"))
    return found


@contextmanager
def opened(version: str, entry: Mapping[str, Any], *, name: str, folder: Path) -> Iterator[Flask]:
    """The instance in a database of its own, brought to the present schema as `wenze db upgrade` does it."""
    from flask_migrate import upgrade  # noqa: PLC0415

    from app import create_app  # noqa: PLC0415
    from app.documents import store  # noqa: PLC0415
    from app.extensions import db  # noqa: PLC0415
    from app.scenarios.world import PAPER  # noqa: PLC0415
    from app.storage import releases  # noqa: PLC0415

    base = unpack((FOLDER / version / "base.zst").read_bytes()) if entry["based"] else b""
    file = folder / f"{name}.db"
    file.write_bytes(unpack((FOLDER / version / f"{name}.zst").read_bytes(), base))
    app = create_app(Config.for_tests(f"sqlite:///{file}", folder))
    store.keep(folder, PAPER)
    with app.app_context():
        releases.forget()
        upgrade(directory=str(ROOT / "migrations"))
        yield app
        db.session.remove()
        db.engine.dispose()
