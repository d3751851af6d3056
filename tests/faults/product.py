"""The product as a person starts it, `wenze serve` or `wenze worker`, and hands that end its processes."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from config import ROOT

WEB, WORKER = "wenze-web", "wenze-worker"


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
        time.sleep(0.05)
    return False


def children_of(process: int) -> dict[int, str]:
    """Process number and name of the direct children, from the kernel; those that end meanwhile are left out."""
    found = {}
    with suppress(FileNotFoundError, ProcessLookupError):
        for number in Path(f"/proc/{process}/task/{process}/children").read_text().split():
            with suppress(FileNotFoundError, ProcessLookupError):
                found[int(number)] = Path(f"/proc/{number}/comm").read_text().strip()
    return found


def descendants(process: int) -> list[int]:
    found = []
    for child in children_of(process):
        found += [child, *descendants(child)]
    return found


def is_running(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


class Serve:
    """A running `wenze serve` with a data folder of its own. `words` stand before the command, as `setpriv` does."""

    def __init__(
        self,
        data: Path,
        url: str,
        *,
        port: int | None = None,
        log: Path | None = None,
        words: tuple[str, ...] = (),
        program: tuple[str, ...] = ("app.cli",),
        surroundings: Mapping[str, str] | None = None,
    ) -> None:
        self.port = port or free_port()
        self.log = log or data / "log"
        settings = {"PORT": str(self.port), "WEB_CONCURRENCY": "4", **(surroundings or {})}
        self._start = lambda: _started(data, url, "serve", settings, log=self.log, words=words, program=program)
        self.process = self._start()
        self.started_in = 0.0
        """Seconds until the first answer, where somebody measured them."""

    def start_again(self) -> None:
        """At the same address, after everything was killed."""
        self.process = self._start()

    def child(self, name: str) -> int:
        return next(number for number, named in children_of(self.process.pid).items() if named == name)

    def web_processes(self) -> list[int]:
        return [number for name, web in _named(self.process.pid, WEB) for number in children_of(web)]

    def kill_everything(self) -> None:
        """The machine loses power, for us: supervisor, web server, its processes and the worker at once."""
        for number in (self.process.pid, *descendants(self.process.pid)):
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        with suppress(ProcessLookupError):
            self.process.terminate()
        self.process.wait(timeout=40)


def _named(process: int, name: str) -> list[tuple[str, int]]:
    return [(named, number) for number, named in children_of(process).items() if named == name]


def start_worker(data: Path, url: str, *, log: Path | None = None) -> subprocess.Popen[bytes]:
    """`wenze worker` by itself; several may run."""
    return _started(data, url, "worker", {}, log=log or data / "worker.log", words=(), program=("app.cli",))


def _started(
    data: Path,
    url: str,
    command: str,
    settings: Mapping[str, str],
    *,
    log: Path,
    words: tuple[str, ...],
    program: tuple[str, ...],
) -> subprocess.Popen[bytes]:
    ours = {"WENZE_DATA": str(data), "DATABASE_URL": url, "WENZE_DEMO": "0", "PYTHONPATH": str(ROOT)}
    with log.open("a") as file:
        return subprocess.Popen(
            [*words, sys.executable, "-P", "-m", *program, command],
            env=os.environ | ours | dict(settings),
            stdout=file,
            stderr=file,
        )
