"""RC-14: a backup taken while others write restores to a database whose journal verifies, on both databases."""

import errno
import json
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import select, update

from app.cli import LazyGroup
from app.documents.archive.package import path_of
from app.domain.errors import ConflictError, InvalidFileError
from app.extensions import db
from app.seals import sealed
from app.services import backups
from app.storage import evidence, journal
from app.storage.models import Attachment, JournalLine, Proceeding
from app.storage.transaction import transaction
from tests import postgresql
from tests.services.archive_hands import closed_case, make_all, packages, unpacked, verified
from tests.services.conftest import MORNING, Office

PAPER = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def empty_url(small_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty place of the same kind."""
    if small_url.startswith("sqlite"):
        yield ""
        return
    server, name = request.getfixturevalue("postgresql_server"), f"r_{uuid4().hex}"
    yield postgresql.make_database(server, name)
    postgresql.drop_database(server, name)


@pytest.fixture
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The key of the office, which does not lie where its data lie."""
    file = tmp_path_factory.mktemp("key") / "backup.key"
    backups.make_key(file)
    return file


def backup(app: Flask, target: Path, key: Path | None) -> Result:
    words = ["backup", str(target), *(["--key-file", str(key)] if key else ["--plain"])]
    return CliRunner().invoke(LazyGroup(), words, obj=ScriptInfo(create_app=lambda: app))


def restore(archive: Path, data: Path, key: Path | None, url: str = "", *more: str) -> Result:
    from app import create_app  # noqa: PLC0415  (see tests.conftest)

    made: list[Flask] = []

    def make() -> Flask:
        made.append(create_app())
        return made[0]

    env = {"WENZE_DATA": str(data), "DATABASE_URL": url}
    words = ["restore", str(archive), *(["--key-file", str(key)] if key else []), *more]
    done = CliRunner().invoke(LazyGroup(), words, obj=ScriptInfo(create_app=make), env=env)
    for app in made:
        with app.app_context():
            done.numbers = set(db.session.scalars(select(Proceeding.number)))  # type: ignore[attr-defined]
            done.broken = journal.broken_links()  # type: ignore[attr-defined]
            db.session.remove()
            db.engine.dispose()
    return done


def upload(office: Office) -> None:
    from app.services import attachments  # noqa: PLC0415

    attachments.upload(PAPER, name="判决书.pdf", actor=office.actor("reporter"), now=office.now)


def test_a_backup_taken_while_a_writer_commits_restores_to_a_whole_journal(
    office: Office, small_app: Flask, empty_url: str, tmp_path: Path, key: Path
) -> None:
    upload(office)
    before, enough, stop = [office.open_case()], threading.Event(), threading.Event()

    def write() -> None:
        with small_app.app_context():
            writer = Office(small_app)
            for number in range(1000):
                writer.now = MORNING + timedelta(minutes=number)
                before.append(writer.open_case())
                enough.set() if number > 1 else None
                if stop.is_set():
                    break
            db.session.remove()

    thread = threading.Thread(target=write)
    thread.start()
    enough.wait(timeout=60)
    known = set(before)
    archive = tmp_path / "wenze.tar"
    made = backup(small_app, archive, key)
    stop.set()
    thread.join()
    assert made.exit_code == 0, made.output

    done = restore(archive, tmp_path / "restored", key, empty_url)

    assert done.exit_code == 0, done.output
    assert done.broken == []  # type: ignore[attr-defined]
    numbers = set(db.session.scalars(select(Proceeding.number).where(Proceeding.id.in_(known))))
    assert numbers <= done.numbers  # type: ignore[attr-defined]
    digest = db.session.scalars(select(Attachment.sha256)).one()
    assert sealed.read(tmp_path / "restored" / "attachments" / digest[:2] / digest) == PAPER
    assert archive.stat().st_mode & 0o777 == 0o600


def test_a_case_that_was_under_way_is_finished_after_the_restore(
    office: Office, small_app: Flask, empty_url: str, tmp_path: Path, key: Path
) -> None:
    case = office.open_case(waits="no")
    office.complete(office.task(case, "T_check"), "officer1")
    closed = closed_case(office)
    make_all()
    package = packages(closed)[0].sha256
    archive = tmp_path / "wenze.tar"
    assert backup(small_app, archive, key).exit_code == 0
    assert restore(archive, tmp_path / "restored", key, empty_url).exit_code == 0

    from tests.conftest import application_on  # noqa: PLC0415

    url = empty_url or f"sqlite:///{tmp_path / 'restored' / 'wenze.db'}"
    for app in application_on(url, tmp_path / "restored"):
        with app.app_context():
            again = Office(app)
            again.complete(again.task(case, "T_review"), "officer2", {"note": "同意"})
            again.complete(again.task(case, "T_handle"), "head", {})
            make_all()
            assert db.session.get_one(Proceeding, case).closed_at == again.now
            assert verified(unpacked(packages(case)[0], tmp_path / "out"))[0] == 0
            assert path_of(tmp_path / "restored", package).is_file()
            assert again.open_case() not in (case, closed)
            assert journal.broken_links() == []


def test_a_plain_archive_that_was_touched_is_refused_before_anything_is_written(
    office: Office, small_app: Flask, tmp_path: Path
) -> None:
    upload(office)
    archive, touched = tmp_path / "wenze.tar", tmp_path / "touched.tar"
    assert backup(small_app, archive, None).exit_code == 0
    with tarfile.open(archive) as old, tarfile.open(touched, "w") as new:
        for member in old:
            content = old.extractfile(member)
            assert content is not None
            data = content.read()
            if member.name.startswith("attachments/"):
                data = data[:-1] + bytes([data[-1] ^ 1])
            new.addfile(member, BytesIO(data))

    done = restore(touched, tmp_path / "restored", None)

    assert done.exit_code == 1
    assert "与清单不符" in done.output
    assert not (tmp_path / "restored").exists()
    assert restore(archive, tmp_path / "restored", None, "", "--check").exit_code == 0
    assert not (tmp_path / "restored").exists()


def test_nothing_that_exists_is_overwritten(office: Office, small_app: Flask, tmp_path: Path, key: Path) -> None:
    archive, data = tmp_path / "wenze.tar", tmp_path / "used"
    assert backup(small_app, archive, key).exit_code == 0
    data.mkdir()
    (data / "note").write_text("mine")
    url = "" if db.engine.dialect.name == "sqlite" else "postgresql://nowhere/none"

    assert "已经存在" in backup(small_app, archive, key).output
    assert "不是空的" in restore(archive, data, key, url).output
    with pytest.raises(ConflictError):
        backups.make_key(key)
    assert sorted(path.name for path in data.iterdir()) == ["note"]


@pytest.mark.parametrize("there", [True, False], ids=["empty folder", "no folder"])
def test_a_restore_that_cannot_be_finished_leaves_nothing_and_can_be_tried_again(
    office: Office,
    small_app: Flask,
    tmp_path: Path,
    key: Path,
    empty_url: str,
    monkeypatch: pytest.MonkeyPatch,
    there: bool,
) -> None:
    office.open_case()
    upload(office)
    archive, data, keep = tmp_path / "wenze.tar", tmp_path / "restored", backups._keep
    assert backup(small_app, archive, key).exit_code == 0
    if there:
        data.mkdir()
    left = iter(range(2))

    def full(content: Any, path: Path) -> None:
        if next(left, None) is None:
            path.write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")
        keep(content, path)

    with monkeypatch.context() as patch:
        patch.setattr(backups, "_keep", full)
        refused = restore(archive, data, key, empty_url)
    after = sorted(data.rglob("*")) if data.exists() else []
    again = restore(archive, data, key, empty_url)

    assert (refused.exit_code, "No space left" in refused.output) == (1, True)
    assert after == []
    assert again.exit_code == 0, again.output


def test_a_damaged_paper_or_a_broken_journal_is_told_instead_of_being_kept(
    office: Office, small_app: Flask, tmp_path: Path, key: Path
) -> None:
    upload(office)
    (paper,) = (tmp_path / "attachments").glob("*/*")
    content = paper.read_bytes()
    paper.write_bytes(content + b" ")

    damaged = backup(small_app, tmp_path / "one.tar", key)
    paper.unlink()
    missing = backup(small_app, tmp_path / "two.tar", key)
    with transaction():
        evidence.lift(db.session.connection())
        db.session.execute(update(JournalLine).where(JournalLine.position == 1).values(act="nothing"))
    broken = backup(small_app, tmp_path / "three.tar", key)

    assert "已经损坏" in damaged.output
    assert "缺少1个附件" in missing.output
    assert "链条有断裂" in broken.output
    assert list(tmp_path.glob("*.tar")) == []


def test_the_manifest_says_what_is_inside(office: Office, small_app: Flask, tmp_path: Path) -> None:
    office.open_case()
    (tmp_path / "kept").mkdir()

    assert backup(small_app, tmp_path / "kept", None).exit_code == 0

    (archive,) = (tmp_path / "kept").glob("wenze-*.tar")
    with tarfile.open(archive) as opened:
        content = opened.extractfile("manifest.json")
        assert content is not None
        manifest = json.loads(content.read())
        names = set(opened.getnames())
    assert names == {"manifest.json", *manifest["files"]}
    assert manifest["rows"]["proceedings"] == 1
    assert all(len(digest) == 64 for digest in manifest["files"].values())


def test_a_backup_says_nothing_without_its_key(office: Office, small_app: Flask, tmp_path: Path, key: Path) -> None:
    upload(office)
    office.open_case(matter="不得泄露的案由")
    archive, other = tmp_path / "wenze.tar.sealed", tmp_path / "other.key"
    backups.make_key(other)

    assert backup(small_app, archive, key).exit_code == 0

    content = archive.read_bytes()
    assert PAPER not in content
    assert "不得泄露的案由".encode() not in content
    assert b"manifest.json" not in content
    assert "请用 --key-file" in restore(archive, tmp_path / "restored", None).output
    assert "都打不开它" in restore(archive, tmp_path / "restored", other).output
    assert not (tmp_path / "restored").exists()
    key.write_text(f"{key.read_text()}{other.read_text()}")  # a key that came later
    assert restore(archive, tmp_path / "restored", key, "", "--check").exit_code == 0


def test_a_backup_without_a_key_is_made_only_when_that_is_said(small_app: Flask, tmp_path: Path) -> None:
    inside = tmp_path / "backup.key"
    backups.make_key(inside)
    (tmp_path / "bad.key").write_text("too short")

    words = ["backup", str(tmp_path / "wenze.tar")]
    told = CliRunner().invoke(LazyGroup(), words, obj=ScriptInfo(create_app=lambda: small_app), env={})
    with small_app.app_context():
        beside = backup(small_app, tmp_path / "wenze.tar", inside)

    assert "没有备份密钥" in told.output
    assert "不能放在数据目录里" in beside.output
    assert list(tmp_path.glob("*.tar")) == []
    assert inside.stat().st_mode & 0o777 == 0o600


def test_an_archive_that_leads_elsewhere_or_does_not_fit_its_manifest_is_refused(
    office: Office, small_app: Flask, tmp_path: Path
) -> None:
    office.open_case()
    archive, elsewhere = tmp_path / "wenze.tar", tmp_path / "elsewhere.tar"
    assert backup(small_app, archive, None).exit_code == 0
    with tarfile.open(archive) as old, tarfile.open(elsewhere, "w") as new:
        for member in old:
            new.addfile(member, old.extractfile(member))
        new.addfile(tarfile.TarInfo("attachments/../../out"), BytesIO())

    with pytest.raises(InvalidFileError):
        backups.restore_files(elsewhere, tmp_path / "there", database=None, key=None)
    manifest = backups.read(archive, key=None)
    backups.verify(manifest)
    for wrong in ({"rows": {**manifest.rows, "proceedings": 2}}, {"heads": "another"}):
        with pytest.raises(ConflictError, match="不符"):
            backups.verify(replace(manifest, **wrong))
