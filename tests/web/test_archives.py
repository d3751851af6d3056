"""归档包 on the pages of a closed case: who sees it, what is said of it, the file itself."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from app.extensions import db
from app.services.archives import making
from app.storage.models import ArchivePackage, FileOrder
from tests.services.archive_hands import LATER, closed_case, make_all, packages
from tests.services.conftest import PASSWORD, Office
from tests.web.pages import Browser

SignIn = Callable[[str], Browser]


@pytest.fixture
def sign_in(small: Flask, monkeypatch: pytest.MonkeyPatch) -> SignIn:
    monkeypatch.setattr("app.documents.letters.pdf.program", lambda: None)

    def sign_in(who: str) -> Browser:
        browser = Browser(small.test_client())
        browser.sign_in(f"beishan.{who}", PASSWORD)
        return browser

    return sign_in


def kept(app: Flask, *, made: bool = True, again: tuple[str, ...] = ()) -> tuple[str, list[ArchivePackage]]:
    """A closed case and its packages; `again` gives reasons for further versions."""
    with app.app_context():
        case = closed_case(Office(app))
        for reason in (None, *again) if made else ():
            if reason is not None:
                making.order_again(case, reason=reason, now=LATER)
            make_all()
        found = packages(case)
        db.session.expunge_all()
        return case, found


def test_the_case_page_and_the_dossier_list_it_with_what_proves_it(small: Flask, sign_in: SignIn) -> None:
    case, (package,) = kept(small)
    browser = sign_in("officer1")

    for path in (f"/cases/{case}", f"/cases/{case}/dossier"):
        page = browser.get(path)
        links = [attributes.get("href") for tag, attributes in page.tags if tag == "a"]

        assert f"/archives/{package.id}" in links
        assert package.sm3 in page.text
        assert package.sha256 in page.text
        assert package.chain in page.text


def test_before_it_is_made_the_page_says_that_it_will_come(small: Flask, sign_in: SignIn) -> None:
    case, _ = kept(small, made=False)

    assert "系统正在制作归档包" in sign_in("officer1").get(f"/cases/{case}").text


def test_the_file_comes_as_a_download_that_no_page_runs(small: Flask, sign_in: SignIn) -> None:
    _, (package,) = kept(small)

    answer = sign_in("officer1").client.get(f"/archives/{package.id}", buffered=True)

    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "verify.py" in zipfile.ZipFile(io.BytesIO(answer.data)).namelist()


def test_who_may_not_read_the_whole_file_is_not_told_that_there_is_one(small: Flask, sign_in: SignIn) -> None:
    case, (package,) = kept(small)
    browser = sign_in("reporter")

    page = browser.get(f"/cases/{case}")

    assert "办理记录" in page.text
    assert "归档包" not in page.text
    assert browser.client.get(f"/archives/{package.id}").status_code == 404
    assert browser.client.get("/archives/nothing").status_code == 404


def test_a_running_case_has_no_such_box(small: Flask, sign_in: SignIn) -> None:
    with small.app_context():
        case = Office(small).open_case(waits="no")

    page = sign_in("officer1").get(f"/cases/{case}")

    assert "办理记录" in page.text
    assert "归档包" not in page.text


def test_several_versions_a_long_reason_and_one_that_failed_are_told(small: Flask, sign_in: SignIn) -> None:
    case, found = kept(small, again=("补充扫描件，" * 60,))
    with small.app_context():
        making.order_again(case, reason="再作一版", now=LATER + timedelta(days=1))
        db.session.execute(update(FileOrder).where(FileOrder.reason == "再作一版").values(status="DEAD"))
        db.session.commit()

    page = sign_in("officer1").get(f"/cases/{case}")

    assert len(found) == 2
    assert "第2版" in page.text
    assert "第1版" in page.text
    assert "没有制成" in page.text
