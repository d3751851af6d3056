"""The package of a closed case: made once, verified by anybody, handed to who may read the whole file."""

import json
import tracemalloc
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import func, select

from app.cli import LazyGroup
from app.documents import store
from app.documents.archive import package as packaging
from app.domain.actors import Actor
from app.domain.errors import ConflictError, NotFoundError
from app.domain.examination import Code
from app.extensions import db
from app.queries.archive_contents import contents_of
from app.seals import sealed
from app.services import examination, mending, procedures, settings
from app.services.archives import building, making, opening
from app.storage import file_orders, journal
from app.storage.accounts import actor_of
from app.storage.models import Account, Attachment, FileOrder, JournalLine, Person, Proceeding, RoleAssignment
from tests.services.archive_hands import (
    LATER,
    closed_case,
    make_all,
    packages,
    unpacked,
    verified,
)
from tests.services.conftest import Office
from tests.services.paper_seeds import publish


@pytest.fixture(autouse=True)
def no_office_program(monkeypatch: pytest.MonkeyPatch) -> None:
    """PDFs have tests of their own."""
    monkeypatch.setattr("app.documents.letters.pdf.program", lambda: None)


@pytest.fixture
def case(office: Office) -> str:
    """A closed case with a paper that was handed in."""
    return closed_case(office)


@pytest.fixture
def case_with_letter(office: Office, tmp_path: Path) -> str:
    """One in which a step has issued an official paper too."""
    publish(office, tmp_path)
    return closed_case(office)


@pytest.fixture
def folder(case: str, tmp_path: Path) -> Path:
    """Its package, taken out of the zip where nothing else is."""
    make_all()
    (package,) = packages(case)
    return unpacked(package, tmp_path / "out")


# ---- made once


def test_closing_a_case_makes_one_package_that_verifies_without_the_product(
    case: str, folder: Path, tmp_path: Path
) -> None:
    code, said = verified(folder, script=folder / "verify.py")

    assert code == 0, said
    assert "核对通过" in said
    assert "没有密钥" in said
    assert verified(folder, "--key", str(settings.data_folder() / "journal.key"))[0] == 0
    assert verified(folder, "--head", packages(case)[0].chain)[0] == 0
    assert make_all() == 0


def test_the_package_holds_papers_forms_story_and_journal_and_its_catalogue_names_their_pages(
    case_with_letter: str, tmp_path: Path
) -> None:
    make_all()
    folder = unpacked(packages(case_with_letter)[0], tmp_path / "out")
    catalogue = json.loads((folder / "catalogue.json").read_text("utf-8"))
    items = [item for part in catalogue["folders"] for item in part["items"]]
    page = (folder / "submissions/0002.html").read_text("utf-8")

    assert [item["number"] for item in items] == list(range(1, len(items) + 1))
    numbered = [item for item in items if item["pages"]]
    assert [item["first_page"] for item in numbered] == [
        1 + sum(item["pages"] for item in numbered[:place]) for place in range(len(numbered))
    ]
    assert {Path(name).suffix for item in items for name in item["files"]} >= {".html", ".json", ".pdf", ".docx"}
    assert "beishan文〔2026〕001号" in {item["paper_number"] for item in items}
    assert "违法拆除&lt;房屋&gt;" in page
    assert "同意受理。" in page
    assert "<script" not in page
    assert "判决书.pdf" in (folder / "catalogue.html").read_text("utf-8")
    assert "全案办结" in (folder / "story.html").read_text("utf-8")
    assert "python -I verify.py" in (folder / "README.txt").read_text("utf-8")


def test_the_journal_tells_of_the_package_and_stays_whole(case: str, folder: Path) -> None:
    (package,) = packages(case)
    told = select(JournalLine.act, JournalLine.object).where(JournalLine.scope == case)

    last = db.session.execute(told.order_by(JournalLine.position.desc())).first()

    assert last == ("archive", package.id)
    assert sha256(sealed.read(packaging.path_of(settings.data_folder(), package.sha256))).hexdigest() == package.sha256


