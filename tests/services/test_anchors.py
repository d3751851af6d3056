"""Whoever bends the journal is found, with the place: in the chain, at its head, or by an anchor kept elsewhere."""

import hashlib
import hmac
import os
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result
from flask.cli import ScriptInfo
from sqlalchemy import delete, insert, select, text, update

from app.cli import LazyGroup
from app.domain.chains import Break, Flaw
from app.extensions import db
from app.services import anchoring, settings
from app.storage import anchors, evidence, journal
from app.storage.models import JournalHead, JournalLine, Proceeding
from app.storage.transaction import transaction
from tests.services.conftest import Office

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture
def case(office: Office) -> str:
    """A case of some acts, anchored."""
    made = office.open_case()
    office.complete(office.task(made, "T_check"), "officer1")
    anchoring.anchor(why=anchoring.HOUR, now=NOON)
    return made


def audit(office: Office, *more: str) -> Result:
    db.session.rollback()
    return CliRunner().invoke(LazyGroup(), ["audit", *more], obj=ScriptInfo(create_app=lambda: office.app))


def lines(case: str) -> list[JournalLine]:
    return list(db.session.query(JournalLine).filter_by(scope=case).order_by(JournalLine.position))


def edit(case: str) -> None:
    db.session.execute(
        update(JournalLine).where(JournalLine.scope == case, JournalLine.position == 2).values(actor="x")
    )


def remove(case: str) -> None:
    db.session.execute(delete(JournalLine).where(JournalLine.scope == case, JournalLine.position == 2))


def swap(case: str) -> None:
    _, two, three = lines(case)
    two.position = -1
    db.session.flush()
    three.position = 2
    db.session.flush()
    two.position = 3


def cut(case: str) -> None:
    db.session.execute(delete(JournalLine).where(JournalLine.scope == case, JournalLine.position == 3))


def cut_with_head(case: str) -> None:
    cut(case)
    row = db.session.get_one(Proceeding, case)
    row.journal_digest, row.waiting = lines(case)[-1].digest, {**row.waiting, "journal": 2}


def chain_anew(case: str, key: bytes | None = None) -> None:
    """What somebody does who can write to the database: other actors, everything signed anew, the head too."""
    known = dict(journal.keys())
    if key is not None:
        journal.use({next(reversed(known)): key})
    previous = ""
    for line in lines(case):
        line.actor, line.previous = "somebody", previous
        line.digest = previous = journal.chain(line)
    db.session.get_one(Proceeding, case).journal_digest = previous
    journal.use(known)


def chain_anew_without_the_key(case: str) -> None:
    chain_anew(case, key=b"guessed")


def remove_all(case: str) -> None:
    db.session.execute(delete(JournalLine).where(JournalLine.scope == case))
    row = db.session.get_one(Proceeding, case)
    row.journal_digest, row.waiting = "", {**row.waiting, "journal": 0}


BENT: list[tuple[Callable[[str], None], set[tuple[Flaw, int]]]] = [
    (edit, {(Flaw.CHANGED, 2)}),
    (remove, {(Flaw.MISSING, 2)}),
    (swap, {(Flaw.CHANGED, 2), (Flaw.UNLINKED, 2), (Flaw.CHANGED, 3), (Flaw.ANCHOR, 3)}),
    (cut, {(Flaw.CUT, 3), (Flaw.ANCHOR, 3)}),
    (cut_with_head, {(Flaw.ANCHOR, 3)}),
    (chain_anew_without_the_key, {(Flaw.CHANGED, 1), (Flaw.ANCHOR, 3)}),
    (chain_anew, {(Flaw.ANCHOR, 3)}),
    (remove_all, {(Flaw.ANCHOR, 3)}),
]


def test_whatever_was_done_to_a_chain_is_found_at_its_place(office: Office, case: str) -> None:
    assert anchoring.verify(contents=True).whole
    columns = JournalLine.__table__.c
    kept = [dict(row._mapping) for row in db.session.execute(select(*columns).where(JournalLine.scope == case))]
    head = db.session.get_one(Proceeding, case)
    digest, waiting = head.journal_digest, dict(head.waiting)
    with transaction():
        evidence.lift(db.session.connection())

    for bend, expected in BENT:
        with transaction():
            bend(case)
        verdict = anchoring.verify()
        with transaction():
            db.session.execute(delete(JournalLine).where(JournalLine.scope == case))
            db.session.execute(insert(JournalLine), kept)
            db.session.execute(
                update(Proceeding).where(Proceeding.id == case).values(journal_digest=digest, waiting=waiting)
            )
        db.session.expire_all()

        found = {(one.flaw, one.position) for one in verdict.breaks if one.scope == case}
        assert expected <= found, (bend, verdict.breaks)
        assert {one.scope for one in verdict.breaks} == {case}
    assert anchoring.verify(contents=True).whole


