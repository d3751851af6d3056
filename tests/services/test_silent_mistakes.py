"""Mistakes that break nothing and make a part of a regulation do nothing: each is found, with what was meant."""

import pytest

from app.domain.definitions import Finding
from app.domain.lint_rules import rule_of
from app.services import linting
from config import ROOT

SHIFAN = ROOT / "packs" / "shifan"
CASE, DECISION, REGISTER = "shifan-case.bpmn", "shifan-decision.bpmn", "shifan-2025-1.law.yml"
ANSWERS = "scenarios/answers.yml"


def files() -> dict[str, bytes]:
    """The files of the small pack, as a county has them."""
    found = {path.name: path.read_bytes() for path in (SHIFAN / "processes").iterdir()}
    for folder, ending in (("forms", "*.form"), ("forms", "options.yml"), (".", "scenarios/**/*.yml")):
        root = SHIFAN / folder
        found |= {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob(ending)}
    return found


def changed(name: str, before: str, after: str) -> dict[str, bytes]:
    given = files()
    text = given[name].decode()
    assert before in text
    return {**given, name: text.replace(before, after, 1).encode()}


def told(given: dict[str, bytes]) -> list[Finding]:
    return list(linting.findings_of_set(given, county_id="shifan"))


def test_nothing_is_found_in_what_is_shipped() -> None:
    assert told(files()) == []


FROM_TEXT = '<spiffworkflow:property name="deadlineFrom" value="review_result" />'
CASES = {
    "an option that no list has": (
        (CASE, 'review_result = "REJECT"', 'review_result = "REJCT"'),
        ("Flow_G_review_S_reject", "feel_unknown_value", "是否为“REJECT”"),
    ),
    "an option that no list has, in a list": (
        (CASE, 'review_result = "REJECT"', 'list contains(["REJCT"], review_result)'),
        ("Flow_G_review_S_reject", "feel_unknown_value", "“REJCT”不是可能的值"),
    ),
    "a rule setting that the register has not": (
        (CASE, "case.switches.simpleTrack", "case.switches.simpelTrack"),
        ("Flow_G_track_T_propose", "feel_unknown_field", "是否为 `simpleTrack`"),
    ),
    "a value that a rule setting never has": (
        (CASE, 'case.switches.simpleTrack = "ON"', 'case.switches.simpleTrack = "YES"'),
        ("Flow_G_track_T_propose", "feel_unknown_value", "“YES”不是可能的值"),
    ),
    "a column that the table of a form has not": (
        (CASE, "minor = true", 'some row in case.subjects satisfies row.rle = "HANDLER"'),
        ("Flow_G_track_T_propose", "feel_unknown_field", "是否为 `role`"),
    ),
    "a value that a column never has": (
        (CASE, "minor = true", 'some row in case.subjects satisfies row.role = "HANDLR"'),
        ("Flow_G_track_T_propose", "feel_unknown_value", "是否为“HANDLER”"),
    ),
    "a deadline counted from a text": (
        (CASE, 'name="deadline" value="P3D" />', f'name="deadline" value="P3D" />{FROM_TEXT}'),
        ("T_review", "deadline_day", "`review_result` 是文字"),
    ),
    "an outcome with which a case is still counted": (
        (CASE, "&#34;OUT_OF_SCOPE&#34;", "&#34;OUT_OF_SCOP&#34;"),
        ("S_reject", "outcome", "是否为“OUT_OF_SCOPE”"),
    ),
    "an outcome that a further procedure has not": (
        ("shifan-review.bpmn", 'value="review_outcome"', 'value="&#34;UPHLD&#34;"'),
        (None, "parameter", "是否为“UPHELD”"),
    ),
    "a variable of another name in the called process": (
        (DECISION, "variable.outcome", "variable.outcom"),
        ("C_decision", "unset", "`outcom` 没有来处"),
    ),
    "a form in the usual answers that nobody has": (
        (ANSWERS, "shifan-case/review:", "shifan-case/reviw:"),
        (None, "scenario-name", "是否为“shifan-case/review”"),
    ),
    "a field in the usual answers that the form has not": (
        (ANSWERS, "review_note:", "review_not:"),
        (None, "scenario-name", "是否为“review_note”"),
    ),
    "a field that a condition of a form misspells": (
        ("shifan-case/discussion.form", '"options": "SEVERITY"',
         '"options": "SEVERITY", "required_if": "severty = null"'),
        ("Field_severity", "form-feel-unknown_name", "是否为 `severity`"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", CASES)
def test_a_mistake_is_found_with_its_place_and_what_was_meant(mistake: str) -> None:
    change, (element, rule, words) = CASES[mistake]

    found = told(changed(*change))

    (one,) = [finding for finding in found if finding.rule == rule]
    assert one.file == change[0] or rule == "unset"
    assert element in (None, one.element_id)
    assert words in str(one)
    assert rule.startswith("form-feel-") or rule_of(rule) is not None


TABLE = "shifan-measure.dmn"


def test_a_row_behind_one_that_takes_everything_never_matches() -> None:
    given = files()
    text = given[TABLE].decode()
    first, *_, last = [f"<rule {part.partition('</rule>')[0]}</rule>" for part in text.split("<rule ")[1:]]
    given[TABLE] = text.replace(first, "").replace(last, f"{last}{first}").encode()

    found = [one for one in told(given) if one.rule == "rule_dead"]

    assert [one.file for one in found] == [TABLE]
    assert "永远不会命中" in str(found[0])


def test_a_message_that_nobody_sends_waits_forever() -> None:
    given = files()
    waits = """<bpmn:boundaryEvent id="E_new" name="改判" attachedToRef="T_archive">
      <bpmn:messageEventDefinition id="D_new" messageRef="M_new" /></bpmn:boundaryEvent>
      <bpmn:userTask id="T_archive\""""
    text = given[CASE].decode().replace('<bpmn:userTask id="T_archive"', waits)
    given[CASE] = text.replace(
        "<bpmn:collaboration", '<bpmn:message id="M_new" name="CaseRevrsed" /><bpmn:collaboration', 1
    ).encode()

    (found,) = [one for one in told(given) if one.rule == "unsent"]

    assert (found.file, found.element_id) == (CASE, "E_new")
    assert "是否为“CaseReversed”" in str(found)


def test_a_cell_that_is_nearly_an_option_is_found_where_nobody_knows_what_the_variable_may_be() -> None:
    given = files()
    spare = given[TABLE].decode().replace("shifan-measure", "shifan-spare")
    given["shifan-spare.dmn"] = spare.replace('"SLIGHT"', '"SLIGTH"', 1).encode()

    (found,) = [one for one in told(given) if one.rule == "feel_unknown_value"]

    assert found.file == "shifan-spare.dmn"
    assert "是否为“SLIGHT”" in str(found)
