"""The case file: opinions, catalogue, outline, one paper, one submitted form, remarks; what each lets whom see."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.documents import store
from app.domain.proceedings import ProceedingStatus
from app.extensions import db
from app.queries.archive_lists import filled_tables, rows_of
from app.queries.case_file import Item, ItemKind
from app.queries.heads import head_of
from app.storage.accounts import actor_of
from app.storage.models import Attachment, Comment, HistoryEntry, JournalLine, Notice, PaperReading, Proceeding
from tests.web.pages import Browser
from tests.web.world import World

SignIn = Callable[[str], Browser]
PDF = b"%PDF-1.7\n1 0 obj<</Type/Pages/Count 2>>endobj 2 0 obj<</Type/Page>>endobj 3 0 obj<</Type/Page>>endobj\n%%EOF\n"


@pytest.fixture
def paper(app: Flask, world: World) -> str:
    """The paper of the small world with a content: a PDF of two pages."""
    with app.app_context():
        row = db.session.get_one(Attachment, world.attachment_id)
        row.sha256, row.pages = store.keep(Path(app.config["WENZE_DATA"]), PDF), 2
        db.session.commit()
    return world.attachment_id


def submission_of(app: Flask, world: World) -> str:
    with app.app_context():
        found = select(HistoryEntry.submission_id).where(
            HistoryEntry.proceeding_id == world.case_id, HistoryEntry.submission_id.is_not(None)
        )
        return str(db.session.scalars(found).first())


# ---- outline


def test_the_outline_tells_every_step_with_role_state_holder_and_what_comes_next(
    signed_in: SignIn, world: World
) -> None:
    page = signed_in("north.officer").get(f"/cases/{world.case_id}/outline")

    text = " ".join(page.text.split())
    assert "法制审核 办理中 涉案机关法制审核人 时限 7日" in text
    assert "罗岚 县住房和城乡建设局" in text
    assert "负责人签发 下一步 涉案机关负责人" in text
    assert "负责人签发 （审核通过？ 通过）" in text
    assert "撰写败诉案件分析报告 （审核通过？ 退回）" in text
    assert "归档 未到 档案管理员" in text
    lists = [attrs for tag, attrs in page.tags if tag == "ol" and attrs.get("class") == "outline"]
    assert len(lists) > 5


def test_the_outline_of_a_closed_case_awaits_nothing(app: Flask, signed_in: SignIn, world: World) -> None:
    with app.app_context():
        db.session.get_one(Proceeding, world.case_id).status = ProceedingStatus.CLOSED
        db.session.get_one(Proceeding, world.case_id).closed_at = datetime.now(UTC)
        db.session.commit()

    page = signed_in("north.officer").get(f"/cases/{world.case_id}/outline")

    assert "，未到 0，" in page.text
    assert "归档 未经过" in " ".join(page.text.split())


def test_the_outline_of_a_meeting_opens_by_its_id(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.officer").get(f"/proceedings/{world.meeting_id}/outline")

    assert "会签" in page.text


@pytest.mark.parametrize("part", ["outline", "opinions", "dossier", "dossier.csv"])
def test_no_part_of_a_file_opens_to_who_does_not_see_the_case(signed_in: SignIn, world: World, part: str) -> None:
    for stranger in ("south.officer", "north.subject"):
        signed_in(stranger).get(f"/cases/{world.case_id}/{part}", status=404)


# ---- opinions and submitted forms


def test_opinions_stand_in_a_table_with_kind_person_and_time(signed_in: SignIn, world: World) -> None:
    page = signed_in("north.signatory_sfj").get(f"/proceedings/{world.meeting_id}/opinions")

    assert "会签意见" in page.text
    assert {attrs.get("scope") for tag, attrs in page.tags if tag == "th"} == {"col", "row"}


def test_a_vote_stays_blind_in_the_table_until_ones_own_is_given(signed_in: SignIn, world: World) -> None:
    given = signed_in("north.signatory_sfj").get(f"/proceedings/{world.meeting_id}/opinions")
    waiting = signed_in("north.signatory_gaj").get(f"/proceedings/{world.meeting_id}/opinions")

    assert len(given.text) > len(waiting.text)
    assert "按权限不公开" in waiting.text


def test_a_submitted_form_is_shown_whole_to_who_may_read_it_and_to_nobody_else(
    app: Flask, signed_in: SignIn, world: World
) -> None:
    address = f"/submissions/{submission_of(app, world)}"

    page = signed_in("north.officer").get(address)

    assert world.submission_text in page.text
    assert "何静" in page.text
    assert "已提交，只读" in page.text
    assert not any(tag in ("textarea", "form") and attrs.get("id") == "task-form" for tag, attrs in page.tags)
    signed_in("north.subject").get(address, status=404)
    signed_in("south.officer").get(address, status=404)


# ---- catalogue


def test_the_catalogue_numbers_items_and_pages_and_finds_by_content(
    signed_in: SignIn, world: World, paper: str
) -> None:
    browser = signed_in("north.officer")

    whole = browser.get(f"/cases/{world.case_id}/dossier")
    found = browser.get(f"/cases/{world.case_id}/dossier?q={world.submission_text}")
    nothing = browser.get(f"/cases/{world.case_id}/dossier?q=没有这样的词")

    text = " ".join(whole.text.split())
    assert "全卷 2 件，3 页" in text
    assert "二审行政判决书.pdf" in text
    assert "2–3 2" in text
    assert "找到 1 件，全卷 2 件" in found.text
    assert "二审行政判决书.pdf" not in found.text
    assert "没有找到" in nothing.text


def test_the_catalogue_is_a_table_file_that_holds_the_same_rows(signed_in: SignIn, world: World, paper: str) -> None:
    answer = signed_in("north.officer").client.get(f"/cases/{world.case_id}/dossier.csv")

    lines = answer.data.decode("utf-8-sig").splitlines()
    assert lines[0] == "序号,阶段,题名,材料种类,责任者,机关,日期,起始页,页数"
    assert lines[1].startswith("1,")
    assert "二审行政判决书.pdf" in lines[2]
    assert lines[2].endswith(",2,2")


def test_a_list_of_papers_begins_with_those_of_the_file_that_the_reader_may_open(
    app: Flask, world: World, paper: str
) -> None:
    columns = [
        {"key": "name"},
        {"key": "kind", "values": [{"value": "OTHER", "label": "其他"}, {"value": "JUDGMENT", "label": "行政判决书"}]},
        {"key": "pages"},
        {"key": "remark"},
    ]
    table = {"key": "items", "columns": columns, "properties": {"filled_from": "case_file"}}
    plain = {"key": "others", "columns": columns}
    with app.app_context():
        found, now = head_of(world.case_id, locale="zh"), datetime.now(UTC)

        filled = filled_tables(actor_of("north.officer", now=now), found, [table, plain], locale="zh")
        hidden = filled_tables(actor_of("north.subject", now=now), found, [table], locale="zh")

    row = {"name": "二审行政判决书", "kind": "JUDGMENT", "pages": 2, "remark": None}
    assert filled == {"items": [row]}
    assert hidden == {"items": []}


def test_an_issued_paper_takes_the_option_of_its_kind_and_an_unknown_one_is_left_to_the_person() -> None:
    where = {"number": 1, "first_page": 1, "version": 1, "text": "", "step": "", "person": "", "organ": ""}
    what = {"kind": ItemKind.PAPER, "paper_kind": "", "at": datetime.now(UTC), "pages": 1, "estimated": True}
    made = Item(id="p1", title="败诉案件分析报告.docx", **what, **where)  # type: ignore[arg-type]
    kinds = [{"value": "ANALYSIS_REPORT", "label": "分析材料"}]
    columns = [{"key": "name"}, {"key": "kind", "values": kinds}, {"key": "pages"}]

    issued = list(rows_of([made, replace(made, id="p2")], {"p1": "analysis_report"}, columns))

    assert issued == [
        {"name": "败诉案件分析报告", "kind": "ANALYSIS_REPORT", "pages": None},
        {"name": "败诉案件分析报告", "kind": None, "pages": None},
    ]


# ---- one paper


def test_a_paper_is_previewed_in_a_frame_of_its_own_that_can_reach_nothing(
    signed_in: SignIn, world: World, paper: str
) -> None:
    browser = signed_in("north.officer")

    page = browser.get(f"/attachments/{paper}/view")
    content = browser.client.get(f"/attachments/{paper}/content", buffered=True)

    assert any(tag == "iframe" and attrs["src"] == f"/attachments/{paper}/content" for tag, attrs in page.tags)
    assert content.data == PDF
    assert "default-src 'none'" in content.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in content.headers["Content-Security-Policy"]
    assert content.headers["X-Frame-Options"] == "SAMEORIGIN"
    signed_in("south.officer").get(f"/attachments/{paper}/view", status=404)
    assert signed_in("south.officer").client.get(f"/attachments/{paper}/content").status_code == 404


def test_who_read_a_paper_is_noted_once_and_shown_to_who_may_know(
    app: Flask, signed_in: SignIn, world: World, paper: str
) -> None:
    reader, uploader = signed_in("north.officer"), signed_in("north.reporter")

    for _ in range(3):
        reader.get(f"/attachments/{paper}/view")
    mine = uploader.get(f"/attachments/{paper}/view")
    others = reader.get(f"/attachments/{paper}/view")

    assert "查阅记录" in mine.text
    assert "王敏" in mine.text
    assert "查阅记录" not in others.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(PaperReading)) == 1


def test_a_new_version_keeps_the_old_one_and_is_told_without_its_name(
    app: Flask, signed_in: SignIn, world: World, paper: str
) -> None:
    browser = signed_in("north.reporter")
    browser.get(f"/attachments/{paper}/view")
    other = PDF.replace(b"1.7", b"1.6")

    said = {"reason": "扫描不清", "file": (BytesIO(other), "判决书（清晰）.pdf")}
    page = browser.post(f"/attachments/{paper}/versions", said)
    old = browser.get(f"/attachments/{paper}/view")
    story = signed_in("north.officer").get(f"/cases/{world.case_id}")

    assert "判决书（清晰）.pdf" in page.text
    assert "扫描不清" in page.text
    assert "这是旧版本" in old.text
    assert browser.client.get(f"/attachments/{paper}/content", buffered=True).data == PDF
    assert "更换材料版本" in story.text
    assert "判决书（清晰）.pdf" in story.text
    with app.app_context():
        versions = db.session.scalars(select(Attachment.version).order_by(Attachment.version)).all()
        assert versions[-2:] == [1, 2]


@pytest.mark.parametrize(
    ("who", "reason", "status"), [("north.officer", "扫描不清", 403), ("north.reporter", " ", 422)]
)
def test_a_new_version_needs_the_right_person_and_a_reason(
    signed_in: SignIn, world: World, paper: str, who: str, reason: str, status: int
) -> None:
    browser = signed_in(who)
    browser.get(f"/attachments/{paper}/view")

    said = {"reason": reason, "file": (BytesIO(PDF), "判决书.pdf")}
    browser.post(f"/attachments/{paper}/versions", said, status=status)


# ---- remarks


def remark(browser: Browser, world: World, text: str) -> str:
    page = browser.get(f"/cases/{world.case_id}")
    assert "讨论" in page.text
    where = {"text": text, "next": f"/cases/{world.case_id}"}
    return browser.post(f"/proceedings/{world.case_id}/comments", where).text


def test_a_remark_is_read_by_who_sees_the_case_and_names_people_to_their_inbox(
    app: Flask, signed_in: SignIn, world: World
) -> None:
    told = remark(signed_in("north.officer"), world, "@何静请看第二段，听证权利告知缺失。")

    assert "请看第二段" in told
    assert "提到您" in signed_in("north.reporter").get(f"/cases/{world.case_id}").text
    assert "提到您" not in signed_in("north.reporter2").get(f"/cases/{world.case_id}").text
    assert "讨论" not in signed_in("north.subject").get(f"/tasks/{world.tasks['T_statement']}").text
    with app.app_context():
        notice = db.session.scalars(select(Notice).where(Notice.kind == "COMMENT")).one()
        assert notice.person_id == "north.reporter"


def test_a_remark_is_no_part_of_the_record(app: Flask, signed_in: SignIn, world: World) -> None:
    with app.app_context():
        before = [db.session.scalar(select(func.count()).select_from(t)) for t in (HistoryEntry, JournalLine)]

    remark(signed_in("north.officer"), world, "只是讨论一下。")

    with app.app_context():
        after = [db.session.scalar(select(func.count()).select_from(HistoryEntry)), before[1]]
        lines = db.session.scalars(select(JournalLine.scope).where(JournalLine.scope == world.case_id)).all()
    assert after == before
    assert lines == []
    assert (
        "只是讨论"
        not in signed_in("north.officer")
        .get(f"/cases/{world.case_id}/dossier?q=只是讨论")
        .text.replace("value", "")
        .split("全卷")[-1]
    )


def test_who_does_not_see_the_case_is_neither_named_nor_heard(signed_in: SignIn, world: World) -> None:
    told = remark(signed_in("north.officer"), world, "@李工 请看。")

    assert "李工看不到本件，不能提及。" in told
    browser = signed_in("north.subject")
    browser.get(f"/tasks/{world.tasks['T_statement']}")
    browser.post(f"/proceedings/{world.case_id}/comments", {"text": "我来说", "next": "/"}, status=404)


def test_the_author_changes_and_removes_a_remark_for_some_minutes_only(
    app: Flask, signed_in: SignIn, world: World
) -> None:
    browser = signed_in("north.officer")
    remark(browser, world, "写错的话")
    with app.app_context():
        comment = db.session.scalars(select(Comment)).one().id
    here = {"next": f"/cases/{world.case_id}"}

    changed = browser.post(f"/comments/{comment}", {"text": "改好的话", **here})
    stranger = signed_in("north.director")
    stranger.get(f"/cases/{world.case_id}")
    stranger.post(f"/comments/{comment}", {"text": "别人的话", **here}, status=404)
    with app.app_context():
        db.session.get_one(Comment, comment).created_at = datetime.now(UTC) - timedelta(minutes=16)
        db.session.commit()
    late = browser.post(f"/comments/{comment}/removal", here)

    assert "改好的话" in changed.text
    assert "写错的话" not in changed.text
    assert "不能再修改或者删除" in late.text
    assert "改好的话" in late.text


# ---- story, suspended and closed


def test_the_story_is_searched_filtered_and_turned_round(signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.officer")

    found = browser.get(f"/cases/{world.case_id}?q={world.submission_text}#story")
    none = browser.get(f"/cases/{world.case_id}?q=没有这样的词")
    newest = browser.get(f"/cases/{world.case_id}?order=newest&person=何静")

    assert "登记法律文书" in found.text
    assert "没有符合条件的记录" in none.text
    story = newest.text[newest.text.index("办理记录") :]
    assert story.index("登记法律文书") < story.index("立卷登记")


def test_a_suspended_case_says_why_and_whom_to_ask(app: Flask, signed_in: SignIn, world: World) -> None:
    browser = signed_in("north.director")
    browser.get(f"/cases/{world.case_id}")
    with app.app_context():
        from app.storage.models import Suspension  # noqa: PLC0415

        now = datetime.now(UTC)
        db.session.get_one(Proceeding, world.case_id).suspended_at = now
        row = Suspension(id="s", proceeding_id=world.case_id, since=now, reason="等待另案结果", basis="参照")
        row.begun_by, row.begun_by_name = "north.director", "刘建国"
        db.session.add(row)
        db.session.commit()

    page = signed_in("north.reporter").get(f"/cases/{world.case_id}")

    assert "事由：等待另案结果" in page.text
    assert "询问：联席会议办公室主任 刘建国" in page.text


def test_a_closed_case_is_read_only_and_says_whom_to_ask(app: Flask, signed_in: SignIn, world: World) -> None:
    with app.app_context():
        case = db.session.get_one(Proceeding, world.case_id)
        case.status, case.closed_at, case.outcome = ProceedingStatus.CLOSED, datetime.now(UTC), None
        db.session.commit()

    page = signed_in("north.reporter").get(f"/cases/{world.case_id}")

    assert "已办结，只供查阅" in page.text
    assert "询问：联席会议办公室主任 刘建国" in page.text


def test_a_name_that_nobody_has_is_refused(signed_in: SignIn, world: World) -> None:
    told = remark(signed_in("north.officer"), world, "@查无此人 请看。邮箱 a@example.cn")

    assert "没有叫“查无此人”的同事" in told
