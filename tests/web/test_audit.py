"""The auditor's page: what was refused, read and taken along is there, and nobody else sees it."""

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.domain.interventions import InterventionKind, InterventionStatus
from app.extensions import db
from app.services import accounts, anchoring, traces
from app.services.rates import Rate
from app.storage import journal
from app.storage.models import (
    Account,
    Attachment,
    Case,
    CaseSubject,
    Intervention,
    JournalCheck,
    JournalLine,
    Person,
    Proceeding,
    RoleAssignment,
    Submission,
    Task,
)
from app.storage.transaction import transaction
from tests.web.pages import Browser, Seen
from tests.web.world import PASSWORD, World

SignIn = Callable[[str], Browser]
LONG = "很" * 150 + "=HYPERLINK(0)"


@pytest.fixture
def auditor(app: Flask, world: World) -> Browser:
    with app.app_context():
        now = datetime.now(UTC)
        for username, role in (("audit.one", "audit.admin"), ("system.one", "system.admin")):
            db.session.add(Person(id=username, name=f"管理{role[:1]}"))
            db.session.flush()
            db.session.add(RoleAssignment(person_id=username, role=role, organ_id=None))
            hashed = accounts.hash_password(PASSWORD)
            db.session.add(Account(username=username, person_id=username, password_hash=hashed, created_at=now))
        db.session.commit()
    return signed(app, "audit.one")


def signed(app: Flask, username: str) -> Browser:
    browser = Browser(app.test_client())
    browser.sign_in(username, PASSWORD)
    return browser


def rows_of(page: Seen) -> list[str]:
    body = page.text
    return re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d", body)


def acts(app: Flask, act: str) -> list[JournalLine]:
    with app.app_context():
        return list(db.session.scalars(select(JournalLine).where(JournalLine.act == act).order_by(JournalLine.id)))


def test_only_the_audit_administrator_has_it_in_the_menu_and_may_open_it(
    app: Flask, auditor: Browser, signed_in: SignIn
) -> None:
    page = auditor.get("/audit")
    system, clerk = signed(app, "system.one"), signed_in("north.officer")

    assert "审计日志" in page.headings[0]
    assert 'href="/audit"' in auditor.client.get("/administration").get_data(as_text=True)
    for address in ("/audit", "/audit.csv", "/audit/readers"):
        assert system.client.get(address).status_code == 403
        assert clerk.client.get(address).status_code == 404
    assert system.client.post("/audit/verification", data={"csrf_token": system.token()}).status_code == 403
    assert 'href="/audit"' not in system.client.get("/administration").get_data(as_text=True)
    assert 'href="/audit"' not in clerk.client.get("/").get_data(as_text=True)


