"""`wenze serve` itself, as a person starts it: what happens when a part of it is killed."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.product import Serve, children_of, is_running, lives, wait_for

pytestmark = pytest.mark.slow


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


def test_ctrl_c_is_an_orderly_end(serve: Serve) -> None:
    serve.process.send_signal(signal.SIGINT)

    assert serve.process.wait(timeout=40) == 0
    assert "Traceback" not in serve.log.read_text()
