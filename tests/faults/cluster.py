"""A PostgreSQL of the laboratory's own that keeps what it was told (fsync on) and may be killed and started again."""

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests.postgresql import NoPostgresqlError, as_another, programs, url_of, wait_until_it_answers


class Cluster:
    """Its socket lies in its folder; no network port. Stops when the laboratory dies."""

    def __init__(self, folder: Path | None = None, settings: Mapping[str, str] | None = None) -> None:
        # a short path: sockets allow about a hundred letters
        self.folder = folder or Path(tempfile.mkdtemp(prefix="wenze-lab-"))
        self._settings = settings or {}
        self._words, self._bin = as_another(self.folder), programs()
        data = ["-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        made = self._run(str(self._bin / "initdb"), *data)
        if made.returncode:
            raise NoPostgresqlError(f"initdb: {made.stderr.strip()[-300:]}")
        self.server = self.start()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        words = [*self._words, *command]
        return subprocess.run(words, cwd="/", capture_output=True, text=True, check=False, timeout=120)

    def start(self) -> subprocess.Popen[bytes]:
        """Raises NoPostgresqlError when it does not answer in half a minute."""
        given = {"listen_addresses": "", "unix_socket_directories": str(self.folder), "max_connections": "200"}
        command = [*self._words, str(self._bin / "postgres"), "-D", str(self._data)]
        command += [word for pair in (given | dict(self._settings)).items() for word in ("-c", "=".join(pair))]
        with (self.folder / "log").open("a") as log:
            self.server = subprocess.Popen(["setpriv", "--pdeathsig=INT", *command], cwd="/", stdout=log, stderr=log)
        wait_until_it_answers(self.server, self.folder)
        return self.server

    def stop(self, mode: str = "fast") -> None:
        """`immediate` is a crash: nothing is written out, the next start recovers from the log."""
        self._run(str(self._bin / "pg_ctl"), "-D", str(self._data), "-m", mode, "-w", "stop")
        try:
            self.server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()

    def url(self, name: str) -> str:
        return url_of(str(self.folder), name)
