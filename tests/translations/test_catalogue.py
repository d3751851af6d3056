"""The English catalogue has every sentence of the product, confirmed, with its placeholders; extraction is stable."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from authoring.catalogue import (
    ENGLISH,
    ROOT,
    complaints,
    extract,
    messages_of,
    read_english,
    updated,
    written,
)
from authoring.messages import CHINESE, extract_bpmn, extract_dmn, extract_register

# What people at a terminal read, and invented case material: not on screens, not in the API.
NOT_AT_THE_EDGE = ("app/cli/", "app/scenarios/")
NEVER_TRANSLATED = {
    "中文",  # the language's own name
    "行政败诉案件过错责任追究：事项、案件、会议、流程版本。",  # the API's description has one language
}
FORMATS = (
    "app/forms/presentation.py",
    "app/forms/fields.py",
    "app/documents/store.py",
    "app/documents/letters/language.py",  # what a citation looks like
    "app/engine/blank.py",  # what a new diagram or table has in it
    "app/engine/profile/tables.py",
    "app/services/notifying/letters.py",  # messages to mailboxes are in Chinese, as papers are
    # what an archive package holds is in Chinese, as papers are; its checker stands alone and is read at a terminal
    "app/documents/archive/pages.py",
    "app/documents/archive/verify.py",
    "app/services/archives/building.py",
    # what reads Chinese texts: dates, regulations, notices of holidays, tables of clerks
    "app/domain/days.py",
    "app/domain/wording.py",  # numbers and sums as papers write them
    "app/domain/exchange.py",
    "app/forms/tables.py",
    "app/law/collation.py",
    "app/law/notices.py",
    "app/law/official.py",
    "app/law/slips.py",
    "app/queries/regulations.py",
    "app/queries/cell_words.py",  # both languages stand side by side
)


@pytest.fixture(scope="module")
def found() -> Catalog:
    return extract()


def test_every_message_has_a_confirmed_english_translation_with_its_placeholders(found: Catalog) -> None:
    assert list(complaints(updated(read_english(), found))) == []


def test_the_catalogue_is_what_extraction_writes(found: Catalog) -> None:
    assert ENGLISH.read_text("utf-8") == written(updated(read_english(), found)), "run `make messages`"


def test_translations_are_english() -> None:
    for message in messages_of(read_english()):
        for text in (message.string,) if isinstance(message.string, str) else message.string:
            assert not CHINESE.search(text), text


def test_edge_spaces_and_line_ends_of_translations_are_not_accidents() -> None:
    for message in messages_of(read_english()):
        text = message.string if isinstance(message.string, str) else message.string[0]
        ids = message.id if isinstance(message.id, str) else message.id[0]
        assert text == text.lstrip(), ids
        assert text == text.rstrip() or ids.endswith(("：", "、", "；", "，")), ids
        assert "\n" not in text, ids


def test_every_chinese_sentence_in_python_is_marked_for_the_catalogue(found: Catalog) -> None:
    known = {text for message in messages_of(found) for text in _ids(message.id)}

    missing = [f"{place}: {text}" for place, text in _sentences() if text not in known | NEVER_TRANSLATED]

    assert missing == []


def _ids(message_id: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (message_id,) if isinstance(message_id, str) else tuple(message_id)


def _sentences() -> Iterator[tuple[str, str]]:
    """Chinese string constants that are no documentation; lone signs that join data do not count."""
    for path in sorted((ROOT / "app").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(NOT_AT_THE_EDGE) or name in FORMATS:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        told = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in told:
                continue
            if CHINESE.search(node.value):
                yield f"{name}:{node.lineno}", node.value


def test_a_diagram_gives_its_names_and_nothing_of_its_properties(tmp_path: Path) -> None:
    diagram = tmp_path / "x.bpmn"
    diagram.write_text(
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:s="http://spiffworkflow.org/x">'
        '<process id="p" name="过程"><userTask id="t" name="登记"><extensionElements><s:properties>'
        '<s:property name="变量" value="值"/></s:properties></extensionElements></userTask>'
        '<sequenceFlow id="f" name="是"/><userTask id="u" name="plain"/></process></definitions>',
        "utf-8",
    )

    with diagram.open("rb") as file:
        names = [message[2] for message in extract_bpmn(file, None, None, {})]

    assert names == ["过程", "登记", "是"]


def test_a_decision_table_gives_its_name_headings_and_notes(tmp_path: Path) -> None:
    table = tmp_path / "x.dmn"
    table.write_text(
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="表">'
        '<decision name="表"><decisionTable><input label="情形"/><output label="结论" name="result"/>'
        '<rule><inputEntry><text>"甲"</text></inputEntry><annotationEntry><text>理由</text></annotationEntry></rule>'
        "</decisionTable></decision></definitions>",
        "utf-8",
    )

    with table.open("rb") as file:
        names = {message[2] for message in extract_dmn(file, None, None, {})}

    assert names == {"表", "情形", "结论", "理由"}


def test_a_register_gives_titles_citations_readings_and_notices(tmp_path: Path) -> None:
    register = tmp_path / "x.law.yml"
    register.write_text(
        "title: 办法\nissuer: 县政府\nnotices:\n  - 试行。\n"
        "clauses:\n  - {id: A, article: 第一条, reading: 目的。, actor: 县}\n",
        "utf-8",
    )

    with register.open("rb") as file:
        found = [(line, text) for line, _, text, _ in extract_register(file, None, None, {})]

    assert found == [(1, "办法"), (2, "县政府"), (4, "试行。"), (6, "第一条"), (6, "目的。"), (6, "县")]


def test_a_register_gives_its_rule_settings_in_words(tmp_path: Path) -> None:
    register = tmp_path / "x.law.yml"
    register.write_text(
        "switches:\n  dayCount: {zh: 计算方式, default: WORKING, values: {WORKING: 工作日}, why: 按工作日。}\n", "utf-8"
    )

    with register.open("rb") as file:
        found = [text for _, _, text, _ in extract_register(file, None, None, {})]

    assert found == ["计算方式", "工作日", "按工作日。"]
