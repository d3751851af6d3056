"""Every form in English: each label, description, text and option has its English in the files."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app import yamlfiles
from app.forms import presentation
from app.forms.parse import parse_form
from authoring.catalogue import ROOT
from authoring.messages import CHINESE

FORMS = sorted((ROOT / "forms").rglob("*.form"))
OPTIONS = ROOT / "forms" / "options.yml"
SHOWN = ("label", "description", "text", "dateLabel", "timeLabel")


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.relative_to(ROOT / "forms").as_posix())
def test_a_form_is_english_to_its_last_word(path: Path) -> None:
    form = parse_form(path.read_bytes(), file=path.name)

    schema = presentation.schema_for_browser(form, OPTIONS.read_bytes(), "en")

    texts = (text.replace("ending in 号", "") for text in _shown(schema["components"]))  # to be typed just so
    assert [text for text in texts if CHINESE.search(text)] == []


def _shown(parts: list[dict[str, Any]]) -> Iterator[str]:
    for part in parts:
        yield from (str(part[name]) for name in SHOWN if part.get(name))
        yield str((part.get("validate") or {}).get("patternErrorMessage", ""))
        yield from (str(value["label"]) for value in part.get("values") or ())
        yield from _shown(part.get("components") or [])
        yield from _shown(part.get("columns") or [])


def test_every_form_has_an_english_title() -> None:
    titles = {path.name: json.loads(path.read_text("utf-8"))["properties"].get("title_en", "") for path in FORMS}

    assert [name for name, title in titles.items() if not title or CHINESE.search(title)] == []


def test_every_option_has_an_english_label() -> None:
    lists = yamlfiles.read(OPTIONS.read_text("utf-8"))

    for name, items in lists.items():
        for item in items:
            assert item.get("en"), f"{name}: {item}"
            assert not CHINESE.search(item["en"]), f"{name}: {item}"
