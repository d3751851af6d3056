"""The editors of the studio in the real browser: what is typed arrives in the file, nothing is overwritten silently."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from config import ROOT
from tests.e2e import editors_desk
from tests.e2e.pages import DIST
from tests.e2e.panel_fields import FIELDS
from tests.e2e.sight import photograph, violations
from tests.e2e.studio_desk import (
    ADD_A_ROW,
    ADD_A_STEP,
    DESK,
    DRAW_AND_CHANGE,
    OPEN_MENU,
    SAVED,
    SHOW_AND_READ,
    UNCOVERED,
    WORDS_OF,
    Studio,
    choose,
    english_in,
    fields_of,
    name_of,
    samples,
    saved,
    texts,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not (DIST / "formeditor.js").exists(), reason="the editors' bundles are not built"),
]
studio, quiet_console = editors_desk.studio, editors_desk.quiet_console
TOUCH_EVERYTHING = (ROOT / "tests" / "e2e" / "touch_every_field.js").read_text("utf-8")


def test_the_panel_writes_what_is_typed_and_undo_restores_every_byte(studio: Studio) -> None:
    page = studio.page("filing.bpmn")
    before = page.evaluate("() => document.querySelector('#desk').wenzeDrawing.read()")
    choose(page, "T_check")

    page.get_by_label("时长", exact=True).fill("P7D")
    page.get_by_label("办理角色").select_option("jmo.director")
    page.get_by_label("依据条款").select_option(index=1)
    page.get_by_label("办理单位（表达式）").fill("case.lead_organ")
    page.get_by_text("法律效果与文书").click()
    page.get_by_label("文书名称").fill("受理审查表")
    after = page.evaluate("() => document.querySelector('#desk').wenzeDrawing.read()")
    for _ in range(8):
        page.get_by_role("button", name="撤销").click()

    assert '<spiffworkflow:property name="deadline" value="P7D" />' in after
    assert '<spiffworkflow:property name="candidateRole" value="jmo.director" />' in after
    assert '<spiffworkflow:property name="candidateOrgan" value="case.lead_organ" />' in after
    assert '<spiffworkflow:property name="letter" value="受理审查表" />' in after
    assert page.evaluate("() => document.querySelector('#desk').wenzeDrawing.read()") == before


def test_every_field_of_every_shipped_diagram_can_be_changed_and_undone(studio: Studio) -> None:
    page = studio.page("filing.bpmn")
    page.evaluate("() => { document.querySelector('#desk').wenzeDrawing.desk.editable = false; }")
    touched: set[str] = set()
    for path in (*sorted((ROOT / "processes").glob("*.bpmn")), ROOT / "tests" / "data" / "panel.bpmn"):
        told: dict[str, Any] = page.evaluate(TOUCH_EVERYTHING, path.read_text("utf-8"))
        assert told["restored"], f"{path.name}: undo did not restore {told['difference']}"
        assert told["stable"], f"{path.name}: what was saved is saved differently the second time"
        touched |= told["touched"].keys()

    wanted = {*FIELDS.values(), "variables/add", "variables/type", "variables/remove", "outcome/called"}
    kinds = {re.sub(r"(?<=/parameter-).+", "*", field) for field in touched}
    assert wanted <= kinds, wanted - kinds


def test_a_colour_is_kept_and_a_new_step_carries_what_the_panel_gave_it(studio: Studio) -> None:
    page = studio.page("rectification.bpmn")
    page.evaluate(ADD_A_STEP)
    page.get_by_label("名称", exact=True).fill("征求意见")
    page.locator("#bio-properties-panel-form-formKey").select_option("filing/legal_review")
    page.get_by_label("办理角色").select_option("jmo.officer")
    saved(page)

    written = studio.file("rectification.bpmn")
    step = re.search(r'<bpmn:userTask id="([^"]+)" name="征求意见">.*?</bpmn:userTask>', written, re.S)
    assert step is not None
    assert 'name="formKey" value="filing/legal_review"' in step[0]
    assert re.search(rf'bpmnElement="{step[1]}"[^>]*color:background-color="#bbdefb"', written)
    assert "extension" not in page.locator("#desk-finds").inner_text()
    page.get_by_role("button", name="查找").first.click()
    expect(page.locator(".djs-search-container")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="缩略图").click()
    expect(page.locator(".djs-minimap.open")).to_be_visible()
    page.get_by_role("button", name="走一遍").click()
    expect(page.locator(".bts-palette")).to_be_visible()
    photograph(page, "studio-simulation")


def test_what_is_drawn_is_called_as_the_offices_call_it_and_what_was_there_keeps_its_id(studio: Studio) -> None:
    told = studio.page("docketing.bpmn").evaluate(DRAW_AND_CHANGE, r"_docketing_\d")

    assert told[:4] == ["T_docketing_1", "G_docketing_1", "Flow_docketing_1", "R_docketing_1"]
    assert told[4:] == ["R_docketing_1_di", "kept", 0]


def test_a_finding_stands_at_its_shape_and_a_click_selects_it(studio: Studio) -> None:
    page = studio.page("screening.bpmn")
    choose(page, "T_collate")
    page.get_by_label("时长", exact=True).fill("P3X")
    expect(page.get_by_text("应为时长，如 P10D")).to_be_visible()
    saved(page)

    line = page.locator("#desk-finds tr", has_text="P3X")
    expect(line).to_be_visible()
    expect(page.locator(".wz-lint.bad").first).to_have_attribute("data-rules", re.compile("deadline"))
    choose(page, "W_pool")
    line.get_by_role("button").click()
    expect(page.locator("#desk-element .mono")).to_have_text("T_collate")
    expect(page.locator(".wz-told li").first).to_contain_text("P3X")
    photograph(page, "studio-findings")
    page.get_by_label("时长", exact=True).fill("P3D")
    saved(page)
    expect(page.locator("#desk-finds")).to_contain_text("没有发现问题")


def test_a_name_that_is_markup_stays_text(studio: Studio) -> None:
    page = studio.page("docketing.bpmn")
    choose(page, "T_transfer")
    page.get_by_label("名称", exact=True).fill('<img src=x onerror="window.hacked=1">')
    saved(page)
    page.reload()
    page.wait_for_selector("#desk[data-ready=true]")
    choose(page, "T_transfer")

    assert 'name="&#60;img src=x' in studio.file("docketing.bpmn")
    expect(page.locator("#desk-element strong")).to_have_text('<img src=x onerror="window.hacked=1">')
    assert page.evaluate("() => window.hacked") is None


def test_a_cell_of_a_table_and_the_clause_of_its_row_are_edited(studio: Studio) -> None:
    page = studio.page("jinzhai-recovery.dmn")
    cells = page.locator("#desk-canvas tbody tr").nth(1).locator("td")
    cells.nth(2).click()
    page.keyboard.type('"GENERAL_NEGLIGENCE"')
    cells.nth(5).click()
    page.keyboard.press("Control+a")
    page.keyboard.type("JZ-20 一般过失不追偿")
    saved(page)
    photograph(page, "studio-table")

    written = studio.file("jinzhai-recovery.dmn")
    assert '<text>"GENERAL_NEGLIGENCE"</text>' in written
    assert re.search(r"<annotationEntry>\s*<text>JZ-20</text>\s*</annotationEntry>", written)
    assert "<text>一般过失不追偿</text>" in written


def test_a_change_of_a_table_is_taken_back_from_its_header_too(studio: Studio) -> None:
    page = studio.page("jinzhai-recovery.dmn")
    rows = page.locator("#desk-canvas tbody tr .rule-index")
    before = rows.count()
    page.evaluate(ADD_A_ROW)
    expect(rows).to_have_count(before + 1)

    page.locator("#desk-canvas thead th").first.click()
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    expect(rows).to_have_count(before)
    page.keyboard.press("Control+y")
    expect(rows).to_have_count(before + 1)
    page.keyboard.press("Control+z")
    expect(rows).to_have_count(before)


def test_what_was_just_typed_is_saved_though_a_save_is_under_way(studio: Studio) -> None:
    page = studio.page("jinzhai-scope.dmn")
    cells, held = page.locator("#desk-canvas tbody tr").first.locator("td"), []
    page.route("**/*", lambda route: held.append(route) if is_save(route) and not held else route.continue_())
    cells.last.click()
    page.keyboard.press("End")
    page.keyboard.type("先写")
    with page.expect_request(lambda request: request.method == "PUT"):
        page.evaluate(f"() => {{ {DESK}.save(); }}")

    page.keyboard.type("后写")
    page.keyboard.press("Control+s")
    held[0].continue_()
    page.evaluate(f"async () => {{ await {DESK}.saving; }}")

    assert "先写后写" in studio.file("jinzhai-scope.dmn")


def is_save(route: Route) -> bool:
    return route.request.method == "PUT"


def test_what_nobody_edited_is_saved_as_it_was(studio: Studio) -> None:
    page = studio.page("filing/analysis_report.form")
    page.evaluate("() => { document.querySelector('#desk').wenzeSheet.desk.editable = false; }")
    for path in sorted((ROOT / "forms").glob("*/*.form"))[::3]:
        written = page.evaluate(SHOW_AND_READ, ["wenzeSheet", path.read_text("utf-8")])
        before = json.dumps(json.loads(path.read_bytes()), indent=1).splitlines()
        after = json.dumps(json.loads(written), indent=1).splitlines()
        assert after == before, f"{path.name}: {set(after) ^ set(before)}"

    page = studio.page("jinzhai-scope.dmn")
    page.evaluate("() => { document.querySelector('#desk').wenzeTable.desk.editable = false; }")
    for path in sorted((ROOT / "processes").glob("*.dmn"))[::8]:
        written = page.evaluate(SHOW_AND_READ, ["wenzeTable", path.read_text("utf-8")])
        assert texts(written) == texts(path.read_text("utf-8")), path.name


def test_a_field_is_added_to_a_form_and_shown_as_staff_will_see_it(studio: Studio) -> None:
    page = studio.page("filing/analysis_report.form")
    kept = json.loads(studio.file("filing/analysis_report.form"))
    page.locator('.fjs-palette-field[data-field-type="organ"]').focus()
    page.keyboard.press("Enter")
    name = page.locator("#desk-panel").get_by_label("名称", exact=True)
    expect(name).to_have_value("单位")  # the panel of the form itself stood there before, with a name of its own
    name.fill("协助单位")
    page.locator("#desk-panel").get_by_label("字段名").fill("assisting_organ")
    page.locator("#desk-panel").get_by_label("从哪里选").select_option("organs")
    page.locator("#desk-panel").get_by_text("英文", exact=True).click()
    page.locator("#desk-panel").get_by_label("英文名称").fill("Assisting organ")
    saved(page)

    shown = page.frame_locator("#desk-preview")
    expect(shown.get_by_text("协助单位")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(shown.get_by_text("Assisting organ")).to_be_visible()
    photograph(page, "studio-form")
    form = json.loads(studio.file("filing/analysis_report.form"))
    assert next(part for part in form["components"] if part not in kept["components"])["key"] == "assisting_organ"
    assert [part for part in form["components"] if part in kept["components"]] == kept["components"]


def test_a_form_that_is_edited_in_the_panel_saves_itself(studio: Studio) -> None:
    page = studio.page("filing/second_return.form")
    form = json.loads(studio.file("filing/second_return.form"))
    field = next(one for one in fields_of(form) if one.get("key") and one.get("label"))

    name_of(page, field["id"], field["label"]).fill("自己保存的名称")

    expect(page.locator(SAVED)).to_contain_text("已保存")
    assert "自己保存的名称" in studio.file("filing/second_return.form")


def test_what_somebody_takes_away_in_the_panel_or_the_table_is_taken_away(studio: Studio) -> None:
    page = studio.page("filing/legal_review.form")
    page.evaluate("() => document.querySelector('#desk').wenzeSheet.select('Field_review_opinion')")
    page.locator("#desk-panel").get_by_text("英文", exact=True).click()
    page.locator("#desk-panel").get_by_label("英文名称").fill("")
    saved(page)
    table = studio.page("jinzhai-recovery.dmn")
    table.locator("#desk-canvas tbody tr").nth(0).locator("td.annotation").click()
    table.keyboard.press("Control+a")
    table.keyboard.press("Delete")
    saved(table)

    form = json.loads(studio.file("filing/legal_review.form"))
    row = studio.file("jinzhai-recovery.dmn").partition('<rule id="recovery_open">')[2].partition("</rule>")[0]
    field = next(one for one in form["components"][0]["components"] if one["id"] == "Field_review_opinion")
    assert "label_en" not in field["properties"]
    assert "JZ-20 已" not in row
    assert page.locator("[data-note=refused]").count() == table.locator("[data-note=refused]").count() == 0


def test_a_register_is_edited_in_tables_and_keeps_its_comments(studio: Studio) -> None:
    name = "jinzhai-2017-50.law.yml"
    page = studio.page(name)
    before = studio.file(name)
    page.locator("#desk-outline").get_by_label("查找").fill("JZ-20")
    page.locator(".outline-card:visible", has_text="JZ-20").first.locator("summary").click()
    page.locator(".outline-card[open]").get_by_label("我们的理解").fill("赔偿后向有过错的人追偿：故意、重大过失。")
    page.keyboard.press("Tab")
    saved(page)
    photograph(page, "studio-register")

    after = studio.file(name)
    changed = [line for line in after.splitlines() if line not in before.splitlines()]
    assert changed == ['    reading: "赔偿后向有过错的人追偿：故意、重大过失。"']
    assert [line for line in before.splitlines() if line.lstrip().startswith("#")] == [
        line for line in after.splitlines() if line.lstrip().startswith("#")
    ]


def test_nothing_of_the_editors_is_left_in_english(studio: Studio) -> None:
    page = studio.page("joint-meeting.bpmn")
    said: set[str] = set()
    for element in (
        "T_hold",
        "C_item",
        "S_add",
        "G_held",
        "Flow_G_held_S_add",
        "End_meeting",
        "Lane_office",
        "Start_meeting",
    ):
        choose(page, element)
        said |= set(page.evaluate(WORDS_OF, ".djs-palette, .djs-context-pad, #desk-panel"))
        page.evaluate(OPEN_MENU, element)
        said |= set(page.evaluate(WORDS_OF, ".djs-popup"))
        page.keyboard.press("Escape")
    page.get_by_role("button", name="走一遍").click()
    said |= set(page.evaluate(WORDS_OF, ".bts-palette, .bts-context-pad, .bts-log, .bts-notifications"))
    missing = page.evaluate("() => [...window.wenzeUntranslated]")
    table = studio.page("jinzhai-sanctions.dmn")
    said |= set(table.evaluate(WORDS_OF, ".header, .hit-policy, .view-drd, thead"))
    table.locator("#desk-canvas thead th.input-cell").first.click()
    table.locator("#desk-canvas tbody td.cell").first.click(button="right")
    said |= set(table.evaluate(WORDS_OF, ".context-menu, .dms-context-menu"))
    missing += table.evaluate("() => [...window.wenzeUntranslated]")

    assert missing == []
    assert english_in(said) == []


def test_every_word_of_the_form_editor_is_in_the_language_of_the_page(studio: Studio) -> None:
    page = studio.page("filing/filing_record.form")
    page.evaluate("() => { document.querySelector('#desk').wenzeSheet.desk.editable = false; }")
    said: set[str] = set()
    kinds: set[str] = set()
    for path, field in samples(sorted((ROOT / "forms").glob("*/*.form"))):
        kinds.add(field["type"])
        page.evaluate(SHOW_AND_READ, ["wenzeSheet", path.read_text("utf-8")])
        page.evaluate("id => document.querySelector('#desk').wenzeSheet.select(id)", field["id"])
        page.wait_for_timeout(60)
        said |= set(page.evaluate(WORDS_OF, "#desk-canvas, #desk-panel"))
    said |= set(page.evaluate(WORDS_OF, "#desk-palette"))
    page.locator("#desk-palette input").fill("zzz")
    said |= set(page.evaluate(WORDS_OF, "#desk-palette"))
    page.evaluate(SHOW_AND_READ, ["wenzeSheet", '{"type":"default","id":"x/y","components":[]}'])
    page.wait_for_timeout(60)
    said |= set(page.evaluate(WORDS_OF, "#desk-canvas, #desk-panel"))

    assert english_in(said) == []
    assert {"table", "signature", "datetime", "group", "computed"} <= kinds


@pytest.mark.parametrize("name", ["filing.bpmn", "jinzhai-scope.dmn", "filing/filing_record.form", "options.yml"])
def test_an_editor_is_usable_for_everybody_and_shows_the_mark_of_its_makers(studio: Studio, name: str) -> None:
    page = studio.page(name)
    page.wait_for_timeout(300)
    photograph(page, f"studio-editor-{name}")
    own = [one for one in violations(page) if not re.search(r"djs-|tjs-|dms-|fjs-|bjs-|cm-", one)]

    assert own == []
    if not name.endswith(".yml"):
        mark = page.locator(".bjs-powered-by, .fjs-powered-by-link").first
        expect(mark).to_be_visible()
        assert mark.evaluate(UNCOVERED), "the bpmn.io mark is covered"
