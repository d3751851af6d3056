"""PDFs are made by the worker after a paper was issued: once, again after a crash, never hanging."""

import os
import shutil
import stat
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.documents.letters import pdf
from app.documents.letters.pdf import PdfUnavailableError
from app.extensions import db
from app.queries.archive_contents import contents_of
from app.seals import sealed
from app.services import settings
from app.services.archives import making
from app.storage import file_orders
from app.storage.models import FileOrder, IssuedPaper
from tests.services.archive_hands import make_all
from tests.services.conftest import MORNING, Office
from tests.services.paper_seeds import publish

SOON = MORNING + timedelta(minutes=1)


@pytest.fixture
def small_url(small_sqlite: Path, tmp_path: Path) -> str:
    """One database is enough: how orders are taken is tried on both with the packages."""
    return f"sqlite:///{shutil.copyfile(small_sqlite, tmp_path / 'wenze.db')}"


@pytest.fixture
def paper(office: Office, tmp_path: Path) -> IssuedPaper:
    """One that a step has just issued."""
    publish(office, tmp_path)
    case = office.open_case(waits="no")
    office.complete(office.task(case, "T_check"), "officer1")
    db.session.rollback()
    return db.session.scalars(select(IssuedPaper)).one()


def orders() -> list[FileOrder]:
    db.session.rollback()
    return list(db.session.scalars(select(FileOrder).where(FileOrder.kind == file_orders.PDF)))


def program(folder: Path, text: str) -> str:
    """A program in the place of LibreOffice."""
    path = folder / "soffice"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


WRITES = """while [ $# -gt 1 ]; do [ "$1" = --outdir ] && out=$2; shift; done
echo x >> "$COUNT"
printf '%%PDF-1.7 made' > "$out/paper.pdf" """


def test_the_worker_makes_it_once_and_who_opens_it_then_waits_for_nothing(
    paper: IssuedPaper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = tmp_path / "count"
    office = program(tmp_path, WRITES.replace("$COUNT", str(count)))
    monkeypatch.setattr(pdf, "program", lambda: office)

    made = make_all(SOON)

    assert made == 1
    assert [order.status for order in orders()] == [file_orders.DONE]
    folder, digest = settings.data_folder(), paper.sha256
    monkeypatch.setattr(pdf, "program", lambda: None)
    assert sealed.read(pdf.pdf_of(folder, digest)) == b"%PDF-1.7 made"
    assert make_all(SOON) == 0
    assert count.read_text() == "x\n"


def test_without_the_office_program_nothing_waits_and_the_page_says_so(
    paper: IssuedPaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "program", lambda: None)

    make_all(SOON)

    assert [order.status for order in orders()] == [file_orders.DONE]
    with pytest.raises(PdfUnavailableError, match="没有安装 LibreOffice"):
        pdf.pdf_of(settings.data_folder(), paper.sha256)


def test_a_worker_that_dies_leaves_it_to_the_next(paper: IssuedPaper, monkeypatch: pytest.MonkeyPatch) -> None:
    class DeadError(BaseException):
        pass

    def die(_content: bytes, **_: bool) -> bytes:
        raise DeadError

    monkeypatch.setattr(pdf, "program", lambda: "soffice")
    with monkeypatch.context() as patch:
        patch.setattr(pdf, "convert", die)
        with pytest.raises(DeadError):
            make_all(SOON)
    monkeypatch.setattr(pdf, "convert", lambda _content, **_: b"%PDF-1.7 second")

    assert not making.make_one(SOON, read=contents_of)
    assert making.make_one(SOON + making.LEASE, read=contents_of)

    assert sealed.read(pdf.kept_at(settings.data_folder(), paper.sha256)) == b"%PDF-1.7 second"
    assert [(order.status, order.attempts) for order in orders()] == [(file_orders.DONE, 2)]


def test_a_hung_converter_is_ended_with_all_that_it_started_and_given_up_in_the_end(
    paper: IssuedPaper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child"
    office = program(tmp_path, f'sleep 600 & echo $! > "{child}"; wait')
    monkeypatch.setattr(pdf, "program", lambda: office)
    monkeypatch.setattr(pdf, "LONGEST", 1)

    make_all(SOON)

    assert is_gone(int(child.read_text()))
    (order,) = orders()
    assert (order.status, order.last_error) == (file_orders.PENDING, "PDF 没有生成，请下载 Word 文件，或者稍后再试。")
    monkeypatch.setattr(pdf, "LONGEST", 0.01)
    for hours in range(1, file_orders.MAX_ATTEMPTS):
        make_all(SOON + timedelta(hours=hours))
    assert [order.status for order in orders()] == [file_orders.DEAD]


def test_one_that_was_ordered_long_ago_is_left_to_who_opens_it(
    paper: IssuedPaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "program", lambda: "soffice")
    monkeypatch.setattr(pdf, "convert", lambda _content, **_: b"%PDF-1.7 asked for")

    make_all(SOON + making.LET_GO)

    folder = settings.data_folder()
    assert [order.status for order in orders()] == [file_orders.DONE]
    assert not pdf.kept_at(folder, paper.sha256).exists()
    assert sealed.read(pdf.pdf_of(folder, paper.sha256)) == b"%PDF-1.7 asked for"


def is_gone(process: int) -> bool:
    """Whether it ended; somebody else has to bury it first."""
    for _ in range(100):
        try:
            os.kill(process, 0)
            if "Z" in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2][:3]:
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.1)
    return False
