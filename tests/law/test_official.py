"""The official text of a regulation, split and held against a register; texts of our own making."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from app.domain.errors import InvalidFileError
from app.law.collation import Collation, FindingKind, collate, recognise
from app.law.official import MAX_BYTES, OfficialText, number_of, numeral, read_text, split
from app.law.register import Register, parse
from config import ROOT

REGISTER = """
id: north-2020
county: north
title: 北山县败诉案件责任追究办法（试行）
document_no: 北政〔2020〕1号
status: TRIAL
in_force_from: 2020-05-01
in_force_to: 2023-04-30
clauses:
  - {id: N-0a, article: 通知主送机关, modality: DECLARATION, reading: 发给各机关, declaratory: 名录}
  - {id: N-0b, article: 序言, modality: DECLARATION, reading: 目的, declaratory: 目的}
  - {id: N-1, article: 第一条, modality: CONDITION, reading: 范围, carried_by: [a/T_one]}
  - {id: N-2, article: 第二条, modality: OBLIGATION, reading: 两种情形, carried_by: [a/T_one]}
  - {id: N-2(1), article: 第二条第（一）项, modality: CONDITION, reading: 撤销, carried_by: ["t#one"]}
  - {id: N-2(2), article: 第二条第（二）项, modality: CONDITION, reading: 变更, carried_by: ["t#two"]}
  - {id: N-3.p1, article: 第三条第一款, modality: OBLIGATION, reading: 报告, carried_by: [a/T_one]}
  - {id: N-3.p2s1, article: 第三条第二款第一句, modality: OBLIGATION, reading: 考核, carried_by: [a/T_one]}
  - {id: N-3.p2s2, article: 第三条第二款第二句, modality: OBLIGATION, reading: 领导, carried_by: [a/T_one]}
  - {id: N-4(1), article: 第四条第一种方式, modality: PERMISSION, reading: 检查, carried_by: [a/T_one]}
  - {id: N-4(2), article: 第四条第二种方式, modality: PERMISSION, reading: 通报, carried_by: [a/T_one]}
  - {id: N-5, article: 第五条, modality: DECLARATION, reading: 施行, declaratory: 日期}
"""
HEAD = """北山县人民政府关于印发北山县败诉案件责任追究办法（试行）的通知
北政〔2020〕1号
各乡镇人民政府，县政府各部门：
    现将办法印发给你们。
北山县败诉案件责任追究办法
（试  行）
    为落实责任，根据有关法律，制定本办法。
"""
ARTICLES = """第一条 本办法适用于本县机关。

第二条 有下列情形之一的，应当追究：

（一）被撤销的案件；

（二）被变更的案件。

第三条 机关应当在收到文书后报告，并附分析材

料。

报告情况列入考核。对领导的追究按规定办理。

— 2 —

第四条 方式包括：

书面检查、批评教育，以及通报。

第五条 本办法自2020年5月1日起施行，有效期至2023年4月30日。
  北山县人民政府办公室      2020 年 4 月 1 日印发
