"""The scripts of the pages have their words in both languages too."""

import re
from itertools import chain

from authoring.catalogue import ROOT
from authoring.messages import CHINESE

FRONTEND = ROOT / "frontend"
# How a script asks for a word: translate('…'), say('…'), and the tables it takes them from.
ASKED = re.compile(r"(?:translate|say)\((?:[^()'`]|\([^()]*\))*?'([^'\n]+)'")
QUOTED = re.compile(r"'([^'\n]*[\u3400-\u9fff][^'\n]*)'")


def _english() -> dict[str, str]:
    text = (FRONTEND / "form" / "words.mjs").read_text("utf-8")
    table = text[text.index("const ENGLISH") : text.index("};", text.index("const ENGLISH"))]
    return dict(re.findall(r"'([^'\n]+)': '([^'\n]*)'", table))


def test_every_word_that_a_form_asks_for_has_english() -> None:
    sources = [
        path.read_text("utf-8")
        for path in chain((FRONTEND / "form").rglob("*.mjs"), (FRONTEND / "form").rglob("*.jsx"))
        if path.name not in ("words.mjs", "amounts.mjs", "index.mjs")
    ]

    asked = {word for source in sources for word in (*ASKED.findall(source), *QUOTED.findall(source))}
    palette = set(re.findall(r"(?:name|label): '([^']+)'", "\n".join(sources)))  # of the form editor, not of a page
    assert sorted(word for word in asked - palette if CHINESE.search(word) and word not in _english()) == []


def test_english_words_are_english_with_the_same_placeholders() -> None:
    for chinese, english in _english().items():
        assert not CHINESE.search(english), english
        if english:
            assert sorted(re.findall(r"\{\w+\}", chinese)) == sorted(re.findall(r"\{\w+\}", english)), chinese


EDITORS = ("studio", "modeler", "dmn", "formeditor", "register")
LIBRARIES = ("words.mjs", "panel-words.mjs", "text.mjs", "english.mjs")
"""Words of the libraries in Chinese, by their English; and the table of our own words."""


def _english_of_editors() -> dict[str, str]:
    text = (FRONTEND / "studio" / "english.mjs").read_text("utf-8")
    return dict(re.findall(r"'([^'\n]+)': '([^'\n]*)'", text))


def test_every_word_of_the_studios_editors_has_english() -> None:
    sources = [
        re.sub(r"^\s*(?://|/?\*).*$|\s// .*$", "", path.read_text("utf-8"), flags=re.MULTILINE)
        for folder in EDITORS
        for path in chain((FRONTEND / folder).glob("*.mjs"), (FRONTEND / folder).glob("*.jsx"))
        if path.name not in LIBRARIES
    ]

    asked = {word for source in sources for word in QUOTED.findall(source)}
    known = _english_of_editors()
    drawn = {word for word in asked if len(word) <= 2 or word.startswith("^")}  # icons of a palette, and a pattern
    assert sorted(word for word in asked - drawn if word not in known) == []


def test_english_words_of_the_editors_are_english_with_the_same_placeholders() -> None:
    for chinese, english in _english_of_editors().items():
        assert english, chinese
        assert not CHINESE.search(english.replace("\uff5c", "")), english
        assert sorted(re.findall(r"\{\w+\}", chinese)) == sorted(re.findall(r"\{\w+\}", english)), chinese


def test_scripts_of_the_pages_carry_no_words_of_their_own() -> None:
    for path in (ROOT / "app" / "static" / "js").glob("*.js"):
        assert not CHINESE.search(path.read_text("utf-8")), path.name


def test_the_diagram_viewer_has_the_same_words_in_both_languages() -> None:
    text = (FRONTEND / "viewer" / "diagram.mjs").read_text("utf-8")

    def keys(name: str) -> list[str]:
        table = text[text.index(f"const {name} ") : text.index("};", text.index(f"const {name} "))]
        return re.findall(r"^  (\w+): ", table, re.MULTILINE)

    assert keys("CHINESE") == keys("ENGLISH") != []
