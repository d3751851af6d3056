"""A PostgreSQL of the tests' own: its own folder, no network port, nothing kept afterwards."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg


class NoPostgresqlError(Exception):
    """There is none on this machine, or it will not start here; the text says which."""


def programs() -> Path:
    """The folder of initdb and postgres (Debian keeps them out of the path), newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    if on_path := shutil.which("postgres"):
        return Path(on_path).resolve().parent
    raise NoPostgresqlError("postgresql is not installed")


def as_another(folder: Path) -> list[str]:
    """The words before a command so that it does not run as root, which PostgreSQL refuses; gives `folder` away."""
    if os.getuid() != 0:
        return []
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            user = pwd.getpwnam(name)
            os.chown(folder, user.pw_uid, user.pw_gid)
            return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    raise NoPostgresqlError("no account to run PostgreSQL as")


@contextmanager
def running(durable: bool = False, **settings: str) -> Iterator[str]:
    """Start a server and give the folder of its socket; it stops when the block ends or when this process dies.

    `durable` leaves fsync on, for tests that kill the server.
    """
    folder = Path(tempfile.mkdtemp(prefix="wenze-pg-"))  # a short path: sockets allow about a hundred letters
    data = folder / "data"
    try:
        words, bin_ = as_another(folder), programs()
        fast = {} if durable else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = {"listen_addresses": "", "unix_socket_directories": str(folder), "max_connections": "120"} | fast
        initdb = [*words, str(bin_ / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        made = subprocess.run(
            [*initdb, "--locale=C", "--no-sync"], cwd="/", capture_output=True, text=True, check=False, timeout=120
        )
        if made.returncode:
            raise NoPostgresqlError(f"initdb: {made.stderr.strip()[-300:]}")
        command = [*words, str(bin_ / "postgres"), "-D", str(data)]
        command += [word for name, value in (options | settings).items() for word in ("-c", f"{name}={value}")]
        with (folder / "log").open("w") as log:
            # SIGINT, when we are killed: a quick, orderly stop.
            server = subprocess.Popen(["setpriv", "--pdeathsig=INT", *command], cwd="/", stdout=log, stderr=log)
        try:
            wait_until_it_answers(server, folder)
            yield str(folder)
        finally:
            server.terminate() if durable else server.send_signal(2)
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_until_it_answers(server: subprocess.Popen[bytes], folder: Path, seconds: float = 30) -> None:
    """Until a connection succeeds; raises NoPostgresqlError with the end of the log."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        with suppress(psycopg.OperationalError), psycopg.connect(host=str(folder), user="postgres", dbname="postgres"):
            return
        time.sleep(0.05)
    raise NoPostgresqlError(f"postgres: {(folder / 'log').read_text()[-500:]}")


def url_of(folder: str, name: str) -> str:
    """The URL of database `name` in the server whose socket lies in `folder`."""
    return f"postgresql://postgres@/{name}?host={folder}"


def make_database(folder: str, name: str, template: str = "template0") -> str:
    """Create `name` as a copy of `template` (which nobody may be connected to) and give its URL."""
    with psycopg.connect(host=folder, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return url_of(folder, name)


def drop_database(folder: str, name: str) -> None:
    """Remove it, ending whatever is still connected."""
    with psycopg.connect(host=folder, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
