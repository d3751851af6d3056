"""`wenze regulations`: findings on the screen, a sentence for what cannot be read, never a traceback."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from app.cli import LazyGroup

TEXT = "北山县败诉办法\n北政〔2020〕1号\n\n第一条 收到文书后应当登记。\n\n第二条 五个工作日内审查；\n"


@pytest.fixture
def text(tmp_path: Path) -> Path:
    file = tmp_path / "办法.txt"
    file.write_text(TEXT, "utf-8")
    return file


def wenze(app: Flask, *words: str) -> Result:
    return CliRunner().invoke(LazyGroup(), list(words), obj=ScriptInfo(create_app=lambda: app))


def test_a_file_of_no_known_regulation_ends_in_a_sentence(app: Flask, text: Path) -> None:
    result = wenze(app, "regulations", "check", str(text))

    assert result.exit_code == 1
    assert "不是已登记的办法" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize("command", ["check", "import"])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", "没有条文".encode()])
def test_a_file_that_cannot_be_read_ends_in_a_sentence(
    app: Flask, tmp_path: Path, command: str, content: bytes
) -> None:
    file = tmp_path / "f.txt"
    file.write_bytes(content)

    result = wenze(app, "regulations", command, str(file))

    assert result.exit_code == 1
    assert "f.txt" in result.output
    assert "Traceback" not in result.output


def test_a_missing_file_is_named(app: Flask) -> None:
    result = wenze(app, "regulations", "import", "nowhere.txt")

    assert result.exit_code == 2
    assert "nowhere.txt" in result.output
