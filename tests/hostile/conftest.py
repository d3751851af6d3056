"""The built world of the crash tests, made once; a guard that counts every connection that somebody tries to open."""

import shutil
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import application_on
from tests.e2e import conftest as of_county
from tests.faults.crash_ground import Ground
from tests.faults.crash_world import build
from tests.hostile.expressions import MARKER
from tests.hostile.files import HostileFile, hostile_files

county_template = of_county.county_template


@pytest.fixture(scope="session")
def files() -> list[HostileFile]:
    return hostile_files()


@pytest.fixture(scope="module")
def ground(county_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """A county in the middle of everything; its clock stands where the building ended."""
    folder = tmp_path_factory.mktemp("hostile")
    file, kept = folder / "wenze.db", folder / "kept.db"
    shutil.copyfile(county_template, file)

    def restore() -> None:
        for name in ("wenze.db-wal", "wenze.db-shm"):
            (folder / name).unlink(missing_ok=True)
        shutil.copyfile(kept, file)

    with pytest.MonkeyPatch.context() as patch:
        for app in application_on(f"sqlite:///{file}", folder):
            built = build(app)
            with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(kept)) as target:
                source.backup(target)
            for room in ("web", "api"):
                patch.setattr(f"app.{room}.clock.now", lambda now=built.now: now)
            yield Ground(app, built, restore)


@pytest.fixture
def open_doors(ground: Ground) -> None:
    """No form needs a token (held in test_headers.py), and what nobody caught reaches the test."""
    ground.app.config["WTF_CSRF_ENABLED"] = False
    ground.app.config["PROPAGATE_EXCEPTIONS"] = True


@pytest.fixture
def outbound(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Addresses that the process tried to reach while the test ran; Unix sockets of the try-out are its own."""
    tried: list[object] = []

    def connect(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX:
            tried.append(address)
            raise OSError("nobody leaves")
        return _connect(self, address)  # type: ignore[arg-type]

    _connect = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", connect)
    return tried


@pytest.fixture
def executed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """Marker files that somebody's program left, in the folder in which the process stands or above the machine's."""
    folder = tmp_path_factory.mktemp("stand")
    monkeypatch.chdir(folder)
    found: list[Path] = []
    yield found
    found += [path for path in (folder / MARKER, Path("/tmp") / MARKER) if path.exists()]
    assert found == []
