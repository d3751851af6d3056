"""`wenze packs` makes, looks through and plays a pack without touching any database."""

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
