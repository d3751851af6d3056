"""What becomes of an upload: looked into, drawn anew, shown to a scanner, and handed out without any right."""

import csv
import io
import json
import os
import resource
import socket
import struct
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from app import yamlfiles
from app.documents import scanning, store
from app.documents.previews import PreviewKind, preview_of
from app.documents.tables import csv_of, xlsx_of
from app.domain.errors import DomainError, InvalidFileError
from app.forms import tables
from app.services.studio import contents
from tests.faults.crash_ground import Ground
from tests.faults.crash_requests import Sent
from tests.hostile.doors import Door, send
from tests.hostile.files import HostileFile, png
from tests.hostile.texts import REFUSED_NAMES, TEXTS
from tests.hostile.vast_sheets import REFUSED, parts_by_name
from tests.pace import watched

CLEAN, INFECTED = b"stream: OK\0", b"stream: Eicar-Test-Signature FOUND\0"


def test_the_corpus_is_large_enough(files: list[HostileFile]) -> None:
    assert len({file.name for file in files}) >= 80
    assert len(set(TEXTS)) >= 60


def test_only_what_is_inert_is_kept_and_nothing_takes_long(files: list[HostileFile], outbound: list[object]) -> None:
    wrong, slow = [], []
    for file in files:
        with watched() as watch:
            try:
                store.received(file.content, file.name)
                kept = True
            except DomainError:
                kept = False
        if kept != file.is_harmless_to_keep:
            wrong.append(f"{file.name} {'kept' if kept else 'refused'}")
        if watch.seconds > 2:
            slow.append(file.name)

    assert wrong == []
    assert slow == []
    assert outbound == []


def test_no_sheet_takes_the_memory_or_the_time_of_who_reads_it(files: list[HostileFile], tmp_path: Path) -> None:
    vast, refused = [file for file in files if file.name in parts_by_name()], []
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for file in vast:
        try:
            assert len(list(tables._rows(file.content))) <= tables.MOST_LINES
        except InvalidFileError:
            refused.append(file.name)
        stored = tmp_path / file.name
        stored.write_bytes(file.content)
        shown = preview_of(stored, store.ALLOWED[".xlsx"])
        assert (shown.kind is PreviewKind.NONE) == (file.name in REFUSED), file.name

    assert tuple(refused) == REFUSED
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used < 100 * 1024


def test_a_picture_loses_everything_that_is_no_picture() -> None:
    hidden = b"<script>alert(1)</script>"
    given = png(30, 20) + hidden
    exif = Image.Exif()
    exif[0x010E] = "机密地点"
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG", exif=exif, comment=hidden, dpi=(300, 300))

    first, second = store.received(given, "图.png"), store.received(out.getvalue(), "照片.jpg")

    for one, size in ((first, (30, 20)), (second, (40, 30))):
        picture = Image.open(io.BytesIO(one.content))
        assert picture.size == size
        assert hidden not in one.content
        assert not picture.getexif()
    assert Image.open(io.BytesIO(second.content)).info["dpi"] == (300, 300)


@pytest.mark.parametrize("name", REFUSED_NAMES)
def test_a_name_that_shows_something_else_is_refused(name: str) -> None:
    with pytest.raises(InvalidFileError, match="方向控制字符"):
        store.clean_name(name)


def test_a_paper_is_handed_out_with_no_right_at_all(ground: Ground) -> None:
    ground.app.config["WTF_CSRF_ENABLED"] = False
    door = Door(ground, "POST /attachments")
    kept = send(ground.app, door.sent, method="POST", key="paper")
    paper = json.loads(kept.body)["id"]

    answers = [
        send(ground.app, Sent(place + paper, door.sent.who), method="GET", key="k")
        for place in ("/attachments/", "/api/v1/attachments/")
    ]

    for answer in answers:
        assert answer.status == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert {"sandbox", "default-src 'none'"} <= set(answer.headers["Content-Security-Policy"].split("; "))


