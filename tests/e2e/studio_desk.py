"""Owners at the editors of the studio: their browsers, the draft they share, and what is asked of the page."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from lxml import etree
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.conftest import PATIENCE_MS
from tests.e2e.conftest import PASSWORD
from tests.e2e.live_server import LiveServer

SAVED = "#desk-state[data-state=saved]"
DRAW_AND_CHANGE = """(drawnHere) => {
  const it = document.getElementById('desk').wenzeDrawing.modeler;
  const [shapes, modeling, replace] = ['elementFactory', 'modeling', 'bpmnReplace'].map((name) => it.get(name));
  const registry = it.get('elementRegistry');
  const first = registry.filter((one) => one.type === 'bpmn:UserTask')[0];
  const drawn = (type, x) => modeling.createShape(shapes.createShape({ type }), { x, y: first.y + 400 }, first.parent);
  const step = drawn('bpmn:Task', first.x + 50), gateway = drawn('bpmn:ExclusiveGateway', first.x + 250);
  const told = [step.id, gateway.id, modeling.connect(step, gateway).id];
  const asked = replace.replaceElement(step, { type: 'bpmn:UserTask' });
  const stated = replace.replaceElement(asked, { type: 'bpmn:BusinessRuleTask' });
  told.push(stated.id, stated.di.id);
  const kept = replace.replaceElement(first, { type: 'bpmn:ServiceTask' });
  told.push(replace.replaceElement(kept, { type: 'bpmn:UserTask' }).id === first.id ? 'kept' : kept.id);
  for (let left = 7; left; left--) it.get('commandStack').undo();
  return [...told, registry.filter((one) => new RegExp(drawnHere).test(one.id)).length];
}"""
"""Draws a step, a gateway and a flow, makes other kinds of the step and of one that was there, and takes all back."""
ADD_A_ROW = """() => {
  const viewer = document.querySelector('#desk').wenzeTable.modeler.getActiveViewer();
  viewer.get('editorActions').trigger('addRule');
}"""
ADD_A_STEP = """() => {
  const { modeler } = document.querySelector('#desk').wenzeDrawing;
  const lane = modeler.get('elementRegistry').find(({ type }) => type === 'bpmn:Lane');
  const shape = modeler.get('elementFactory').createShape({ type: 'bpmn:UserTask' });
  const added = modeler.get('modeling').createShape(shape, { x: lane.x + 120, y: lane.y + 60 }, lane);
  modeler.get('modeling').setColor([added], { fill: '#BBDEFB', stroke: '#0D4372' });
  modeler.get('selection').select(added);
}"""
SHOW_AND_READ = """async ([editor, text]) => {
  const one = document.querySelector('#desk')[editor];
  await one.show(text, { first: false });
  return one.read();
}"""
WORDS_OF = """(where) => [...document.querySelectorAll(where)].flatMap((top) => [top, ...top.querySelectorAll('*')]
  .filter((one) => !one.closest('option, code, textarea, .mono'))
  .flatMap((one) => [one.title, one.getAttribute('aria-label'), one.getAttribute('placeholder'),
    one.getAttribute('alt'),
    [...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.nodeValue).join(' ')])
  .map((word) => (word ?? '').toString().trim()).filter(Boolean))"""
TYPE_AND_LOOK = """async (typed) => {
  const name = [...document.querySelectorAll('#desk-panel label')].find(({ textContent }) => textContent === '名称');
  const box = document.getElementById(name.htmlFor);
  box.focus();
  box.value = typed;
  box.dispatchEvent(new InputEvent('input', { bubbles: true }));
  const { desk } = document.getElementById('desk').wenzeSheet;
  await Object.getPrototypeOf(desk).others.call(desk);
}"""
"""Types a name and, before anybody could pause, looks what others did to the file."""
DESK = """(() => {
  const host = document.getElementById('desk');
  return (host.wenzeSheet ?? host.wenzeDrawing ?? host.wenzeTable ?? host.wenzeRegister).desk;
})()"""
ASK_FOR_COMPANY = """async (choice) => {
  const { desk } = document.getElementById('desk').wenzeDrawing;
  for (let told = []; !told.some((one) => one.choice === choice);) ({ chosen: told } = await desk.company());
}"""
"""Asks until the other's choice has arrived at the server."""
OPEN_MENU = """(id) => {
  const modeler = document.querySelector('#desk').wenzeDrawing.modeler;
  const element = modeler.get('elementRegistry').get(id);
  modeler.get('popupMenu').open(element, 'bpmn-replace', { x: 300, y: 200, cursor: { x: 300, y: 200 } });
}"""
UNCOVERED = """(mark) => {
  const box = mark.getBoundingClientRect();
  const inside = box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
  return inside && [[0.1, 0.2], [0.5, 0.5], [0.9, 0.8]].every(([x, y]) => {
    const seen = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    return seen && (mark.contains(seen) || seen.contains(mark) && seen.closest('[class*=powered-by]'));
  });
}"""

