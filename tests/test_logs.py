"""What the program writes about itself: one JSON object a line, whoever it was that spoke."""

import json
import logging
import sys
from contextlib import suppress

import pytest
import structlog

from app import logs
from app.cli.request_log import JsonAtoms
from tests.hostile.texts import TEXTS

REQUEST = '{"path":"%(U)s","status":%(s)s,"request":"%({x-request-id}o)s"}'
FORGED = '/x"}\n{"at":"2026","status":200,"path":"forged'


@pytest.fixture(autouse=True)
def configured() -> None:
    logs.configure()


def test_no_text_begins_a_line_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    log = structlog.get_logger()

    for text in TEXTS:
        log.warning("refused", why=text)

    lines = capsys.readouterr().out.split("\n")[:-1]
    assert [json.loads(line)["why"] for line in lines] == list(TEXTS)
    assert all(line.isascii() and line.isprintable() for line in lines)


def test_an_error_stands_in_one_line_with_where_it_happened(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError(FORGED)
    except ValueError:
        structlog.get_logger().exception("timer failed", action="timer")

    (line,) = capsys.readouterr().out.splitlines()
    said = json.loads(line)
    assert (said["event"], said["level"], said["action"]) == ("timer failed", "error", "timer")
    assert FORGED in said["exception"]
    assert "test_logs.py" in said["exception"]
    assert said["at"].endswith("Z")


def test_what_libraries_and_the_worker_log_is_written_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("app.cli.worker").error("round failed: %s", FORGED)

    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["event"] == f"round failed: {FORGED}"


def test_a_line_that_finds_no_room_hinders_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    with open("/dev/full", "w") as full:
        for stream in ("stdout", "stderr"):
            monkeypatch.setattr(sys, stream, full)

        structlog.get_logger().warning("refused")
        logging.getLogger("app.cli.worker").error("round failed")

        with suppress(OSError):
            full.close()  # what was kept for later finds no room either


def test_setting_it_twice_writes_nothing_twice(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()

    logging.getLogger("x").error("once")

    assert capsys.readouterr().err.count("once") == 1


@pytest.mark.parametrize("path", [FORGED, "/\u2028\x85\x1b[31m", "/a\\"])
def test_a_path_forges_no_line_of_the_request_log(path: str) -> None:
    line = REQUEST % JsonAtoms({"U": path, "s": "404"})

    assert json.loads(line) == {"path": path, "status": 404, "request": "-"}
    assert line.isascii()
    assert line.isprintable()