def test_no_text_is_a_formula_in_an_exported_table() -> None:
    texts = [[text] for text in TEXTS if not set("\0\ud800") & set(text) and len(text) < 30_000]

    rows = list(csv.reader(io.StringIO(csv_of(["题名"], texts).decode("utf-8-sig"))))
    with zipfile.ZipFile(io.BytesIO(xlsx_of(["题名"], texts))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")

    begins = {cell.lstrip("\u200b\ufeff \t\r\n")[:1] for row in rows[1:] for cell in row}
    assert not begins & set("=+-@＝＋－＠|;")
    assert sheet.count(b't="s"') > len(texts) // 2
    assert b"<f>" not in sheet
    assert b"<hyperlink" not in sheet


# ---- the scanner


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[Callable[[bytes | None], list[bytes]]]:
    """Starts a scanner that gives this answer (None: none at all) to what it is shown; returns what it was shown."""
    place, closing = tmp_path / "clamd.sock", []

    def start(answer: bytes | None) -> list[bytes]:
        shown: list[bytes] = []
        server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        server.bind(os.fspath(place))
        server.listen()
        thread = threading.Thread(target=_serve, args=(server, answer, shown), daemon=True)
        thread.start()
        closing.append((server, thread))
        scanning.use(os.fspath(place))
        return shown

    yield start
    scanning.use("")
    for server, thread in closing:
        server.close()
        thread.join(timeout=2)


def _serve(server: socket.socket, answer: bytes | None, shown: list[bytes]) -> None:
    connection, _ = server.accept()
    with connection, connection.makefile("rb") as stream:
        assert stream.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!L", stream.read(4))[0]:
            content += stream.read(length)
        shown.append(content)
        if answer is None:
            time.sleep(0.6)
        else:
            connection.sendall(answer)


def test_the_scanner_sees_every_byte_before_anything_is_kept(clamd: Callable[[bytes | None], list[bytes]]) -> None:
    content = b"%PDF-1.7\n" + b"x" * 200_000
    shown = clamd(CLEAN)

    kept = store.received(content, "判决书.pdf")

    assert shown == [content]
    assert kept.content == content


def test_what_the_scanner_finds_is_refused(clamd: Callable[[bytes | None], list[bytes]]) -> None:
    clamd(INFECTED)

    with pytest.raises(InvalidFileError, match="没有通过病毒查杀"):
        store.received(b"%PDF-1.7\n", "判决书.pdf")


@pytest.mark.parametrize("answer", [None, b"stream: UNKNOWN ERROR\0", b""])
def test_a_scanner_without_an_answer_lets_nothing_in(
    clamd: Callable[[bytes | None], list[bytes]], answer: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "PATIENCE", 0.2)
    clamd(answer)

    with pytest.raises(InvalidFileError, match="没有应答"):
        store.received(b"%PDF-1.7\n", "判决书.pdf")


def test_a_scanner_that_is_away_lets_nothing_in(tmp_path: Path) -> None:
    scanning.use(os.fspath(tmp_path / "nobody.sock"))
    try:
        with pytest.raises(InvalidFileError, match="没有应答"):
            store.received(b"%PDF-1.7\n", "判决书.pdf")
    finally:
        scanning.use("")


# ---- the studio


def test_the_studio_reads_or_refuses_every_file_in_words_under_whatever_name(files: list[HostileFile]) -> None:
    wrong = []
    for file in files:
        for name in ("a.bpmn", "a.dmn", "a/b.form", "letters/a.docx", "options.yml", "a.law.yml"):
            with watched() as watch, suppress(DomainError):
                contents.canonical(name, file.content)
            if watch.seconds > 2:
                wrong.append((file.name, name))

    assert wrong == []


# ---- YAML


def test_no_yaml_ends_the_process_or_the_readers_patience(files: list[HostileFile]) -> None:
    for file in files:
        if file.name.endswith(".yml"):
            with watched() as watch, pytest.raises(yamlfiles.yaml.YAMLError):
                yamlfiles.read(file.content)
            assert watch.seconds < 2, file.name
