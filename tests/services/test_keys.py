"""Another key: everything is sealed anew while people work, a lost one is told in words."""

import threading
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from flask.cli import ScriptInfo
from sqlalchemy import select

from app.cli import LazyGroup
from app.extensions import db
from app.seals import sealed
from app.seals.provider import MissingKeyError
from app.services import attachments, identity_numbers, keys, settings
from app.storage import identity_numbers as identity_rows
from app.storage.models import (
    JournalLine,
    SealedIdentityNumber,
)
from tests.services import asking_office
from tests.services.asking_office import NUMBER, OTHER, PDF, checked, numbers
from tests.services.conftest import Office

asking_sqlite, asking_postgresql = asking_office.asking_sqlite, asking_office.asking_postgresql
sqlite_url, postgresql_url = asking_office.sqlite_url, asking_office.postgresql_url
office, office_on_both = asking_office.office, asking_office.office_on_both


def command(office: Office, *words: str) -> Result:
    db.session.rollback()
    return CliRunner().invoke(LazyGroup(), ["keys", *words], obj=ScriptInfo(create_app=lambda: office.app))


def test_everything_is_sealed_anew_with_a_new_key_while_people_go_on(office_on_both: Office) -> None:
    office = office_on_both
    case, _ = checked(office, id_number=NUMBER)
    reporter = office.actor("reporter")
    before = attachments.upload(PDF, name="前.pdf", actor=reporter, now=office.now)
    old = settings.data_folder() / "attachments" / "aa" / ("aa" * 32)
    old.parent.mkdir(parents=True, exist_ok=True)
    old.write_bytes(b"kept before there were seals")
    first = keys.census()

    assert command(office, "add").exit_code == 0
    during = attachments.upload(PDF + b"\n", name="后.pdf", actor=reporter, now=office.now)
    listed = command(office, "list")
    done = command(office, "reseal")
    again = command(office, "reseal")

    after = keys.census()
    assert "尚未加密：1 个文件" in listed.output
    assert (done.exit_code, again.exit_code) == (0, 0), done.output
    assert "2 个文件，1 个号码" in done.output
    assert "0 个文件，0 个号码" in again.output
    assert first.current != after.current
    assert (first.left, after.left, after.lost) == (1, 0, ())
    assert sealed.read(old) == b"kept before there were seals"
    for paper in (before, during):
        stored = attachments.open_file(paper.id, actor=reporter, now=office.now)
        assert sealed.read(stored.path).startswith(b"%PDF")
    (row,) = numbers()
    said = {"proceeding_id": case, "reason": "核对身份", "actor": office.actor("officer1"), "now": office.now}
    assert identity_numbers.reveal(row.id, **said).plain == NUMBER
    told = db.session.scalars(select(JournalLine.act).where(JournalLine.scope == keys.KEYS)).all()
    assert told == ["add key", "reseal", "reseal", "reseal", "reseal"]


def test_papers_and_numbers_that_come_in_meanwhile_all_open_afterwards(office_on_both: Office) -> None:
    office = office_on_both
    kept, stop, wrong = [], threading.Event(), []
    reporter = office.actor("reporter")

    def write() -> None:
        with office.app.app_context():
            writer = Office(office.app)
            try:
                for number in range(400):
                    content = PDF + str(number % 40).encode()  # some of them again and again
                    kept.append(attachments.upload(content, name="x.pdf", actor=reporter, now=office.now).id)
                    if number < 5:
                        task = writer.task(writer.open_case(waits="no"), "T_check")
                        writer.complete(task, "officer1", {"opinion": "齐全", "id_number": NUMBER})
                    if stop.is_set() and number > 40:
                        break
            except Exception as error:  # noqa: BLE001  (told below)
                wrong.append(error)
            db.session.remove()

    thread = threading.Thread(target=write)
    thread.start()
    for _ in range(3):
        keys.add(by="tester", now=office.now)
        keys.reseal(by="tester", now=office.now)
    stop.set()
    thread.join()
    done = keys.reseal(by="tester", now=office.now)

    assert wrong == []
    assert (done.damaged, keys.census().left) == ((), 0)
    for id_ in kept:
        assert sealed.read(attachments.open_file(id_, actor=reporter, now=office.now).path).startswith(PDF)
    assert {identity_rows.opened(row) for row in numbers()} == {NUMBER}


def test_a_run_that_dies_half_way_is_gone_on_with(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    checked(office, id_number=NUMBER, subjects=[{"id_number": OTHER}])
    keys.add(by="tester", now=office.now)
    monkeypatch.setattr(keys, "BATCH", 1)
    real, done = keys.identity_numbers.reseal, []

    def dies(row: SealedIdentityNumber) -> None:
        if done:
            raise KeyboardInterrupt
        done.append(row.id)
        real(row)

    monkeypatch.setattr(keys.identity_numbers, "reseal", dies)
    with pytest.raises(KeyboardInterrupt):
        keys.reseal(by="tester", now=office.now)
    monkeypatch.setattr(keys.identity_numbers, "reseal", real)

    assert keys.census().left == 1
    assert keys.reseal(by="tester", now=office.now).values == 1
    assert keys.census().left == 0


def test_a_lost_key_is_told_and_refused_in_words(office: Office) -> None:
    case, _ = checked(office, id_number=NUMBER)
    paper = attachments.upload(PDF, name="前.pdf", actor=office.actor("reporter"), now=office.now)
    (row,) = numbers()
    id_, key = row.id, row.key_id
    file = settings.data_folder() / "seal.key"
    kept = file.read_text()
    file.write_text(f"other {'1' * 32}\n")
    later = office.now + timedelta(minutes=1)
    said = {"proceeding_id": case, "reason": "核对身份", "actor": office.actor("officer1"), "now": later}

    with pytest.raises(MissingKeyError, match=key):
        identity_numbers.reveal(id_, **said)
    with pytest.raises(MissingKeyError, match=key):
        attachments.open_file(paper.id, actor=office.actor("reporter"), now=later)
    listed, resealed = command(office, "list"), command(office, "reseal")

    assert (listed.exit_code, resealed.exit_code) == (1, 1)
    assert f"缺少密钥 {key}" in listed.output
    assert "2 项打不开" in resealed.output
    file.write_text(kept)
    assert identity_numbers.reveal(id_, **said).plain == NUMBER
