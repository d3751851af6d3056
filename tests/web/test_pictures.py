"""Diagrams as SVG and PDF: who may take them, what they say, and that nothing in them does anything."""

import shutil
from collections.abc import Callable

import pypdfium2
import pytest
from flask import Flask
from lxml import etree

from app.documents.pictures.pdf import chinese_font
from tests.web.pages import Browser
from tests.web.test_status_pages import main_process
from tests.web.world import World

SignIn = Callable[[str], Browser]
needs_font = pytest.mark.skipif(
    shutil.which("fc-match") is None or chinese_font() is None, reason="no Chinese font is installed"
)


def words_of(svg: bytes) -> str:
    return "".join(etree.fromstring(svg).itertext())


def test_the_diagram_of_a_case_is_a_picture_with_its_number_its_state_in_words_and_the_moment(
    signed_in: SignIn, world: World
) -> None:
    client = signed_in("north.director").client

    answer = client.get(f"/proceedings/{world.case_id}/diagram.svg")

    told = words_of(answer.get_data())
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert "当前环节" in told
    assert "走过的路线" in told
    assert "截至" in told
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_the_way_taken_is_told_to_the_viewer_too(signed_in: SignIn, world: World) -> None:
    told = signed_in("north.director").client.get(f"/proceedings/{world.case_id}/diagram.json").json

    assert told is not None
    assert all("way" in drawing for drawing in told["diagrams"].values())
    assert any(drawing["way"] for drawing in told["diagrams"].values())


@needs_font
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_pdf_holds_the_words_of_the_diagram_as_text(signed_in: SignIn, world: World) -> None:
    content = signed_in("north.director").client.get(f"/proceedings/{world.case_id}/diagram.pdf").get_data()

    pages = pypdfium2.PdfDocument(content)
    told = "".join(pages[0].get_textpage().get_text_range().split())
    assert len(pages) == 1
    assert "当前环节" in told


def test_a_case_that_is_hidden_has_no_picture(signed_in: SignIn, world: World) -> None:
    stranger = signed_in("south.director").client

    for form in ("svg", "pdf"):
        assert stranger.get(f"/proceedings/{world.case_id}/diagram.{form}").status_code == 404


def test_a_diagram_that_the_case_does_not_have_is_not_found(signed_in: SignIn, world: World) -> None:
    client = signed_in("north.director").client

    assert client.get(f"/proceedings/{world.case_id}/diagram.svg?process=../../x").status_code == 404
    assert client.get(f"/proceedings/{world.case_id}/diagram.png").status_code == 404


def test_the_status_of_a_process_is_a_picture_for_who_may_see_it(app: Flask, signed_in: SignIn, world: World) -> None:
    key = main_process(app, world)

    seen = signed_in("north.director").client.get(f"/processes/{key}/status.svg")
    drawn = signed_in("north.director").client.get(f"/processes/{key}/diagram.svg")

    assert (seen.status_code, drawn.status_code) == (200, 200)
    assert "其中有超期" in words_of(seen.get_data())
    assert "当前环节" not in words_of(drawn.get_data())


def test_who_has_no_figures_gets_no_picture_of_them(app: Flask, signed_in: SignIn, world: World) -> None:
    key = main_process(app, world)

    assert signed_in("north.reporter").client.get(f"/processes/{key}/status.svg").status_code == 404