def test_who_is_refused_is_told_once_for_each_try_and_no_more_than_twenty_times_a_minute(
    app: Flask, world: World, auditor: Browser, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(traces, "EACH", Rate("refusal", 3, 3600))
    monkeypatch.setattr(traces, "REST", Rate("refusals", 1, 3600))
    stranger = signed_in("south.reporter")

    for _ in range(8):
        assert stranger.client.get(f"/cases/{world.case_id}?q=x").status_code == 404
    page = auditor.get("/audit?kind=REFUSED")

    told = acts(app, "refused")
    assert [(line.actor, line.object) for line in told] == [("south.reporter", f"404 GET /cases/{world.case_id}")] * 3
    assert len(acts(app, "refused often")) == 1
    assert f"404 GET /cases/{world.case_id}" in page.text
    assert "频繁越权被拒" in page.text
    with app.app_context():
        assert journal.broken_links() == []


def test_a_refused_form_that_leads_back_to_its_page_is_told_too_and_a_stranger_and_an_unknown_address_are_not(
    app: Flask, auditor: Browser
) -> None:
    system = signed(app, "system.one")
    before = len(acts(app, "refused"))

    system.client.post("/administration/security/unlock", data={"csrf_token": system.token(), "lock": "x"})
    system.client.get("/no-such-page")
    app.test_client().get("/audit")

    told = acts(app, "refused")[before:]
    assert [line.object for line in told] == ["403 POST /administration/security/unlock"]


def test_a_token_that_is_refused_is_told_with_its_account(app: Flask, world: World, signed_in: SignIn) -> None:
    with app.app_context():
        token = accounts.create_token("south.reporter", "t", now=datetime.now(UTC))

    answer = app.test_client().get(f"/api/v1/cases/{world.case_id}", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 404
    assert [line.actor for line in acts(app, "refused")] == ["south.reporter"]


def paper_of(app: Flask, world: World) -> str:
    """A paper in the case's first submission."""
    with app.app_context():
        row = db.session.scalars(select(Submission).where(Submission.proceeding_id == world.case_id)).first()
        assert row is not None
        from app.documents import store  # noqa: PLC0415  (see tests.conftest)
        from app.services import settings  # noqa: PLC0415

        county = db.session.get_one(Proceeding, world.case_id).county_id
        digest = store.keep(settings.data_folder(), b"%PDF-1.7")
        paper = Attachment(
            id="p" * 32, county_id=county, proceeding_id=world.case_id, submission_id=row.id, file_name="判决书.pdf",
            media_type="application/pdf", size=8, sha256=digest, uploaded_by=row.person_id,
            uploaded_at=datetime.now(UTC), pages=1,
        )  # fmt: skip
        db.session.add(paper)
        organ = db.session.get_one(Case, world.case_id).lead_organ_id
        subject = CaseSubject(
            id="s" * 32, proceeding_id=world.case_id, kind="PERSON", organ_id=organ, name="钱某某",
            role="DIRECT", status="FOUND", sanctions=[],
        )  # fmt: skip
        db.session.add(subject)
        db.session.commit()
        return str(paper.id)


def test_who_saw_somebodys_data_is_answered_with_readings_exports_and_refused_tries(
    app: Flask, world: World, auditor: Browser, signed_in: SignIn
) -> None:
    paper = paper_of(app, world)
    officer, stranger = signed_in("north.officer"), signed_in("south.reporter")
    assert officer.client.get(f"/attachments/{paper}", buffered=True).status_code == 200
    assert officer.client.get(f"/cases/{world.case_id}/dossier.csv").status_code == 200
    assert stranger.client.get(f"/cases/{world.case_id}").status_code == 404

    page = auditor.get("/audit/readers?name=钱某某")
    nobody = auditor.get("/audit/readers?name=无此人")

    assert paper in page.text
    assert f"/cases/{world.case_id}/dossier.csv" in page.text
    assert f"404 GET /cases/{world.case_id}" in page.text
    assert "south.reporter" in page.text
    assert "判决书" not in page.text
    assert "没有以此为姓名的责任人员" in nobody.text
    assert [line.object for line in acts(app, "read paper")] == [paper]
    assert [line.actor for line in acts(app, "export")] == ["north.officer"]
    assert len(acts(app, "look up readers")) == 2


def test_what_cannot_be_told_is_not_handed_out(
    app: Flask, world: World, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = signed_in("north.officer")
    from sqlalchemy.exc import OperationalError  # noqa: PLC0415

    def fails(*_: object, **__: object) -> None:
        raise OperationalError("insert", {}, Exception("disk full"))

    monkeypatch.setattr(journal, "write_administrative", fails)
    answer = officer.client.get(f"/cases/{world.case_id}/dossier.csv")
    refused = officer.client.get("/audit")

    assert answer.status_code == 503
    assert "text/csv" not in answer.content_type
    assert refused.status_code == 404


def fill(app: Flask, number: int) -> None:
    with app.app_context():
        for place in range(number):
            with transaction():
                journal.write_administrative(
                    "attachments/x",
                    actor=f"somebody{place % 2}",
                    act="upload" if place % 3 else "no such act",
                    object_=LONG if place == 0 else f"o{place}",
                    payload={},
                    now=datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=place // 4),
                )


def test_pages_are_turned_without_losing_or_doubling_a_line_and_every_search_narrows(
    app: Flask, auditor: Browser
) -> None:
    fill(app, 130)
    address, seen = "/audit?since=2019-12-31&until=2020-01-02", []
    while address:
        html = auditor.client.get(address).get_data(as_text=True)
        seen += re.findall(r'<td class="r num">(\d+)</td>', html)
        found = re.search(r'rel="next" href="([^"]+)"', html)
        address = found[1].replace("&amp;", "&") if found else ""

    assert [int(number) for number in seen] == list(range(130, 0, -1))
    for query, count in (
        ("who=somebody1&since=2019-12-31&until=2020-01-02", 50),
        ("object=o7", 1),
        ("object=o7&who=somebody0", 0),
        ("act=upload&object=o8", 1),
        ("act=upload&object=o9", 0),
        ("until=2019-12-31", 0),
        ("number=没有这个号", 0),
    ):
        html = auditor.client.get(f"/audit?{query}").get_data(as_text=True)
        assert len(re.findall(r'<td class="r num">', html)) == count, query


def test_a_person_and_a_case_are_found_by_what_people_call_them(
    app: Flask, world: World, auditor: Browser, signed_in: SignIn
) -> None:
    with app.app_context():
        number = db.session.get_one(Proceeding, world.case_id).number
        with transaction():  # the small world was not made by acts
            journal.write_administrative(
                world.case_id, actor="north.reporter", act="open", object_="", payload={}, now=datetime.now(UTC)
            )
        name = db.session.scalars(
            select(Person.name)
            .join(Account, Account.person_id == Person.id)
            .where(Account.username == "north.reporter")
        ).one()

    of_case, of_person = auditor.get(f"/audit?number={number}"), auditor.get(f"/audit?who={name}")

    assert number in of_case.text
    assert "立项" in of_case.text
    assert "north.reporter" in of_person.text


def test_a_line_names_the_step_and_the_number_that_somebody_acted_on(
    app: Flask, world: World, auditor: Browser
) -> None:
    with app.app_context():
        task = db.session.scalars(select(Task)).first()
        assert task is not None
        asked = Intervention(
            id="i1",
            proceeding_id=world.case_id,
            kind=InterventionKind.MOVE,
            status=InterventionStatus.ASKED,
            reason="无人可办",
            asked_by="system.one",
            asked_by_name="管理员",
            asked_at=datetime.now(UTC),
        )
        step, number = task.name, db.session.get_one(Proceeding, world.case_id).number
        with transaction():
            db.session.add(asked)
            for scope, object_ in ((world.case_id, task.id), ("operations", "i1")):
                journal.write_administrative(
                    scope, actor="system.one", act="move", object_=object_, payload={}, now=datetime.now(UTC)
                )

    text = auditor.client.get("/audit?act=move").get_data(as_text=True)

    assert f"{step}<br>" in text
    assert f"{number}<br>" in text


@pytest.mark.parametrize(
    ("odd", "asked", "allowed"),
    [
        ("since=2020-13-01", "since=2020-13-01", "2026-03-05"),
        ("until=x", "until=x", "2026-03-05"),
        ("until=9999-12-31", "until=9999-12-31", "2026-03-05"),
        ("kind=x", "kind=x", "REFUSED、READING"),
        ("actor=somebody", "actor=somebody", "who"),
    ],
)
def test_a_search_for_what_nobody_knows_is_told_what_there_is(
    auditor: Browser, odd: str, asked: str, allowed: str
) -> None:
    page = auditor.get(f"/audit?{odd}", status=400)

    assert f"网址中的“{asked}”不存在" in page.text
    assert allowed in page.text
    assert auditor.client.get(f"/audit.csv?{odd}").status_code == 400


@pytest.mark.parametrize("odd", ["before=x", "before=2020-01-01T00:00:00_1", "act=%00", "since=2020年1月2日"])
def test_odd_addresses_show_a_page(auditor: Browser, odd: str) -> None:
    auditor.get(f"/audit?{odd}")


def test_the_table_that_is_taken_along_has_no_formula_and_is_itself_told(app: Flask, auditor: Browser) -> None:
    fill(app, 3)
    with app.app_context(), transaction():
        now = datetime(2020, 1, 1, tzinfo=UTC)
        journal.write_administrative("x", actor="=1+1", act="@SUM", object_="-2", payload={}, now=now)

    answer = auditor.client.get("/audit.csv?since=2020-01-01&until=2020-01-01")
    book = auditor.client.get("/audit.xlsx?since=2020-01-01&until=2020-01-01")
    table = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))

    assert len(table) == 5
    assert not [cell for row in table for cell in row if cell[:1] in "=+-@" and cell]
    assert book.data.startswith(b"PK")
    assert [line.object for line in acts(app, "export")] == ["/audit.csv", "/audit.xlsx"]
    assert acts(app, "export")[0].actor == "audit.one"


def test_the_page_says_whether_the_journal_is_whole_and_what_it_was_held_against(app: Flask, auditor: Browser) -> None:
    empty = auditor.get("/audit")
    auditor.post("/audit/verification", {"key": "once"})
    auditor.post("/audit/verification", {"key": "twice"})
    waiting = auditor.get("/audit")
    with app.app_context():
        assert db.session.query(JournalCheck).count() == 1
        made = anchoring.anchor(why=anchoring.ASKED, now=datetime.now(UTC))
        anchoring.check(now=datetime.now(UTC))
    sound = auditor.get("/audit")
    with app.app_context(), transaction():
        row = db.session.query(JournalCheck).one()
        row.found, row.breaks = 300, [["CUT", LONG, 3, "5"], ["ANCHORS", "", 2, "不是完整的锚点。"]] * 50
    broken = auditor.get("/audit")

    assert "尚未核对" in empty.text
    assert "还没有锚点" in empty.text
    assert "正在等待核对" in waiting.text
    assert made is not None
    assert made.mac in sound.text
    assert "不完整" not in sound.text
    assert "日志有300处不完整" in broken.text
    assert "wenze_journal_breaks 300.0" in app.test_client().get("/metrics").text
    assert "末尾被截去（链头为第5条）" in broken.text
    assert "其余请运行 wenze audit verify 查看" in broken.text


def test_who_meets_a_limit_is_told_with_his_address(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.rates.SIGN_IN", Rate("sign-in", 1, 3600))
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()

    codes = [client.post("/sign-in", data={"username": "x", "password": "y"}).status_code for _ in range(3)]

    told = acts(app, "refused")
    assert codes == [403, 429, 429]
    assert [(line.actor, line.object) for line in told] == [("address/127.0.0.1", "429 POST /sign-in")] * 2
