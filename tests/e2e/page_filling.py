"""Fills the form of a task page as a person does: types, ticks, picks and uploads, whatever fields the page shows."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from playwright.sync_api import Locator, Page, expect

from app.domain.deadlines import OFFICE_ZONE

CONTAINERS = {"group", "dynamiclist"}
PAPERS = {"attachment", "multi-attachment"}
MOST_TICKS = 12
"""A longer checklist is searched."""
ROUNDS = 4
"""A field may appear because of another, which appeared because of a third."""

BLOCKS = """() => Object.fromEntries(['schema', 'options'].map((name) =>
    [name, JSON.parse(document.getElementById(`form-${name}`).textContent)]))"""
PREFIX = """() => document.querySelector('#form-root [id^="fjs-form-"]').id.split('-').slice(0, 3).join('-')"""


@dataclass(frozen=True)
class Paper:
    """What a person takes from the disk."""

    name: str
    content: bytes


def fill_page(page: Page, answers: Mapping[str, Any], *, papers: Mapping[str, Paper]) -> list[str]:
    """Fill the shown fields of `answers`; returns the names of those that the page does not show.

    Answers are as the services take them; an attachment is a key of `papers`. Fails when what the page would send
    differs from what was filled in.
    """
    page.wait_for_selector("form[data-ready]")
    blocks = page.evaluate(BLOCKS)
    desk = _Desk(page, page.evaluate(PREFIX), blocks["options"], papers)
    todo = {field["key"]: field for field in _fields(blocks["schema"]["components"]) if field["key"] in answers}
    filled: dict[str, Any] = {}
    for _ in range(ROUNDS):
        shown = desk.shown([field for key, field in todo.items() if key not in filled])
        for field in shown:
            desk.fill(field, answers[field["key"]])
            filled[field["key"]] = field
        if not shown:
            break
    sent = page.evaluate("() => wenzeForm.data()")
    shown = desk.shown(list(filled.values()))
    for key, field in filled.items():
        if field["type"] in PAPERS:
            assert sent[key], key
        elif field in shown:
            _same(sent.get(key), answers[key], key)
    return [key for key in todo if key not in filled]


def _fields(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for component in components:
        if component["type"] in CONTAINERS:
            yield from _fields(component.get("components") or [])
        elif component.get("key") and component["type"] != "computed":
            yield component


def _same(sent: Any, meant: Any, where: str) -> None:
    """Rows may have gained empty cells; everything else is as it was meant."""
    if isinstance(meant, list) and meant and isinstance(meant[0], Mapping):
        assert len(sent) == len(meant), where
        for number, row in enumerate(meant):
            for key, cell in row.items():
                _same(sent[number].get(key), cell, f"{where}[{number}].{key}")
    elif isinstance(meant, list):
        assert sorted(sent or []) == sorted(meant), where
    else:
        assert _plain(sent) == _plain(meant), f"{where}: {sent!r} instead of {meant!r}"


def _plain(value: Any) -> Any:
    if isinstance(value, str) and len(value) > len("2026-01-01T00:00") and value[10] == "T":
        return datetime.fromisoformat(value)
    return value or None


@dataclass(frozen=True)
class _Desk:
    page: Page
    prefix: str
    options: Mapping[str, Any]
    papers: Mapping[str, Paper]

    def shown(self, fields: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those that the page shows now."""
        ids = self.page.evaluate("() => [...document.querySelectorAll('#form-root [id]')].map(({ id }) => id)")
        return [field for field in fields if any(f"{id_}-".startswith(f"{self._id(field)}-") for id_ in ids)]

    def _id(self, field: Mapping[str, Any]) -> str:
        return f"{self.prefix}-{field['id']}"

    def fill(self, field: Mapping[str, Any], value: Any) -> None:
        doors: dict[str, Callable[[Mapping[str, Any], str, Any], None]] = {
            "radio": self._radio,
            "checklist": self._checklist,
            "table": self._table,
            "attachment": self._papers,
            "multi-attachment": self._papers,
        }
        id_ = self._id(field)
        if field["type"] in doors:
            doors[field["type"]](field, id_, value)
        else:
            self._input(field, id_, value)

    def _at(self, id_: str) -> Locator:
        return self.page.locator(f'[id="{id_}"]')

    def _input(self, field: Mapping[str, Any], id_: str, value: Any) -> None:
        """One input of its own or of a cell; a cell's `date` is a field's `datetime` with a subtype."""
        kind = field["type"]
        if kind in ("checkbox", "signature"):
            self._at(id_).set_checked(bool(value))
        elif kind == "select":
            values = [option["value"] for option in field["values"]]
            self._at(id_).select_option(str(values.index(value)) if value is not None else "-1")
        elif kind in ("date", "datetime"):
            self._moment(id_, value, with_time=(field.get("subtype") or kind) == "datetime")
        elif kind == "money":
            self._typed(id_, "" if value is None else f"{value / 100:.2f}")
        elif kind.removeprefix("multi-") in ("person", "organ", "case-ref"):
            self._pick(field, id_, value)
        else:
            self._at(id_).fill("" if value is None else str(value))

    def _typed(self, id_: str, text: str) -> None:
        self._at(id_).fill(text)
        self._at(id_).press("Tab")

    def _moment(self, id_: str, value: str | None, *, with_time: bool) -> None:
        """Click, which opens the calendar, but type: that is what a clerk does."""
        text = value or ""
        if value and with_time:
            text = datetime.fromisoformat(value).astimezone(OFFICE_ZONE).strftime("%Y-%m-%d %H:%M")
        self._at(id_).click()
        self._typed(id_, text)  # all at once: every key would draw the whole form again (test_form_fields.py types)
        expect(self.page.locator(".flatpickr-calendar.open")).to_have_count(0)

    def _radio(self, field: Mapping[str, Any], id_: str, value: Any) -> None:
        if value is not None:
            self._at(f"{id_}-{[option['value'] for option in field['values']].index(value)}").check()

    def _checklist(self, field: Mapping[str, Any], id_: str, value: list[Any] | None) -> None:
        if len(field["values"]) > MOST_TICKS:
            self._pick_listed(field["values"], id_, value or [])
            return
        for position, option in enumerate(field["values"]):
            self._at(f"{id_}-{position}").set_checked(option["value"] in (value or []))

    def _pick_listed(self, options: list[Mapping[str, Any]], id_: str, values: list[Any]) -> None:
        """Search each label and take the line that is it."""
        box = self._at(id_)
        box.focus()
        for _ in range(self.page.locator(".wz-picker", has=box).locator(".wz-chip").count()):
            box.press("Backspace")
        for label in (option["label"] for option in options if option["value"] in values):
            box.fill(label)
            self.page.get_by_role("option", name=label, exact=True).click()
        box.press("Escape")

    def _papers(self, _field: Mapping[str, Any], id_: str, value: Any) -> None:
        frame = self.page.locator(".fjs-form-field-attachment", has=self._at(id_))
        tickets = value if isinstance(value, list) else [value]
        for count, ticket in enumerate(tickets, start=1):
            paper = self.papers[ticket]
            file = {"name": paper.name, "mimeType": "application/pdf", "buffer": paper.content}
            before = self.page.locator("#form-root .wz-papers li").count()
            self._at(id_).set_input_files([file])
            expect(self.page.locator("#form-root .wz-papers li")).to_have_count(before + 1)
            assert count == 1 or frame.count() == 1

    def _pick(self, field: Mapping[str, Any], id_: str, value: Any) -> None:
        box = self._at(id_)
        if not field["type"].startswith("multi-"):
            box.fill("")
            if value is None:
                box.press("Tab")
            else:
                self._choose(field, box, value)
            return
        box.focus()
        chips = self.page.locator(".wz-picker", has=box).locator(".wz-chip")
        for _ in range(chips.count()):
            box.press("Backspace")
        for chosen in value or []:
            self._choose(field, box, chosen)
        box.press("Escape")

    def _choose(self, field: Mapping[str, Any], box: Locator, value: Any) -> None:
        """Type a part of the name, take the right line."""
        source = field.get("source") or (field.get("properties") or {}).get("source") or _SOURCES[field["type"]]
        found = [choice for choice in self.options[source] if choice["value"] == value]
        assert found, f"{field.get('key')}: {value} is not offered ({source})"
        line = f"{found[0]['label']}（{found[0]['organ']}）" if found[0].get("organ") else found[0]["label"]
        box.fill(found[0]["label"][:8])
        self.page.get_by_role("option").filter(has_text=re.compile(f"^{re.escape(line)}$")).first.click()

    def _table(self, field: Mapping[str, Any], id_: str, value: list[Mapping[str, Any]] | None) -> None:
        rows = value or []
        first = field["columns"][0]["key"]
        place = self.page.locator(".fjs-form-field-table", has=self._at(id_).or_(self._at(f"{id_}-0-{first}")))
        shown = place.locator("tbody tr, .wz-card")
        while shown.count() > max(len(rows), field.get("minRows") or 0):
            place.locator(".wz-remove").last.click()
        for number, row in enumerate(rows):
            if shown.count() <= number:
                place.locator(".wz-add").click()
                expect(shown).to_have_count(number + 1)
            for column in field["columns"]:
                if column["key"] in row:
                    self._input(column, f"{id_}-{number}-{column['key']}", row[column["key"]])


_SOURCES = {
    "person": "persons",
    "multi-person": "persons",
    "organ": "organs",
    "multi-organ": "organs",
    "case-ref": "cases",
    "multi-case-ref": "cases",
}