def test_the_command_names_every_break_and_its_exit_code_says_how_it_went(office: Office, case: str) -> None:
    sound = audit(office, "verify", "--contents")
    with transaction():
        evidence.lift(db.session.connection())
        cut_with_head(case)
    broken = audit(office, "verify")
    unknown = audit(office, "verify", "--anchors", "nowhere")

    assert sound.exit_code == 0, sound.output
    assert "审计日志完整" in sound.output
    assert broken.exit_code == 1
    assert f"链 {case} 第3条" in broken.output
    assert "第1个锚点" in broken.output
    assert unknown.exit_code == 2


def test_without_the_anchors_a_cut_with_its_head_is_not_seen_and_with_a_copy_kept_elsewhere_it_is(
    office: Office, case: str, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "copy.log"
    elsewhere.write_bytes(settings.anchors_file().read_bytes())
    settings.anchors_file().unlink()
    with transaction():
        evidence.lift(db.session.connection())
        cut_with_head(case)

    assert audit(office, "verify").exit_code == 0
    assert audit(office, "verify", "--anchors", str(elsewhere)).exit_code == 1


# ---- the file, which is the same whatever the database


ON_ONE = pytest.mark.parametrize("small_url", ["sqlite"], indirect=True)


@ON_ONE
def test_an_anchor_is_written_every_hour_and_whenever_one_is_asked_for(office: Office, case: str) -> None:
    path = settings.anchors_file()

    for minutes in (1, 30, 59):
        anchoring.anchor(why=anchoring.HOUR, now=NOON + timedelta(minutes=minutes))
    assert len(list(anchors.read(path))) == 1
    office.complete(office.task(case, "T_review"), "officer2", {})
    anchoring.anchor(why=anchoring.HOUR, now=NOON + timedelta(hours=1))
    anchoring.anchor(why=anchoring.STOP, now=NOON + timedelta(hours=1, minutes=1))
    first, second, third = anchors.read(path)

    assert isinstance(first, anchors.Anchor)
    assert isinstance(second, anchors.Anchor)
    assert isinstance(third, anchors.Anchor)
    assert set(second.heads) == {case}
    assert second.heads[case][0] == 4
    assert second.lines == first.lines + 1
    assert (third.heads, third.digest, third.why) == ({}, second.digest, "STOP")
    assert path.stat().st_mode & 0o777 == 0o600


@ON_ONE
def test_another_process_does_not_anchor_the_same_hour_again(office: Office, case: str) -> None:
    anchoring._last.clear()

    anchoring.anchor(why=anchoring.HOUR, now=NOON + timedelta(minutes=5))

    assert len(list(anchors.read(settings.anchors_file()))) == 1


@ON_ONE
def test_a_bent_file_of_anchors_is_found_with_its_line(office: Office, case: str) -> None:
    path = settings.anchors_file()
    for hour in (1, 2, 3):
        anchoring.anchor(why=anchoring.HOUR, now=NOON + timedelta(hours=hour))
    written = path.read_bytes().splitlines(keepends=True)
    assert len(written) == 4
    said = orjson.loads(written[1])
    forged = {name: value for name, value in {**said, "lines": 1}.items() if name != "mac"}
    signed = orjson.dumps(forged, option=orjson.OPT_SORT_KEYS)
    forged["mac"] = hmac.digest(b"guessed", b"anchor\n" + signed, "sm3").hex()

    places = {}
    for name, changed in {
        "edit": [written[0], orjson.dumps({**said, "lines": 1}) + b"\n", *written[2:]],
        "remove": [written[0], *written[2:]],
        "swap": [written[0], written[2], written[1], written[3]],
        "tear": [*written[:3], written[3][:40]],
        "forge": [written[0], orjson.dumps(forged) + b"\n", *written[2:]],
        "empty": [written[0], b"{}\n", *written[2:]],
        "letters": [written[0], orjson.dumps({**said, "mac": "签" * 64}) + b"\n", *written[2:]],
    }.items():
        path.write_bytes(b"".join(changed))
        verdict = anchoring.verify()
        places[name] = (verdict.breaks[0].flaw, verdict.breaks[0].position)

    assert places == {
        name: (Flaw.ANCHORS, 4 if name == "tear" else 2)
        for name in ("edit", "remove", "swap", "tear", "forge", "empty", "letters")
    }


@ON_ONE
def test_after_a_torn_line_the_next_anchor_stands_on_a_line_of_its_own(office: Office, case: str) -> None:
    path = settings.anchors_file()
    with path.open("ab") as file:
        file.write(b'{"n": 2, ')

    anchoring.anchor(why=anchoring.ASKED, now=NOON)
    read = list(anchors.read(path))

    assert [type(one) for one in read] == [anchors.Anchor, anchors.Unfit, anchors.Anchor]
    assert isinstance(read[2], anchors.Anchor)
    assert read[2].number == 2


@ON_ONE
def test_an_anchor_for_which_there_is_no_room_leaves_the_file_as_it_was(
    office: Office, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = settings.anchors_file()
    before = path.read_bytes()
    write = os.write
    monkeypatch.setattr(anchors.os, "write", lambda file, content: write(file, content[:10]))

    with pytest.raises(OSError, match="no room"):
        anchoring.anchor(why=anchoring.ASKED, now=NOON)

    assert path.read_bytes() == before


def test_the_digest_of_an_anchor_is_the_one_of_a_backups_manifest(office: Office, case: str) -> None:
    from app.storage import copies  # noqa: PLC0415  (see tests.conftest)

    made = anchoring.anchor(why=anchoring.ASKED, now=NOON)

    assert made is not None
    assert made.digest == copies.contents().heads
    assert made.lines == db.session.execute(text("select count(*) from journal")).scalar()


@ON_ONE
def test_a_backup_is_anchored_first_and_takes_the_anchors_along(office: Office, case: str, tmp_path: Path) -> None:
    from app.services import backups  # noqa: PLC0415  (see tests.conftest)

    backups.make(tmp_path / "wenze.tar", now=NOON, key=None)
    with tarfile.open(tmp_path / "wenze.tar") as archive:
        member = archive.extractfile("anchors.log")
        assert member is not None
        taken = member.read()

    assert taken == settings.anchors_file().read_bytes()
    assert [one.why for one in anchors.read(settings.anchors_file()) if isinstance(one, anchors.Anchor)] == [
        "HOUR",
        "BACKUP",
    ]


# ---- what was signed


def test_a_submission_that_was_changed_is_found(office: Office, case: str) -> None:
    with transaction():
        evidence.lift(db.session.connection())
        db.session.execute(
            text("update submissions set data = '{\"opinion\": \"不齐\"}' where form_key like '%check%'")
        )

    assert anchoring.verify().whole
    (found,) = anchoring.verify(contents=True).breaks

    assert isinstance(found, Break)
    assert (found.flaw, found.scope) == (Flaw.CONTENT, case)


def test_a_verification_is_kept_for_the_auditor_once_a_day(office: Office, case: str) -> None:
    assert anchoring.is_check_due(NOON)

    verdict = anchoring.check(now=NOON)
    row = db.session.query(anchoring.JournalCheck).one()

    assert (row.asked_by, row.found, row.lines, row.anchors) == ("system", 0, verdict.lines, 1)
    assert not anchoring.is_check_due(NOON + timedelta(hours=23))
    assert anchoring.is_check_due(NOON + timedelta(hours=24))


def test_the_journal_leaves_as_lines_with_which_anybody_who_has_the_key_verifies_it(
    office: Office, case: str, tmp_path: Path
) -> None:
    target = tmp_path / "journal.jsonl"

    made = audit(office, "export", str(target), "--scope", case)
    rows = [orjson.loads(line) for line in target.read_bytes().splitlines()]

    assert made.exit_code == 0, made.output
    assert [row["position"] for row in rows] == [1, 2, 3]
    assert [row["previous"] for row in rows[1:]] == [row["digest"] for row in rows[:-1]]
    assert hashlib.new("sm3", target.read_bytes()).hexdigest() in made.output
    assert db.session.query(JournalLine).filter_by(scope="audit", act="export", object=case).count() == 1
    assert audit(office, "export", str(target)).exit_code == 1
    assert db.session.query(JournalHead).filter_by(scope="audit").one().position == 1
