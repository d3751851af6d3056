"""The editors' pages and bundles: who may open them, what they allow the browser, how much they weigh."""

import gzip
import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.engine.profile.catalogue import STEP_PROPERTIES
from app.engine.profile.elements import ALLOWED, EXTENSIONS
from app.engine.profile.raised import KINDS
from config import ROOT
from tests.e2e.pages import DIST
from tests.e2e.panel_fields import BY_HAND, FIELDS, REASONS
from tests.web.pages import Browser, browser_of
from tests.web.test_studio import SMALL, opened, owner, settled, small  # noqa: F401  (fixtures of the same county)

FRONTEND = ROOT / "frontend"
SENTENCE = re.compile(r"\bt\('((?:[^'\\]|\\.)*)'")


def test_viewer_pages_load_less_than_80_kilobytes_of_scripts() -> None:
    if not (DIST / "viewer.js").exists():
        pytest.skip("the bundles are not built")

    assert len(gzip.compress((DIST / "viewer.js").read_bytes())) < 80_000


def test_an_editor_loads_nothing_of_the_others_and_keeps_the_legal_comments() -> None:
    if not (DIST / "formeditor.js").exists():
        pytest.skip("the bundles are not built")
    bundles = {name: (DIST / f"{name}.js").read_text("utf-8") for name in ("modeler", "dmn", "formeditor", "register")}

    marks = {"modeler": "bts-toggle-mode", "dmn": "dmn-decision-table-container", "formeditor": "fjs-palette-field"}
    for name, mark in marks.items():
        assert [other for other, text in bundles.items() if mark in text] == [name]
    assert (DIST / "modeler.js.LEGAL.txt").exists()


def test_our_words_in_the_editors_have_their_english() -> None:
    said = (FRONTEND / "studio" / "english.mjs").read_text("utf-8")
    missing = {
        sentence
        for folder in ("studio", "modeler", "dmn", "formeditor", "register")
        for path in (FRONTEND / folder).iterdir()
        if path.suffix in (".mjs", ".jsx") and path.stem not in ("words", "english")
        for sentence in SENTENCE.findall(path.read_text("utf-8"))
        if f"'{sentence}':" not in said
    }

    assert missing == set()


def test_every_property_of_the_profile_has_a_field_in_the_panel_or_a_reason_why_not() -> None:
    profile = "".join(path.read_text("utf-8") for path in sorted((ROOT / "app" / "engine" / "profile").glob("*.py")))
    asked = set(re.findall(r'\.get\("(\w+)"', profile)) | {f"{kind}{end}" for kind in KINDS for end in ("Ref", "Code")}
    known = {*STEP_PROPERTIES, *ALLOWED, *EXTENSIONS, *asked, "isSequential"}

    assert known - {*FIELDS, *BY_HAND, *REASONS} == set()
    assert {*FIELDS, *BY_HAND, *REASONS} - known == set()
    assert len({*FIELDS, *BY_HAND, *REASONS}) == len(FIELDS) + len(BY_HAND) + len(REASONS)


def test_only_the_editors_let_styles_in_and_only_scripts_with_the_nonce_run(owner: Browser) -> None:  # noqa: F811
    draft = opened(owner)

    editor = owner.client.get(f"{draft}/edit/{SMALL}")
    elsewhere = owner.client.get(draft)

    policy = editor.headers["Content-Security-Policy"]
    assert editor.status_code == 200
    assert "style-src 'self' 'unsafe-inline'" in policy
    assert re.search(r"script-src 'self' 'nonce-[\w-]+';", policy)
    assert "unsafe-inline" not in elsewhere.headers["Content-Security-Policy"]


def test_a_preview_may_only_stand_in_a_frame_of_ours(owner: Browser) -> None:  # noqa: F811
    draft = opened(owner)
    form = re.findall(r"/edit/([a-z_/-]+\.form)", owner.client.get(draft).get_data(as_text=True))[0]

    shown = owner.client.get(f"{draft}/preview/{form}?language=en")

    assert shown.status_code == 200
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in shown.headers["Content-Security-Policy"]
    assert 'data-locale="en"' in shown.get_data(as_text=True)


@pytest.mark.parametrize("name", ["nobody.bpmn", "../config.py", "letters/x.docx", "x.exe"])
def test_what_is_no_file_of_the_draft_is_not_found(owner: Browser, name: str) -> None:  # noqa: F811
    assert owner.client.get(f"{opened(owner)}/edit/{name}").status_code == 404


def test_others_than_owners_of_the_county_open_no_editor(small: Flask, owner: Browser) -> None:  # noqa: F811
    draft = opened(owner)

    refused = browser_of(small, "beishan.reporter").client.get(f"{draft}/edit/{SMALL}")

    assert refused.status_code in (403, 404)


def test_an_editor_asks_who_else_has_the_file_open(small: Flask, owner: Browser) -> None:  # noqa: F811
    draft = opened(owner)
    asked(browser_of(small, "beishan.owner2"), draft, SMALL)

    told = asked(owner, draft, SMALL)

    assert told.status_code == 200
    assert told.get_json()["writers"] == ["owner2@beishan"]
    assert told.get_json()["chosen"] == []
    assert asked(owner, draft, SMALL, choice="PERHAPS").status_code == 422
    assert asked(owner, draft, SMALL, choice="OWN").status_code == 404
    assert asked(owner, draft, "config.py").status_code in (404, 422)
    assert asked(browser_of(small, "beishan.reporter"), draft, SMALL).status_code in (403, 404)


def asked(browser: Browser, draft: str, name: str, **body: str) -> TestResponse:
    headers = {"X-CSRFToken": browser.token(), "Accept": "application/json"}
    return browser.client.post(f"{draft}/company/{name}", json=body, headers=headers)