def test_the_same_order_makes_the_same_bytes(case: str, tmp_path: Path) -> None:
    order = db.session.scalars(select(FileOrder).where(FileOrder.kind == file_orders.ARCHIVE)).one()
    db.session.expunge(order)

    for name in ("one", "two"):
        building.build(order, tmp_path / name, folder=settings.data_folder(), version=1, read=contents_of)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_who_dies_before_the_package_is_marked_leaves_it_to_the_next(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class DeadError(BaseException):
        pass

    def die(*_: object) -> None:
        raise DeadError

    with monkeypatch.context() as patch:
        patch.setattr("app.services.archives.making.get_for_update", die)
        with pytest.raises(DeadError):
            make_all()
    assert packages(case) == []
    make_all(LATER + making.LEASE - timedelta(seconds=1))
    assert packages(case) == []

    make_all(LATER + making.LEASE + timedelta(seconds=1))

    assert [package.version for package in packages(case)] == [1]
    assert list((settings.data_folder() / "archives").glob("*.part")) == []
    assert journal.broken_links() == []


def test_two_makers_do_not_take_the_same_order(case: str) -> None:
    from app.storage.transaction import transaction  # noqa: PLC0415

    kinds = set()
    with transaction():
        while (order := file_orders.claim(LATER, lease=making.LEASE)) is not None:
            kinds.add((order.id, order.kind))
            db.session.flush()

    assert len(kinds) == db.session.scalar(select(func.count()).select_from(FileOrder))


def test_a_package_is_made_anew_only_as_another_version(case: str, folder: Path, tmp_path: Path) -> None:
    first = packages(case)[0].sha256

    with pytest.raises(ConflictError):
        making.order_again(case, reason=" ", now=LATER)
    order = making.order_again(case, reason="补充扫描件", now=LATER)
    making.make_one(LATER, read=contents_of, order_id=order)

    again = packages(case)
    assert [package.version for package in again] == [1, 2]
    assert packaging.path_of(settings.data_folder(), first).is_file()
    code, said = verified(unpacked(again[1], tmp_path / "second"))
    assert code == 0
    assert "第2版" in said


def test_the_command_makes_a_version_says_what_proves_it_and_leaves_a_copy(
    case: str, small_app: Flask, tmp_path: Path
) -> None:
    make_all()
    number, copy = db.session.get_one(Proceeding, case).number, tmp_path / "copy.zip"
    db.session.rollback()
    words = ["archive", number, "--reason", "移交档案馆", "--to", str(copy)]

    told = CliRunner().invoke(LazyGroup(), words, obj=ScriptInfo(create_app=lambda: small_app))

    assert told.exit_code == 0, told.output
    second = packages(case)[-1]
    assert (second.version, second.reason) == (2, "移交档案馆")
    assert second.sm3 in told.output
    assert sha256(copy.read_bytes()).hexdigest() == second.sha256
    refused = CliRunner().invoke(LazyGroup(), words, obj=ScriptInfo(create_app=lambda: small_app))
    assert "已经存在" in refused.output
    assert len(packages(case)) == 2


def test_what_a_killed_worker_left_half_written_is_swept(case: str) -> None:
    left = settings.data_folder() / "archives" / "left.part"
    left.parent.mkdir(exist_ok=True)
    left.write_bytes(b"half")

    make_all()

    assert not left.exists()


def a_technical_administrator(office: Office) -> Actor:
    db.session.add(Person(id="operator", county_id=None, organ_id=None, name="运维"))
    db.session.flush()
    values = {"password_hash": "x", "demo": False, "created_at": office.now}
    db.session.add(Account(username="operator", person_id="operator", **values))
    db.session.add(RoleAssignment(person_id="operator", role="system.admin", organ_id=None))
    db.session.commit()
    actor = actor_of("operator")
    assert actor is not None
    return actor


def test_a_package_that_no_row_names_is_found_and_removed_and_every_other_stays(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_all()
    shelf = settings.data_folder() / "archives"
    kept = next(shelf.glob("??/*.zip"))
    stray = shelf / "ab" / ("ab" + "0" * 62 + ".zip")
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"whole, but nobody was told")
    long_after = datetime.now(UTC) + timedelta(days=2)

    found = [one for one in examination.examine_surroundings(now=long_after) if one.code is Code.PACKAGE_UNCLAIMED]
    young = mending.sweep_packages(datetime.now(UTC))
    removed = mending.sweep_packages(long_after)

    assert [one.place for one in found] == [str(stray)]
    assert (young, removed) == (0, 1)
    assert kept.is_file()
    assert not stray.exists()


def test_an_order_that_ends_its_maker_every_time_is_given_up_and_the_operator_has_it_made(
    case: str, office: Office
) -> None:
    from app.queries.operations import operations  # noqa: PLC0415
    from app.services import dead_letters  # noqa: PLC0415
    from app.storage.transaction import transaction  # noqa: PLC0415

    operator = a_technical_administrator(office)
    order = file_orders.newest(case, file_orders.ARCHIVE)
    assert order is not None
    order_id, at = order.id, LATER
    for _ in range(file_orders.MAX_ATTEMPTS + 1):
        with transaction():
            file_orders.claim(at, lease=making.LEASE, order_id=order_id)
        at += making.LEASE + timedelta(seconds=1)
    page = operations(operator, now=at)
    dead_letters.send_again(order_id, note="换了磁盘。", actor=operator, now=at)

    assert [(one.id, one.kind, one.error) for one in page.files] == [(order_id, "ARCHIVE", "MakerDied")]
    assert not page.sound
    assert making.make_one(at, read=contents_of, order_id=order_id)
    assert operations(operator, now=at).files == ()
    assert len(packages(case)) == 1


def test_a_running_case_has_none(office: Office) -> None:
    running = office.open_case(waits="no")

    with pytest.raises(ConflictError):
        making.order_again(running, reason="试", now=office.now)
    with pytest.raises(NotFoundError):
        making.order_again("nothing", reason="试", now=office.now)
    assert make_all() == 0


def test_a_procedure_that_closes_after_the_case_makes_a_version_that_holds_both(
    office: Office, case: str, tmp_path: Path
) -> None:
    make_all()
    note = procedures.open_procedure("note", case, actor=office.actor("director"), now=office.now, key="n")
    office.complete(office.task(note.proceeding_id, "T_record"), "director", {"grounds": "复查"})
    office.complete(office.task(note.proceeding_id, "T_examine"), "officer3")

    make_all()

    versions = packages(case)
    out = unpacked(versions[-1], tmp_path / "both")
    assert [package.version for package in versions] == [1, 2]
    assert (out / "journal/02.jsonl").is_file()
    code, said = verified(out, "--key", str(settings.data_folder() / "journal.key"))
    assert code == 0, said


# ---- enemies and accidents


def test_a_paper_with_a_hostile_name_lies_among_the_others(office: Office, tmp_path: Path) -> None:
    case = closed_case(office, paper='../../\u202e<img src=x onerror="1">\n.pdf')

    make_all()
    (package,) = packages(case)
    out = unpacked(package, tmp_path / "a" / "b" / "out")

    assert [path.name for path in (tmp_path / "a").rglob("*.pdf")] == [path.name for path in out.glob("papers/*.pdf")]
    assert "<img" not in (out / "catalogue.html").read_text("utf-8")
    assert verified(out)[0] == 0


def test_a_damaged_paper_makes_no_package_and_says_so_in_the_end(office: Office) -> None:
    case = closed_case(office)
    digest = db.session.scalars(select(Attachment.sha256).where(Attachment.proceeding_id == case)).one()
    path = store.path_of(settings.data_folder(), digest)
    path.write_bytes(path.read_bytes() + b" ")

    for days in range(file_orders.MAX_ATTEMPTS):
        make_all(LATER + timedelta(days=days))

    order = db.session.scalars(select(FileOrder).where(FileOrder.kind == file_orders.ARCHIVE)).one()
    assert (order.status, order.attempts) == (file_orders.DEAD, file_orders.MAX_ATTEMPTS)
    assert "已经损坏" in (order.last_error or "")
    assert packages(case) == []


def test_a_large_paper_is_never_in_memory(office: Office, tmp_path: Path) -> None:
    case = closed_case(office)
    row = db.session.scalars(select(Attachment).where(Attachment.proceeding_id == case)).one()
    large = bytes(1 << 20) * 48
    digest = store.keep(settings.data_folder(), large)
    row.sha256 = digest
    db.session.commit()
    del large
    make_all()  # what is loaded once is loaded
    making.order_again(case, reason="再作", now=LATER)

    tracemalloc.start()
    make_all()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert packages(case)[-1].size > 48 << 20
    assert peak < 24 << 20


# ---- who gets it


def test_it_is_handed_to_who_may_read_every_submission_and_the_journal_tells(office: Office, case: str) -> None:
    make_all()
    (package,) = packages(case)

    taken = opening.take(package.id, actor=office.actor("officer3"), now=office.now)

    assert taken.path.is_file()
    for who, county in (("reporter", "beishan"), ("head", "beishan"), ("officer1", "nanhe")):
        with pytest.raises(NotFoundError):
            opening.take(package.id, actor=office.actor(who, county), now=office.now)
    told = select(JournalLine.actor).where(JournalLine.act == "open archive", JournalLine.object == package.id)
    assert db.session.scalars(told).all() == ["beishan.officer3"]
