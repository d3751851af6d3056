"""`python -m tests.faults.moved_clock wenze-command …`: the product, with a clock that the laboratory moves.

The file named by WENZE_CLOCK_FILE holds by how many seconds the wall clock is wrong; every process of the product reads
it again and again. What the machine counts by itself (CLOCK_BOOTTIME) stays right, as with a clock that somebody sets.
"""

import os
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import time_machine

OFFSET_FILE = "WENZE_CLOCK_FILE"


def real_time() -> float:
    """Seconds as the machine has them, whatever the product is shown."""
    return time_machine.escape_hatch.time.time() if time_machine.escape_hatch.is_travelling() else time.time()


class Clock:
    def __init__(self, file: Path) -> None:
        self._file, self._offset = file, self._read(file)
        self._travel = time_machine.travel(self._moment(), tick=True)
        self._coordinates = self._travel.start()

    @staticmethod
    def _read(file: Path) -> float:
        try:
            return float(file.read_text())
        except (OSError, ValueError):
            return 0.0

    def _moment(self) -> datetime:
        return datetime.fromtimestamp(real_time() + self._offset, UTC)

    def watch(self) -> None:
        """In this process, and in every one that is forked from it."""
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        pause = threading.Event()
        while not pause.wait(0.05):
            offset = self._read(self._file)
            if offset != self._offset:
                self._offset = offset
                self._coordinates.move_to(self._moment())


def main() -> None:
    clock = Clock(Path(os.environ[OFFSET_FILE]))
    clock.watch()
    os.register_at_fork(after_in_child=clock.watch)
    from app.cli import main as wenze  # noqa: PLC0415  (only now: nothing of it has seen another clock)

    wenze()


if __name__ == "__main__":
    main()
