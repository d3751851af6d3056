"""What may leave the record: lines after their time, contents by order; the chain stays whole and says so."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result
from flask.cli import ScriptInfo
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError

from app.cli import LazyGroup
from app.domain.chains import Flaw
from app.domain.errors import ConflictError
from app.domain.proceedings import ProceedingStatus
from app.extensions import db
from app.services import anchoring, attachments, clockwork, retention, settings
from app.storage import chains, copies, evidence, journal
from app.storage.models import (
    Account,
    Attachment,
    CaseFact,
    Erasure,
    JournalLine,
    JournalPurge,
    Person,
    Proceeding,
    RoleAssignment,
    SearchText,
    Submission,
)
from app.storage.transaction import transaction
from tests.services.conftest import MORNING, Office

PAPER = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
BY = {"authority": "县监委 监〔2026〕3号", "by": "audit.one", "witness": "guard.one"}
NOW = datetime.now(UTC)
CHAIN = "exports/beishan"


@pytest.fixture
def administrators(office: Office) -> None:
    roles = {"audit.one": "audit.admin", "guard.one": "security.admin", "clerk.one": "jmo.officer"}
    with transaction():
        for username, role in roles.items():
            db.session.add(Person(id=username, name=username))
            db.session.flush()
            db.session.add(RoleAssignment(person_id=username, role=role, organ_id=None))
            db.session.add(
                Account(username=username, person_id=username, password_hash="", created_at=NOW, enabled=True)
            )


def old_lines(number: int, *, days: int) -> None:
    """Lines of an administrative chain, as if written that long ago."""
    with transaction():
        for place in range(number):
            at = NOW - timedelta(days=days) + timedelta(minutes=place)
            journal.write_administrative(CHAIN, actor="x", act="sign-in", object_="", payload={}, now=at)
            db.session.flush()


def audit(office: Office, *more: str) -> Result:
    db.session.rollback()
    return CliRunner().invoke(LazyGroup(), ["audit", *more], obj=ScriptInfo(create_app=lambda: office.app))


# ---- the journal after its time


def test_lines_go_after_their_time_by_order_and_the_rest_still_verifies(
    office: Office, administrators: None, tmp_path: Path
) -> None:
    old_lines(5, days=400)
    old_lines(2, days=10)
    anchoring.anchor(why=anchoring.ASKED, now=NOW)
    target = tmp_path / "purged.jsonl"
    before = db.session.scalars(select(JournalLine.digest).where(JournalLine.scope == CHAIN)).all()

    done = retention.purge(target, days=365, **BY, now=NOW)
    verdict = anchoring.verify(contents=True)
    kept = [orjson.loads(line) for line in target.read_bytes().splitlines()]

    assert verdict.whole, verdict.breaks
    assert done.lines == len(kept) >= 5
    assert {row["digest"] for row in kept if row["scope"] == CHAIN} == set(before[:5])
    assert [position for scope, position, _ in verdict.purged if scope == CHAIN] == [5]
    assert {authority for _, _, authority in verdict.purged} == {BY["authority"]}
    left = db.session.scalars(select(JournalLine.position).where(JournalLine.scope == CHAIN).order_by("position"))
    assert list(left) == [6, 7]
    assert copies.contents().broken == []


def test_a_chain_that_is_old_as_a_whole_keeps_its_head_and_goes_on(
    office: Office, administrators: None, tmp_path: Path
) -> None:
    old_lines(3, days=400)
    retention.purge(tmp_path / "one", days=365, **BY, now=NOW)
    old_lines(3, days=300)

    retention.purge(tmp_path / "two", days=200, **BY, now=NOW)

    assert anchoring.verify().whole
    assert journal.broken_links() == []


def test_nothing_goes_before_half_a_year_whoever_asks_and_whatever_was_written_before(
    office: Office, administrators: None, tmp_path: Path
) -> None:
    old_lines(3, days=170)
    refused = audit(
        office, *("purge", str(tmp_path / "x"), "--days", "90", "--authority", "a", "--by", "audit.one"),
        *("--witness", "guard.one"),
    )  # fmt: skip
    order: dict[str, Any] = {"last_digest": "", "lines": 3, "removed": "", "authority": "我", "by": "x", "witness": "y"}

    with transaction():
        db.session.add(JournalPurge(scope=CHAIN, until_position=3, purged_at=NOW, **order))
    with pytest.raises(DBAPIError, match=evidence.REFUSAL), transaction():
        db.session.execute(delete(JournalLine).where(JournalLine.scope == CHAIN))

    assert refused.exit_code == 1
    assert "180" in refused.output
    assert db.session.query(JournalLine).filter_by(scope=CHAIN).count() >= 3


def test_old_lines_do_not_go_without_an_order_and_an_order_of_ones_own_is_found(
    office: Office, administrators: None
) -> None:
    old_lines(3, days=400)
    with pytest.raises(DBAPIError, match=evidence.REFUSAL), transaction():
        db.session.execute(text("delete from journal where scope = 'exports/beishan' and position = 1"))
    first = db.session.scalars(select(JournalLine).where(JournalLine.scope == CHAIN).order_by("position")).first()
    assert first is not None
    order: dict[str, Any] = {"lines": 1, "removed": "", "authority": "我", "by": "x", "witness": "y"}

    with transaction():  # what somebody does who writes to the database past the product
        db.session.add(JournalPurge(scope=CHAIN, until_position=1, last_digest=first.digest, purged_at=NOW, **order))
        db.session.flush()
        db.session.execute(text("delete from journal where scope = 'exports/beishan' and position = 1"))

    (found,) = anchoring.verify().breaks
    assert (found.flaw, found.scope, found.position) == (Flaw.PURGE, CHAIN, 1)


def test_only_an_audit_administrator_purges_and_another_one_looks_on(
    office: Office, administrators: None, tmp_path: Path
) -> None:
    old_lines(3, days=400)
    for changed in ({"by": "guard.one"}, {"witness": "audit.one"}, {"by": "clerk.one"}, {"authority": " "}):
        words = {**BY, **changed}
        options = ["--authority", words["authority"], "--by", words["by"], "--witness", words["witness"]]

        assert audit(office, "purge", str(tmp_path / "x"), *options).exit_code == 1, changed

    assert db.session.query(JournalPurge).count() == 0
    assert db.session.query(JournalLine).filter_by(scope=CHAIN).count() == 3


# ---- contents by order


def finished(office: Office) -> tuple[str, str]:
    """A case that is over, and the id of a submission in it."""
    case = office.open_case(waits="no")
    office.complete(office.task(case, "T_check"), "officer1", {"opinion": "齐全", "pages": 3})
    office.complete(office.task(case, "T_review"), "officer2", {})
    office.complete(office.task(case, "T_handle"), "head", {})
    while clockwork.tick(office.now):
        pass
    from app.services.searching import catch_up  # noqa: PLC0415  (see tests.conftest)

    while catch_up():
        pass
    query = select(Submission.id).where(Submission.proceeding_id == case, Submission.form_key.contains("check"))
    return case, db.session.scalars(query).one()


def test_a_content_that_was_erased_by_order_leaves_a_whole_chain_that_says_who_ordered_it(
    office: Office, administrators: None
) -> None:
    case, submission = finished(office)
    assert db.session.get_one(Proceeding, case).status is ProceedingStatus.CLOSED
    anchoring.anchor(why=anchoring.ASKED, now=NOW)
    assert anchoring.verify(contents=True).whole

    digest = retention.erase("SUBMISSION", submission, **BY, now=NOW)
    db.session.expire_all()
    verdict = anchoring.verify(contents=True)
    told = audit(office, "verify", "--contents")

    assert verdict.whole, verdict.breaks
    assert verdict.erased == [("SUBMISSION", submission, BY["authority"])]
    assert told.exit_code == 0
    assert BY["authority"] in told.output
    row = db.session.get_one(Submission, submission)
    assert list(row.data) == ["erased"]
    signed = select(JournalLine.payload_digest).where(JournalLine.object == row.task_id, JournalLine.act == "complete")
    assert db.session.scalars(signed).one() == digest
    assert db.session.query(CaseFact).filter_by(submission_id=submission).count() == 0
    assert not [t for t in db.session.scalars(select(SearchText.text)) if "齐全" in t]
    with pytest.raises(ConflictError):
        retention.erase("SUBMISSION", submission, **BY, now=NOW)


def test_what_a_running_case_rests_on_is_not_erased(office: Office, administrators: None) -> None:
    case = office.open_case()
    office.complete(office.task(case, "T_check"), "officer1")
    submission = db.session.scalars(select(Submission.id).where(Submission.proceeding_id == case)).first()

    refused = audit(
        office, *("erase", "submission", str(submission), "--authority", "a", "--by", "audit.one"),
        *("--witness", "guard.one"),
    )  # fmt: skip

    assert refused.exit_code == 1
    assert db.session.query(Erasure).count() == 0


def test_an_erasure_that_nobody_ordered_is_refused_or_found(office: Office, administrators: None) -> None:
    case, submission = finished(office)
    with pytest.raises(DBAPIError, match=evidence.REFUSAL), transaction():
        db.session.execute(text('update submissions set data = \'{"erased":"x"}\''))
    order: dict[str, Any] = {"authority": "我", "by": "x", "witness": "y", "erased_at": NOW}

    with transaction():  # past the product again
        db.session.add(
            Erasure(id="x", kind="SUBMISSION", object_id=submission, proceeding_id=case, content_digest="", **order)
        )
        db.session.flush()
        db.session.execute(text('update submissions set data = \'{"erased":"x"}\' where id = :id'), {"id": submission})
    with pytest.raises(DBAPIError, match=evidence.REFUSAL), transaction():
        db.session.execute(text("update submissions set person_id = 'audit.one', data = '{\"erased\":\"x\"}'"))

    verdict = anchoring.verify(contents=True)
    assert {one.flaw for one in verdict.breaks} == {Flaw.ERASURE, Flaw.CONTENT}


def test_an_erased_paper_is_gone_from_the_store_is_no_fault_and_opens_with_a_reason(
    office: Office, administrators: None, tmp_path: Path
) -> None:
    case, submission = finished(office)
    reader = office.actor("officer1")
    paper = attachments.upload(PAPER, name="判决书.pdf", actor=reader, now=office.now).id
    with transaction():
        row = db.session.get_one(Attachment, paper)
        row.proceeding_id, row.submission_id = case, submission
    file = settings.data_folder() / "attachments" / row.sha256[:2] / row.sha256
    assert file.is_file()

    retention.erase("PAPER", paper, **BY, now=NOW)

    assert not file.exists()
    assert copies.contents().papers == frozenset()
    with pytest.raises(ConflictError, match="依法删除"):
        attachments.open_file(paper, actor=reader, now=MORNING)
    assert anchoring.verify(contents=True).erased == [("PAPER", paper, BY["authority"])]
    assert db.session.query(JournalLine).filter_by(scope=case, act=chains.ERASE).count() == 1
