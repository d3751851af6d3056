"""Web server and worker live and die together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from app.cli.serve import Child, ensure_free, stop, supervise

SLEEPER = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open({!r}, 'w').close(); time.sleep(60)"


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def child(program: str, name: str = "worker") -> Child:
    return Child("子进程", name, subprocess.Popen([sys.executable, "-c", program], start_new_session=True))


def test_when_one_ends_by_itself_the_other_is_ended_and_the_reader_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    web, worker = child(SLEEPER, "web server"), child("raise SystemExit(3)")

    code = supervise([web, worker], 1, password=None)

    assert code == 1
    assert web.process.returncode == -signal.SIGTERM
    assert "The worker ended unexpectedly (3)" in capsys.readouterr().err


def test_a_signal_is_passed_on_and_is_an_orderly_end() -> None:
    web, worker = child(SLEEPER), child(SLEEPER)
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()

    code = supervise([web, worker], 1, password=None)

    assert code == 0
    assert [one.process.returncode for one in (web, worker)] == [-signal.SIGTERM] * 2


def test_a_child_that_does_not_want_to_end_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("app.cli.serve.GRACE", 0.2)
    stubborn = child(STUBBORN.format(str(tmp_path / "ready")))
    while not (tmp_path / "ready").exists():
        time.sleep(0.02)
    started = time.monotonic()

    stop([stubborn])

    assert stubborn.process.returncode == -signal.SIGKILL
    assert time.monotonic() - started < 5


def test_a_port_in_use_is_refused_with_the_remedy() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        with pytest.raises(click.ClickException, match="PORT"):
            ensure_free(other.getsockname()[1])
