"""One page with a form for the browser tests: what it shows, says and sends."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, FilePayload, Page, ViewportSize

from app.forms.parse import parse_form
from app.forms.presentation import schema_for_browser
from tests.e2e.pages import DIST, Site, form_page, serving
from tests.forms.builders import OPTIONS, content
from tests.forms.builders import field as form_field

needs_bundle = pytest.mark.skipif(not (DIST / "form.js").exists(), reason="the form bundle is not built")

PAUSE, PATIENCE = 50, 60_000
"""Milliseconds between two looks at what came of a submit, and in all."""
SIZE: ViewportSize = {"width": 900, "height": 768}
PDF: FilePayload = {"name": "判决书.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
ORGANS = [
    {"value": f"a.{n}", "label": f"县{name}局"} for n, name in enumerate(["公安", "民政", "财政", "司法", "交通"])
]
PEOPLE = [
    {"value": f"p{n}", "label": name, "organ": organ}
    for n, (name, organ) in enumerate(
        [("陈立", "县监委"), ("陈小明", "县司法局"), ("王敏", "联席办"), *((f"职工{n}", "县财政局") for n in range(20))]
    )
]

SUBJECTS = form_field(
    "table",
    "subjects",
    label="责任对象",
    required=True,
    minRows=1,
    maxRows=3,
    columns=[
        {"key": "kind", "type": "select", "label": "类别", "required": True, "options": "COLOUR"},
        {"key": "name", "type": "text", "label": "姓名", "required": True},
        {"key": "organ", "type": "organ", "label": "单位"},
        {"key": "amount", "type": "money", "label": "金额"},
        {"key": "done", "type": "checkbox", "label": "完成"},
    ],
)


@dataclass
class Desk:
    """One page with a form, what its console said, and what the server received."""

    site: Site
    page: Page
    console: list[str] = field(default_factory=list)

    def open(self, *components: dict[str, Any], locale: str = "zh", **more: Any) -> None:
        schema = schema_for_browser(parse_form(content(*components)), OPTIONS, locale)
        options = {"organs": ORGANS, "persons": PEOPLE, "cases": [{"value": "K-1", "label": "K-1 撤销处罚"}]}
        self.site.pages["/form"] = form_page(schema, options=options, locale=locale, **more)
        self.page.goto(f"{self.site.address}/form")
        self.page.wait_for_selector("form[data-ready]")

    def submit(self) -> Any:
        """Submit with the page's button; the data that arrived, or None when the browser refused."""
        before, shown = len(self.site.posted), self.errors()
        self.page.locator("#submit").focus()
        self.page.keyboard.press("Enter")
        for waited in range(0, PATIENCE, PAUSE):
            self.page.wait_for_timeout(PAUSE)
            if len(self.site.posted) > before:
                self.page.wait_for_url("**/take")  # who opens the next page before that is thrown out of it
                return self.site.posted[-1]
            try:
                said = self.errors()
            except Error:  # the page is being left: what it sent will be here at the next look
                continue
            if said and (said != shown or waited > 10 * PAUSE):
                return None
        return None

    def errors(self) -> list[str]:
        return self.page.locator(".fjs-form-field-error li").all_inner_texts()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving() as served:
        yield served


@pytest.fixture
def desk(site: Site, browser: Browser) -> Iterator[Desk]:
    context = browser.new_context(viewport=SIZE, locale="en-US", timezone_id="America/New_York")
    page = context.new_page()
    made = Desk(site, page)
    site.posted.clear()
    page.on("console", lambda message: made.console.append(message.text))
    page.on("pageerror", lambda problem: made.console.append(str(problem)))
    yield made
    context.close()
    assert made.console == [], "the console stays empty: no script error, nothing against the content security policy"
