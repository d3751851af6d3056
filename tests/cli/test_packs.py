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
    assert "5个情景，未覆盖0处" in checked.output


def test_a_file_that_is_no_pack_is_refused_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "other.zip"
    file.write_bytes(b"something else")

    checked = CliRunner().invoke(packs, ["check", str(file)])

    assert checked.exit_code == 1
    assert "不是可以读取的制度包" in checked.output


def test_of_a_table_that_cannot_be_read_the_file_is_told_and_nothing_that_follows_from_it(tmp_path: Path) -> None:
    folder, file = tmp_path / "shifan", tmp_path / "shifan.zip"
    shutil.copytree(ROOT / "packs" / "shifan", folder)
    table = folder / "processes" / "shifan-measure.dmn"
    table.write_text(table.read_text("utf-8").replace('"FIRST"', '"PRIORITY"'), "utf-8")
    runner = CliRunner()
    runner.invoke(packs, ["make", str(folder), str(file)])

    checked = runner.invoke(packs, ["check", str(file)])

    assert checked.exit_code == 1
    assert "须修改  shifan-measure.dmn file: 不支持命中策略 PRIORITY。" in checked.output
    assert "unknown_table" not in checked.output
    assert "情景没有演练" in checked.output


def test_what_a_wrong_file_makes_of_an_act_is_told_beside_what_is_wrong_with_it(tmp_path: Path) -> None:
    folder, file = tmp_path / "shifan", tmp_path / "shifan.zip"
    shutil.copytree(ROOT / "packs" / "shifan", folder)
    diagram = folder / "processes" / "shifan-case.bpmn"
    diagram.write_text(diagram.read_text("utf-8").replace('value="P3D"', 'value="3 days"'), "utf-8")
    runner = CliRunner()
    runner.invoke(packs, ["make", str(folder), str(file)])

    checked = runner.invoke(packs, ["check", str(file)])

    assert checked.exit_code == 1
    assert "须修改  shifan-case.bpmn#T_review deadline:" in checked.output
    assert "失败  shifan-case/concluded" in checked.output
