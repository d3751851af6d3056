"""A picture does nothing: whatever a diagram or a title says becomes text."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from app.documents.pictures import Badge, Frame, Marks, Tone, draw
from app.documents.pictures.lines import broken, width_of
from app.documents.pictures.reading import UndrawableError

XML = (Path(__file__).parents[1] / "data" / "every-element.bpmn").read_text("utf-8")
HOSTILE = "<script>alert(1)</script>\u202e<a xlink:href='javascript:x'>\u0007&lt;![CDATA["
TAGS = {"svg", "g", "rect", "circle", "path", "polygon", "text", "title"}


def parts_of(svg: bytes) -> set[str]:
    return {etree.QName(element).localname for element in etree.fromstring(svg).iter()}


def test_hostile_names_titles_and_words_are_drawn_as_text() -> None:
    from xml.sax.saxutils import quoteattr  # noqa: PLC0415

    name = quoteattr(HOSTILE.replace("\u0007", ""))
    marks = Marks(badges={"T_userTask": Badge(HOSTILE, Tone.LATE)}, beside={"T_userTask": (HOSTILE,)})

    svg = draw(XML.replace('name="逐人并行"', f"name={name}"), Frame(HOSTILE, (HOSTILE,), ((None, HOSTILE),)), marks)

    root = etree.fromstring(svg)
    assert parts_of(svg) <= TAGS
    assert not any("href" in key or key.startswith("on") for one in root.iter() for key in one.attrib)
    assert b"url(" not in svg
    assert "\u202e" not in svg.decode()


@pytest.mark.parametrize("xml", ["", "<a", "<x/>", '<!DOCTYPE a [<!ENTITY b "c">]><x>&b;</x>'])
def test_what_is_no_diagram_is_refused_in_words(xml: str) -> None:
    with pytest.raises(UndrawableError):
        draw(xml, Frame("图"))


def test_places_that_are_no_numbers_do_not_break_the_picture() -> None:
    for odd in ("NaN", "1e999", "-1e999", "x", ""):
        svg = draw(XML.replace('x="100"', f'x="{odd}"', 1), Frame("图"))

        assert b"nan" not in svg
        assert b"inf" not in svg


@given(st.text(alphabet="办案 -ab\n", max_size=80), st.integers(20, 200))
def test_lines_say_the_whole_text_and_keep_their_width(text: str, width: int) -> None:
    lines = broken(text, width, 13)

    said, meant = "".join("".join(lines).split()), "".join(text.split())
    assert said == meant
    assert all(width_of(line, 13) <= width or len(line) == 1 for line in lines)
