"""What regulations of other shapes need, on the small pack with a file changed: names, tables, subjects' own facts."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.cli.scenarios import in_memory
from app.documents import packs as zips
from app.domain.deadlines import DeadlineKind
from app.domain.definitions import Finding
from app.domain.errors import ConflictError
from app.law.register import parse
from app.queries.names import element_label
from app.scenarios import scenario_runs, stagehand
from app.scenarios.theatre import Theatre
from app.services import cases, packs
from app.services.operations.dates import counted
from config import ROOT

FOLDER = ROOT / "packs" / "shifan"
DISCUSSION, SCENARIO = "shifan-case/discussion.form", "scenarios/shifan-case/sent_back_and_exempt.yml"
ROLE_COLUMN = """"options": "ROLE_IN_ACT"
            }"""
MORE = """, {"key": "conduct", "label": "表现", "label_en": "Conduct", "type": "select", "options": "SEVERITY"}"""


def changed(name: str, *changes: tuple[str, str]) -> dict[str, bytes]:
    """The files of the folder, one of them otherwise."""
    found = dict(zips.files_in(FOLDER))
    text = found[name].decode()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return {**found, name: text.encode()}


def told(files: dict[str, bytes]) -> list[Finding]:
    return list(packs.findings_of(packs.from_folder(files)))


def test_a_field_that_no_expression_could_read_is_refused_with_the_advice_to_rename_it() -> None:
    files = changed("shifan-case/registration.form", ('"key": "in_force"', '"key": "legal_effect"'))

    found = [finding for finding in told(files) if finding.rule == "form-core-name"]

    assert [finding.element_id for finding in found] == ["Field_in_force"]
    assert "case.legal_effect" in str(found[0])


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("/>", "要求至少一个输出列写明可取的值"),
        (
            '><outputValues id="v"><text>"ACCOUNTABLE"</text></outputValues></output>',
            "第 1 行的结果不在列“决定类型”可取的值",
        ),
        ('><outputValues id="v"><text>severity</text></outputValues></output>', "列“决定类型”可取的值须是常量"),
    ],
)
def test_a_table_by_priority_says_which_result_comes_first(output: str, sentence: str) -> None:
    head = 'label="决定类型" name="proposed_kind" typeRef="string"'
    files = changed("shifan-measure.dmn", ('"FIRST"', '"PRIORITY"'), (f"{head} />", head + output))

    assert any(finding.rule == "table_ranking" and sentence in str(finding) for finding in told(files))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Theatre]:
    """The pack with one column more in its table of subjects, one of its scenarios telling what they state."""
    row = "role: HANDLER, share_percent: 100, conduct: SLIGHT}"
    facts = "subjects: [{who: subject.person.slj, facts: {share_percent: 100, conduct: SLIGHT}}]"
    files = changed(DISCUSSION, (ROLE_COLUMN, ROLE_COLUMN + MORE)) | {
        SCENARIO: changed(
            SCENARIO,
            ("role: HANDLER}", row),
            ("then: {open: shifan-decision/T_decide,", f"then: {{{facts}, open: shifan-decision/T_decide,"),
        )[SCENARIO]
    }
    pack = packs.from_folder(files)
    with in_memory():
        yield stagehand.theatre_of(pack.files, tmp_path, county=("shifan", "示范县"))


def test_what_a_table_says_of_each_subject_is_a_fact_about_the_subject(stage: Theatre) -> None:
    report = stage.play("shifan-case/sent_back_and_exempt")

    assert report.failure == ""


def test_rows_of_a_table_for_which_a_step_is_done_are_told_apart_by_their_organs_and_days() -> None:
    organs = {"shifan.cgj": "县城管局"}
    subject = {"id": "1", "name": "罗小川", "served_on": "2025-03-03"}
    instalment = {"organ": "shifan.cgj", "due_on": "2025-12-31", "amount": 5000}

    assert element_label({"instalment": instalment}, organs) == "县城管局 2025-12-31"
    assert str(element_label({"subject": subject, "instalment": instalment}, organs)).endswith("县城管局 2025-12-31")


def test_a_play_continues_a_scenario_chosen_by_its_title_and_no_other_file_of_the_folder() -> None:
    titles = scenario_runs.titles_in(packs.from_folder(dict(zips.files_in(FOLDER))).files)

    assert titles["shifan-review/upheld"] == "本人在十个工作日内申请复查，未经办过本案的人复查后维持"
    assert not {"answers", "people"} & titles.keys()


@pytest.mark.parametrize(("anchor", "period"), [("2025-03-03", "PT5H"), ("三月三日", "P1Y"), ("2025-03-03", "一年")])
def test_a_period_that_cannot_be_counted_is_refused_in_words(anchor: str, period: str) -> None:
    with pytest.raises(ConflictError, match="期间应如 P3D、P1M、P1Y"):
        counted(anchor, period, kind=DeadlineKind.INTERNAL)

    assert counted("2025-03-03T09:00:00", "P1Y", kind=DeadlineKind.INTERNAL) == date(2026, 3, 3)


def test_who_may_not_open_a_case_is_told_who_may_by_the_regulation_of_his_county() -> None:
    text = (FOLDER / "processes" / "shifan-2025-1.law.yml").read_text("utf-8")
    others = text + "case_openers: [registry.officer, organ.head]\n"

    assert str(cases.no_opener(parse(text.encode()))) == "只有涉案机关填报人可以登记案件。"
    assert "岗位是：归口登记、涉案机关负责人" in str(cases.no_opener(parse(others.encode())))
