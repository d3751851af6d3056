"""`wenze packs` makes, looks through and plays a pack without touching any database."""

import shutil
from pathlib import Path

from click.testing import CliRunner

from app.cli.packs import packs
from config import ROOT


def test_a_pack_is_made_of_a_folder_and_all_its_scenarios_are_played_in_memory(tmp_path: Path) -> None:
    file = tmp_path / "shifan.zip"
    runner = CliRunner()

    made = runner.invoke(packs, ["make", str(ROOT / "packs" / "shifan"), str(file)])
    checked = runner.invoke(packs, ["check", str(file)])

    assert made.exit_code == 0, made.output
    assert checked.exit_code == 0, checked.output
    assert "6个情景，未覆盖0处" in checked.output


def test_a_file_that_is_no_pack_is_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "other.zip"
    file.write_bytes(b"something else")

    checked = CliRunner().invoke(packs, ["check", str(file)])

    assert checked.exit_code == 1
    assert "不是可以读取的制度包" in checked.output


def test_of_a_table_that_cannot_be_read_the_file_is_told_and_nothing_that_follows_from_it(tmp_path: Path) -> None:
    output = refusal(tmp_path, "shifan-measure.dmn", '"FIRST"', '"THE BEST"')

    assert "须修改  shifan-measure.dmn file: 不支持命中策略 THE BEST，可以用：UNIQUE、FIRST" in output
    assert "unknown_table" not in output
    assert "情景没有演练" in output


def test_what_a_wrong_file_makes_of_an_act_is_told_beside_what_is_wrong_with_it(tmp_path: Path) -> None:
    output = refusal(tmp_path, "shifan-case.bpmn", 'value="P3D"', 'value="3 days"')

    assert "须修改  shifan-case.bpmn#T_review deadline:" in output
    assert "失败  shifan-case/concluded" in output


def refusal(tmp_path: Path, name: str, text: str, wrong: str) -> str:
    """What `wenze packs check` says of the shipped example pack with one thing written wrong in a file."""
    folder, file = tmp_path / "shifan", tmp_path / "shifan.zip"
    shutil.copytree(ROOT / "packs" / "shifan", folder)
    path = folder / "processes" / name
    path.write_text(path.read_text("utf-8").replace(text, wrong), "utf-8")
    runner = CliRunner()
    runner.invoke(packs, ["make", str(folder), str(file)])

    checked = runner.invoke(packs, ["check", str(file)])

    assert checked.exit_code == 1
    return checked.output
