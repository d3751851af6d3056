"""对比、版本、制度包: what owners and managers read about versions, and packs that go out and in."""

import gzip
import io
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app.documents import packs as zips
from app.services import organisation, packs
from app.services.studio import drafts, review
from config import ROOT
from tests.services.conftest import PASSWORD, Office
from tests.web.pages import Browser

OTHER = "查核"


def draft_in(app: Flask, *, publish: bool) -> str:
    """A draft that renames a step and lengthens a deadline; perhaps published, with a case on the version before."""
    with app.app_context():
        office = Office(app)
        office.now = datetime.now(UTC) - timedelta(minutes=5)
        office.open_case()
        owner = office.actor("owner1")
        draft = drafts.open_draft("改名", actor=owner, now=office.now)
        before = drafts.candidate_files(draft, actor=owner)["small.bpmn"]
        after = before.replace(b'name="T_check"', f'name="{OTHER}"'.encode())
        assert after != before
        drafts.save_file(draft, "small.bpmn", after, base=0, actor=owner, now=office.now)
        if publish:
            review.submit(draft, "名称更清楚", actor=owner, now=office.now)
            review.approve(draft, "没有情景", actor=office.actor("owner2"), now=office.later(minutes=1))
        return draft


def browser_of(app: Flask, username: str) -> Browser:
    browser = Browser(app.test_client())
    browser.sign_in(username, PASSWORD)
    return browser


def test_a_draft_is_compared_with_what_it_began_from_in_words_and_marks(small: Flask) -> None:
    draft = draft_in(small, publish=False)
    owner = browser_of(small, "beishan.owner2")

    page = owner.get(f"/studio/drafts/{draft}/compare")
    data = owner.client.get(f"/studio/compare.json?old=b-{draft}&new=d-{draft}&file=small.bpmn")

    assert OTHER in page.text
    assert "名称" in page.text
    assert data.json["marks"] == {}  # the small procedure is not drawn
    assert OTHER in data.json["new"]
    assert OTHER not in data.json["old"]


def test_versions_tell_who_made_them_why_and_how_many_cases_run_on_each(small: Flask) -> None:
    draft_in(small, publish=True)
    owner = browser_of(small, "beishan.owner1")

    page = owner.get("/studio/versions/small")
    first, second = owner.get("/studio/versions"), owner.get("/studio/compare?process=small")

    assert "名称更清楚" in page.text
    assert "没有情景" in page.text
    assert "换版试算" in page.text
    assert "/studio/versions/small" in {attributes.get("href") for _, attributes in first.tags}
    assert OTHER in second.text


def test_two_publications_are_compared_file_by_file(small: Flask) -> None:
    draft_in(small, publish=True)
    owner = browser_of(small, "beishan.owner1")

    page = owner.get("/studio/compare")

    assert "1 个文件有差别" in page.text
    assert OTHER in page.text


def test_reporters_read_no_versions_and_a_manager_no_drafts(small: Flask) -> None:
    draft = draft_in(small, publish=True)
    reporter = browser_of(small, "beishan.reporter")

    refused = [
        reporter.client.get(address).status_code
        for address in (
            "/studio/versions",
            "/studio/versions/small",
            "/studio/compare",
            f"/studio/drafts/{draft}/compare",
            "/studio/packs",
        )
    ]
    other_county = browser_of(small, "nanhe.owner1").client.get(f"/studio/drafts/{draft}/compare")

    assert set(refused) == {403}
    assert other_county.status_code == 404


def test_an_unknown_version_file_or_process_is_not_found(small: Flask) -> None:
    draft = draft_in(small, publish=True)
    owner = browser_of(small, "beishan.owner1").client

    for address in (
        "/studio/versions/none",
        "/studio/versions/small?release=none",
        "/studio/compare?old=r-none&new=p-none",
        "/studio/compare?old=x&new=y",
        f"/studio/drafts/{draft}/compare?file=none.bpmn",
        f"/studio/compare.json?old=b-{draft}&new=d-{draft}&file=options.yml",
    ):
        assert owner.get(address).status_code == 404, address


def test_a_pack_is_looked_through_and_imported_and_exported_on_the_page(small: Flask) -> None:
    pack = zips.write(packs.from_folder(zips.files_in(ROOT / "packs" / "shifan")))
    with small.app_context():
        organisation.import_file(
            ROOT / "demo" / "administrators.yml", password=PASSWORD, demo=False, now=datetime.now(UTC)
        )
    admin = browser_of(small, "system.admin")

    looked = admin.post("/studio/packs", data={"act": "look", "file": (io.BytesIO(pack), "shifan.zip")})
    taken = admin.post("/studio/packs", data={"act": "import", "file": (io.BytesIO(pack), "shifan.zip")})
    refused = admin.post("/studio/packs", data={"act": "look", "file": (io.BytesIO(b"x"), "x.zip")}, status=422)
    owner = browser_of(small, "beishan.owner1")
    addresses = {attributes.get("href", "") for _, attributes in owner.get("/studio/packs").tags}
    out = owner.client.get(next(address for address in addresses if address.endswith(".zip")))

    assert "本系统没有这个县" in looked.text
    assert "没有发现问题" in looked.text
    assert "联席会议办公室经办" in looked.text  # people read what a role is called, not its id
    assert "简易办理：一律经联席讨论" in looked.text
    assert "示范县" in taken.text
    assert "不是可以读取的制度包" in refused.text
    assert zips.read(out.data).county_id == "beishan"


@pytest.mark.skipif(not (ROOT / "app/static/dist/compare.js").exists(), reason="the bundle is not built")
def test_the_page_of_two_drawings_loads_under_eighty_kilobytes_of_program() -> None:
    assert len(gzip.compress((ROOT / "app/static/dist/compare.js").read_bytes())) < 80_000


@pytest.mark.skipif(not (ROOT / "app/static/dist/modeler.js").exists(), reason="the bundle is not built")
def test_the_diagram_editor_loads_only_what_it_uses() -> None:
    program = (ROOT / "app/static/dist/modeler.js").read_bytes()

    assert len(gzip.compress(program)) < 320_000
    assert not any(word in program for word in (b"zeebe:TaskDefinition", b"camunda:formKey"))
