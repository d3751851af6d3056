"""Papers of steps: made from the release's template, numbered by the register, kept with the submission."""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import docx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import close_all_sessions

from app.documents import store
from app.documents.previews import preview_of
from app.domain.errors import InvalidDefinitionError
from app.domain.history import Act
from app.extensions import db
from app.seals import sealed
from app.services import accounts, attachments, settings, tasks
from app.services.letters import previewing
from app.services.studio import drafts, files, review
from app.storage import journal
from app.storage.models import Attachment, Counter, HistoryEntry, IssuedPaper, Submission
from tests.e2e.statements import Meter
from tests.services.conftest import Office
from tests.services.handling_hands import appoint, deputy
from tests.services.paper_seeds import NOTE, PAPERS, document, publish


def issued(case: str) -> list[IssuedPaper]:
    db.session.rollback()
    query = select(IssuedPaper).where(IssuedPaper.proceeding_id == case)
    return list(db.session.scalars(query.order_by(IssuedPaper.signed_at, IssuedPaper.version)))


def bytes_of(paper: IssuedPaper) -> bytes:
    return sealed.read(store.path_of(settings.data_folder(), paper.sha256))


def words_of(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(BytesIO(content)).paragraphs]


def test_completing_a_step_issues_its_paper_with_number_signer_and_the_hash_of_its_bytes(
    office: Office, tmp_path: Path
) -> None:
    publish(office, tmp_path)
    case = office.open_case(matter="违法拆除<房屋>", waits="no")

    office.complete(office.task(case, "T_check"), "officer1", {"opinion": "齐全。\n同意受理。"})

    (paper,) = issued(case)
    content = bytes_of(paper)
    assert paper.number == "beishan文〔2026〕001号"
    assert (paper.signed_name, paper.signed_organ, paper.signed_at) == ("officer1@beishan", "beishanoffice", office.now)
    assert paper.sha256 == hashlib.sha256(content).hexdigest()
    assert paper.sm3 == hashlib.new("sm3", content).hexdigest()
    assert words_of(content) == [
        "beishan文〔2026〕001号",
        "关于违法拆除<房屋>的审查意见",
        "齐全。",
        "同意受理。",
        "二〇二六年三月二日",
        "officer1@beishan",
    ]


def test_the_history_and_the_journal_name_the_bytes(office: Office, tmp_path: Path) -> None:
    publish(office, tmp_path)
    case = office.open_case(waits="no")

    office.complete(office.task(case, "T_check"), "officer1")

    (paper,) = issued(case)
    told = db.session.scalars(
        select(HistoryEntry.details).where(HistoryEntry.proceeding_id == case, HistoryEntry.act == Act.SUBMITTED.value)
    ).all()
    assert [d["papers"][0]["sha256"] for d in told if d.get("papers")] == [paper.sha256]
    assert journal.broken_links() == []


def test_answers_that_call_for_no_paper_make_none_and_take_no_number(office: Office, tmp_path: Path) -> None:
    publish(office, tmp_path)
    case = office.open_case(waits="no")

    office.complete(office.task(case, "T_check"), "officer1", {"opinion": "不出文"})

    assert issued(case) == []
    assert db.session.scalar(select(func.count()).where(Counter.kind == "PAPER")) == 0


def test_service_names_the_exact_bytes_that_were_served(office: Office, tmp_path: Path) -> None:
    publish(office, tmp_path)
    case = office.open_case(waits="no")
    office.complete(office.task(case, "T_check"), "officer1")
    office.later(hours=1)

    office.complete(office.task(case, "T_review"), "officer2", {"note": "已送"})

    note, receipt = issued(case)
    assert receipt.serves_id == note.id
    assert words_of(bytes_of(receipt)) == [f"审查意见书 {note.number}", note.sha256]
    details = db.session.scalars(select(HistoryEntry.details).where(HistoryEntry.step_id == "T_review")).all()
    assert [d["papers"][0]["serves"]["sha256"] for d in details if d.get("papers")] == [note.sha256]


def test_a_paper_done_by_a_deputy_of_another_organ_is_of_the_organ_he_acts_for(office: Office, tmp_path: Path) -> None:
    papers = PAPERS.replace('task.opinion != "不出文"', 'organ.id = "beishan.office"')
    publish(office, tmp_path, papers=papers, note=document("{{ organ.name }}", "{{ actor.name }}"))
    case = office.open_case(waits="no")
    appoint(office, "officer1", "reporter")

    stands_in = deputy(office, "reporter")
    tasks.complete(office.task(case, "T_check"), answers={"opinion": "齐全"}, actor=stands_in, now=office.now, key="1")

    (paper,) = issued(case)
    assert stands_in.organ_id != "beishan.office"
    assert words_of(bytes_of(paper)) == ["beishanoffice", stands_in.name]
    assert paper.signed_organ == stands_in.organ_name


def test_a_paper_is_looked_at_before_it_is_issued_without_a_number_and_without_a_trace(
    office: Office, tmp_path: Path
) -> None:
    publish(office, tmp_path)
    case = office.open_case(waits="no")
    task = office.task(case, "T_check")

    (draft,) = previewing.preview(task, {"opinion": "拟同意"}, actor=office.actor("officer1"), now=office.now)

    assert draft.number == "beishan文〔2026〕××号"
    assert "拟同意" in words_of(draft.content)
    assert issued(case) == []
    assert db.session.scalar(select(func.count()).select_from(Submission).where(Submission.task_id == task)) == 0


