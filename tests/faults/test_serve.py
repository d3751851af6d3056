"""`wenze serve` itself, as a person starts it: what happens when a part of it is killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from config import ROOT

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def lives(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def wait_for(condition: bool, port: int, seconds: float = 90) -> bool:
    """Wait until the server lives, or until it does not; false when that takes too long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if lives(port) is condition:
            return True
        time.sleep(0.1)
    return False


def children_of(process: int) -> dict[int, str]:
    """Process number and name of the direct children, from the kernel."""
    found = {}
    for number in Path(f"/proc/{process}/task/{process}/children").read_text().split():
        found[int(number)] = Path(f"/proc/{number}/comm").read_text().strip()
    return found


class Serve:
    """A running `wenze serve` with a data folder of its own."""

    def __init__(self, data: Path, url: str, *, port: int | None = None) -> None:
        self.port = port or free_port()
        settings = {"WENZE_DATA": str(data), "DATABASE_URL": url, "PORT": str(self.port), "WENZE_DEMO": "0"}
        environment = os.environ | settings | {"PYTHONPATH": str(ROOT)}
        self.log = data / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "app.cli", "serve"], env=environment, stdout=log, stderr=log
            )

    def child(self, name: str) -> int:
        return next(number for number, named in children_of(self.process.pid).items() if named == name)


@pytest.fixture
def serve(tmp_path: Path, sqlite_database: str) -> Iterator[Serve]:
    running = Serve(tmp_path, sqlite_database)
    try:
        assert wait_for(True, running.port), running.log.read_text()
        yield running
    finally:
        running.process.terminate()
        running.process.wait(timeout=40)


def test_when_the_worker_is_killed_everything_ends_and_says_so(serve: Serve) -> None:
    os.kill(serve.child("wenze-worker"), signal.SIGKILL)

    assert serve.process.wait(timeout=40) == 1
    assert "The worker ended unexpectedly (-9)" in serve.log.read_text()
    assert not lives(serve.port)


def test_when_a_web_process_is_killed_it_is_replaced(serve: Serve) -> None:
    master = serve.child("wenze-web")
    victims = set(children_of(master))
    for victim in victims:
        os.kill(victim, signal.SIGKILL)

    assert wait_for(True, serve.port)
    until = time.monotonic() + 30
    while not victims.isdisjoint(children_of(master)) and time.monotonic() < until:
        time.sleep(0.1)
    assert serve.process.poll() is None
    assert victims.isdisjoint(children_of(master))


def test_when_the_supervisor_is_killed_outright_nothing_is_left_behind(serve: Serve) -> None:
    left = list(children_of(serve.process.pid))

    serve.process.kill()
    serve.process.wait()

    assert wait_for(False, serve.port)
    until = time.monotonic() + 30
    while any(is_running(number) for number in left) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(is_running(number) for number in left)


def is_running(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_ctrl_c_is_an_orderly_end(serve: Serve) -> None:
    serve.process.send_signal(signal.SIGINT)

    assert serve.process.wait(timeout=40) == 0
    assert "Traceback" not in serve.log.read_text()
