"""The two servers that are compared, started as in production, and what they cost by the kernel's own accounts."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psycopg

from config import ROOT

TICK = os.sysconf("SC_CLK_TCK")
_CLOCK_OF_PROCESS = 2
"""Low bits of a clock id on Linux: the time for which the scheduler let a process run."""
WORKERS = 2
CLOCK = "wenze-worker"
"""Name of the worker's process, and of its connections to the database (`app.cli.serve`)."""
IDLE = 0.03
"""Of a processor: a worker that only looks whether there is anything to do uses less."""


@dataclass(frozen=True, slots=True)
class Used:
    """Seconds of processor time."""

    web: float
    """Of the processes that answer, and of the database for them."""
    worker: float
    """Of the worker, and of the database for it."""

    def __add__(self, other: "Used") -> "Used":
        return Used(self.web + other.web, self.worker + other.worker)

    def __sub__(self, other: "Used") -> "Used":
        return Used(self.web - other.web, self.worker - other.worker)


@dataclass
class Server:
    """A running server with everything below it."""

    process: subprocess.Popen[bytes]
    port: int
    started_in: float
    """Seconds from exec to the first answer."""

    def tree(self) -> dict[int, str]:
        """Process number and name of every process of the server."""
        return tree_of(self.process.pid)

    def processor(self) -> Used:
        """Processor time, user and system, that the server has used so far."""
        whole = self.tree()
        clock = {below for number, name in whole.items() if name == CLOCK for below in tree_of(number)}
        return Used(sum(processor_of(n) for n in whole if n not in clock), sum(map(processor_of, clock)))

    def web_workers(self) -> list[int]:
        """The processes that answer requests: the children of the web server's master."""
        tree = self.tree()
        masters = [number for number, name in tree.items() if name == "wenze-web"]
        below = {n: Path(f"/proc/{n}/stat").read_text().rpartition(")")[2].split()[1] for n in tree}
        return [number for number, parent in below.items() if int(parent) in masters]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def processor_of(number: int) -> float:
    """Seconds used by a process, to the nanosecond, and by its children that have ended, in ticks of the kernel."""
    try:
        own = time.clock_gettime((~number << 3) | _CLOCK_OF_PROCESS)
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return own + sum(map(int, fields[13:15])) / TICK


def resident(number: int) -> float:
    """Megabytes of memory that a process holds, shared pages included."""
    for line in Path(f"/proc/{number}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def share(number: int) -> float:
    """Megabytes that a process adds to the machine: its own, and its part of what it shares."""
    for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def tree_of(root: int) -> dict[int, str]:
    """Number and name of a process and of everything below it."""
    found, queue = {}, [root]
    while queue:
        number = queue.pop()
        try:
            found[number] = Path(f"/proc/{number}/comm").read_text().strip()
            queue += map(int, Path(f"/proc/{number}/task/{number}/children").read_text().split())
        except OSError:  # it has just ended
            found.pop(number, None)
    return found


class Database:
    """A PostgreSQL of our own, asked which of its processes work for whom."""

    def __init__(self, url: str, process: int) -> None:
        self._connection = psycopg.connect(url, autocommit=True)
        self._process = process

    def processor(self) -> Used:
        """Processor time so far; what works for nobody in particular counts with the web processes."""
        own = self._connection.info.backend_pid
        query = "SELECT pid FROM pg_stat_activity WHERE application_name = %s"
        clock = {pid for (pid,) in self._connection.execute(query, [CLOCK])}
        whole = tree_of(self._process).keys() - {own}
        return Used(sum(processor_of(n) for n in whole - clock), sum(map(processor_of, clock)))

    def close(self) -> None:
        self._connection.close()


@contextmanager
def product(url: str, data: Path, *, workers: int = WORKERS) -> Iterator[Server]:
    """`wenze serve`: web processes and the worker, as an office runs it."""
    settings = {"WENZE_DATA": str(data), "DATABASE_URL": url, "WENZE_DEMO": "0"}
    command = [sys.executable, "-P", "-m", "app.cli", "serve"]
    with _running(command, settings, data / "product.log", workers) as server:
        yield server


@contextmanager
def floor(url: str, data: Path, *, workers: int = WORKERS) -> Iterator[Server]:
    """The bare floor under gunicorn with the product's own settings."""
    command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py"), "bench.floor:app"]
    with _running(command, {"FLOOR_URL": url}, data / "floor.log", workers) as server:
        yield server


@contextmanager
def _running(command: list[str], settings: dict[str, str], log: Path, workers: int) -> Iterator[Server]:
    port = free_port()
    environment = os.environ | settings | {"PORT": str(port), "WEB_CONCURRENCY": str(workers), "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed product keeps its bytecode
    with log.open("w") as output:
        began = time.monotonic()
        process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=output, stderr=output)
        server = Server(process, port, 0.0)
        try:
            wait_for(server, log)
            server.started_in = time.monotonic() - began
            yield server
        finally:
            server.stop()


def wait_for(server: Server, log: Path, seconds: float = 120) -> None:
    """Until it answers. Raises RuntimeError with the end of the log."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{server.port}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.02)
    raise RuntimeError(log.read_text()[-2000:])


def wait_until_ready(server: Server, seconds: float = 60) -> None:
    """Until it says so: its processes have made what nearly every act needs, and the worker lives."""
    until, said = time.monotonic() + seconds, "nothing"
    while time.monotonic() < until:
        try:
            with urlopen(f"http://127.0.0.1:{server.port}/readyz", timeout=5):
                return
        except HTTPError as error:
            said = error.read().decode()
            if not _lacks(said):
                return
        except OSError as error:
            said = str(error)
        time.sleep(0.05)
    raise RuntimeError(f"not ready: {said}")


def wait_until_idle(used: Callable[[], Used], seconds: float = 180) -> float:
    """Until the worker has had nothing to do for three seconds, or the time is up; returns what it used meanwhile.

    Every ten seconds it looks through what is open, which may take longer than one of them.
    """
    began, until, quiet = used().worker, time.monotonic() + seconds, 0
    while quiet < 3 and time.monotonic() < until:
        before = used().worker
        time.sleep(1)
        quiet = quiet + 1 if used().worker - before <= IDLE else 0
    return used().worker - began


def _lacks(said: str) -> list[str]:
    """What is not yet ready. The clock may be behind: the meeting on the ground is held some days from now."""
    return [name for name, ready in json.loads(said)["checks"].items() if not ready and name != "clock"]


def free_port() -> int:
    """A port of our own range that nobody listens on."""
    for port in range(8060, 8080):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port between 8060 and 8079")