def test_a_new_version_takes_the_place_of_the_old_one_under_the_same_number(office: Office, tmp_path: Path) -> None:
    publish(office, tmp_path)
    case = office.open_case(waits="no")
    office.complete(office.task(case, "T_check"), "officer1")
    (first,) = issued(case)
    before = bytes_of(first)
    office.later(hours=1)

    attachments.replace(
        first.attachment_id,
        document("改正的文本"),
        name="审查意见书.docx",
        reason="改正错字",
        actor=office.actor("officer1"),
        now=office.now,
    )

    first, second = issued(case)
    assert (second.number, second.version) == (first.number, 2)
    assert bytes_of(first) == before
    assert second.sha256 != first.sha256


def test_a_failing_paper_leaves_the_step_undone(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(office, tmp_path)
    case = office.open_case(waits="no")
    task = office.task(case, "T_check")
    monkeypatch.setattr("app.services.letters.issuing.fill", _fails)

    with pytest.raises(OSError, match="disk"):
        office.complete(task, "officer1")

    assert issued(case) == []
    assert office.task(case, "T_check") == task


def _fails(*_: Any, **__: Any) -> bytes:
    raise OSError("disk full")


@pytest.mark.parametrize(
    ("papers", "note", "said"),
    [
        (
            PAPERS,
            ("标题", "{{ case.mater }}"),
            "字段“case.mater”不存在，是不是“case.matter”？",
        ),
        (PAPERS, ("{{ case.matter",), "第1段“{{ case.matter”"),
        (PAPERS, ("{{ case.__class__.mro() }}",), "不能使用“Call”"),
        (PAPERS.replace("small/T_check", "small/T_chek"), NOTE, "所列环节“small/T_chek”不存在"),
        (PAPERS.replace("number: PAPER", "number: PAPRE"), NOTE, "文号种类“PAPRE”没有登记格式"),
        (PAPERS.replace("check_note.docx", "other.docx"), NOTE, "模板“letters/other.docx”不存在"),
        (PAPERS.replace("task.opinion !=", "task.opinion !"), NOTE, "出具条件有误"),
    ],
)
def test_a_release_whose_papers_cannot_be_made_is_refused_with_the_place(
    office: Office, tmp_path: Path, papers: str, note: tuple[str, ...], said: str
) -> None:
    with pytest.raises(InvalidDefinitionError) as refused:
        publish(office, tmp_path, papers=papers, note=document(*note))

    assert any(said in str(finding) for finding in refused.value.findings)


def test_the_paper_is_an_ordinary_paper_of_the_case(office: Office, tmp_path: Path) -> None:
    publish(office, tmp_path)
    case = office.open_case(waits="no")
    office.complete(office.task(case, "T_check"), "officer1")
    (paper,) = issued(case)

    stored = attachments.open_file(paper.attachment_id, actor=office.actor("officer1"), now=office.now)

    assert stored.file_name == "审查意见书.docx"
    assert preview_of(stored.path, stored.media_type).paragraphs[0] == paper.number
    row = db.session.get(Attachment, paper.attachment_id)
    assert row is not None
    assert row.submission_id == paper.submission_id


def test_a_step_that_issues_a_paper_is_one_commit_and_fifteen_statements(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(office, tmp_path)
    case = office.open_case(waits="no")
    office.complete(office.task(case, "T_check"), "officer1")  # what a release holds is parsed once
    case = office.open_case(waits="no")
    task = office.task(case, "T_check")
    token = accounts.create_token("beishan.officer1", "t", now=office.now)
    monkeypatch.setattr("app.api.clock.now", lambda: office.now)
    client = office.app.test_client(use_cookies=False)
    close_all_sessions()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid4().hex}

    meter = Meter(db.engine)
    with office.app.app_context(), meter.measure("T_check"):
        answer = client.post(f"/api/v1/tasks/{task}/complete", headers=headers, json={"data": {"opinion": "齐全"}})

    (count,) = meter.counts
    assert answer.status_code == 200
    assert count.commits == 1
    assert len(count.statements) <= 15, "\n".join(count.statements)


def test_the_office_edits_a_template_in_a_draft_and_sees_what_is_wrong_with_it(office: Office, tmp_path: Path) -> None:
    publish(office, tmp_path)
    owner = office.actor("owner1")
    draft = drafts.open_draft("改文书", actor=owner, now=office.now)
    before = drafts.candidate_files(draft, actor=owner)["letters/check_note.docx"]

    edited = {"check_note (1).docx": document("改过的", "{{ case.mater }}")}
    imported = files.import_files(draft, edited, actor=owner, now=office.now)

    assert words_of(before)[0] == "{{ number }}"
    assert imported == ("letters/check_note.docx",)
    found = [str(finding) for finding in review.findings_of(draft, actor=owner)]
    assert any("第2段“{{ case.mater }}”中的字段“case.mater”不存在" in finding for finding in found)
