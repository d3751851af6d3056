"""A clause register is held against itself: its author is told before a case stumbles over it."""

from pathlib import Path

import pytest

from app.domain.definitions import Severity
from app.domain.errors import InvalidFileError
from app.law.register import parse
from app.services import register_findings
from config import ROOT
from tests.services.register_files import REGISTER, files

SHEET = (
    "reports: {{assessment: {{zh: 年度表, en: Sheet, indicators: ["
    "{{key: heard, zh: 出庭, en: Heard, measure: FACT, fact: {}}}]}}}}\n"
)


def told(given: dict[str, bytes], taken: dict[str, str] | None = None) -> list[tuple[str | None, Severity, str]]:
    register = parse(given[REGISTER])
    found = register_findings.findings(given, REGISTER, register, options="options.yml", taken=taken or {})
    return [(one.element_id, one.severity, str(one).partition(": ")[2]) for one in found]


@pytest.mark.parametrize("path", sorted(ROOT.glob("processes/*.law.yml")), ids=lambda path: path.name)
def test_nothing_is_wrong_with_a_shipped_register(path: Path) -> None:
    given = {file.name: file.read_bytes() for file in (ROOT / "processes").iterdir() if file.is_file()}
    forms = ROOT / "forms"
    given |= {file.relative_to(forms).as_posix(): file.read_bytes() for file in forms.rglob("*.form")}
    given["options.yml"] = (forms / "options.yml").read_bytes()
    register = parse(path.read_bytes())

    assert list(register_findings.findings(given, path.name, register, options="options.yml", taken={})) == []


@pytest.mark.parametrize(
    ("before", "after", "element", "words"),
    [
        ("in_force_to: null", "in_force_to: 2024-01-01", "in_force_to", "早于施行日期"),
        ('default: "OFF"', 'default: "X"', "simpleTrack", "默认值“X”"),
        ("clauses: [SF-4]}", "clauses: [SF-99]}", "simpleTrack", "条款“SF-99”没有登记"),
        ("openers: [subject.person]", "openers: [subject.persn]", "review", "是否为“subject.person”"),
        ("number: REVIEW", "number: REVEW", "REVEW", "没有登记格式"),
        ("outcomes: REVIEW_OUTCOME", "outcomes: REVIEW_OUTCOMES", "review", "是否为“REVIEW_OUTCOME”"),
    ],
)
def test_what_a_case_would_stumble_over_stands_against_publishing(
    before: str, after: str, element: str, words: str
) -> None:
    (found,) = told(files(**{before: after}))

    assert found[:2] == (element, Severity.ERROR)
    assert words in found[2]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("steps: [shifan-case/T_register]", "steps: [shifan-cas/T_register]", "是否为“shifan-case/T_register”"),
        ("steps: [shifan-case/T_register]", "steps: [shifan-case/T_registr]", "是否为“shifan-case/T_register”"),
        (
            "case_process: shifan-case",
            "case_process: shifan-case\nseries_steps: [shifan-case/T_x]",
            "“series_steps”所列",
        ),
        ("case_process: shifan-case", "case_process: shifan-case\nsubject_steps: [C_decison]", "是否为“C_decision”"),
        ("clauses:\n", f"{SHEET.format('served_dat')}clauses:\n", "是否为“served_date”"),
        ("issuer:", "isuer:", "是否为“issuer”"),
        ("period: P5D", "period: 5D", "应如 P3D"),
        ("case_process: shifan-case", "case_process: shifan-case\ncase_openers: [team.member]", "立案以后看不到案件"),
    ],
)
def test_what_only_has_no_effect_is_a_hint(before: str, after: str, words: str) -> None:
    (found,) = told(files(**{before: after}))

    assert found[1] is Severity.WARNING
    assert words in found[2]


def test_the_numbers_of_another_county_are_not_given_again() -> None:
    (found,) = told(files(), {"示败诉〔{year}〕{serial}号": "qinghe"})

    assert found[:2] == ("CASE", Severity.ERROR)
    assert "qinghe" in found[2]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("示追决〔{year}〕{serial:03d}号", "示追决〔{year}〕号", "“DECISION”的编号格式应有"),
        ("示追决〔{year}〕{serial:03d}号", "{year.__class__}{serial}", "“DECISION”的编号格式应有"),
        ("示追决〔{year}〕{serial:03d}号", "示复查〔{year}〕{serial}号", "编号格式相同"),
        ("county: shifan", "county: 5", "“county”应为文字"),
        ("title: 示范县", "title: [示范县]\nother: ", "“title”应为文字"),
        ("openers: [subject.person]", "openers: subject.person", "“openers”应为文字的列表"),
        ("steps: [shifan-case/T_register]", "steps: shifan-case/T_register", "“steps”应为文字的列表"),
        ("key: review, ", "", "“procedures”的第1项没有填写“key”"),
        ("about: SUBJECT", "about: SOMETHING", "“procedures”的第1项有不认识的值"),
        ("stages:", "stages: 5\nold:", "“stages”应为列表"),
        ("switches:", "switches: [1]\nold:", "“switches”写法不对"),
        (
            "clauses:\n",
            "reports: {a: {zh: 表, en: T, indicators: [{key: k, zh: 数, en: N, measure: LOSES}]}}\nclauses:\n",
            "“LOSES”不存在",
        ),
        ("clauses:\n", "papers: {LETTER: 5}\nclauses:\n", "“papers”写法不对"),
    ],
)
def test_a_register_that_would_give_numbers_twice_or_is_no_register_is_not_read(
    before: str, after: str, words: str
) -> None:
    with pytest.raises(InvalidFileError, match=words):
        parse(files(**{before: after})[REGISTER])


@pytest.mark.parametrize("missing", ["case_type", "effective_date"])
def test_a_sheet_that_will_never_count_a_case_says_which_field_is_missing(missing: str) -> None:
    given = files(**{"clauses:\n": SHEET.format("corrected") + "clauses:\n"})
    form = "shifan-case/registration.form"
    given[form] = given[form].replace(f'"key": "{missing}"'.encode(), b'"key": "another"')

    assert [(element, severity) for element, severity, words in told(given) if missing in words] == [
        ("reports", Severity.WARNING)
    ]


def test_a_report_that_no_page_shows_is_told() -> None:
    given = files(**{"clauses:\n": SHEET.format("corrected").replace("assessment:", "asessment:") + "clauses:\n"})

    assert ("asessment", Severity.WARNING) in [(element, severity) for element, severity, _ in told(given)]
