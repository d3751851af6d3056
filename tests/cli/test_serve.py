"""Web server and worker live and die together."""

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from app.cli.serve import Child, ensure_free, forked, run_to_end, say, stop, supervise


def sleep() -> None:
    time.sleep(60)


def fail() -> None:
    raise SystemExit(3)


def stubborn_with(mark: Path) -> Callable[[], None]:
    def ignore() -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        mark.touch()
        time.sleep(60)

    return ignore


@pytest.fixture(autouse=True)
def _signals_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def child(work: Callable[[], None], name: str = "worker") -> Child:
    return Child("子进程", name, forked(work, "wenze-test"))


def test_when_one_ends_by_itself_the_other_is_ended_and_the_reader_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    web, worker = child(sleep, "web server"), child(fail)

    code = supervise([web, worker], 1, password=None)

    assert code == 1
    assert web.process.exitcode == -signal.SIGTERM
    assert "The worker ended unexpectedly (3)" in capsys.readouterr().err


def test_words_that_find_no_room_make_no_failure_of_what_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    with open("/dev/full", "w") as full:
        monkeypatch.setattr("sys.stdout", full)

        assert run_to_end(lambda: say("尚无管理员")) == 0


def test_a_signal_is_passed_on_and_is_an_orderly_end(monkeypatch: pytest.MonkeyPatch) -> None:
    web, worker = child(sleep), child(sleep)
    # it comes while the server is waited for
    monkeypatch.setattr("app.cli.serve.answers", lambda _port: bool(os.kill(os.getpid(), signal.SIGTERM)))

    code = supervise([web, worker], 1, password=None)

    assert code == 0
    assert [one.process.exitcode for one in (web, worker)] == [-signal.SIGTERM] * 2


def test_a_child_that_does_not_want_to_end_is_killed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("app.cli.serve.GRACE", 0.2)
    stubborn = child(stubborn_with(tmp_path / "ready"))
    while not (tmp_path / "ready").exists():
        time.sleep(0.02)

    stop([stubborn])

    assert stubborn.process.exitcode == -signal.SIGKILL


def test_a_refusal_while_preparing_is_shown_and_ends_the_start(capfd: pytest.CaptureFixture[str]) -> None:
    def refuse() -> None:
        raise click.ClickException("the database belongs to a newer version")

    assert run_to_end(refuse) == 1
    assert "the database belongs to a newer version" in capfd.readouterr().err


def test_a_port_in_use_is_refused_with_the_remedy() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        with pytest.raises(click.ClickException, match="PORT"):
            ensure_free(other.getsockname()[1])
