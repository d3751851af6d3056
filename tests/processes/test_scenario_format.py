"""A scenario's file is refused with the place and the word that is wrong; reading answers without playing."""

import ast
from pathlib import Path
from typing import Any

import pytest

from app import yamlfiles
from app.domain.errors import Sentence
from app.scenarios import catalogue, coverage
from app.scenarios.script import ScenarioError, parse, read
from config import ROOT

GOOD = {"title": "一", "shows": ["X-1"], "county": "demo", "begins": "2026-03-02", "acts": [{"open": "A"}]}


def with_acts(*acts: Any) -> dict[str, Any]:
    return {**GOOD, "acts": list(acts)}


def test_an_act_is_read_with_its_verb_its_day_and_its_checks() -> None:
    text = "{do: filing/T_check, day: 2026-03-03, answers: {a: 1}, then: {open: []}}"

    act = parse(with_acts(yamlfiles.read(text)), name="filing/one").acts[0]

    assert (act.number, act.verb, act.what, str(act.day)) == (1, "do", "filing/T_check", "2026-03-03")
    assert act.said == {"answers": {"a": 1}}
    assert act.then == {"open": []}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ([], "不是场景"),
        ({**GOOD, "titel": "x"}, "titel"),
        ({**GOOD, "title": ""}, "缺少 `title`"),
        ({**GOOD, "continues": "filing/other"}, "要么写 `continues`"),
        ({**GOOD, "begins": "soon"}, "不是日期"),
        (with_acts("open"), "第1个动作不是动作"),
        (with_acts({"open": "A"}, {"do": "x", "play": "A"}), "第2个动作应恰好有一个动词"),
        (with_acts({"do": "x", "whom": "A"}), "第1个动作：不认识的词 ['whom']"),
        (with_acts({"claim": "filing/T_check"}), "第1个动作（claim）缺少 ['by']"),
        ({**GOOD, "acts": "open"}, "`acts` 应为动作的清单"),
        (with_acts({"do": "x", True: "2026-03-02"}), "YAML 把不加引号的 on"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(data: Any, told: str) -> None:
    with pytest.raises(ScenarioError) as refusal:
        parse(data, name="filing/wrong")

    assert "filing/wrong" in str(refusal.value)
    assert told in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "title: 一\nshows: [X-1]\ncounty: demo\nbegins: 2026-03-02\nacts:\n  - {open: A}\n  - {go: B}\n",
            "第7行）：第2个动作",
        ),
        ("title: 一\ntitel: 二\nshows: [X-1]\nacts: [{open: A}]\n", "第2行）：不认识的词"),
        ("title: 一\nshows: [X-1\nacts: []\n", "不是有效的 YAML"),
    ],
)
def test_a_wrong_line_is_named_with_its_number(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "wrong.yml").write_text(text, "utf-8")

    with pytest.raises(ScenarioError) as refusal:
        read(tmp_path / "p" / "wrong.yml", root=tmp_path)

    assert "p/wrong（第" in str(refusal.value)
    assert told in str(refusal.value)


def test_the_kept_coverage_says_which_scenarios_reach_an_element(tmp_path: Path) -> None:
    kept = coverage.Coverage(
        reached={"p/A": ("p/one",), "p/A -> B": ("p/one", "p/two"), "t#row": ()},
        groups={"p": ("p/A", "p/A -> B"), "t": ("t#row",)},
    )

    assert coverage.read(kept.text()) == kept.reached
    assert kept.missing() == ["t#row"]
    assert list(kept.lines()) == [("p", "1/1", "1/1", ""), ("t", "", "", "0/1")]


def test_a_clause_is_shown_by_scenarios_that_name_it_and_by_those_that_pass_its_carriers(tmp_path: Path) -> None:
    for name, shows in (("one", "[X-1]"), ("two", "[X-2]"), ("three", "[X-3]")):
        text = f"title: {name}\nshows: {shows}\ncounty: demo\nbegins: 2026-03-02\nacts: [{{open: A}}]\n"
        (tmp_path / "p").mkdir(exist_ok=True)
        (tmp_path / "p" / f"{name}.yml").write_text(text, "utf-8")
    (tmp_path / catalogue.COVERAGE_FILE).write_text("p:\n  A: [p/two]\n", "utf-8")

    found = catalogue.known(tmp_path).of_clause("X-1", carried_by=["p/A", "p/B"])

    assert [entry.name for entry in found] == ["p/one", "p/two"]


def test_every_failure_of_a_scenario_is_told_in_a_sentence_that_can_be_translated() -> None:
    for path in sorted((ROOT / "app" / "scenarios").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ScenarioError":
                said = node.args[0] if node.args else None
                assert not isinstance(said, ast.JoinedStr | ast.Constant), f"{path.name}:{node.lineno}"
    told = ScenarioError("没有情景%(name)s", name="a/b", where="第1步")
    assert str(told) == "第1步：没有情景a/b"
    assert told.differences[0].sentence == Sentence("没有情景%(name)s", name="a/b")