"""


def register() -> Register:
    return parse(REGISTER.encode())


def text_of(articles: str = ARTICLES, *, head: str = HEAD) -> OfficialText:
    return split(head + articles)


def collated(articles: str) -> Collation:
    return collate(text_of(articles), register())


def said(collation: Collation, kind: FindingKind) -> list[str]:
    return [str(finding) for finding in collation.of_kind(kind)]


def test_every_clause_gets_its_words_and_lines_broken_for_the_page_are_joined() -> None:
    found = collated(ARTICLES.replace("批评教育，", ""))

    assert found.wordings["N-0a"] == "各乡镇人民政府，县政府各部门："
    assert found.wordings["N-0b"] == "为落实责任，根据有关法律，制定本办法。"
    assert found.wordings["N-2"] == "有下列情形之一的，应当追究："
    assert found.wordings["N-2(1)"] == "被撤销的案件；"
    assert found.wordings["N-3.p1"] == "机关应当在收到文书后报告，并附分析材料。"
    assert found.wordings["N-3.p2s2"] == "对领导的追究按规定办理。"


def test_an_enumeration_within_a_sentence_counts_as_items() -> None:
    found = collated(ARTICLES)

    assert found.wordings["N-4(1)"] == "书面检查"
    assert found.wordings["N-4(2)"] == "批评教育"
    assert said(found, FindingKind.EXTRA) == ["第四条第（三）项：文本中的这一项没有登记。"]


def test_a_text_that_fits_its_register_has_no_findings() -> None:
    found = collated(ARTICLES.replace("批评教育，", ""))

    assert found.findings == ()
    assert list(found.wordings) == list(register().clauses)


def test_articles_numbered_with_a_bare_numeral_are_found_too() -> None:
    bare = ARTICLES
    for number in "一二三四五":
        bare = bare.replace(f"第{number}条 ", f"{number}、")

    assert [article.number for article in text_of(bare).articles] == [1, 2, 3, 4, 5]


def test_a_missing_article_is_named_and_so_is_the_gap() -> None:
    found = collated(ARTICLES.replace("第一条 本办法适用于本县机关。", ""))

    assert said(found, FindingKind.MISSING) == ["第一条：登记的条款在文本中没有找到。"]
    assert "第二条：条序不连续，前一条是—。" in said(found, FindingKind.SLIP)


def test_an_unregistered_article_item_paragraph_and_sentence_are_extra() -> None:
    more = (
        ARTICLES.replace("第五条 本办法自", "第五条 附则。\n\n第六条 本办法自")
        .replace("（二）被变更的案件。", "（二）被变更的案件；\n（三）其他案件。")
        .replace("对领导的追究按规定办理。", "对领导的追究按规定办理。另行通知。\n\n本条第三款。")
    )

    assert said(collated(more), FindingKind.EXTRA) == [
        "第二条第（三）项：文本中的这一项没有登记。",
        "第三条第二款第三句：文本中的这一句没有登记。",
        "第三条第三款：文本中的这一款没有登记。",
        "第四条第（三）项：文本中的这一项没有登记。",
        "第六条：文本中的这一条没有登记。",
    ]


@pytest.mark.parametrize(
    ("written", "slipped", "finding"),
    [
        ("被变更的案件。", "被变更的案件；", "第二条第（二）项：最后一项以“；”结尾，其后已无内容。"),
        ("被撤销的案件；", "被撤销的案件。", "第二条第（一）项：以“。”结尾，其后还有（二）项。"),
        (
            "被撤销的案件；",
            "被撤销的案件、变更、确认违法的案件；",
            "第二条第（一）项：列举中“的案件”重复，前后不一致。",
        ),
        ("本办法适用于", "本细则适用于", "第一条：自称“本细则”，标题是“办法”。"),
        ("应当追究：", "应当追究,下列:", "第二条：使用了半角标点“,:”。"),
        ("按规定办理。", "按《规定办理。", "第三条第二款：“《”和“》”不成对。"),
        ("（二）被变更", "（三）被变更", "第二条：各项的序号不连续或者重复。"),
        ("2023年4月30日", "2024年4月30日", "第五条：文本写的日期是2024-04-30，登记的是2023-04-30。"),
        ("按规定办理。", "按本办法第九条办理。", "第三条第二款：引用的第九条不存在。"),
        ("列入考核。", "列入考核。。", "第三条第二款：标点“。。”连用。"),
    ],
)
def test_a_slip_of_the_pen_is_reported_with_its_place(written: str, slipped: str, finding: str) -> None:
    found = collated(ARTICLES.replace(written, slipped))

    assert finding in said(found, FindingKind.SLIP)


def test_a_regulation_is_recognised_by_its_number_else_by_its_title() -> None:
    without_number = HEAD.replace("北政〔2020〕1号\n", "")

    assert recognise(text_of(), {"north-2020": register()}, name="f") == ["north-2020"]
    assert recognise(text_of(head=without_number), {"north-2020": register()}, name="f") == ["north-2020"]


def test_the_text_of_another_regulation_is_refused_by_name() -> None:
    other = HEAD.replace("北山县", "南河县").replace("北政", "南政")

    with pytest.raises(InvalidFileError) as refusal:
        recognise(text_of(head=other), {"north-2020": register()}, name="南河.txt")

    assert "南河.txt" in str(refusal.value)
    assert "北政〔2020〕1号" in str(refusal.value)


def _word(words: str) -> bytes:
    runs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in words.splitlines())
    schema = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{schema}"><w:body>{runs}</w:body></w:document>')
    return file.getvalue()


def test_a_word_file_reads_as_its_text_does() -> None:
    read = split(read_text(_word(HEAD + ARTICLES), "办法.docx"))

    assert read == text_of()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "是空的"),
        (b" \n\n ", "是空的"),
        ((HEAD + ARTICLES).encode("gb18030"), "不是 UTF-8"),
        ((HEAD + ARTICLES).encode("utf-16"), "不是 UTF-8"),
        ("一、\0".encode(), "不是文本文件"),
        (b"a" * (MAX_BYTES + 1), "超过2兆字节"),
        (b"PK\x03\x04 broken", "Word"),
        (_word("x").replace(b"document.xml", b"something.xm"), "Word"),
        (_word("<&"), "Word"),
        (_word("字" * 8_000_000), "过大"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(content: bytes, reason: str) -> None:
    with pytest.raises(InvalidFileError) as refusal:
        read_text(content, "f.txt")

    assert reason in str(refusal.value)


@pytest.mark.parametrize(
    "words", ["只有一句话。", "第十条 没有开头的条文。", "（一）只有项。\n（二）没有条。", "\u200b\ufeff"]
)
def test_a_text_without_articles_is_refused(words: str) -> None:
    with pytest.raises(InvalidFileError, match="没有找到条文"):
        split(words, name="f")


def test_the_largest_allowed_text_is_split_in_a_moment() -> None:
    line = "各机关应当按规定办理，" * 20
    huge = HEAD + "".join(f"第{numeral(number)}条 {line}。\n\n" for number in range(1, 1000))

    assert len(split(huge).articles) == 999


def test_numerals_up_to_999_are_read_as_they_are_written() -> None:
    assert [number_of(numeral(number)) for number in range(1, 1000)] == list(range(1, 1000))
    assert [numeral(number) for number in (10, 12, 20, 101, 110, 115)] == [
        "十",
        "十二",
        "二十",
        "一百零一",
        "一百一十",
        "一百一十五",
    ]


KNOWN_SLIPS = {
    "JZ-5(7)": "最后一项以“；”结尾",
    "JZ-15(6)": "以“。”结尾，其后还有（七）项",
    "YY-3(1)": "列举中“的案件”重复",
    "YY-18": "自称“本细则”",
}


@pytest.mark.parametrize("regulation", ["jinzhai-2017-50", "yiyuan-2022-59"])
def test_the_official_texts_fit_their_registers_but_for_known_slips(regulation: str) -> None:
    file = official_file(regulation)
    if not file.exists():
        pytest.skip(f"official text not present: {regulation}.txt")
    shipped = (parse(path.read_bytes()) for path in sorted((ROOT / "processes").glob("*.law.yml")))
    registers = {register.id: register for register in shipped}

    text = split(read_text(file.read_bytes(), file.name))
    fitting = recognise(text, registers, name=file.name)
    known = registers[regulation]
    found = collate(text, known)

    assert fitting == [regulation]
    assert list(found.wordings) == list(known.clauses)
    assert found.of_kind(FindingKind.MISSING) == found.of_kind(FindingKind.EXTRA) == ()
    slips = {finding.clause_id: finding.sentence % finding.values for finding in found.findings}
    expected = {clause: words for clause, words in KNOWN_SLIPS.items() if clause in known.clauses}
    assert all(words in slips[clause] for clause, words in expected.items())
    others = {clause: words for clause, words in slips.items() if clause not in expected}
    assert all("半角标点" in words for words in others.values()), others


def official_file(regulation: str) -> Path:
    return ROOT.parent / "shared" / "law" / f"{regulation}.txt"