ENGLISH = re.compile(r"[^\u4e00-\u9fff]*[A-Za-z]{3,}[^\u4e00-\u9fff]*")
"""A word in Latin letters without a Chinese one beside it."""


@dataclass
class Studio:
    """Two owners of one county at their browsers, and a draft."""

    app: Flask
    live: LiveServer
    first: BrowserContext
    second: BrowserContext
    draft_id: str

    def page(self, name: str, *, second: bool = False) -> Page:
        page = (self.second if second else self.first).new_page()
        page.goto(f"{self.live.address}/studio/drafts/{self.draft_id}/edit/{name}")
        page.wait_for_selector("#desk[data-ready=true]")
        page.wait_for_selector("#desk-finds[data-shown]")
        return page

    def file(self, name: str) -> str:
        """As the server has it now."""
        answer = self.first.request.get(f"{self.live.address}/studio/drafts/{self.draft_id}/files/{name}")
        return str(answer.json()["content"])


def signed_in(browser: Browser, live: LiveServer, username: str) -> BrowserContext:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{live.address}/sign-in")
    page.get_by_label("账号").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url("**/inbox/**")
    page.close()
    return context


def saved(page: Page) -> None:
    """Ctrl+S, and what it says; the editor may have saved by itself a moment before."""
    page.keyboard.press("Control+s")
    page.evaluate(f"async () => {{ await {DESK}.saving; }}")
    expect(page.locator(SAVED)).to_contain_text(re.compile("已保存|没有需要保存的修改"))


def looking_away(*pages: Page) -> None:
    """None of them looks by itself what others saved, however long the test takes."""
    for page in pages:
        page.evaluate(f"() => {{ {DESK}.others = () => {{}}; }}")


def choose(page: Page, element: str) -> None:
    page.evaluate("id => document.querySelector('#desk').wenzeDrawing.select(id)", element)


def name_of(page: Page, field: str, now: str) -> Locator:
    """Where the panel of the form editor has the name of a field, once it shows that field."""
    page.evaluate("(id) => document.querySelector('#desk').wenzeSheet.select(id)", field)
    name = page.locator("#desk-panel").get_by_label("名称", exact=True)
    expect(name).to_have_value(now)
    return name


def texts(xml: str) -> list[tuple[str, dict[str, str], str]]:
    """Every element with its attributes and text, in the order of the file."""
    root = etree.fromstring(xml.encode())
    return [(str(node.tag), dict(node.attrib), (node.text or "").strip()) for node in root.iter()]


def samples(paths: Iterable[Path]) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Fields for which the panel has entries that those before had not, with the file of each."""
    seen: set[str] = set()
    for path in paths:
        for field in fields_of(json.loads(path.read_bytes())):
            marks = {field["type"], *field.get("properties", ()), *field.get("validate", ()), field.get("subtype", "")}
            if not marks <= seen:
                seen |= marks
                yield path, field


def fields_of(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """All that a form shows, groups and what stands in them."""
    for one in part.get("components", ()):
        yield one
        yield from fields_of(one)


def english_in(said: Iterable[str]) -> list[str]:
    """What nobody put into the language of the page; the makers' name stays."""
    return sorted(one for one in said if ENGLISH.fullmatch(one) and "bpmn.io" not in one.lower())
